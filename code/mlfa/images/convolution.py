"""Convolution as a product of matrices, for signals, images and volumes alike."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mlfa.book.checks import check_count


def output_size(size: int, kernel_size: int, stride: int = 1, padding: int = 0) -> int:
    """Number of places where a kernel fits along one axis.

    Parameters
    ----------
    size, kernel_size : int
        Pixels of the image and of the kernel along this axis.
    stride : int
        Pixels from one place to the next.
    padding : int
        Zeros added at either end.

    Raises
    ------
    ValueError
        If an argument is not a whole number that is large enough, or the kernel fits nowhere.

    References
    ----------
    [dumoulin2016guide]
    """
    for name, value, least in (
        ("size", size, 1),
        ("kernel_size", kernel_size, 1),
        ("stride", stride, 1),
    ):
        check_count(name, value, least)
    check_count("padding", padding, 0)
    if kernel_size > size + 2 * padding:
        raise ValueError(
            f"kernel_size must be at most {size + 2 * padding}, the padded size, got"
            f" {kernel_size}."
        )
    return (size + 2 * padding - kernel_size) // stride + 1


def patches(
    X: np.ndarray, kernel_size: Sequence[int], stride: int = 1, padding: int = 0
) -> np.ndarray:
    """The part of every image under the kernel, at every place, each written out as one row.

    Parameters
    ----------
    X : ndarray of float, shape (n, C, *sizes)
        Images with one, two, three or more axes besides samples and channels.
    kernel_size : sequence of int
        Pixels of the kernel along each of these axes.

    Returns
    -------
    ndarray of shape (n, *places, C * pixels of the kernel)
        In a row, the channels come one after the other.
    """
    if not np.issubdtype(X.dtype, np.floating):
        raise TypeError(
            f"X must hold floats, got {X.dtype}: sums of bytes would lose what exceeds"
            " 255."
        )
    axes = tuple(range(2, X.ndim))
    if len(kernel_size) != len(axes) or not axes:
        raise ValueError(
            f"kernel_size must have a number for each of the {len(axes)} axes, got"
            f" {tuple(kernel_size)}."
        )
    places = [
        output_size(X.shape[axis], k, stride, padding)
        for axis, k in zip(axes, kernel_size, strict=True)
    ]
    X = np.pad(X, [(0, 0), (0, 0)] + [(padding, padding)] * len(axes))
    windows = sliding_window_view(
        X, tuple(kernel_size), axes
    )  # (n, C, *places, *kernel_size), still without a copy
    windows = windows[
        (slice(None), slice(None)) + (slice(None, None, stride),) * len(axes)
    ]
    windows = np.moveaxis(windows, 1, 1 + len(axes))  # (n, *places, C, *kernel_size)
    return windows.reshape(len(X), *places, X.shape[1] * prod(kernel_size))


def convolve(
    X: np.ndarray,
    kernels: np.ndarray,
    bias: np.ndarray | None = None,
    stride: int = 1,
    padding: int = 0,
) -> np.ndarray:
    """The answer of every filter at every place.

    Parameters
    ----------
    X : ndarray of float, shape (n, C_in, *sizes)
    kernels : ndarray of shape (C_out, C_in, *kernel_size)
        One filter for each channel of the result.
    bias : ndarray of shape (C_out,), optional
        Added to the answers of each filter.

    Returns
    -------
    ndarray of shape (n, C_out, *places)

    Raises
    ------
    ValueError
        If the shapes do not fit.
    TypeError
        If `X` does not hold floats.

    References
    ----------
    [chellapilla2006high]
    """
    if kernels.ndim != X.ndim or kernels.shape[1] != X.shape[1]:
        raise ValueError(
            f"kernels must have shape (C_out, {X.shape[1]}, ...) with {X.ndim} axes,"
            f" got shape {kernels.shape}."
        )
    rows = patches(X, kernels.shape[2:], stride, padding)
    answers = (
        rows @ kernels.reshape(len(kernels), -1).T
    )  # one product does it all: (n, *places, C_out)
    if bias is not None:
        if np.shape(bias) != (len(kernels),):
            raise ValueError(
                f"bias must have shape ({len(kernels)},), got {np.shape(bias)}."
            )
        answers = answers + bias
    return np.moveaxis(answers, -1, 1)


def flip(kernels: np.ndarray) -> np.ndarray:
    """The kernels turned around in every axis but those of the channels: true convolution from correlation."""
    return np.flip(kernels, axis=tuple(range(2, kernels.ndim)))
