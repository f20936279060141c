"""Checks for the page "Transformers"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _window_mask(length, width, *, past=True, extra=0):
    distance = np.arange(length)[:, None] - np.arange(length)
    if not past:
        distance = np.abs(distance)
    return (distance >= 0) & (distance < width + extra)


check_window_mask = Check(
    "the mask",
    reference=_window_mask,
    cases=[(5, 2), (6, 3), (4, 1)],
    mistakes=[
        Mistake(
            "Your queries see one position too many: the width counts the query's own.",
            lambda length, width: _window_mask(length, width, extra=1),
        ),
        Mistake(
            "Your queries see the future. Row i may look at the columns j <= i.",
            lambda length, width: _window_mask(length, width, past=False),
        ),
        Mistake(
            "You hid the past and show the future. Row i may look at the columns j"
            " <= i.",
            lambda length, width: _window_mask(length, width).T,
        ),
        Mistake(
            "Your queries see all of the past: nothing is hidden that is further back"
            " than the width.",
            lambda length, width: _window_mask(length, length),
        ),
        Mistake(
            "True means that a query may look; yours is true where it may not.",
            lambda length, width: ~_window_mask(length, width),
        ),
    ],
)


def _count_block(size, n_heads, n_hidden, *, biases=1, norms=2, output=1, times=1):
    attention = (3 + output) * (size * size + biases * size) * times
    network = size * n_hidden + n_hidden * size + biases * (n_hidden + size)
    return attention + network + norms * 2 * size


check_count_block = Check(
    "the number of parameters",
    reference=lambda size, n_heads, n_hidden: _count_block(size, n_heads, n_hidden),
    cases=[(16, 2, 32), (8, 4, 24), (512, 8, 2048)],
    mistakes=[
        Mistake(
            "The two layer normalizations are missing: a scale and a shift for each"
            " number of a position.",
            lambda size, n_heads, n_hidden: _count_block(
                size, n_heads, n_hidden, norms=0
            ),
        ),
        Mistake(
            "The output layer of the attention is missing: it mixes what the heads have"
            " found.",
            lambda size, n_heads, n_hidden: _count_block(
                size, n_heads, n_hidden, output=0
            ),
        ),
        Mistake(
            "Each head works with size / heads numbers, so that the count does not grow"
            " with the heads.",
            lambda size, n_heads, n_hidden: _count_block(
                size, n_heads, n_hidden, times=n_heads
            ),
        ),
        Mistake(
            "The biases of the linear layers are missing.",
            lambda size, n_heads, n_hidden: _count_block(
                size, n_heads, n_hidden, biases=0
            ),
        ),
    ],
)
