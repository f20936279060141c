"""Sequences of different lengths in one tensor: which positions count."""

from __future__ import annotations

import torch
from torch import Tensor


def check_lengths(lengths: Tensor, X: Tensor) -> Tensor:
    """The lengths on the CPU, where packing wants them; a ValueError if they do not fit `X`.

    Parameters
    ----------
    lengths : Tensor of int, shape (n,)
        Positions of each sequence that count.
    X : Tensor of shape (n, length, ...)
        The sequences, padded behind their ends.
    """
    lengths = torch.as_tensor(lengths).cpu()
    if lengths.dtype not in (torch.int64, torch.int32) or lengths.shape != X.shape[:1]:
        shown = f"{lengths.dtype} of shape {tuple(lengths.shape)}"
        raise ValueError(
            f"lengths must be {len(X)} whole numbers, one for each sequence, got"
            f" {shown}."
        )
    if lengths.min() < 1 or lengths.max() > X.shape[1]:
        raise ValueError(
            f"lengths must lie between 1 and {X.shape[1]}, got {lengths.min()} to"
            f" {lengths.max()}."
        )
    return lengths.long()


def inside(lengths: Tensor, length: int) -> Tensor:
    """True where a position belongs to its sequence, false in the padding; of shape (n, length)."""
    return torch.arange(length, device=lengths.device) < lengths[:, None]


def last_position(y_pred: Tensor, lengths: Tensor) -> Tensor:
    """What stands at the last position of each sequence; (n, length, ...) to (n, ...)."""
    lengths = check_lengths(lengths, y_pred)
    return y_pred[torch.arange(len(y_pred)), lengths - 1]


def masked_mean_squared_error(y_pred: Tensor, y: Tensor, lengths: Tensor) -> Tensor:
    """Mean squared error over the positions that belong to their sequence.

    Raises
    ------
    ValueError
        If the shapes of predictions and targets differ, or the lengths do not fit.
    """
    if y_pred.shape != y.shape:
        raise ValueError(
            f"y must have the shape of the predictions, {tuple(y_pred.shape)}, got"
            f" {tuple(y.shape)}."
        )
    counts = inside(check_lengths(lengths, y), y.shape[1]).to(y.device)
    return (y_pred[counts] - y[counts]).square().mean()
