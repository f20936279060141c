"""Which pixels belong to the digit? Noisy and colored pictures, masks, and a score."""

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from mlfa.book.checks import check_shapes
from mlfa.images.completion_training import train_unet
from mlfa.images.pixels import to_floats
from mlfa.training.trainer import Trainer


def ink_mask(X: Tensor) -> Tensor:
    """One where a pixel is more ink than paper, else zero.

    Parameters
    ----------
    X : Tensor of bytes, any shape
        Clean images.

    Returns
    -------
    Tensor of float32, of the shape of `X`

    Examples
    --------
    >>> ink_mask(torch.tensor([0, 127, 128, 255], dtype=torch.uint8))
    tensor([0., 0., 1., 1.])
    """
    return (to_floats(X) > 0.5).float()


def add_noise(X: Tensor, sigma: float, *, seed: int) -> Tensor:
    """Images with a normal random number added to each pixel of each channel.

    Parameters
    ----------
    X : Tensor of floats, any shape
        Clean images.
    sigma : float
        Standard deviation of the noise; paper is 0 and ink is 1.
    seed : int
        Draws the noise.

    Returns
    -------
    Tensor of the shape of `X`

    Examples
    --------
    >>> add_noise(torch.tensor([0.0, 1.0]), 0.0, seed=0)
    tensor([0., 1.])
    """
    noise = torch.randn(X.shape, generator=torch.Generator().manual_seed(seed))
    return X + sigma * noise


def two_colors(X: Tensor, *, seed: int) -> Tensor:
    """Each image in a warm color, with the next one laid over it in a cold color.

    Parameters
    ----------
    X : Tensor of bytes, shape (n, 1, height, width)
        Clean images. The last one gets the first over it. The brighter light counts.
    seed : int
        Draws a share of green for each of both colors: it tells nothing.

    Returns
    -------
    Tensor of float32, shape (n, 3, height, width)
        Red, green and blue light from 0 to 1, on black.

    Examples
    --------
    >>> X = torch.tensor([[[[255, 0]]], [[[0, 255]]]], dtype=torch.uint8)
    >>> two_colors(X, seed=0)[0, [0, 2]]  # red, blue: of the first and the second image
    tensor([[[0.9000, 0.3000]],
    <BLANKLINE>
            [[0.3000, 0.9000]]])
    """
    check_shapes(X=(X, "n 1 height width"))
    warm, cold = to_floats(X), to_floats(X.roll(-1, dims=0))  # (n, 1, height, width)
    generator = torch.Generator().manual_seed(seed)
    green = torch.rand(2, len(X), 1, 1, 1, generator=generator)
    red_blue = torch.tensor([0.9, 0.3]).expand(len(X), 2)[..., None, None]
    ink_warm = torch.cat([red_blue[:, :1], green[0], red_blue[:, 1:]], dim=1)
    ink_cold = torch.cat([red_blue[:, 1:], green[1], red_blue[:, :1]], dim=1)
    return torch.maximum(warm * ink_warm, cold * ink_cold)  # (n, 3, height, width)


def intersection_over_union(mask: Tensor, mask_pred: Tensor) -> Tensor:
    """Pixels in both masks as a share of the pixels in either, for each image.

    Parameters
    ----------
    mask, mask_pred : Tensor of shape (n, channels, height, width)
        True and predicted masks; what is above zero is in the mask, so that logits can
        be given too.

    Returns
    -------
    Tensor of float32, shape (n,)
        From 0 to 1; of two empty masks 1, since they agree.

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    [everingham2010pascal]

    Examples
    --------
    >>> mask = torch.tensor([[[[1.0, 1.0, 1.0, 0.0]]]])
    >>> intersection_over_union(mask, torch.tensor([[[[0.0, 1.0, 1.0, 1.0]]]]))
    tensor([0.5000])
    """
    shape = "n channels height width"
    check_shapes(mask=(mask, shape), mask_pred=(mask_pred, shape))
    a, b = mask > 0, mask_pred > 0
    both = (a & b).sum(dim=(1, 2, 3))  # (n,)
    either = (a | b).sum(dim=(1, 2, 3))  # (n,)
    return torch.where(either > 0, both / either, 1.0)


def train_to_mask(
    X: Tensor,
    mask: Tensor,
    *,
    seed: int,
    epochs: int,
    learning_rate: float = 0.01,
    weight_decay: float = 0.1,
    batch_size: int = 16,
    device: str = "cpu",
    **settings: bool | int | str,
) -> Trainer:
    """A U-Net that learned, by the cross-entropy of each pixel, to mark the masks.

    Parameters
    ----------
    X : Tensor of floats, shape (n, channels, height, width)
        Images.
    mask : Tensor of floats, shape (n, 1, height, width)
        Zeros and ones.
    seed : int
        Draws the first weights and the order of the samples.
    epochs : int
        Passes over the images.
    learning_rate : float
        The highest rate of the cycle.
    weight_decay : float
        Share of its value, times the learning rate, that every weight loses in a step.
    batch_size : int
        Images a step.
    device : str
        Where to train: "cpu", "cuda", "mps", or "auto" for the fastest that there is.
    **settings
        Passed on to `UNet`.

    Returns
    -------
    Trainer
        With the trained model, which predicts logits: above zero is in the mask.

    References
    ----------
    [ronneberger2015unet]
    """
    return train_unet(
        (X, mask),
        binary_cross_entropy_with_logits,
        n_channels=X.shape[1],
        seed=seed,
        epochs=epochs,
        weight_decay=weight_decay,
        learning_rate=learning_rate,
        batch_size=batch_size,
        device=device,
        **settings,
    )
