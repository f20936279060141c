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


def _stock(demand, price, cost):
    return np.quantile(demand, (price - cost) / price, method="inverted_cdf")


# No share of days meets a level, so that the best stock is one number.
_DEMANDS = [
    (_RNG.permutation(np.arange(11.0) ** 2), 4.0, 1.0),
    (_RNG.gamma(2, 30, size=13).round(), 3.0, 2.0),
    (_RNG.gamma(3, 20, size=9).round(1), 5.0, 1.0),
]

check_stock = Check(
    "the stock",
    reference=_stock,
    cases=_DEMANDS,
    mistakes=[
        Mistake(
            "The mean is best for squared errors. Here a piece too many and a piece"
            " too few have different prices, and none is squared.",
            lambda demand, price, cost: np.mean(demand),
        ),
        Mistake(
            "The median is best if too many and too few cost the same.",
            lambda demand, price, cost: np.median(demand),
        ),
        Mistake(
            "Your level is cost / price. The cheaper the ice cream, the more you"
            " should buy: the level is that of the piece too few.",
            lambda demand, price, cost: _stock(demand, price, price - cost),
        ),
        Mistake(
            "The right quantile, but between two days. Take one of the numbers: see"
            ' method="inverted_cdf".',
            lambda demand, price, cost: np.quantile(demand, (price - cost) / price),
        ),
        Mistake(
            "A piece too few does not lose its price, only what it would have earned"
            " above its cost.",
            lambda demand, price, cost: np.quantile(
                demand, price / (price + cost), method="inverted_cdf"
            ),
        ),
    ],
)
