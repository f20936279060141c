"""Checks for the page "Trees, forests, boosting"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.tabular.trees import grow, predict_tree, split_errors

_X = np.array([1.0, 2.0, 3.0, 4.0, 8.0])
_CASES = [
    (_X, np.array([1.0, 1.0, 1.2, 5.0, 5.0])),
    (_X, np.array([0.0, 9.0, 9.5, 9.0, 9.2])),
    (np.array([5.0, 1.0, 3.0, 3.0]), np.array([2.0, 7.0, 2.5, 2.2])),
]


def _best_threshold(x: np.ndarray, y: np.ndarray) -> float:
    thresholds, errors = split_errors(x, y)
    return float(thresholds[errors.argmin()])


def _at_value(x: np.ndarray, y: np.ndarray) -> float:
    return float(x[x <= _best_threshold(x, y)].max())


def _by_variance(x: np.ndarray, y: np.ndarray) -> float:
    thresholds, _ = split_errors(x, y)
    return float(min(thresholds, key=lambda t: y[x <= t].var() + y[x > t].var()))


def _worst(x: np.ndarray, y: np.ndarray) -> float:
    thresholds, errors = split_errors(x, y)
    return float(thresholds[errors.argmax()])


check_best_threshold = Check(
    "the best threshold",
    reference=_best_threshold,
    cases=[
        *_CASES,
        (np.arange(8.0), np.array([1.0, 5.0, 1.0, 5.0, 1.5, 9.0, 1.0, 4.0])),
    ],
    mistakes=[
        Mistake(
            "You return a value of x. Put the threshold halfway to the next value.",
            _at_value,
        ),
        Mistake(
            "You added variances. A side with more samples counts more: add sums of"
            " squared errors.",
            _by_variance,
        ),
        Mistake("That is the worst threshold: look for the smallest error.", _worst),
    ],
)


def _boosting_step(
    X,
    y,
    y_pred,
    learning_rate,
    *,
    target: str = "residual",
    shrink: bool = True,
    add: bool = True,
):
    tree = grow(X, y - y_pred if target == "residual" else y, max_depth=1)
    step = predict_tree(tree, X) * (learning_rate if shrink else 1)
    return y_pred + step if add else step


_BOOST = [
    (_X[:, None], np.array([1.0, 1.0, 1.2, 5.0, 5.0]), np.full(5, 2.5), 0.5),
    (_X[:, None], np.array([0.0, 9.0, 9.5, 9.0, 9.2]), np.arange(5.0), 0.1),
]

check_boosting_step = Check(
    "the new predictions",
    reference=_boosting_step,
    cases=_BOOST,
    mistakes=[
        Mistake(
            "The tree is fitted to y. Fit it to what is left over, y minus y_pred.",
            lambda *a: _boosting_step(*a, target="y"),
        ),
        Mistake(
            "The tree's prediction is added whole: multiply it by the learning rate.",
            lambda *a: _boosting_step(*a, shrink=False),
        ),
        Mistake(
            "You return the step alone. Add it to the predictions so far.",
            lambda *a: _boosting_step(*a, add=False),
        ),
    ],
)
