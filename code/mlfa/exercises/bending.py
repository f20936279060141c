"""Checks for the page "Bending the line"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _hat(X: np.ndarray) -> np.ndarray:
    return X @ np.linalg.inv(X.T @ X) @ X.T


_TALL = np.array([[1.0, 2.0], [1.0, -1.0], [1.0, 0.5], [1.0, 9.0]])

check_leverages = Check(
    "the leverages",
    reference=lambda X: np.diag(_hat(X)),
    cases=[(_TALL,), (_TALL[:3],), (_TALL[1:] + 2.0,)],
    mistakes=[
        Mistake(
            "That is the whole matrix. The leverage of a row is its entry on the"
            " diagonal.",
            _hat,
        ),
        Mistake(
            "You summed the rows of the matrix. Take its diagonal.",
            lambda X: _hat(X).sum(axis=1),
        ),
        Mistake(
            "The inverse of X.T @ X is missing: without it, other columns and other"
            " rows play no part.",
            lambda X: np.sum(X**2, axis=1),
        ),
        Mistake(
            "That is what a row does not decide: 1 - h. You were asked for h.",
            lambda X: 1 - np.diag(_hat(X)),
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
