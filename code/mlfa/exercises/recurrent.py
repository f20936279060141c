"""Checks for the page "Recurrent networks"."""

from collections.abc import Callable

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.tabular.activations import sigmoid

_SIZES = [("rnn", 1, 20), ("lstm", 1, 20), ("gru", 8, 5)]
_BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4}


def _count(kind, d, m, biases=2):
    return _BLOCKS[kind] * (d * m + m * m + biases * m)


check_count_cell = Check(
    "the number of parameters",
    reference=_count,
    cases=_SIZES,
    mistakes=[
        Mistake(
            "PyTorch keeps two biases for every unit, one beside each matrix.",
            lambda *a: _count(*a, biases=1),
        ),
        Mistake(
            "The weights from the old state are missing: m times m for each block.",
            lambda k, d, m: _BLOCKS[k] * (d * m + 2 * m),
        ),
        Mistake(
            "Every gate has weights and biases of its own: count the blocks.",
            lambda k, d, m: _count("rnn", d, m),
        ),
    ],
)


def _forget_bias(half_life):
    kept = 2 ** (-1 / half_life)
    return np.log(kept / (1 - kept))


check_forget_bias = Check(
    "the bias of the forget gate",
    reference=_forget_bias,
    cases=[(1.0,), (5.0,), (40.0,)],
    mistakes=[
        Mistake(
            "That is the gate itself. Which bias does the sigmoid turn into it?",
            lambda k: 2 ** (-1 / k),
        ),
        Mistake(
            "With this bias the memory falls to 1/e in the given steps, not to 1/2.",
            lambda k: _forget_bias(k * np.log(2)),
        ),
        Mistake(
            "The sign is wrong: a gate above one half needs a bias above zero.",
            lambda k: -_forget_bias(k),
        ),
        Mistake(
            "What is lost in one step is not half of the whole, divided by the steps:"
            " the shares that are kept multiply.",
            lambda k: _logit(1 - 0.5 / k),
        ),
    ],
)


def _logit(share):
    return np.log(share / (1 - share))


def _lstm_step(x, h, c, W_x, W_h, b):
    """One step of an LSTM in NumPy; the state and the memory after it.

    Parameters
    ----------
    x, h, c : ndarrays of shape (n, d), (n, m) and (n, m)
        Input, state and memory.
    W_x, W_h, b : ndarrays of shape (d, 4 m), (m, 4 m) and (4 m,)
        Weights and biases for input gate, forget gate, candidate and output gate.
    """
    i, f, g, o = np.split(x @ W_x + h @ W_h + b, 4, axis=1)  # (n, m) each
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def _keeps(seed: int) -> Callable[..., np.ndarray]:
    """A trial: sequences of values and flags, and what a memory makes of them."""
    rng = np.random.default_rng(seed)
    values = rng.uniform(-1.5, 1.5, size=(12, 30))
    flags = (rng.random((12, 30)) < 0.2).astype(float)

    def run(W_x, W_h, b):
        h = c = np.zeros((12, 1))
        wanted, right = np.zeros((12, 1)), []
        for value, flag in zip(values.T, flags.T, strict=True):
            x = np.stack([value, flag], axis=1)  # (12, 2)
            h, c = _lstm_step(x, h, c, W_x, W_h, b)
            wanted = np.where(flag[:, None] == 1, np.tanh(value)[:, None], wanted)
            right.append((np.abs(c - wanted) < 0.05)[:, 0])
        return np.array(right).T  # (12, 30)

    return run


def _keeper(to_candidate=1.0, at_input=20.0, at_forget=-20.0, biases=(-10.0, 10.0)):
    """The cell, or one with a mistake in its weights."""
    W_x = np.array([[0, 0, to_candidate, 0], [at_input, at_forget, 0, 0]])
    b = np.array([*biases, 0, 0])
    return lambda run: run(W_x, np.zeros((1, 4)), b)


check_keeper = Check(
    "the list of right steps",
    reference=_keeper(),
    cases=[(_keeps(0),), (_keeps(1),)],
    mistakes=[
        Mistake(
            "The old value stays when a new one is written: shut the forget gate when"
            " the flag is one.",
            _keeper(at_forget=0.0),
        ),
        Mistake(
            "The forget gate works the wrong way round: it says what is kept, not what"
            " is forgotten.",
            _keeper(at_forget=20.0, biases=(-10.0, -10.0)),
        ),
        Mistake(
            "Values get in although the flag is zero: shut the input gate then, with a"
            " bias far below zero.",
            _keeper(biases=(10.0, 10.0)),
        ),
        Mistake(
            "The gates are half open: their weights and biases need to be large.",
            _keeper(at_input=1.0, at_forget=-1.0, biases=(-0.5, 0.5)),
        ),
        Mistake(
            "The value must reach the candidate.",
            _keeper(to_candidate=0.0),
        ),
    ],
)
