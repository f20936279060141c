"""Checks for the page "Forecasts without a network"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

_RNG = np.random.default_rng(1)


def _scaled_error(y, y_pred, y_train, period):
    unit = np.mean(np.abs(y_train[period:] - y_train[:-period]))
    return np.mean(np.abs(y - y_pred)) / unit


def _forecasts(n, n_train):
    y = _RNG.normal(5, 2, size=n)
    return y, y + _RNG.normal(size=n), _RNG.normal(3, 2, size=n_train)


check_scaled_error = Check(
    "the scaled error",
    reference=_scaled_error,
    cases=[(*_forecasts(8, 15), 1), (*_forecasts(6, 20), 7), (*_forecasts(9, 12), 4)],
    mistakes=[
        Mistake(
            "The unit has to come from the training series. On the test series every"
            " test would have a unit of its own.",
            lambda y, y_pred, y_train, period: _scaled_error(
                y, y_pred, y, min(period, len(y) - 1)
            ),
        ),
        Mistake(
            "You measured persistence, whatever the period. Compare with the value"
            " one period before.",
            lambda y, y_pred, y_train, period: _scaled_error(y, y_pred, y_train, 1),
        ),
        Mistake(
            "np.diff(y, n) takes differences of differences, n times. You want the"
            " difference of two values that lie a period apart.",
            lambda y, y_pred, y_train, period: (
                np.mean(np.abs(y - y_pred)) / np.mean(np.abs(np.diff(y_train, period)))
            ),
        ),
        Mistake(
            "Errors of both signs canceled out. Take the absolute value before the"
            " mean, above and below.",
            lambda y, y_pred, y_train, period: (
                np.mean(y - y_pred) / np.mean(y_train[period:] - y_train[:-period])
            ),
        ),
        Mistake(
            "That is the other way round: the error goes above, the unit below.",
            lambda y, y_pred, y_train, period: (
                1 / _scaled_error(y, y_pred, y_train, period)
            ),
        ),
    ],
)


def _trend(y, alpha, beta, horizon, *, forget=False, by_values=False, early=False):
    level, slope = y[0], 0.0
    for t in range(1, len(y)):
        before = level
        expected = level if forget else level + slope
        level = alpha * y[t] + (1 - alpha) * expected
        move = y[t] - y[t - 1] if by_values else level - before
        slope = beta * move + (1 - beta) * slope
    return level + slope * (np.arange(horizon) + (0 if early else 1))


_RISING = [
    (np.arange(n) * rise + _RNG.normal(size=n), alpha, beta, horizon)
    for n, rise, alpha, beta, horizon in (
        (9, 0.8, 0.5, 0.2, 3),
        (14, -0.5, 0.3, 0.6, 5),
        (6, 1.5, 0.7, 0.1, 1),
    )
]

check_trend_forecast = Check(
    "the forecast with a slope",
    reference=_trend,
    cases=_RISING,
    mistakes=[
        Mistake(
            "Your level does not count on the slope. Before a value comes, the level is"
            " expected one slope farther on.",
            lambda y, alpha, beta, horizon: _trend(
                y, alpha, beta, horizon, forget=True
            ),
        ),
        Mistake(
            "The slope follows the moves of the level, not those of the values, which"
            " carry all the noise.",
            lambda y, alpha, beta, horizon: _trend(
                y, alpha, beta, horizon, by_values=True
            ),
        ),
        Mistake(
            "Your forecasts begin with zero days ahead. The first one is for tomorrow:"
            " one slope from the last level.",
            lambda y, alpha, beta, horizon: _trend(y, alpha, beta, horizon, early=True),
        ),
        Mistake(
            "The two shares are interchanged: alpha moves the level, beta the slope.",
            lambda y, alpha, beta, horizon: _trend(y, beta, alpha, horizon),
        ),
        Mistake(
            "That is a level without a slope. Let the forecast go on along the slope.",
            lambda y, alpha, beta, horizon: _trend(y, alpha, 0.0, horizon),
        ),
    ],
)
