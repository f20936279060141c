"""Checks for the page "Forecasting real weather"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

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

# Candidates that are good early or late, so that each way to peek picks another one.
_ERRORS = np.array(
    [
        [2.0, 2.0, 2.0, 2.0, 2.0, 2.0],
        [1.0, 1.5, 3.0, 9.0, 9.0, 0.1],
        [3.0, 3.0, 1.0, 0.5, 4.0, 4.0],
        [4.0, 4.0, 4.0, 1.0, 0.0, 0.0],
    ]
)


def _smallest(errors):
    return int(np.argmin(errors.mean(axis=1)))


check_choice = Check(
    "the choice",
    reference=lambda errors, start: _smallest(errors[:, :start]),
    cases=[(_ERRORS, 2), (_ERRORS, 3), (_ERRORS, 5), (_ERRORS, 6)],
    mistakes=[
        Mistake(
            "You looked at all days. At the origin those from `start` on have not come"
            " yet.",
            lambda errors, start: _smallest(errors),
        ),
        Mistake(
            "You counted the day `start` as known. Its error comes after the choice:"
            " stop before it.",
            lambda errors, start: _smallest(errors[:, : start + 1]),
        ),
        Mistake(
            "That candidate has the largest error. The smallest is wanted.",
            lambda errors, start: int(np.argmax(errors[:, :start].mean(axis=1))),
        ),
        Mistake(
            "You chose by the last day alone. Take the mean over all days before"
            " `start`.",
            lambda errors, start: int(np.argmin(errors[:, start - 1])),
        ),
        Mistake(
            "That is the smallest mean error. The number of its candidate is wanted.",
            lambda errors, start: float(errors[:, :start].mean(axis=1).min()),
        ),
    ],
)
