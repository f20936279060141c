"""Train U-Nets: the one recipe of three pages, and its use to complete images."""

from collections.abc import Callable

import torch
from torch import Tensor

from mlfa.images.completion import completion_loss, hide_right
from mlfa.images.unet import UNet
from mlfa.training.cycle import train_one_cycle
from mlfa.training.trainer import Trainer


def train_to_complete(
    X: Tensor,
    validation: Tensor | None = None,
    *,
    seed: int,
    epochs: int,
    weight_decay: float,
    learning_rate: float = 0.01,
    batch_size: int = 16,
    device: str = "cpu",
    **settings: bool | int | str,
) -> Trainer:
    """A U-Net that learned to draw the images `X` from their left halves.

    Parameters
    ----------
    X : Tensor of bytes, shape (n_samples, 1, height, width)
        Whole images; the width must be even.
    validation : Tensor of bytes, shape (n_validation, 1, height, width), optional
        With them, the history has their error after every epoch.
    seed : int
        Draws the first weights and the order of the samples.
    epochs : int
        Passes over the images.
    weight_decay : float
        Share of its value, times the learning rate, that every weight loses in a step.
    learning_rate : float
        The highest rate of the cycle.
    batch_size : int
        Images a step.
    device : str
        Where to train: "cpu", "cuda", "mps", or "auto" for the fastest that there is.
    **settings
        Passed on to `UNet`: for instance its depth, 2 when left out, or `skips`.

    Returns
    -------
    Trainer
        With the trained model; its `predict` takes whole images and hides their right
        halves itself.

    Raises
    ------
    ValueError
        If a setting is out of its range, or the images are of an odd width.

    References
    ----------
    [ronneberger2015unet]
    """
    return train_unet(
        (X, X),
        completion_loss,
        None if validation is None else (validation, validation),
        n_channels=1,
        transform=hide_right,
        seed=seed,
        epochs=epochs,
        weight_decay=weight_decay,
        learning_rate=learning_rate,
        batch_size=batch_size,
        device=device,
        **settings,
    )


def train_unet(
    train: tuple[Tensor, Tensor],
    loss: Callable[[Tensor, Tensor], Tensor],
    validation: tuple[Tensor, Tensor] | None = None,
    *,
    n_channels: int,
    transform: Callable[[Tensor], Tensor] | None = None,
    seed: int,
    epochs: int,
    weight_decay: float,
    learning_rate: float,
    batch_size: int,
    device: str,
    **settings: bool | int | str,
) -> Trainer:
    """A U-Net with one map for an answer, trained by AdamW in one cycle of the rate.

    Parameters
    ----------
    train : tuple of Tensor, each of shape (n_samples, channels, height, width)
        Images, and what to make of them.
    loss : function
        Of the model's answers and what they should be.
    validation : tuple of Tensor, optional
        As `train`; with it, the history has its error after every epoch.
    n_channels : int
        Channels that go into the network, after `transform`.
    transform : function, optional
        Makes the network's input of a batch of images.
    seed : int
        Draws the first weights and the order of the samples.
    epochs : int
        Passes over the images.
    weight_decay : float
        Share of its value, times the learning rate, that every weight loses in a step.
    learning_rate : float
        The highest rate of the cycle.
    batch_size : int
        Images a step.
    device : str
        Where to train: "cpu", "cuda", "mps", or "auto" for the fastest that there is.
    **settings
        Passed on to `UNet`.

    Returns
    -------
    Trainer
        With the trained model.

    Raises
    ------
    ValueError
        If a setting is out of its range.

    References
    ----------
    [ronneberger2015unet], [loshchilov2019decoupled], [smith2019super]
    """
    generator = torch.Generator().manual_seed(seed)
    model = UNet(n_channels, 1, generator=generator, **settings)
    # With 0.99, the running mean of squared gradients reaches back a hundred steps,
    # not a thousand.
    rates = {"lr": learning_rate, "betas": (0.9, 0.99), "weight_decay": weight_decay}
    optimizer = torch.optim.AdamW(model.parameters(), **rates, fused=True)
    return train_one_cycle(
        model,
        train,
        optimizer,
        validation,
        epochs=epochs,
        batch_size=batch_size,
        seed=seed,
        transform=transform,
        loss=loss,
        device=device,
    )
