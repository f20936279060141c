"""Which pixels would change a score the most."""

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_shapes
from mlfa.training.predicting import predicting


def saliency(model: nn.Module, X: Tensor, y: Tensor) -> Tensor:
    """The gradient of each image's score for class `y` with respect to its pixels.

    Parameters
    ----------
    model : nn.Module
        From images to scores of shape (n, n_classes), on any device. It answers without
        dropout, and is in its old mode afterwards.
    X : Tensor of floats, shape (n, channels, height, width)
        Images; bytes have no gradient.
    y : Tensor of int, shape (n,)
        The class of each image whose score is asked about.

    Returns
    -------
    Tensor of the shape of `X`, on the CPU
        Positive where more ink would raise the score, negative where it would lower it.

    Raises
    ------
    ValueError
        If there is not one class for each image.

    References
    ----------
    [simonyan2014deep]

    Examples
    --------
    >>> model = nn.Flatten()  # four pixels, and each is the score of a class
    >>> saliency(model, torch.rand(2, 1, 2, 2), torch.tensor([0, 3])).flatten(1)
    tensor([[1., 0., 0., 0.],
            [0., 0., 0., 1.]])
    """
    check_shapes(X=(X, "n channels height width"), y=(y, "n"))
    with predicting(model) as device, torch.enable_grad():
        X = X.detach().to(device).requires_grad_()
        scores = model(X)  # (n, n_classes)
        score_of_y = scores.gather(1, y.to(device)[:, None])  # (n, 1)
        # The score of one image depends on its own pixels only, so the gradient of the
        # sum holds the gradient of each.
        (gradient,) = torch.autograd.grad(score_of_y.sum(), X)
    return gradient.cpu()  # (n, channels, height, width)
