"""Checks for the page "Yes or no"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake
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


check_areas = Check(
    "the three areas",
    reference=lambda area: (0.5, 1 - area, area),
    cases=[(0.9,), (0.3,)],
    mistakes=[
        Mistake(
            "Of equal scores each pair counts one half, however well the score ranked.",
            lambda area: (0.0, 1 - area, area),
        ),
        Mistake(
            "Of equal scores each pair counts one half, not a whole.",
            lambda area: (1.0, 1 - area, area),
        ),
        Mistake(
            "An area is a share of pairs, never below zero. What becomes of a pair that"
            " was in the right order?",
            lambda area: (0.5, -area, area),
        ),
        Mistake(
            "The minus turns every pair around. The area stays only if it is one half.",
            lambda area: (0.5, area, area),
        ),
        Mistake(
            "The area sees only the order of the scores, which a cube leaves as it is.",
            lambda area: (0.5, 1 - area, area**3),
        ),
    ],
)
