"""Sequences of different lengths in one tensor: which positions count."""

import torch
from torch import Tensor

from mlfa.book.checks import check_shapes


def inside(lengths: Tensor, length: int) -> Tensor:
    """True where a position belongs to its sequence, false in the padding.

    Parameters
    ----------
    lengths : Tensor of int, shape (n,)
        Positions of each sequence that count.
    length : int
        Positions of the tensor that holds the sequences.

    Returns
    -------
    bool Tensor of shape (n, length)

    Examples
    --------
    >>> inside(torch.tensor([1, 3]), 3)
    tensor([[ True, False, False],
            [ True,  True,  True]])
    """
    position = torch.arange(length, device=lengths.device)  # (length,)
    return position < lengths[:, None]  # (n, length)


def last_position(y_pred: Tensor, lengths: Tensor) -> Tensor:
    """What stands at the last position of each sequence.

    Parameters
    ----------
    y_pred : Tensor of shape (n, length, ...)
        Something at each position.
    lengths : Tensor of int, shape (n,)
        Positions of each sequence that count.

    Returns
    -------
    Tensor of shape (n, ...)

    Examples
    --------
    >>> last_position(torch.tensor([[1, 2, 3], [4, 5, 6]]), torch.tensor([1, 3]))
    tensor([1, 6])
    """
    lengths = check_lengths(lengths, y_pred)  # (n,)
    return y_pred[torch.arange(len(y_pred)), lengths - 1]  # (n, ...)


def masked_mean_squared_error(y_pred: Tensor, y: Tensor, lengths: Tensor) -> Tensor:
    """Mean squared error over the positions that belong to their sequence.

    To train with it, let a DataLoader give ``(X, (y, lengths))`` and the loss be
    ``lambda y_pred, targets: masked_mean_squared_error(y_pred, *targets)``.

    Parameters
    ----------
    y_pred, y : Tensors of shape (n, length, n_outputs)
        Predictions and targets; what stands in the padding is never read.
    lengths : Tensor of int, shape (n,)
        Positions of each sequence that count.

    Raises
    ------
    ValueError
        If the shapes of predictions and targets differ, or the lengths do not fit.

    Examples
    --------
    >>> y_pred, y = torch.zeros(2, 3, 1), torch.tensor([[[2.0]] * 3, [[4.0]] * 3])
    >>> masked_mean_squared_error(y_pred, y, torch.tensor([3, 1]))
    tensor(7.)
    """
    shape = "n length n_outputs"
    check_shapes(y_pred=(y_pred, shape), y=(y, shape))
    lengths = check_lengths(lengths, y).to(y.device)  # (n,)
    counts = inside(lengths, y.shape[1])  # (n, length)
    return (y_pred[counts] - y[counts]).square().mean()


# Checks of arguments


def check_lengths(lengths: Tensor, X: Tensor) -> Tensor:
    """Make sure that lengths fit, and return them on the CPU, where packing wants them.

    Parameters
    ----------
    lengths : Tensor of int, shape (n,)
        Positions of each sequence that count.
    X : Tensor of shape (n, length, ...)
        The sequences, padded behind their ends.
    """
    lengths, longest = torch.as_tensor(lengths).cpu(), X.shape[1]
    check_shapes(lengths=(lengths, f"{len(X)}"))
    fit = not lengths.is_floating_point()
    if not (fit and 1 <= lengths.min() and lengths.max() <= longest):
        raise ValueError(f"lengths must be whole, from 1 to {longest}, got {lengths}.")
    return lengths.long()
