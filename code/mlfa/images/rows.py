"""The linear classifier and the MLP that read a digit as one row of pixels."""

import gc
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from mlfa.images.pixels import to_vectors
from mlfa.training.cycle import train_one_cycle
from mlfa.training.mlp import MLP
from mlfa.training.trainer import Trainer


def train_on_pixels(
    train: tuple[Tensor, Tensor],
    hidden: Sequence[int],
    *,
    learning_rate: float,
    seed: int,
    transform: Callable[[Tensor], Tensor] = to_vectors,
    epochs: int = 4,
    batch_size: int = 128,
    device: str = "cpu",
) -> Trainer:
    """A classifier of digits that learned from rows of pixels, by Adam in one cycle.

    Parameters
    ----------
    train : tuple of Tensor
        Images of bytes, shape (n, 1, 28, 28), and the digits on them, shape (n,).
    hidden : sequence of int
        Units of the hidden layers; without any it is the linear classifier.
    learning_rate : float
        The highest rate of the cycle.
    seed : int
        Draws the first weights of an MLP and the order of the images.
    transform : callable
        From a batch of images to rows of 784 floats.
    epochs : int
        Passes over the images.
    batch_size : int
        Images a step.
    device : str
        Where to train: "cpu", "cuda", "mps", or "auto" for the fastest that there is.

    Returns
    -------
    Trainer
        With the trained model; its `predict` takes images of bytes.

    Examples
    --------
    >>> X = torch.zeros(40, 1, 28, 28, dtype=torch.uint8)
    >>> y = torch.arange(40) % 2
    >>> X[y == 1, :, 14] = 255  # a stroke in half of the images
    >>> reader = train_on_pixels((X, y), (), learning_rate=0.01, seed=0, batch_size=8)
    >>> reader.predict(X[:2]).argmax(dim=1)
    tensor([0, 1])
    """
    generator = torch.Generator().manual_seed(seed)
    model = MLP(28 * 28, hidden, 10, generator=generator)
    if not hidden:  # a single layer has no symmetry to break
        nn.init.zeros_(model.layers[0].weight)
    # Fused: all of a step in one pass over the weights.
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)
    trainer = train_one_cycle(
        model,
        train,
        optimizer,
        epochs=epochs,
        batch_size=batch_size,
        seed=seed,
        transform=transform,
        device=device,
    )
    gc.collect()  # frees earlier runs, whose optimizers and schedulers hold each other
    return trainer
