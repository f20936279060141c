"""Windows of a sine wave and the values that follow them, for which the truth is known.

A window shows half a period unless a period is given.
"""

import math

import torch
from torch import Tensor

from mlfa.book.checks import check_count, check_positive, check_shapes


def draw_phases(n_windows: int, *, seed: int) -> Tensor:
    """Phases in radians, drawn evenly from one period: one for each window.

    Parameters
    ----------
    n_windows : int
        Number of phases.
    seed : int
        Draws them.

    Returns
    -------
    Tensor of shape (n_windows,)
    """
    generator = torch.Generator().manual_seed(seed)
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
    """The wave at the steps `start` to `stop - 1`.

    A wave of phase 0 rises through `offset` at step 0.

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
        If `phases` is no vector, the steps are out of order, or the period is not
        positive.

    Examples
    --------
    >>> sine_values(torch.zeros(1), 0, 4, period=4).round().flatten().tolist()
    [0.0, 1.0, 0.0, -1.0]
    """
    check_shapes(phases=(phases, "n"))
    check_count("stop - start", stop - start)
    check_positive("period", period)
    # In float64: the angle grows with the step, and its last digits would be lost.
    steps = torch.arange(start, stop, dtype=torch.float64)  # (stop - start,)
    angles = 2 * math.pi * steps / period + phases.double()[:, None]
    return (amplitude * torch.sin(angles) + offset).float()[:, :, None]


def sine_windows(
    phases: Tensor,
    length: int,
    *,
    period: float | None = None,
    amplitude: float = 1.0,
    offset: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """Windows that start at given phases, and the next value at each position.

    Parameters
    ----------
    phases : Tensor of shape (n,)
        In radians.
    length : int
        Steps in a window.
    period : float, optional
        Steps in a period; when left out, two windows long.
    amplitude, offset : float
        Height of the wave and the value that it swings around.

    Returns
    -------
    X, y : Tensors of shape (n, length, 1)
        ``y[:, t]`` is the value one step after ``X[:, t]``.

    Examples
    --------
    >>> X, y = sine_windows(torch.zeros(1), 2)
    >>> X.round().flatten().tolist(), y.round().flatten().tolist()
    ([0.0, 1.0], [1.0, 0.0])
    """
    check_count("length", length)
    values = sine_values(
        phases,
        0,
        length + 1,
        period=2 * length if period is None else period,
        amplitude=amplitude,
        offset=offset,
    )  # (n, length + 1, 1)
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
    """The true values of the steps after windows of a length.

    Parameters
    ----------
    phases : Tensor of shape (n,)
        In radians.
    length : int
        Steps in a window.
    steps : int
        How many steps after it.
    period : float, optional
        Steps in a period; when left out, two windows long.
    amplitude, offset : float
        Height of the wave and the value that it swings around.

    Returns
    -------
    Tensor of shape (n, steps, 1)
    """
    check_count("steps", steps)
    return sine_values(
        phases,
        length,
        length + steps,
        period=2 * length if period is None else period,
        amplitude=amplitude,
        offset=offset,
    )


def make_sine_windows(
    n_windows: int,
    length: int,
    *,
    seed: int,
    period: float | None = None,
    amplitude: float = 1.0,
    offset: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """`sine_windows` at random phases.

    Parameters
    ----------
    n_windows : int
        Number of windows.
    length : int
        Steps in a window.
    seed : int
        Draws the phases.
    period : float, optional
        Steps in a period; when left out, two windows long.
    amplitude, offset : float
        Height of the wave and the value that it swings around.

    Returns
    -------
    X, y : Tensors of shape (n_windows, length, 1)
        ``y[:, t]`` is the value one step after ``X[:, t]``.
    """
    phases = draw_phases(n_windows, seed=seed)
    return sine_windows(
        phases, length, period=period, amplitude=amplitude, offset=offset
    )
