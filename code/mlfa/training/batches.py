"""Samples in small groups, from tensors or from a DataLoader."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from mlfa.training._checks import check_batches

Data = tuple[Tensor, Tensor] | DataLoader


def make_batches(
    data: Data,
    batch_size: int | None = None,
    *,
    generator: torch.Generator | None = None,
) -> Iterator[tuple[Tensor, Tensor]]:
    """One pass over the samples, as pairs (X, y) of at most `batch_size` of them.

    Parameters
    ----------
    data : (X, y) tensors of equal length, or a DataLoader
        A DataLoader keeps its own batch size and order.
    batch_size : int, optional
        Samples a batch; all of them when left out.
    generator : torch.Generator, optional
        Draws the order of the samples; without it they come in their own order.

    Yields
    ------
    X, y : Tensor
        The samples of a batch and their targets.

    Raises
    ------
    ValueError
        If a DataLoader gives nothing, or something else than pairs.

    Examples
    --------
    >>> X = torch.arange(5)
    >>> for X_batch, y_batch in make_batches((X, 10 * X), 2):
    ...     print(X_batch.tolist(), y_batch.tolist())
    [0, 1] [0, 10]
    [2, 3] [20, 30]
    [4] [40]
    """
    if isinstance(data, DataLoader):
        yield from check_batches(data)
        return
    X, y = data
    if generator is None:
        order = torch.arange(len(X))
    else:
        order = torch.randperm(len(X), generator=generator)
    for rows in order.split(batch_size or len(X)):
        # One indexing takes the whole batch. A DataLoader fetches its samples one by
        # one and stacks them afterwards.
        yield X[rows], y[rows]


def tell_epoch(data: Data, epoch: int) -> None:
    """Let a loader's sampler know the epoch, if it decides the order of the samples.

    Parameters
    ----------
    data : (X, y) tensors, or a DataLoader
        What an epoch goes through.
    epoch : int
        Its number, counted from 0.
    """
    if hasattr(getattr(data, "sampler", None), "set_epoch"):
        data.sampler.set_epoch(epoch)
