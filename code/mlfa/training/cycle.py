"""Train a classifier while the learning rate goes through one cycle."""

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim import Optimizer

from mlfa.training.schedules import one_cycle
from mlfa.training.trainer import Trainer


def train_one_cycle(
    model: nn.Module,
    train: tuple[Tensor, Tensor],
    optimizer: Optimizer,
    validation: tuple[Tensor, Tensor] | None = None,
    *,
    epochs: int,
    batch_size: int,
    seed: int,
    transform: Callable[[Tensor], Tensor] | None = None,
    loss: Callable[[Tensor, Tensor], Tensor] = cross_entropy,
    device: str = "cpu",
) -> Trainer:
    """Fit a model; the learning rate that the optimizer has is the highest of a cycle.

    Parameters
    ----------
    model : nn.Module
        From a batch of samples to a batch of scores, one for each class.
    train : tuple of Tensor
        The samples and their classes.
    optimizer : torch.optim.Optimizer
        Over the model's parameters, with the highest learning rate.
    validation : tuple of Tensor, optional
        As `train`; with it, the history has its loss after every epoch.
    epochs : int
        Passes over the samples.
    batch_size : int
        Samples a step.
    seed : int
        Chooses the order of the samples.
    transform : callable, optional
        Applied to every batch of samples, for instance to turn bytes into floats.
    loss : callable
        From (scores, classes) to the mean loss of a batch.
    device : str
        Where to train: "cpu", "cuda", "mps", or "auto" for the fastest that there is.

    Returns
    -------
    Trainer
        With the trained model.

    References
    ----------
    [smith2019super]

    Examples
    --------
    >>> import torch
    >>> X = torch.linspace(-1, 1, 200)[:, None]
    >>> model = nn.Linear(1, 2)
    >>> optimizer = torch.optim.Adam(model.parameters(), lr=0.3, fused=True)
    >>> data, settings = (X, (X[:, 0] > 0).long()), {"epochs": 5, "batch_size": 10}
    >>> trainer = train_one_cycle(model, data, optimizer, **settings, seed=0)
    >>> trainer.predict(torch.tensor([[-0.9], [0.9]])).argmax(dim=1)
    tensor([0, 1])
    """
    cycle = one_cycle(
        optimizer,
        optimizer.param_groups[0]["lr"],
        epochs=epochs,
        n_samples=len(train[0]),
        batch_size=batch_size,
    )
    trainer = Trainer(
        model,
        loss,
        optimizer,
        scheduler=cycle,
        scheduler_each_batch=True,
        transform=transform,
        device=device,
        seed=seed,
    )
    return trainer.fit(train, validation, epochs=epochs, batch_size=batch_size)
