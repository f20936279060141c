"""Train the U-Net of two pages to complete an image from its left half."""

import torch
from torch import Tensor

from mlfa.images.completion import completion_loss, hide_right
from mlfa.images.unet import UNet
from mlfa.training.schedules import one_cycle
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
    [ronneberger2015unet], [loshchilov2019decoupled], [smith2019super]
    """
    generator = torch.Generator().manual_seed(seed)
    model = UNet(1, 1, generator=generator, **settings)
    # With 0.99, the running mean of squared gradients reaches back a hundred steps,
    # not a thousand.
    rates = {"lr": learning_rate, "betas": (0.9, 0.99), "weight_decay": weight_decay}
    optimizer = torch.optim.AdamW(model.parameters(), **rates, fused=True)
    trainer = Trainer(
        model,
        completion_loss,
        optimizer,
        scheduler=one_cycle(
            optimizer,
            learning_rate,
            epochs=epochs,
            n_samples=len(X),
            batch_size=batch_size,
        ),
        scheduler_each_batch=True,
        transform=hide_right,
        device=device,
        seed=seed,
    )
    watched = None if validation is None else (validation, validation)
    return trainer.fit((X, X), watched, epochs=epochs, batch_size=batch_size)
