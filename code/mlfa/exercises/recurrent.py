"""Checks for the page "Recurrent networks"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.tabular.activations import sigmoid


def _lstm_case(seed: int, n: int = 3, size: int = 4) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    x, h, c = rng.normal(size=(3, n, size))
    return (
        x,
        h,
        c,
        rng.normal(size=(size, 4 * size)),
        rng.normal(size=(size, 4 * size)),
        rng.normal(size=4 * size),
    )


def _lstm_with(order="ifgo", candidate=np.tanh, read=np.tanh):
    """An LSTM step, if asked with its gates in another order or with other bends."""

    def step(x, h, c, W_x, W_h, b):
        parts = dict(
            zip(order, np.split(x @ W_x + h @ W_h + b, 4, axis=1), strict=True)
        )
        c = sigmoid(parts["f"]) * c + sigmoid(parts["i"]) * candidate(parts["g"])
        return sigmoid(parts["o"]) * read(c), c

    return step


check_lstm_step = Check(
    "the step of an LSTM",
    reference=_lstm_with(),
    cases=[_lstm_case(0), _lstm_case(1)],
    mistakes=[
        Mistake(
            "The input gate and the forget gate are swapped: the first block is the"
            " input gate.",
            _lstm_with("figo"),
        ),
        Mistake(
            "The candidate is not a gate: bend it with tanh, not with the sigmoid.",
            _lstm_with(candidate=sigmoid),
        ),
        Mistake(
            "The memory must pass through tanh before the output gate reads it.",
            _lstm_with(read=lambda c: c),
        ),
        Mistake(
            "Return the state first, then the memory.",
            lambda *a: _lstm_with()(*a)[::-1],
        ),
    ],
)


def _rollout(predict, window, steps):
    values = list(window)
    for _ in range(steps):
        values.append(predict(np.array(values[-len(window) :])))
    return np.array(values[len(window) :])


def _growing(predict, window, steps):
    values = list(window)
    for _ in range(steps):
        values.append(predict(np.array(values)))
    return np.array(values[len(window) :])


def _with_start(predict, window, steps):
    return np.concatenate([window, _rollout(predict, window, steps)])


def _teacher(predict, window, steps):
    """Never reads its own answers."""
    return np.full(steps, predict(window))


def _weighted(window):
    """A model for the trials: every position counts, the latest the most."""
    return float(window @ np.linspace(0.1, 1.0, len(window)) / len(window))


check_rollout = Check(
    "the rollout",
    reference=_rollout,
    cases=[
        (_weighted, np.array([1.0, -2.0, 3.0]), 5),
        (_weighted, np.array([0.5, 2.0]), 4),
    ],
    mistakes=[
        Mistake(
            "The window grows: drop its oldest value whenever a new one is added.",
            _growing,
        ),
        Mistake(
            "Return the predictions only, without the values you started from.",
            _with_start,
        ),
        Mistake(
            "The model never reads its own answers: put each one at the end of the"
            " window.",
            _teacher,
        ),
    ],
)

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
