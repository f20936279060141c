"""Checks for the page "Trees and forests"."""

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


def _out_of_bag(
    y_preds: np.ndarray, drawn: np.ndarray, *, use: str = "out"
) -> np.ndarray:
    n_trees, n_samples = y_preds.shape
    is_out = np.ones((n_trees, n_samples), dtype=bool)
    for b, rows in enumerate(drawn):
        is_out[b, rows] = False
    if use == "in":
        is_out = ~is_out
    if use == "all":
        is_out[:] = True
    counts = n_trees if use == "sum" else is_out.sum(axis=0)
    return np.sum(y_preds * is_out, axis=0) / counts


def _forest_case(
    seed: int, n_trees: int, n_samples: int
) -> tuple[np.ndarray, np.ndarray]:
    """Predictions and drawn rows such that every row is in and out of some bag."""
    rng = np.random.default_rng(seed)
    while True:
        drawn = rng.integers(n_samples, size=(n_trees, n_samples))
        inside = np.array([np.isin(np.arange(n_samples), rows) for rows in drawn])
        if np.all(inside.any(axis=0) & ~inside.all(axis=0)):
            return rng.normal(size=(n_trees, n_samples)).round(2), drawn


check_out_of_bag = Check(
    "the out-of-bag predictions",
    reference=_out_of_bag,
    cases=[
        (
            np.array([[1.0, 2.0], [3.0, 5.0], [6.0, 8.0]]),
            np.array([[0, 0], [1, 1], [0, 0]]),
        ),
        _forest_case(0, 6, 5),
        _forest_case(1, 9, 8),
    ],
    mistakes=[
        Mistake(
            "You average the trees that were trained on the row. Take the others.",
            lambda *a: _out_of_bag(*a, use="in"),
        ),
        Mistake(
            "You average all trees. Leave out those that were trained on the row.",
            lambda *a: _out_of_bag(*a, use="all"),
        ),
        Mistake(
            "You divide by the number of all trees. Divide by those that you added up.",
            lambda *a: _out_of_bag(*a, use="sum"),
        ),
    ],
)
