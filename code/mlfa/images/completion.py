"""The task of two pages: from the left half of an image, the whole."""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import mse_loss

from mlfa.book.checks import check_shapes
from mlfa.images.pixels import to_floats


def hide_right(X: Tensor) -> Tensor:
    """Images as floats from 0 to 1 whose right half is zero.

    Parameters
    ----------
    X : Tensor of bytes, shape (n, channels, height, width)
        Whole images; the width must be even.

    Returns
    -------
    Tensor of float32, of the shape of `X`

    Examples
    --------
    >>> hide_right(torch.full((1, 1, 1, 4), 255, dtype=torch.uint8))
    tensor([[[[1., 1., 0., 0.]]]])
    """
    X = to_floats(X)
    right_half(X).zero_()
    return X


def right_half(X: Tensor) -> Tensor:
    """The right half of images: a view, so that what is written there changes `X`.

    Parameters
    ----------
    X : Tensor of shape (n, channels, height, width)
        Images of any type; the width must be even.

    Returns
    -------
    Tensor of shape (n, channels, height, width / 2)

    Raises
    ------
    ValueError
        If the width is odd.
    """
    if X.shape[-1] % 2:
        raise ValueError(f"X must have an even width, got {X.shape[-1]}.")
    return X[..., X.shape[-1] // 2 :]


def completion_loss(output: Tensor, X: Tensor) -> Tensor:
    """Mean squared error of a batch, to learn from.

    Parameters
    ----------
    output : Tensor of floats, shape (n, channels, height, width)
        What a model answered.
    X : Tensor of bytes of the same shape
        The whole images. They become floats only here, a batch at a time.

    Returns
    -------
    Tensor of one number

    Raises
    ------
    ValueError
        If the shapes differ: an image would be compared with all others.

    Examples
    --------
    >>> X = torch.tensor([[[[0, 255]]]], dtype=torch.uint8)
    >>> completion_loss(torch.tensor([[[[0.0, 0.5]]]]), X)
    tensor(0.1250)
    """
    check_shapes(X=(X, "..."), output=(output, "..."))
    return mse_loss(output, to_floats(X))


def squared_error(X: Tensor, X_pred: Tensor) -> float:
    """Mean squared difference of the pixels of two stacks of images.

    Parameters
    ----------
    X : Tensor of floats, any shape
        Real images.
    X_pred : Tensor of floats of the same shape
        The images that a model proposes.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> squared_error(torch.zeros(2, 3), torch.ones(2, 3))
    1.0
    """
    check_shapes(X=(X, "..."), X_pred=(X_pred, "..."))
    return float((X - X_pred).square().mean())


def sharpness(X: Tensor) -> float:
    """Mean squared difference of neighbors in a row of the right half: large at edges.

    The seam between the halves counts, so that a completion which does not join on is
    not overlooked.

    Parameters
    ----------
    X : Tensor of floats, shape (n, channels, height, width)
        Images from 0 to 1.

    References
    ----------
    [mathieu2016deep]

    Examples
    --------
    >>> sharpness(torch.tensor([[[[0.0, 1.0, 1.0, 0.0]]]]))  # no step, then one
    0.5
    """
    half = X.shape[-1] // 2
    return float((X[..., half:] - X[..., half - 1 : -1]).square().mean())


def sample_each_class(y: Tensor, n_each: int, *, seed: int) -> Tensor:
    """Row numbers of equally many samples of every class, in random order.

    Parameters
    ----------
    y : Tensor of int, shape (n_samples,)
        The class of each sample.
    n_each : int
        Samples of each class, at most as many as the rarest has.
    seed : int
        Draws the samples and their order.

    Returns
    -------
    Tensor of int, shape (n_classes * n_each,)

    Examples
    --------
    >>> y = torch.tensor([7, 7, 7, 8, 8, 8, 8])
    >>> y[sample_each_class(y, 2, seed=0)].sort().values
    tensor([7, 7, 8, 8])
    """
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(y == label) for label in np.unique(y)]
    rows = [rng.choice(of_class, n_each, replace=False) for of_class in members]
    return torch.from_numpy(rng.permutation(np.concatenate(rows)))
