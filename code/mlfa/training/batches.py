"""Samples in small groups, from tensors or from a DataLoader."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from mlfa.book.checks import check_count, check_same_length

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
    """
    if isinstance(data, DataLoader):
        yield from data
        return
    X, y = data
    order = (
        torch.arange(len(X))
        if generator is None
        else torch.randperm(len(X), generator=generator)
    )
    for rows in order.split(batch_size or len(X)):
        # One indexing takes the whole batch. A DataLoader fetches its samples one by
        # one and stacks them afterwards.
        yield X[rows], y[rows]


def check_data(name: str, data: Data, batch_size: int | None) -> None:
    """Raise a ValueError unless `make_batches` can use both arguments."""
    if isinstance(data, DataLoader):
        if batch_size is not None:
            raise ValueError(
                f"batch_size belongs to the DataLoader that is given as {name}: leave"
                " it out."
            )
        return
    if not (
        isinstance(data, (tuple, list))
        and len(data) == 2
        and all(isinstance(part, Tensor) for part in data)
    ):
        raise ValueError(
            f"{name} must be a pair of tensors (X, y) or a DataLoader, got"
            f" {type(data).__name__}."
        )
    if check_same_length(**{f"X of {name}": data[0], f"y of {name}": data[1]}) == 0:
        raise ValueError(f"{name} must hold at least one sample, got none.")
    if batch_size is not None:
        check_count("batch_size", batch_size)


def check_shapes(y_pred: Tensor, y: Tensor) -> None:
    """Raise a ValueError if a loss would compare predictions and targets that do not match.

    Shapes must be equal, since (n, 1) against (n,) would broadcast to (n, n) without a
    word. The one exception are whole numbers that name classes: they have no axis for
    the K scores, so that predictions are (n, K) or (n, K, ...) and targets (n,) or (n, ...).
    """
    name_classes = not y.is_floating_point() and y_pred.ndim > 1 and y_pred.shape[1] > 1
    if y_pred.shape == y.shape or (
        name_classes and y.shape == y_pred.shape[:1] + y_pred.shape[2:]
    ):
        return
    raise ValueError(
        f"y must have the shape of the predictions, {tuple(y_pred.shape)}, got"
        f" {tuple(y.shape)}."
    )
