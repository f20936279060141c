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

check_gradient = Check(
    "the gradient",
    reference=lambda X, y, w: 2 / len(y) * X.T @ (X @ w - y),
    cases=_CASES,
    mistakes=[
        Mistake(
            "The sign is wrong. The residual is truth minus prediction, and it comes"
            " with a minus: raising a weight lowers the residual.",
            lambda X, y, w: 2 / len(y) * X.T @ (y - X @ w),
        ),
        Mistake(
            "The factor 2 from the derivative of the square is missing.",
            lambda X, y, w: X.T @ (X @ w - y) / len(y),
        ),
        Mistake(
            "That is the gradient of the sum. The loss is a mean: divide by the number"
            " of samples.",
            lambda X, y, w: 2 * X.T @ (X @ w - y),
        ),
        Mistake(
            "You averaged over the weights too. The gradient has one number for each"
            " weight.",
            lambda X, y, w: np.mean(2 / len(y) * X.T @ (X @ w - y)),
        ),
    ],
)
