"""Checks for the page "Yes or no"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.scoring.ranking import roc_area
from mlfa.tabular.activations import sigmoid

_X = np.array([[1.0, -1.0], [1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 2.5]])


def _weighted_step(X, y, w, counts, *, sign=1, in_slope=True, in_bend=True):
    p = sigmoid(X @ w)
    bend = p * (1 - p) * (counts if in_bend else 1)
    slope = (p - y) * (counts if in_slope else 1)
    return w - sign * np.linalg.solve((X.T * bend) @ X, X.T @ slope)


check_weighted_step = Check(
    "the new weights",
    reference=_weighted_step,
    cases=[
        (_X, np.array([0, 0, 1, 0, 1]), np.zeros(2), np.array([1, 3, 1, 2, 5])),
        (
            _X,
            np.array([1, 0, 1, 0, 0]),
            np.array([0.5, -1.0]),
            np.array([4, 1, 2, 1, 1]),
        ),
    ],
    mistakes=[
        Mistake(
            "You step up the slope: subtract the solution of H s = g.",
            lambda *a: _weighted_step(*a, sign=-1),
        ),
        Mistake(
            "The copies count in the gradient and not in H. A row that stands twice"
            " bends the loss twice as much.",
            lambda *a: _weighted_step(*a, in_bend=False),
        ),
        Mistake(
            "The copies count in H and not in the gradient.",
            lambda *a: _weighted_step(*a, in_slope=False),
        ),
        Mistake(
            "The counts are left out: this is the step of the table without copies.",
            lambda X, y, w, counts: _weighted_step(X, y, w, np.ones(len(y))),
        ),
        Mistake(
            "That is the step alone. Add it to the weights.",
            lambda X, y, w, counts: _weighted_step(X, y, w, counts) - w,
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
