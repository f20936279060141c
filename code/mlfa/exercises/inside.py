"""Checks for the page "Looking inside a network"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _gradient(x, W, b, v):
    return W.T @ (v * (W @ x + b > 0))


def _gradient_case(seed, n_pixels, n_units):
    rng = np.random.default_rng(seed)
    return (
        rng.uniform(size=n_pixels) * (rng.uniform(size=n_pixels) < 0.6),  # some paper
        rng.normal(size=(n_units, n_pixels)),
        rng.normal(size=n_units),
        rng.normal(size=n_units),
    )


check_gradient_of_score = Check(
    "the gradient",
    reference=_gradient,
    cases=[_gradient_case(0, 4, 6), _gradient_case(1, 9, 5), _gradient_case(2, 5, 5)],
    mistakes=[
        Mistake(
            "A unit that ReLU sets to zero passes nothing back: its row of `W` must not"
            " count.",
            lambda x, W, b, v: W.T @ v,
        ),
        Mistake(
            "The bias decides too whether a unit is above zero.",
            lambda x, W, b, v: W.T @ (v * (W @ x > 0)),
        ),
        Mistake(
            "That multiplies by the units' answers. Where ReLU lets a number through,"
            " its slope is one.",
            lambda x, W, b, v: W.T @ (v * np.maximum(W @ x + b, 0)),
        ),
        Mistake(
            "A pixel of paper has a gradient, too: the score would change if ink came"
            " there.",
            lambda x, W, b, v: _gradient(x, W, b, v) * (x > 0),
        ),
    ],
)


def _pair(counts):
    both = np.triu(counts + counts.T, k=1)  # each pair once, no diagonal
    return divmod(int(both.argmax()), len(counts))


def _pair_with_diagonal(counts):
    return divmod(int(np.triu(counts + counts.T).argmax()), len(counts))


def _pair_one_way(counts):
    wrong = counts - np.diag(np.diag(counts))
    return tuple(sorted(divmod(int(wrong.argmax()), len(counts))))


def _pair_of_shares(counts):
    return _pair(counts / counts.sum(axis=1, keepdims=True))


check_confused_pair = Check(
    "the pair",
    reference=_pair,
    cases=[
        (np.array([[90, 6, 4, 0], [0, 80, 5, 1], [4, 5, 70, 0], [0, 3, 0, 9]]),),
        (np.array([[50, 0, 3], [0, 60, 9], [7, 0, 40]]),),
        (np.array([[500, 4, 0], [3, 400, 5], [6, 1, 20]]),),
    ],
    mistakes=[
        Mistake(
            "The diagonal holds the right answers; they are no confusion.",
            _pair_with_diagonal,
        ),
        Mistake(
            "A pair is confused in both directions: add the first taken for the second"
            " and the second taken for the first.",
            _pair_one_way,
        ),
        Mistake(
            "Asked for are counts of images, not shares of each class.",
            _pair_of_shares,
        ),
        Mistake(
            "Name the smaller class first.",
            lambda counts: _pair(counts)[::-1],
        ),
    ],
)
