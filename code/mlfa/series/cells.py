"""One step of each recurrent cell, written out."""

from collections.abc import Callable

import torch
from torch import Tensor

from mlfa.book.checks import check_shapes


def plain_cell(x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor) -> Tensor:
    """The new state: a bent weighted sum of the input and the old state.

    Parameters
    ----------
    x : Tensor of shape (n, d)
        One step of n sequences.
    h : Tensor of shape (n, m)
        The state after the step before.
    W_x : Tensor of shape (d, m)
        Weights of the input.
    W_h : Tensor of shape (m, m)
        Weights of the old state.
    b : Tensor of shape (m,)
        Biases.

    Returns
    -------
    Tensor of shape (n, m)

    References
    ----------
    [elman1990finding]

    Examples
    --------
    >>> x, h, half = torch.ones(1, 1), torch.zeros(1, 1), torch.tensor([[0.5]])
    >>> plain_cell(x, h, half, half, torch.zeros(1))
    tensor([[0.4621]])
    """
    return torch.tanh(x @ W_x + h @ W_h + b)  # (n, m)


def lstm_cell(
    x: Tensor, h: Tensor, c: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> tuple[Tensor, Tensor]:
    """The new state and the new memory.

    Parameters
    ----------
    x : Tensor of shape (n, d)
        One step of n sequences.
    h : Tensor of shape (n, m)
        The state after the step before.
    c : Tensor of shape (n, m)
        The memory after the step before.
    W_x : Tensor of shape (d, 4 m)
        Weights of the input, side by side for the input gate, the forget gate, the
        candidate and the output gate.
    W_h : Tensor of shape (m, 4 m)
        Weights of the old state, in the same order.
    b : Tensor of shape (4 m,)
        Biases, in the same order.

    Returns
    -------
    h, c : Tensors of shape (n, m)
        The new state and the new memory.

    References
    ----------
    [hochreiter1997long], [gers2000learning]
    """
    i, f, g, o = (x @ W_x + h @ W_h + b).chunk(4, dim=1)  # (n, m) each
    i, f, o = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)
    # Keep a share of the old memory, add a share of the candidate.
    c = f * c + i * torch.tanh(g)  # (n, m)
    return o * torch.tanh(c), c


def gru_cell(
    x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b_x: Tensor, b_h: Tensor
) -> Tensor:
    """The new state of a gated recurrent unit.

    Parameters
    ----------
    x : Tensor of shape (n, d)
        One step of n sequences.
    h : Tensor of shape (n, m)
        The state after the step before.
    W_x : Tensor of shape (d, 3 m)
        Weights of the input, side by side for the reset gate, the update gate and the
        candidate.
    W_h : Tensor of shape (m, 3 m)
        Weights of the old state, in the same order.
    b_x, b_h : Tensors of shape (3 m,)
        Biases beside each of them.

    Returns
    -------
    Tensor of shape (n, m)

    References
    ----------
    [cho2014learning]
    """
    r_x, z_x, g_x = (x @ W_x + b_x).chunk(3, dim=1)  # (n, m) each
    r_h, z_h, g_h = (h @ W_h + b_h).chunk(3, dim=1)  # (n, m) each
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    g = torch.tanh(g_x + r * g_h)  # the reset gate acts on what the state has to say
    return z * h + (1 - z) * g  # (n, m)


def unroll(step: Callable[[Tensor, Tensor], Tensor], X: Tensor, h: Tensor) -> Tensor:
    """Apply one step to every position in turn.

    Parameters
    ----------
    step : callable
        From (x, h) to the new h, the same at every position.
    X : Tensor of shape (n, length, d)
        Sequences.
    h : Tensor of shape (n, m)
        The state before the first position.

    Returns
    -------
    Tensor of shape (n, length, m)
        The state after each position.

    Examples
    --------
    A step that adds makes a running sum.

    >>> X = torch.tensor([[[1.0], [2.0], [3.0]]])
    >>> unroll(lambda x, h: x + h, X, torch.zeros(1, 1)).flatten()
    tensor([1., 3., 6.])
    """
    check_shapes(X=(X, "n length d"), h=(h, "n m"))
    states = []
    for x in X.unbind(dim=1):  # (n, d)
        h = step(x, h)  # (n, m)
        states.append(h)
    return torch.stack(states, dim=1)  # (n, length, m)
