"""Checks for the page "Forecasting real weather"."""

import math

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.series.intervals import conformal_radius

_RNG = np.random.default_rng(0)
_Y = _RNG.normal(15, 5, size=8)
_SIMPLE, _MODEL = _Y + _RNG.normal(0, 3, size=8), _Y + _RNG.normal(0, 2, size=8)


def _mae(y, y_pred):
    return np.mean(np.abs(y - y_pred))


check_skill = Check(
    "the skill",
    reference=lambda y, y_pred, y_simple: 1 - _mae(y, y_pred) / _mae(y, y_simple),
    cases=[(_Y, _MODEL, _SIMPLE), (_Y, _SIMPLE, _MODEL), (_Y, _Y, _SIMPLE)],
    mistakes=[
        Mistake(
            "That is the share of the error that is left. Skill is the share that is"
            " gone: one minus it.",
            lambda y, p, s: _mae(y, p) / _mae(y, s),
        ),
        Mistake(
            "The two forecasts are swapped: divide by the error of the simple one.",
            lambda y, p, s: 1 - _mae(y, s) / _mae(y, p) if _mae(y, p) else -np.inf,
        ),
        Mistake(
            "That is a difference in degrees. Divide by the error of the simple"
            " forecast, so that the unit cancels.",
            lambda y, p, s: _mae(y, s) - _mae(y, p),
        ),
        Mistake(
            "You used squared errors. The page scores absolute ones.",
            lambda y, p, s: 1 - np.mean((y - p) ** 2) / np.mean((y - s) ** 2),
        ),
    ],
)

_RESIDUALS = [
    _RNG.normal(0.5, 2, size=19),
    _RNG.normal(-1, 1, size=30),
    _RNG.normal(0, 4, size=99),
]


def _sizes(residuals):
    return np.sort(np.abs(residuals))


check_radius = Check(
    "the radius",
    reference=conformal_radius,
    cases=[(_RESIDUALS[0], 0.8), (_RESIDUALS[1], 0.9), (_RESIDUALS[2], 0.5)],
    mistakes=[
        Mistake(
            "You ranked the residuals with their signs. An error of minus three is as"
            " far off as one of three: take absolute values first.",
            lambda r, coverage: np.sort(r)[
                math.ceil((len(r) + 1) * coverage - 1e-9) - 1
            ],
        ),
        Mistake(
            "You counted from zero: the k-th smallest of a sorted array is at place k"
            " - 1.",
            lambda r, coverage: _sizes(r)[
                min(math.ceil((len(r) + 1) * coverage - 1e-9), len(r) - 1)
            ],
        ),
        Mistake(
            "The new day is missing from the count: there are n + 1 residuals, of which"
            " you have seen n.",
            lambda r, coverage: _sizes(r)[math.ceil(len(r) * coverage - 1e-9) - 1],
        ),
        Mistake(
            "np.quantile interpolates between two residuals and does not count the new"
            " day. Take the k-th smallest size itself.",
            lambda r, coverage: np.quantile(np.abs(r), coverage),
        ),
    ],
)
