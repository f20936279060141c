"""Change the learning rate while training: up at first, then down to almost nothing."""

from torch.optim import Optimizer
from torch.optim.lr_scheduler import OneCycleLR

from mlfa.book.checks import check_count, check_positive
from mlfa.training.processes import n_processes


def one_cycle(
    optimizer: Optimizer,
    learning_rate: float,
    *,
    epochs: int,
    n_samples: int,
    batch_size: int,
) -> OneCycleLR:
    """One cycle of the learning rate over the whole training, a step after every batch.

    It starts at a twenty-fifth of `learning_rate`, reaches it after three tenths of the
    batches, and ends near zero. Other settings of the optimizer stay as they are. Give
    it to `Trainer` with ``scheduler_each_batch=True``.

    Parameters
    ----------
    optimizer : torch.optim.Optimizer
        The one whose learning rate goes up and down.
    learning_rate : float
        The highest rate.
    epochs, n_samples, batch_size : int
        What `fit` will get; they give the number of batches. Under `torchrun`, a step
        takes a batch of every process.

    Returns
    -------
    OneCycleLR
        The schedule, which has already set the first rate.

    References
    ----------
    [smith2019super]

    Examples
    --------
    >>> from torch import nn, optim
    >>> optimizer = optim.Adam(nn.Linear(1, 1).parameters(), fused=True)
    >>> one_cycle(optimizer, 0.1, epochs=2, n_samples=50, batch_size=16).total_steps
    8
    """
    check_positive("learning_rate", learning_rate)
    check_count("n_samples", n_samples)
    check_count("batch_size", batch_size)
    # The last batch of an epoch may be smaller, but it is a step too.
    batches = -(-n_samples // (batch_size * n_processes()))
    return OneCycleLR(
        optimizer,
        learning_rate,
        epochs=epochs,
        steps_per_epoch=batches,
        cycle_momentum=False,
    )
