"""Checks for the page "Trees"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.tabular.trees import split_errors

_X = np.array([1.0, 2.0, 3.0, 4.0, 8.0])
_CASES = [
    (_X, np.array([1.0, 1.0, 1.2, 5.0, 5.0])),
    (_X, np.array([0.0, 9.0, 9.5, 9.0, 9.2])),
    (np.array([5.0, 1.0, 3.0, 3.0]), np.array([2.0, 7.0, 2.5, 2.2])),
]


def _best_threshold(x: np.ndarray, y: np.ndarray) -> float:
    thresholds, errors = split_errors(x, y)
    return float(thresholds[errors.argmin()])


def _at_value(x: np.ndarray, y: np.ndarray) -> float:
    return float(x[x <= _best_threshold(x, y)].max())


def _by_variance(x: np.ndarray, y: np.ndarray) -> float:
    thresholds, _ = split_errors(x, y)
    return float(min(thresholds, key=lambda t: y[x <= t].var() + y[x > t].var()))


def _worst(x: np.ndarray, y: np.ndarray) -> float:
    thresholds, errors = split_errors(x, y)
    return float(thresholds[errors.argmax()])


check_best_threshold = Check(
    "the best threshold",
    reference=_best_threshold,
    cases=[
        *_CASES,
        (np.arange(8.0), np.array([1.0, 5.0, 1.0, 5.0, 1.5, 9.0, 1.0, 4.0])),
    ],
    mistakes=[
        Mistake(
            "You return a value of x. Put the threshold halfway to the next value.",
            _at_value,
        ),
        Mistake(
            "You added variances. A side with more samples counts more: add sums of"
            " squared errors.",
            _by_variance,
        ),
        Mistake("That is the worst threshold: look for the smallest error.", _worst),
    ],
)


def _prices(
    as_leaf: np.ndarray, as_branch: np.ndarray, leaves: np.ndarray
) -> np.ndarray:
    return (as_leaf - as_branch) / (leaves - 1)


check_prices = Check(
    "the price at which each branch is cut",
    reference=_prices,
    cases=[
        (np.array([1.3, 0.5]), np.array([0.4, 0.3]), np.array([4, 2])),
        (
            np.array([2.0, 0.9, 0.25]),
            np.array([0.5, 0.6, 0.15]),
            np.array([7, 4, 3]),
        ),
    ],
    mistakes=[
        Mistake(
            "You divide by the leaves of the branch. One leaf is left when it is cut:"
            " how many are saved?",
            lambda a, b, leaves: (a - b) / leaves,
        ),
        Mistake(
            "That is what the whole branch saves. Divide by the leaves that it costs"
            " more.",
            lambda a, b, leaves: a - b,
        ),
        Mistake(
            "Your prices have the wrong sign: the node as a leaf has the larger error.",
            lambda a, b, leaves: (b - a) / (leaves - 1),
        ),
        Mistake(
            "You divide each error by its leaves before you subtract. Compare sums:"
            " error plus price times leaves.",
            lambda a, b, leaves: a - b / leaves,
        ),
    ],
)
