"""Change the learning rate while training: up at first, then down to almost nothing."""

from __future__ import annotations

from torch.optim import Optimizer
from torch.optim.lr_scheduler import OneCycleLR

from mlfa.book.checks import check_count, check_positive


def one_cycle(
    optimizer: Optimizer,
    learning_rate: float,
    *,
    epochs: int,
    n_samples: int,
    batch_size: int,
) -> OneCycleLR:
    """One cycle of the learning rate over the whole training, a step after every batch.

    It starts at a twenty-fifth of `learning_rate`, reaches it after three tenths of the batches, and
    ends near zero. Give it to `Trainer` with ``scheduler_each_batch=True``.

    Parameters
    ----------
    optimizer : torch.optim.Optimizer
    learning_rate : float
        The highest rate.
    epochs, n_samples, batch_size : int
        They give the number of batches.

    References
    ----------
    [smith2019super]
    """
    check_positive("learning_rate", learning_rate)
    for name, value in (
        ("epochs", epochs),
        ("n_samples", n_samples),
        ("batch_size", batch_size),
    ):
        check_count(name, value)
    # The last batch of an epoch may be smaller, but it is a step too.
    return OneCycleLR(
        optimizer,
        learning_rate,
        epochs=epochs,
        steps_per_epoch=-(-n_samples // batch_size),
    )
