"""Checks for the page "Boosting"."""

from collections.abc import Callable
from typing import Any

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.tabular.boosting import Loss


def _huber_slope(
    residuals: np.ndarray, delta: float, *, sign: int = 1, outside: str = "delta"
) -> np.ndarray:
    far = np.sign(residuals) * (delta if outside == "delta" else 1)
    if outside == "zero":
        far = np.zeros_like(residuals)
    return sign * np.where(np.abs(residuals) <= delta, residuals, far)


check_huber_slope = Check(
    "the targets of the next tree",
    reference=_huber_slope,
    cases=[
        (np.array([-3.0, -0.5, 0.0, 0.2, 4.0]), 0.8),
        (np.array([2.0, -2.5, 1.0, -9.0]), 2.0),
    ],
    mistakes=[
        Mistake(
            "That is the derivative itself. A tree is fitted to minus the derivative.",
            lambda *a: _huber_slope(*a, sign=-1),
        ),
        Mistake(
            "Beyond delta the loss rises with the slope delta: the step has its size.",
            lambda *a: _huber_slope(*a, outside="one"),
        ),
        Mistake(
            "You drop the large residuals. They keep a pull, of the size delta.",
            lambda *a: _huber_slope(*a, outside="zero"),
        ),
        Mistake(
            "Those are the residuals, the targets of the squared loss.",
            lambda residuals, delta: residuals,
        ),
    ],
)


class _LossCheck(Check):
    """A check of an attempt that returns a Loss: its three functions are called."""

    def _call(self, function: Callable[..., Any], case: tuple[Any, ...]) -> Any:
        q, values = case
        loss = super()._call(function, (q,))
        if loss is None:
            return None
        start, slope, leaf = loss
        return start(values.copy()), slope(values.copy()), leaf(values.copy())


def _quantile_loss(
    q: float, *, sign: int = 1, step: str = "quantile", constant: str = "quantile"
) -> Loss:
    def slope(residuals: np.ndarray) -> np.ndarray:
        if step == "sign":
            return np.sign(residuals)
        return sign * np.where(residuals > 0, q, q - 1)

    def best(values: np.ndarray) -> float:
        if constant == "mean":
            return float(np.mean(values))
        return float(np.quantile(values, q if constant == "quantile" else 1 - q))

    return Loss(best, slope, best)


check_quantile_loss = _LossCheck(
    "the start, the slopes and the value of a leaf",
    reference=_quantile_loss,
    # So many values that each quantile is one of them.
    cases=[
        (0.25, np.array([3.0, -1.0, 0.5, -2.0, 9.0])),
        (0.9, np.array([4.0, -3, 1, 7, -0.5, 2, -6, 8, 0.3, 5, -1])),
    ],
    mistakes=[
        Mistake(
            "The slopes have the wrong sign. Where the truth lies above the prediction,"
            " the step is upward: minus the derivative by the prediction.",
            lambda q: _quantile_loss(q, sign=-1),
        ),
        Mistake(
            "The mean is the best constant for squares. Here it is a quantile.",
            lambda q: _quantile_loss(q, constant="mean"),
        ),
        Mistake(
            "That is the quantile 1 - q. A share q of the samples should lie below.",
            lambda q: _quantile_loss(q, constant="other"),
        ),
        Mistake(
            "Those are the slopes of the absolute loss, of size 1 on both sides. Here"
            " they are q above and q - 1 below.",
            lambda q: _quantile_loss(q, step="sign"),
        ),
    ],
)
