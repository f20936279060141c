"""Which pixels would change a score the most."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def saliency(model: nn.Module, X: Tensor, y: Tensor) -> Tensor:
    """The gradient of each image's score for class `y` with respect to its pixels.

    Parameters
    ----------
    model : nn.Module
        From images to scores of shape (n, n_classes).
    X : Tensor of shape (n, channels, height, width)
        Images as floats.
    y : Tensor of int, shape (n,)
        The class whose score is asked about.

    Returns
    -------
    Tensor of the shape of `X`
        Positive where more ink would raise the score, negative where it would lower it.

    Raises
    ------
    TypeError
        If `X` is not of floats: bytes have no gradient.

    References
    ----------
    [simonyan2014deep]
    """
    if not X.is_floating_point():
        raise TypeError(f"X must hold floats, got {X.dtype}: bytes have no gradient.")
    if y.shape != X.shape[:1]:
        raise ValueError(
            f"y must have one class for each of the {len(X)} images, got shape"
            f" {tuple(y.shape)}."
        )
    X = X.detach().requires_grad_()
    scores = model(X).gather(1, y[:, None])
    # The score of one image depends on its own pixels only, so the gradient of the
    # sum holds the gradient of each.
    (gradient,) = torch.autograd.grad(scores.sum(), X)
    return gradient
