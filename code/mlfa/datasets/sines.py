"""Windows of a sine wave and the values that follow them, for which the truth is known."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from mlfa.book.checks import check_count, check_positive


def draw_phases(n_windows: int, *, generator: torch.Generator) -> Tensor:
    """Phases drawn evenly from 0 to 2 pi, one for each window; of shape (n_windows,)."""
    check_count("n_windows", n_windows)
    return 2 * math.pi * torch.rand(n_windows, generator=generator)


def sine_values(
    phases: Tensor,
    start: int,
    stop: int,
    *,
    period: float,
    amplitude: float = 1.0,
    offset: float = 0.0,
) -> Tensor:
    """The wave at the steps `start` to `stop - 1`, where a wave of phase 0 rises through `offset` at step 0.

    Parameters
    ----------
    phases : Tensor of shape (n,)
        In radians.
    start, stop : int
        First step, and the step after the last one.
    period : float
        Steps after which the wave repeats.
    amplitude, offset : float
        Height of the wave and the value that it swings around.

    Returns
    -------
    Tensor of float32, shape (n, stop - start, 1)

    Raises
    ------
    ValueError
        If `phases` is no vector, the steps are out of order, or the period is not positive.
    """
    if phases.ndim != 1 or len(phases) == 0:
        raise ValueError(
            f"phases must have shape (n,) with n >= 1, got {tuple(phases.shape)}."
        )
    if stop <= start:
        raise ValueError(
            f"stop must be larger than start, got start {start} and stop {stop}."
        )
    check_positive("period", period)
    # In float64: the angle grows with the step, and its last digits would be lost.
    angles = (
        2 * math.pi * torch.arange(start, stop, dtype=torch.float64) / period
        + phases.double()[:, None]
    )
    return (amplitude * torch.sin(angles) + offset).float()[:, :, None]


def sine_windows(
    phases: Tensor,
    length: int,
    *,
    period: float | None = None,
    amplitude: float = 1.0,
    offset: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """Windows that start at the given phases, and the next value at each of their positions.

    Parameters
    ----------
    phases : Tensor of shape (n,)
    length : int
        Steps in a window.
    period : float, optional
        Steps in a period; twice the window by default, which then shows half a period.
    amplitude, offset : float
        As for `sine_values`.

    Returns
    -------
    X, y : Tensors of shape (n, length, 1)
        ``y[:, t]`` is the value one step after ``X[:, t]``.
    """
    check_count("length", length)
    period = 2 * length if period is None else period
    values = sine_values(
        phases, 0, length + 1, period=period, amplitude=amplitude, offset=offset
    )
    return values[:, :-1].contiguous(), values[:, 1:].contiguous()


def sine_continuation(
    phases: Tensor,
    length: int,
    steps: int,
    *,
    period: float | None = None,
    amplitude: float = 1.0,
    offset: float = 0.0,
) -> Tensor:
    """The true values of the `steps` steps after windows of this `length`; of shape (n, steps, 1)."""
    check_count("length", length)
    check_count("steps", steps)
    period = 2 * length if period is None else period
    return sine_values(
        phases,
        length,
        length + steps,
        period=period,
        amplitude=amplitude,
        offset=offset,
    )


def make_sine_windows(
    n_windows: int,
    length: int,
    *,
    generator: torch.Generator,
    period: float | None = None,
    amplitude: float = 1.0,
    offset: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """`sine_windows` at random phases: X and y of shape (n_windows, length, 1)."""
    phases = draw_phases(n_windows, generator=generator)
    return sine_windows(
        phases, length, period=period, amplitude=amplitude, offset=offset
    )
