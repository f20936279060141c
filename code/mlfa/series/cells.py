"""One step of each recurrent cell, written out."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def plain_cell(x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor) -> Tensor:
    """The new state: a bent weighted sum of the input and the old state.

    Parameters
    ----------
    x : Tensor of shape (n, d)
        One step of n sequences.
    h : Tensor of shape (n, m)
        The state after the step before.
    W_x, W_h, b : Tensors of shape (d, m), (m, m), (m,)

    Returns
    -------
    Tensor of shape (n, m)

    References
    ----------
    [elman1990finding]
    """
    return torch.tanh(x @ W_x + h @ W_h + b)


def lstm_cell(
    x: Tensor, h: Tensor, c: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> tuple[Tensor, Tensor]:
    """The new state and the new memory.

    Parameters
    ----------
    x, h : as for `plain_cell`
    c : Tensor of shape (n, m)
        The memory after the step before.
    W_x, W_h, b : Tensors of shape (d, 4 m), (m, 4 m), (4 m,)
        Side by side for the input gate, the forget gate, the candidate and the output gate.

    References
    ----------
    [hochreiter1997long], [gers2000learning]
    """
    i, f, g, o = (x @ W_x + h @ W_h + b).chunk(4, dim=1)
    i, f, o = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)
    c = f * c + i * torch.tanh(
        g
    )  # keep a share of the old memory, add a share of the candidate
    return o * torch.tanh(c), c


def gru_cell(
    x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b_x: Tensor, b_h: Tensor
) -> Tensor:
    """The new state of a gated recurrent unit.

    Parameters
    ----------
    x, h : as for `plain_cell`
    W_x, W_h, b_x, b_h : Tensors of shape (d, 3 m), (m, 3 m), (3 m,), (3 m,)
        Side by side for the reset gate, the update gate and the candidate.

    References
    ----------
    [cho2014learning]
    """
    r_x, z_x, g_x = (x @ W_x + b_x).chunk(3, dim=1)
    r_h, z_h, g_h = (h @ W_h + b_h).chunk(3, dim=1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    g = torch.tanh(g_x + r * g_h)  # the reset gate acts on what the state has to say
    return z * h + (1 - z) * g


def unroll(step: Callable[[Tensor, Tensor], Tensor], X: Tensor, h: Tensor) -> Tensor:
    """Apply one step to every position in turn.

    Parameters
    ----------
    step : callable
        From (x, h) to the new h, the same at every position.
    X : Tensor of shape (n, length, d)
    h : Tensor of shape (n, m)
        The state before the first position.

    Returns
    -------
    Tensor of shape (n, length, m)
        The state after each position.
    """
    if X.ndim != 3:
        raise ValueError(f"X must have shape (n, length, d), got {tuple(X.shape)}.")
    states = []
    for x in X.unbind(dim=1):
        h = step(x, h)
        states.append(h)
    return torch.stack(states, dim=1)
