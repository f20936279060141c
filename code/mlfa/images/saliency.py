"""Which pixels would change a score the most, and which patches excite a filter."""

from itertools import product

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_count, check_shapes
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


def occlusion(
    model: nn.Module, X: Tensor, y: Tensor, *, size: int, stride: int = 1
) -> Tensor:
    """How far the probability of class `y` falls when a square is covered with paper.

    Parameters
    ----------
    model : nn.Module
        From images to scores of shape (n, n_classes), on any device.
    X : Tensor of floats, shape (n, channels, height, width)
        Images, where paper is 0.
    y : Tensor of int, shape (n,)
        The class of each image whose probability is asked about.
    size : int
        Side of the square in pixels.
    stride : int
        Pixels from one square to the next.

    Returns
    -------
    Tensor of shape (n, rows, columns), on the CPU
        A number for each place of the square: positive where what it hid spoke for the
        class, negative where it spoke against it.

    Raises
    ------
    ValueError
        If there is not one class for each image, or the square does not fit.

    References
    ----------
    [zeiler2014visualizing]

    Examples
    --------
    >>> model = nn.Flatten()  # four pixels, and each is the score of a class
    >>> X, y = torch.tensor([[[[9.0, 0.0], [0.0, 0.0]]]]), torch.tensor([0])
    >>> occlusion(model, X, y, size=1).round(decimals=2)
    tensor([[[0.7500, 0.0000],
             [0.0000, 0.0000]]])
    """
    shape = check_shapes(X=(X, "n channels height width"), y=(y, "n"))
    _check_square(size, stride, shape["height"], shape["width"])
    tops, lefts = (
        range(0, shape[side] - size + 1, stride) for side in ("height", "width")
    )
    falls = torch.empty(len(X), len(tops), len(lefts))
    with predicting(model) as device:
        X, y = X.to(device), y.to(device)[:, None]
        whole = model(X).softmax(dim=1).gather(1, y)[:, 0]  # (n,)
        for i, top in enumerate(tops):
            for j, left in enumerate(lefts):
                covered = X.clone()
                covered[..., top : top + size, left : left + size] = 0
                rest = model(covered).softmax(dim=1).gather(1, y)[:, 0]
                falls[:, i, j] = (whole - rest).cpu()
    return falls  # (n, rows, columns)


def strongest_patches(
    maps: Tensor, X: Tensor, *, size: int, stride: int, start: int, n_patches: int
) -> Tensor:
    """For each map the patches of the images to which it responds the most.

    Of one image only its strongest patch counts, so that all are of different images.

    Parameters
    ----------
    maps : Tensor of shape (n, n_maps, rows, columns)
        Responses to the images.
    X : Tensor of shape (n, 1, height, width)
        The images.
    size : int
        Width of the receptive field of a response, in pixels.
    stride : int
        Pixels from one response to the next.
    start : int
        Row and column of the first pixel that the first response sees; below 0 where it
        sees padding.
    n_patches : int
        Patches for each map.

    Returns
    -------
    Tensor of shape (n_maps, n_patches, size, size)
        The strongest first. What lies outside of the image is 0.

    References
    ----------
    [zeiler2014visualizing]

    Examples
    --------
    >>> X = torch.eye(3)[None, None]
    >>> maps = torch.tensor([[[[0.0, 1.0], [0.0, 0.0]]]])  # row 0, column 1
    >>> strongest_patches(maps, X, size=2, stride=1, start=0, n_patches=1)
    tensor([[[[0., 0.],
              [1., 0.]]]])
    """
    _check_maps(maps, X, n_patches)
    columns = maps.shape[-1]
    responses, places = maps.flatten(2).max(dim=2)  # (n, n_maps) each
    chosen = responses.topk(n_patches, dim=0).indices  # (n_patches, n_maps)
    framed = nn.functional.pad(X[:, 0], [size] * 4)  # paper around each image
    patches = X.new_zeros(maps.shape[1], n_patches, size, size)
    for k, f in product(range(n_patches), range(maps.shape[1])):
        image = chosen[k, f]
        row, column = divmod(places[image, f].item(), columns)
        top, left = (place * stride + start + size for place in (row, column))
        patches[f, k] = framed[image, top : top + size, left : left + size]
    return patches


# Checks of arguments


def _check_square(size: int, stride: int, height: int, width: int) -> None:
    check_count("size", size)
    check_count("stride", stride)
    if size > min(height, width):
        raise ValueError(
            f"size must be at most {min(height, width)}, the side of the image, got"
            f" {size}."
        )


def _check_maps(maps: Tensor, X: Tensor, n_patches: int) -> None:
    check_shapes(maps=(maps, "n maps rows columns"), X=(X, "n 1 height width"))
    check_count("n_patches", n_patches)
    if n_patches > len(X):
        raise ValueError(
            f"n_patches must be at most {len(X)}, the number of images, got"
            f" {n_patches}."
        )
