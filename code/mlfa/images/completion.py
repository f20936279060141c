"""The task of two pages: from the left half of an image, the whole."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import mse_loss

from mlfa.book.checks import check_count
from mlfa.images.pixels import to_floats


def hide_right(X: Tensor) -> Tensor:
    """Images as floats from 0 to 1 whose right half is zero.

    Parameters
    ----------
    X : Tensor of bytes, shape (n, channels, height, width)
        The width must be even.
    """
    X = to_floats(X)
    right_half(X).zero_()
    return X


def right_half(X: Tensor) -> Tensor:
    """The right half of images, of shape (n, channels, height, width / 2); the width must be even."""
    if X.shape[-1] % 2:
        raise ValueError(f"X must have an even width, got {X.shape[-1]}.")
    return X[..., X.shape[-1] // 2 :]


def completion_loss(output: Tensor, X: Tensor) -> Tensor:
    """Mean squared error of a batch, to learn from.

    Parameters
    ----------
    output : Tensor of floats, shape (n, channels, height, width)
    X : Tensor of bytes of the same shape
        They become floats only here, a batch at a time.
    """
    _check_same_shape("output", output, X)
    return mse_loss(output, to_floats(X))


def squared_error(X: Tensor, X_pred: Tensor) -> float:
    """Mean squared difference of the pixels of two equal stacks of images."""
    _check_same_shape("X_pred", X_pred, X)
    return float((X - X_pred).square().mean())


def sharpness(X: Tensor) -> float:
    """Mean squared difference of horizontal neighbors in the right half: large where edges are sharp.

    The seam between the halves counts, so that a completion which does not join on is not overlooked.

    References
    ----------
    [mathieu2016deep]
    """
    half = X.shape[-1] // 2
    return float((X[..., half:] - X[..., half - 1 : -1]).square().mean())


def sample_each_class(y: Tensor, n_each: int, *, seed: int) -> Tensor:
    """Row numbers of `n_each` samples of every class, drawn at random, in random order.

    Raises
    ------
    ValueError
        If a class has fewer samples.
    """
    check_count("n_each", n_each)
    rng = np.random.default_rng(seed)
    y = y.numpy()
    rows = []
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        if len(members) < n_each:
            raise ValueError(
                f"n_each must be at most {len(members)}, the samples of class {label},"
                f" got {n_each}."
            )
        rows.append(rng.choice(members, n_each, replace=False))
    return torch.from_numpy(rng.permutation(np.concatenate(rows)))


def _check_same_shape(name: str, images: Tensor, X: Tensor) -> None:
    if images.shape != X.shape:
        raise ValueError(
            f"{name} must have the shape of X, {tuple(X.shape)}, got"
            f" {tuple(images.shape)}."
        )
