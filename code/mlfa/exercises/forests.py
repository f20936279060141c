"""Checks for the page "Forests"."""

from collections.abc import Callable

import numpy as np

from mlfa.exercises.grading import Check, Mistake


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


Predict = Callable[[np.ndarray], np.ndarray]


def _root(predict: Predict, X: np.ndarray, y: np.ndarray) -> float:
    return float(np.sqrt(np.mean((predict(X) - y) ** 2)))


def _reordered(X: np.ndarray, j: int, order: np.ndarray) -> np.ndarray:
    X = X.copy()
    X[:, j] = X[order, j]
    return X


def _rise(
    predict: Predict, X: np.ndarray, y: np.ndarray, j: int, order: np.ndarray
) -> float:
    return _root(predict, _reordered(X, j, order), y) - _root(predict, X, y)


def _rise_of_whole_rows(predict, X, y, j, order):
    return _root(predict, X[order], y) - _root(predict, X, y)


def _rise_of_squares(predict, X, y, j, order):
    after = _root(predict, _reordered(X, j, order), y)
    return after**2 - _root(predict, X, y) ** 2


def _rise_from_nothing(predict, X, y, j, order):
    return _root(predict, _reordered(X, j, order), y)


def _two_columns(X: np.ndarray) -> np.ndarray:
    return 2 * X[:, 0] - X[:, 1]


def _a_step(X: np.ndarray) -> np.ndarray:
    return np.where(X[:, 1] > 1, 4.0, 1.0)


_ROWS = np.array([[0.0, 3.0], [1.0, 1.0], [4.0, 0.0], [2.0, 2.0]])
_TARGETS = np.array([-2.5, 1.0, 7.0, 2.5])

check_permuted = Check(
    "the rise of the RMSE",
    reference=_rise,
    cases=[
        (_two_columns, _ROWS, _TARGETS, 0, np.array([1, 2, 3, 0])),
        (_two_columns, _ROWS, _TARGETS, 1, np.array([3, 0, 1, 2])),
        (_a_step, _ROWS, np.array([3.0, 1.5, 1.0, 4.5]), 1, np.array([2, 3, 0, 1])),
    ],
    mistakes=[
        Mistake(
            "You reordered whole rows. Reorder one column and leave the others.",
            _rise_of_whole_rows,
        ),
        Mistake(
            "That is the rise of the mean squared error. Take the roots first.",
            _rise_of_squares,
        ),
        Mistake(
            "That is the error afterwards. Subtract the error before.",
            _rise_from_nothing,
        ),
        Mistake(
            "Your rise has the wrong sign: it is afterwards minus before.",
            lambda *a: -_rise(*a),
        ),
    ],
)
