"""From bytes to numbers, and small changes to images that leave their meaning."""

from __future__ import annotations

import torch
from torch import Tensor


def to_floats(X: Tensor) -> Tensor:
    """Pixels from 0 to 1, of four bytes each, from pixels of one byte.

    Raises
    ------
    TypeError
        If `X` is not of bytes: numbers that were divided by 255 once would be divided again.
    """
    if X.dtype != torch.uint8:
        raise TypeError(f"X must hold bytes (torch.uint8), got {X.dtype}.")
    return X.to(torch.float32) / 255
