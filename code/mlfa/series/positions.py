"""Positions as waves, so that attention can tell first from last."""

from __future__ import annotations

import torch
from torch import Tensor

from mlfa.book.checks import check_count


def sinusoidal_positions(length: int, size: int, longest: float = 10_000.0) -> Tensor:
    """For each position the sine and the cosine of `size / 2` waves.

    Parameters
    ----------
    length : int
        Number of positions.
    size : int
        Numbers for each position; must be even.
    longest : float
        The wavelengths grow in equal ratios from 2 pi positions towards 2 pi times this number.

    Returns
    -------
    Tensor of shape (length, size)
        Sines in the even columns, cosines in the odd ones.

    Raises
    ------
    ValueError
        If a size is not a positive whole number, `size` is odd, or `longest` is not above 1.

    References
    ----------
    [vaswani2017attention]
    """
    check_count("length", length)
    check_count("size", size, least=2)
    if size % 2:
        raise ValueError(
            f"size must be even, a sine and a cosine for each wave, got {size}."
        )
    if not longest > 1:
        raise ValueError(f"longest must be above 1, got {longest!r}.")
    position = torch.arange(length, dtype=torch.float64)[:, None]  # (length, 1)
    frequency = longest ** (
        -torch.arange(0, size, 2, dtype=torch.float64) / size
    )  # (size / 2,)
    angle = position * frequency  # (length, size / 2)
    # Side by side along a new last axis, then laid out as sine, cosine, sine, cosine, ...
    return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(start_dim=1).float()
