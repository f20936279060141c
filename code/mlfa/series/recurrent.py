"""A recurrent network: layers of cells that read a sequence, and a head on top."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from mlfa.book.checks import check_shapes
from mlfa.series.lengths import check_lengths, inside
from mlfa.training.layers import linear_layer

KINDS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
# h, or for the LSTM (h, c); each of shape (n_layers, n, n_hidden).
State = Tensor | tuple[Tensor, Tensor]


class RNN(nn.Module):
    """Reads a sequence step by step and predicts something at each step.

    Parameters
    ----------
    n_inputs : int
        Numbers at each position of the input.
    n_hidden : int
        Numbers in the state of each layer.
    n_outputs : int
        Numbers to predict at each position.
    kind : str
        "rnn" for the plain cell, "lstm" or "gru".
    n_layers : int
        Layers of cells; each reads the states of the one before.
    forget_bias : float
        First bias of the LSTM's forget gates; above zero, they start more open. The
        other kinds have no such gate.
    bidirectional : bool
        True for cells that also read from the end to the beginning: a prediction then
        depends on the whole sequence, so that it is no forecast.
    generator : torch.Generator
        Draws the first weights.

    Raises
    ------
    ValueError
        If the kind is unknown.

    References
    ----------
    [elman1990finding], [hochreiter1997long], [cho2014learning],
    [jozefowicz2015empirical]

    Examples
    --------
    >>> network = RNN(1, 20, 1, kind="gru", generator=torch.Generator().manual_seed(0))
    >>> network(torch.zeros(3, 30, 1)).shape
    torch.Size([3, 30, 1])
    """

    def __init__(
        self,
        n_inputs: int,
        n_hidden: int,
        n_outputs: int,
        *,
        kind: str = "lstm",
        n_layers: int = 1,
        forget_bias: float = 1.0,
        bidirectional: bool = False,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}.")
        # On the device "meta" nothing is drawn: the generator draws below, nobody else.
        shape = {"batch_first": True, "bidirectional": bidirectional}
        cells = KINDS[kind](n_inputs, n_hidden, n_layers, device="meta", **shape)
        self.cells = cells.to_empty(device="cpu")
        limit = n_hidden**-0.5
        for name, parameter in self.cells.named_parameters():
            nn.init.uniform_(parameter, -limit, limit, generator=generator)
            if kind == "lstm" and name.startswith("bias"):
                # Two biases that add up, each for input, forget, candidate, output.
                with torch.no_grad():
                    parameter[n_hidden : 2 * n_hidden] = forget_bias / 2
        n_states = n_hidden * (2 if bidirectional else 1)
        self.head = linear_layer(
            n_states, n_outputs, init="xavier", generator=generator
        )

    def forward(
        self, X: Tensor, lengths: Tensor | None = None, state: State | None = None
    ) -> Tensor:
        """Predictions (n, length, n_outputs); takes what `forward_with_state` takes."""
        return self.forward_with_state(X, lengths, state)[0]

    def forward_with_state(
        self, X: Tensor, lengths: Tensor | None = None, state: State | None = None
    ) -> tuple[Tensor, State]:
        """Predict, and hand out the state, so that one can read on later.

        Parameters
        ----------
        X : Tensor of shape (n, length, n_inputs)
            Sequences. What stands behind the end of a shorter one is never read.
        lengths : Tensor of int, shape (n,), optional
            Positions of each sequence that count; all of them when left out.
        state : Tensor or pair of Tensors, optional
            The state to start from, as this method returned it; zeros when left out.

        Returns
        -------
        y_pred : Tensor of shape (n, length, n_outputs)
            The predictions; zero behind the end of a sequence.
        state : Tensor or pair of Tensors, each of shape (n_layers, n, n_hidden)
            The state after the last position of each sequence; for the LSTM the pair of
            state and memory. In both directions, each layer has two, and the second has
            read to the first position.
        """
        check_shapes(X=(X, f"n length {self.cells.input_size}"))
        if lengths is None:
            states, state = self.cells(X, state)  # (n, length, n_hidden), ...
            return self.head(states), state  # (n, length, n_outputs), ...
        lengths, length = check_lengths(lengths, X), X.shape[1]
        # Packed, the sequences lie in memory without their padding.
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        packed, state = self.cells(packed, state)
        states, _ = pad_packed_sequence(packed, batch_first=True, total_length=length)
        counts = inside(lengths, length).to(X.device)[:, :, None]  # (n, length, 1)
        return self.head(states) * counts, state  # (n, length, n_outputs), ...
