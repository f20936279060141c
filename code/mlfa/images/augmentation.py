"""Change images in ways that do not change what they show."""

from __future__ import annotations

import torch
from torch import Tensor

from mlfa.book.checks import check_count
from mlfa.images.pixels import shift_images


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
        down, right = torch.randint(
            -self.most, self.most + 1, (2,), generator=self.generator
        ).tolist()
        return shift_images(X, down, right)
