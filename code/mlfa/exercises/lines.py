"""Checks for the page "Lines and gradients"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

_X = np.array([[1.0, 2.0], [1.0, -1.0], [1.0, 0.5]])
_Y = np.array([1.0, 3.0, -2.0])
_CASES = [
    (_X, _Y, np.array([0.5, -1.0])),
    (_X, _Y, np.array([2.0, 3.0])),
    (_X[:2], _Y[:2], np.zeros(2)),
]


def _absolute_gradient(X: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    return -X.T @ np.sign(y - X @ w) / len(y)


check_absolute_gradient = Check(
    "the gradient",
    reference=_absolute_gradient,
    cases=_CASES,
    mistakes=[
        Mistake(
            "The sign is wrong: raising a weight lowers the residual, so a minus comes"
            " with the chain rule.",
            lambda X, y, w: -_absolute_gradient(X, y, w),
        ),
        Mistake(
            "That is the gradient of the squared error. The derivative of |e| is the"
            " sign of e, not twice e.",
            lambda X, y, w: 2 / len(y) * X.T @ (X @ w - y),
        ),
        Mistake(
            "You used the size of the residual, |e|. What counts is its sign.",
            lambda X, y, w: -X.T @ np.abs(y - X @ w) / len(y),
        ),
        Mistake(
            "That is the gradient of the sum. The loss is a mean: divide by the number"
            " of samples.",
            lambda X, y, w: len(y) * _absolute_gradient(X, y, w),
        ),
        Mistake(
            "You took the sign of each input, too. Only the residual loses its size.",
            lambda X, y, w: -np.sign(X).T @ np.sign(y - X @ w) / len(y),
        ),
    ],
)


def _least_squares(X: np.ndarray, y: np.ndarray, ridge: float = 0.0) -> np.ndarray:
    return np.linalg.solve(X.T @ X + ridge * np.eye(X.shape[1]), X.T @ y)


_TALL = np.array([[1.0, 2.0], [1.0, -1.0], [1.0, 0.5], [1.0, 4.0]])

check_least_squares = Check(
    "the weights of least squares",
    reference=_least_squares,
    cases=[(_X, _Y), (_TALL, np.array([1.0, 3.0, -2.0, 0.5])), (_X, 2 * _Y + 1)],
    mistakes=[
        Mistake(
            "The right side is X.T @ y: every column of X times the targets. You left"
            " the matrix on the left out.",
            lambda X, y: X.T @ y,
        ),
        Mistake(
            "You divided each product by its own column's square. That is right only"
            " for columns at right angles; the others share their work, so solve for"
            " all weights at once.",
            lambda X, y: X.T @ y / np.sum(X**2, axis=0),
        ),
        Mistake(
            "The sign is wrong: at the bottom X.T @ X @ w equals X.T @ y.",
            lambda X, y: -_least_squares(X, y),
        ),
        Mistake(
            "You added something to the diagonal: that is ridge regression, which comes"
            " later.",
            lambda X, y: _least_squares(X, y, ridge=1.0),
        ),
    ],
)
