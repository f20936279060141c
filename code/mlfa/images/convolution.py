"""Convolution as a product of matrices, for signals, images and volumes alike."""

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mlfa.book.checks import check_count, check_same_length, check_shapes


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
        If the kernel fits nowhere, or the stride leads nowhere.

    References
    ----------
    [dumoulin2016guide]

    Examples
    --------
    >>> output_size(28, 7, stride=2, padding=1)
    12
    """
    check_count("stride", stride)
    padded = size + 2 * padding
    if not 1 <= kernel_size <= padded:
        raise ValueError(f"kernel_size must be from 1 to {padded}, got {kernel_size}.")
    return (padded - kernel_size) // stride + 1


def patches(
    X: np.ndarray, kernel_size: Sequence[int], stride: int = 1, padding: int = 0
) -> np.ndarray:
    """The part of every image under the kernel, at every place, each as one row.

    Parameters
    ----------
    X : ndarray of shape (n, C, *sizes)
        Images with one, two, three or more axes besides samples and channels.
    kernel_size : sequence of int
        Pixels of the kernel along each of these axes.
    stride : int
        Pixels from one place to the next, along every axis.
    padding : int
        Zeros added at either end of every axis.

    Returns
    -------
    ndarray of float, shape (n, *places, C * pixels of the kernel)
        In a row, the channels come one after the other.

    Raises
    ------
    ValueError
        If the kernel has other axes than the images, or fits nowhere.

    Examples
    --------
    >>> signal = np.array([[[1, 2, 3, 4, 5]]])  # one sample, one channel
    >>> patches(signal, (3,), stride=2)
    array([[[1., 2., 3.],
            [3., 4., 5.]]])
    """
    X = np.asarray(X)
    if X.dtype.kind != "f":  # sums of bytes would start again at zero after 255
        X = X.astype(float)
    n, C, *sizes = X.shape
    axes = tuple(range(2, X.ndim))
    check_same_length(axes=axes, kernel_size=kernel_size)
    places = [
        output_size(size, k, stride, padding)
        for size, k in zip(sizes, kernel_size, strict=True)
    ]
    X = np.pad(X, [(0, 0), (0, 0)] + [(padding, padding)] * len(axes))
    # On its way over all places, each weight of the kernel meets a part of the image.
    reach = [(count - 1) * stride + 1 for count in places]
    parts = sliding_window_view(X, reach, axes)  # no copy: (n, C, *starts, *reach)
    weights, steps = (slice(k) for k in kernel_size), (slice(None, None, stride),)
    parts = parts[:, :, *weights, *steps * len(axes)]  # (n, C, *kernel_size, *places)
    columns = parts.reshape(n, C * prod(kernel_size), *places)  # one for each weight
    return np.moveaxis(columns, 1, -1)  # (n, *places, C * pixels of the kernel)


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
    X : ndarray of shape (n, C_in, *sizes)
        Images with one, two, three or more axes besides samples and channels.
    kernels : ndarray of shape (C_out, C_in, *kernel_size)
        One filter for each channel of the result.
    bias : ndarray of shape (C_out,), optional
        Added to the answers of each filter.
    stride : int
        Pixels from one place to the next, along every axis.
    padding : int
        Zeros added at either end of every axis.

    Returns
    -------
    ndarray of float, shape (n, C_out, *places)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    [chellapilla2006high]

    Examples
    --------
    >>> signal, change = np.array([[[1, 2, 4, 8]]]), np.array([[[-1, 1]]])
    >>> convolve(signal, change)
    array([[[1., 2., 4.]]])
    """
    if kernels.ndim != X.ndim or kernels.shape[1] != X.shape[1]:
        raise ValueError(f"kernels of {kernels.shape} do not fit to X of {X.shape}.")
    rows = patches(X, kernels.shape[2:], stride, padding)
    weights = kernels.reshape(len(kernels), -1)  # (C_out, C_in * pixels of the kernel)
    answers = rows @ weights.T  # one product does it all: (n, *places, C_out)
    if bias is not None:
        check_shapes(kernels=(weights, "C_out pixels"), bias=(bias, "C_out"))
        answers = answers + bias
    return np.moveaxis(answers, -1, 1)  # (n, C_out, *places)


def flip(kernels: np.ndarray) -> np.ndarray:
    """Kernels turned around: with them, `convolve` computes the true convolution.

    Parameters
    ----------
    kernels : ndarray of shape (C_out, C_in, *kernel_size)
        Turned around in every axis but those of the channels.

    Returns
    -------
    ndarray of the shape of `kernels`

    Examples
    --------
    >>> flip(np.array([[[1, 2, 3]]]))
    array([[[3, 2, 1]]])
    """
    return np.flip(kernels, axis=tuple(range(2, kernels.ndim)))
