"""From bytes to numbers, and small changes to images that leave their meaning."""

import torch
from torch import Tensor
from torch.nn.functional import pad

from mlfa.book.checks import check_shapes


def to_floats(X: Tensor) -> Tensor:
    """Pixels from 0 to 1, of four bytes each, from pixels of one byte.

    Parameters
    ----------
    X : Tensor of bytes, any shape
        Pixels from 0 (paper) to 255 (ink).

    Returns
    -------
    Tensor of float32
        The pixels divided by 255, in the same shape.

    Raises
    ------
    TypeError
        If `X` is not of bytes: numbers that were divided by 255 once would be divided
        again.

    Examples
    --------
    >>> to_floats(torch.tensor([0, 51, 255], dtype=torch.uint8))
    tensor([0.0000, 0.2000, 1.0000])
    """
    if X.dtype != torch.uint8:
        raise TypeError(f"X must hold bytes (torch.uint8), got {X.dtype}.")
    return X.to(torch.float32) / 255


def to_vectors(X: Tensor) -> Tensor:
    """Every image as one row of pixels from 0 to 1.

    Parameters
    ----------
    X : Tensor of bytes, shape (n, C, H, W)
        Images with C channels of H rows and W columns.

    Returns
    -------
    Tensor of float32, shape (n, C * H * W)

    Raises
    ------
    ValueError
        If `X` has other axes: a single image would become H rows.
    TypeError
        If `X` is not of bytes.

    Examples
    --------
    >>> to_vectors(torch.zeros(5, 1, 28, 28, dtype=torch.uint8)).shape
    torch.Size([5, 784])
    """
    check_shapes(X=(X, "n C H W"))
    return to_floats(X).flatten(start_dim=1)


def shift_images(X: Tensor, down: int = 0, right: int = 0) -> Tensor:
    """Images moved by whole pixels; what leaves is lost, and paper (0) fills the gap.

    Parameters
    ----------
    X : Tensor of shape (..., H, W)
        Images of any type.
    down, right : int
        Pixels to move by, H and W at the most; negative numbers move up and left.

    Returns
    -------
    Tensor of the shape and type of `X`

    Raises
    ------
    ValueError
        If a shift is larger than the image.

    Examples
    --------
    >>> shift_images(torch.tensor([[1, 2, 3], [4, 5, 6]]), down=1, right=-1)
    tensor([[0, 0, 0],
            [2, 3, 0]])
    """
    H, W = X.shape[-2:]
    if abs(down) > H or abs(right) > W:
        raise ValueError(f"down, right must be at most {H}, {W}, got {down}, {right}.")
    # As many columns as come in at one side are cut off at the other; so for rows.
    return pad(X, (right, -right, down, -down))
