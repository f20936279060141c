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


def to_vectors(X: Tensor) -> Tensor:
    """Every image as one row of pixels from 0 to 1: from shape (n, C, H, W) to (n, C * H * W).

    Raises
    ------
    ValueError
        If `X` has not four axes.
    TypeError
        If `X` is not of bytes.
    """
    if X.ndim != 4:
        raise ValueError(f"X must have shape (n, C, H, W), got shape {tuple(X.shape)}.")
    return to_floats(X).flatten(start_dim=1)


def shift_images(X: Tensor, down: int = 0, right: int = 0) -> Tensor:
    """Images moved by whole pixels; what leaves is lost, and paper (0) fills the gap.

    Parameters
    ----------
    X : Tensor of shape (..., H, W)
        Images of any type.
    down, right : int
        Pixels to move by; negative numbers move up and left.

    Raises
    ------
    ValueError
        If a shift is not a whole number, or larger than the image.
    """
    height, width = X.shape[-2:]
    for name, shift, size in (("down", down, height), ("right", right, width)):
        if not isinstance(shift, int) or abs(shift) > size:
            raise ValueError(
                f"{name} must be a whole number from {-size} to {size}, got {shift!r}."
            )
    shifted = torch.zeros_like(X)
    # Row r of the result is row r - down of the image, wherever there is one.
    rows, rows_from = (
        slice(max(down, 0), height + min(down, 0)),
        slice(max(-down, 0), height - max(down, 0)),
    )
    columns, columns_from = (
        slice(max(right, 0), width + min(right, 0)),
        slice(max(-right, 0), width - max(right, 0)),
    )
    shifted[..., rows, columns] = X[..., rows_from, columns_from]
    return shifted
