"""Checks for the page "Tables of numbers"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

_Y = np.array([1.0, 2.0, 4.0, 3.0])
_Y_PRED = np.array([1.5, 1.0, 4.0, 5.0])
_TRAIN = np.array([[1.0, 10.0], [2.0, 40.0], [6.0, 10.0]])
_NEW = np.array([[3.0, 20.0], [5.0, 80.0]])


def _mae(y: np.ndarray, y_pred: np.ndarray) -> float:
    return np.mean(np.abs(y - y_pred))


check_mae = Check(
    "the mean absolute error",
    reference=_mae,
    cases=[(_Y, _Y_PRED), (_Y, _Y + 1), (np.array([0.0, -2.0]), np.array([3.0, -3.0]))],
    mistakes=[
        Mistake(
            "Errors of opposite sign cancel. Take the absolute value of each before the"
            " mean.",
            lambda y, p: np.mean(y - p),
        ),
        Mistake(
            "That is the sum. Divide by the number of samples.",
            lambda y, p: np.sum(np.abs(y - p)),
        ),
        Mistake(
            "That is the mean squared error: take absolute values, not squares.",
            lambda y, p: np.mean((y - p) ** 2),
        ),
        Mistake(
            "That is the RMSE: take absolute values, not squares.",
            lambda y, p: np.sqrt(np.mean((y - p) ** 2)),
        ),
    ],
)


def _standardize(X_train: np.ndarray, X: np.ndarray) -> np.ndarray:
    return (X - X_train.mean(axis=0)) / X_train.std(axis=0)


check_standardize = Check(
    "the standardized features",
    reference=_standardize,
    cases=[(_TRAIN, _NEW), (_TRAIN, _TRAIN), (_NEW, _TRAIN)],
    mistakes=[
        Mistake(
            "You used the mean and the spread of X itself. New data must be shifted and"
            " stretched by what the training set says, or the same house gets another"
            " number in another batch.",
            lambda t, X: _standardize(X, X),
        ),
        Mistake(
            "You took one mean over the whole table. Every column has its own: use"
            " axis=0.",
            lambda t, X: (X - t.mean()) / t.std(),
        ),
        Mistake(
            "You shifted but did not stretch: divide by the standard deviation.",
            lambda t, X: X - t.mean(axis=0),
        ),
        Mistake(
            "You divided by the variance. Divide by its square root, the standard"
            " deviation.",
            lambda t, X: (X - t.mean(axis=0)) / t.var(axis=0),
        ),
    ],
)
