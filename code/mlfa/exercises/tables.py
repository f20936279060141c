"""Checks for the page "Tables of numbers"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

_Y = np.array([1.0, 2.0, 4.0, 3.0])
_Y_PRED = np.array([1.5, 1.0, 4.0, 5.0])


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
