"""Checks for the page "Data with an order"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.series.measures import autocorrelation
from mlfa.series.windows import make_windows

_RNG = np.random.default_rng(0)
_SERIES = [_RNG.normal(5, 2, size=12).cumsum(), _RNG.normal(3, 1, size=9)]


def _lagged_products(y, lag):
    z = y - np.mean(y)
    return z[: len(z) - lag] * z[lag:], z


check_autocorrelation = Check(
    "the autocorrelation",
    reference=lambda y, lag: autocorrelation(y, lag)[lag],
    cases=[(_SERIES[0], 2), (_SERIES[1], 1), (_SERIES[1], 3)],
    mistakes=[
        Mistake(
            "The mean is missing: subtract it first, or every series far from zero"
            " looks correlated.",
            lambda y, lag: np.sum(y[: len(y) - lag] * y[lag:]) / np.sum(y**2),
        ),
        Mistake(
            "You took means, over n - k products above and n squares below. The"
            " definition has sums in both places.",
            lambda y, lag: (
                np.mean(_lagged_products(y, lag)[0])
                / np.mean(_lagged_products(y, lag)[1] ** 2)
            ),
        ),
        Mistake(
            "np.corrcoef takes a mean and a spread of its own for each of the two"
            " pieces. The definition uses those of the whole series.",
            lambda y, lag: np.corrcoef(y[: len(y) - lag], y[lag:])[0, 1],
        ),
        Mistake(
            "np.roll carries the last values around to the front, so that the end is"
            " multiplied by the beginning. Cut the series instead.",
            lambda y, lag: (
                np.sum((y - y.mean()) * np.roll(y - y.mean(), lag))
                / np.sum((y - y.mean()) ** 2)
            ),
        ),
    ],
)


def _windows(y, length, horizon):
    windows = make_windows(y[:, None], y, length, horizon)
    return windows.X[:, :, 0], windows.y


def _shifted(y, length, horizon):
    """The first target is also the last step seen."""
    n = len(y) - length - horizon + 2
    return (
        np.array([y[i : i + length] for i in range(n)]),
        np.array([y[i + length - 1 : i + length - 1 + horizon] for i in range(n)]),
    )


def _side_by_side(y, length, horizon):
    X, targets = _windows(y, length, horizon)
    return X[::length], targets[::length]


check_windows = Check(
    "the windows and their targets",
    reference=_windows,
    cases=[(np.arange(10.0), 3, 2), (_SERIES[1], 2, 1), (_SERIES[0], 4, 3)],
    mistakes=[
        Mistake(
            "Your window already holds the first target: the model could copy it."
            " Targets start one step after the last step seen.",
            _shifted,
        ),
        Mistake(
            "The last sample is missing: there are n - length - horizon + 1 of them.",
            lambda y, length, horizon: tuple(
                part[:-1] for part in _windows(y, length, horizon)
            ),
        ),
        Mistake(
            "Each window comes newest step first. Keep the order of time: the oldest"
            " step first.",
            lambda y, length, horizon: (
                _windows(y, length, horizon)[0][:, ::-1],
                _windows(y, length, horizon)[1],
            ),
        ),
        Mistake(
            "Your windows lie side by side. They should overlap: each starts one step"
            " after the one before.",
            _side_by_side,
        ),
    ],
)


def _part(origin, horizon, border):
    """0 for training, 1 for validation, -1 for left out."""
    first, last = origin + 1, origin + horizon
    return np.where(last < border, 0, np.where(first >= border, 1, -1))


check_time_parts = Check(
    "the part of each window",
    reference=_part,
    cases=[(np.arange(3, 12), 3, 8), (np.arange(2, 9), 2, 5), (np.arange(4, 10), 1, 7)],
    mistakes=[
        Mistake(
            "Windows whose targets lie on both sides of the border went into the"
            " training part: the model is fitted to answers from the future.",
            lambda origin, horizon, border: np.where(origin + 1 < border, 0, 1),
        ),
        Mistake(
            "Windows whose targets lie on both sides went into the validation part:"
            " some of their answers are training targets of other windows. Leave them"
            " out.",
            lambda origin, horizon, border: np.where(origin + horizon < border, 0, 1),
        ),
        Mistake(
            "You compared the origin, the last step that is seen. What counts are the"
            " steps to predict, origin + 1 to origin + horizon.",
            lambda origin, horizon, border: np.where(origin < border, 0, 1),
        ),
    ],
)
