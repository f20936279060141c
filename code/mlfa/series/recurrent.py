"""A recurrent network: layers of cells that read a sequence, and a linear layer at every position."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from mlfa.book.checks import check_count
from mlfa.series.lengths import check_lengths, inside
from mlfa.training.mlp import linear_layer

KINDS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
State = (
    Tensor | tuple[Tensor, Tensor]
)  # h, or for the LSTM (h, c); each of shape (layers, n, hidden_size)


class RNN(nn.Module):
    """Reads a sequence step by step and predicts something at each step.

    Parameters
    ----------
    in_features : int
        Numbers at each position of the input.
    hidden_size : int
        Numbers in the state of each layer.
    out_features : int
        Numbers to predict at each position.
    kind : str
        "rnn" for the plain cell, "lstm" or "gru".
    layers : int
        Each layer reads the states of the one before.
    forget_bias : float
        First bias of the LSTM's forget gates; above zero, they start more open.
    generator : torch.Generator
        Draws the first weights.

    Raises
    ------
    ValueError
        If the kind is unknown, or a size is not a positive whole number.

    References
    ----------
    [elman1990finding], [hochreiter1997long], [cho2014learning], [jozefowicz2015empirical]
    """

    def __init__(
        self,
        in_features: int,
        hidden_size: int,
        out_features: int,
        *,
        kind: str = "lstm",
        layers: int = 1,
        forget_bias: float = 1.0,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}.")
        sizes = {
            "in_features": in_features,
            "hidden_size": hidden_size,
            "out_features": out_features,
            "layers": layers,
        }
        for name, size in sizes.items():
            check_count(name, size)
        self.in_features = in_features
        # On the device "meta" nothing is drawn: the generator fills the weights below, nobody else.
        cells = KINDS[kind](
            in_features, hidden_size, layers, batch_first=True, device="meta"
        )
        self.cells = cells.to_empty(device="cpu")
        for name, parameter in self.cells.named_parameters():
            nn.init.uniform_(
                parameter, -(hidden_size**-0.5), hidden_size**-0.5, generator=generator
            )
            if kind == "lstm" and name.startswith("bias"):
                # PyTorch adds two biases, each for the gates input, forget, candidate, output in this order.
                with torch.no_grad():
                    parameter[hidden_size : 2 * hidden_size] = forget_bias / 2
        self.head = linear_layer(hidden_size, out_features, "tanh", generator)

    def forward(
        self, X: Tensor, lengths: Tensor | None = None, state: State | None = None
    ) -> Tensor:
        """Predictions of shape (n, length, out_features) for X of shape (n, length, in_features)."""
        return self.forward_with_state(X, lengths, state)[0]

    def forward_with_state(
        self, X: Tensor, lengths: Tensor | None = None, state: State | None = None
    ) -> tuple[Tensor, State]:
        """Predictions, and the state after the last position of each sequence.

        Parameters
        ----------
        X : Tensor of shape (n, length, in_features)
            Sequences. What stands behind the end of a shorter one is never read.
        lengths : Tensor of int, shape (n,), optional
            Positions of each sequence that count; all of them when left out. Predictions
            behind the end are zero.
        state : Tensor or pair of Tensors, optional
            The state to start from, as this method returned it; zeros when left out.
        """
        if X.ndim != 3 or 0 in X.shape or X.shape[2] != self.in_features:
            raise ValueError(
                f"X must have shape (n, length, {self.in_features}), got"
                f" {tuple(X.shape)}."
            )
        if lengths is None:
            hidden, state = self.cells(X, state)
            return self.head(hidden), state
        lengths = check_lengths(lengths, X)
        # Packed, the sequences lie in memory without their padding.
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        hidden, state = self.cells(packed, state)
        hidden, _ = pad_packed_sequence(
            hidden, batch_first=True, total_length=X.shape[1]
        )
        counts = inside(lengths, X.shape[1]).to(X.device)
        return self.head(hidden) * counts[:, :, None], state
