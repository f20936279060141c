"""Change images in ways that do not change what they show."""

from __future__ import annotations

import torch
from torch import Tensor

from mlfa.checks import check_count


class RandomShift:
    """Move every image of a batch by the same random number of pixels; what comes in at the border is zero.

    Parameters
    ----------
    most : int
        Pixels in each direction at the most.
    seed : int
        Draws the shifts, a new one for every batch.
    """

    def __init__(self, most: int, *, seed: int) -> None:
        check_count("most", most, least=0)
        self.most, self.generator = most, torch.Generator().manual_seed(seed)

    def __call__(self, X: Tensor) -> Tensor:
        """From images of shape (n, channels, height, width) to moved ones of the same shape."""
        down, right = torch.randint(-self.most, self.most + 1, (2,), generator=self.generator).tolist()
        return shift(X, down, right)


def shift(X: Tensor, down: int, right: int) -> Tensor:
    """Images moved by whole pixels, zeros where nothing was before.

    Parameters
    ----------
    X : Tensor of shape (..., height, width)
    down, right : int
        Pixels; negative for up and left.
    """
    height, width = X.shape[-2:]
    moved = torch.zeros_like(X)
    rows_to, rows_from = _overlap(down, height)
    columns_to, columns_from = _overlap(right, width)
    moved[..., rows_to, columns_to] = X[..., rows_from, columns_from]
    return moved


def _overlap(by: int, size: int) -> tuple[slice, slice]:
    """Where the rows that stay inside go to, and where they come from."""
    by = max(-size, min(size, by))
    return slice(max(by, 0), size + min(by, 0)), slice(max(-by, 0), size + min(-by, 0))
