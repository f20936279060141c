"""Checks for the page "Lines and gradients"."""

from __future__ import annotations

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
            "The sign is wrong: the residual in the gradient is prediction minus"
            " truth.",
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


def _adam_step(
    w,
    gradient,
    mean,
    square,
    t,
    *,
    correct: bool = True,
    inside: bool = False,
    rate: float = 0.1,
):
    mean = 0.9 * mean + 0.1 * gradient
    square = 0.999 * square + 0.001 * gradient**2
    m, s = (mean / (1 - 0.9**t), square / (1 - 0.999**t)) if correct else (mean, square)
    return w - rate * m / (np.sqrt(s + 0.1) if inside else np.sqrt(s) + 0.1)


_ADAM = [
    (np.array([1.0, -2.0]), np.array([0.5, 4.0]), np.zeros(2), np.zeros(2), 1),
    (
        np.array([0.0, 1.0]),
        np.array([-1.0, 0.2]),
        np.array([0.3, 0.1]),
        np.array([0.2, 0.01]),
        5,
    ),
]

check_adam_step = Check(
    "the new weights",
    reference=_adam_step,
    cases=_ADAM,
    mistakes=[
        Mistake(
            "The running means start at zero and are too small: divide by 1 - beta**t.",
            lambda *a: _adam_step(*a, correct=False),
        ),
        Mistake(
            "The small number epsilon is added after the square root, not under it.",
            lambda *a: _adam_step(*a, inside=True),
        ),
        Mistake(
            "You walk uphill: subtract the step.", lambda *a: _adam_step(*a, rate=-0.1)
        ),
    ],
)
