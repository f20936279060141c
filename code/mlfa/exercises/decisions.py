"""Checks for the page "Yes or no"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.scoring.ranking import roc_area
from mlfa.tabular.activations import sigmoid

_X = np.array([[1.0, -1.0], [1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 2.5]])


def _newton_step(X, y, w, *, sign=1, bend=True, slope=True):
    p = sigmoid(X @ w)
    H = (X.T * (p * (1 - p) if bend else np.ones(len(y)))) @ X
    return w - sign * np.linalg.solve(H, X.T @ (p - y if slope else X @ w - y))


check_newton_step = Check(
    "the new weights",
    reference=_newton_step,
    cases=[
        (_X, np.array([0, 0, 1, 0, 1]), np.zeros(2)),
        (_X, np.array([1, 0, 1, 0, 0]), np.array([0.5, -1.0])),
    ],
    mistakes=[
        Mistake(
            "You step up the slope: subtract the solution of H s = g.",
            lambda *a: _newton_step(*a, sign=-1),
        ),
        Mistake(
            "Each sample bends the loss by p (1 - p). You left these factors out of H.",
            lambda *a: _newton_step(*a, bend=False),
        ),
        Mistake(
            "You compared log-odds with the truth: put them into the sigmoid first.",
            lambda *a: _newton_step(*a, slope=False),
        ),
        Mistake(
            "That is the step alone. Add it to the weights.",
            lambda X, y, w: _newton_step(X, y, w) - w,
        ),
    ],
)


def _pairs(y, score, compare):
    return float(np.mean(compare(score[y == 1][:, None], score[y == 0])))


check_roc_area = Check(
    "the area",
    reference=roc_area,
    cases=[
        (np.array([1, 0, 1, 0, 0]), np.array([0.9, 0.8, 0.8, 0.1, 0.3])),
        (np.array([0, 0, 1, 1]), np.array([0.2, 0.7, 0.7, 0.1])),
    ],
    mistakes=[
        Mistake(
            "A pair with equal scores counts one half; you left it out.",
            lambda y, score: _pairs(y, score, np.greater),
        ),
        Mistake(
            "A pair with equal scores counts one half; you counted it whole.",
            lambda y, score: _pairs(y, score, np.greater_equal),
        ),
        Mistake(
            "You counted the pairs in which the no scores higher.",
            lambda y, score: 1 - roc_area(y, score),
        ),
        Mistake(
            "You divided by all pairs of samples. Only pairs of a yes and a no count.",
            lambda y, score: roc_area(y, score) * y.sum() * (1 - y).sum() / len(y) ** 2,
        ),
    ],
)
