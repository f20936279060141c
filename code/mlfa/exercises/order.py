"""Checks for the page "Data with an order"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.series.measures import autocorrelation

_RNG = np.random.default_rng(0)
_SERIES = [_RNG.normal(5, 2, size=12).cumsum(), _RNG.normal(3, 1, size=9)]


def _factor_forecast(y, k):
    return y.mean() + autocorrelation(y, k)[k] * (y[-1] - y.mean())


check_factor_forecast = Check(
    "the forecast with the best factor",
    reference=_factor_forecast,
    cases=[(_SERIES[0], 2), (_SERIES[1], 1), (_SERIES[1], 3)],
    mistakes=[
        Mistake(
            "That is persistence. Its factor is one; the best factor is the"
            " autocorrelation at lag k.",
            lambda y, k: y[-1],
        ),
        Mistake(
            "You shrank the value itself, and so towards zero. Shrink its deviation"
            " from the mean.",
            lambda y, k: autocorrelation(y, k)[k] * y[-1],
        ),
        Mistake(
            "That is the forecast of the deviation. Add the mean of the series.",
            lambda y, k: autocorrelation(y, k)[k] * (y[-1] - y.mean()),
        ),
        Mistake(
            "You used the autocorrelation at lag 1 for all steps ahead. It has to be"
            " that at lag k.",
            lambda y, k: y.mean() + autocorrelation(y, 1)[1] * (y[-1] - y.mean()),
        ),
        Mistake(
            "A power of the first autocorrelation is right only for a series that"
            " remembers one step. Take the one at lag k.",
            lambda y, k: y.mean() + autocorrelation(y, 1)[1] ** k * (y[-1] - y.mean()),
        ),
        Mistake(
            "You started k steps before the end. The last value is known: use it.",
            lambda y, k: y.mean() + autocorrelation(y, k)[k] * (y[-k] - y.mean()),
        ),
    ],
)


def _n_outside(y, n_lags, factor=2.0):
    r = autocorrelation(y, n_lags)[1:]
    return int(np.sum(np.abs(r) > factor / np.sqrt(len(y))))


# A walk, a walk upside down, noise: both signs of lags are outside.
_LONG = [
    _RNG.normal(size=80).cumsum(),
    -_RNG.normal(size=60).cumsum(),
    np.sin(np.arange(70)) + _RNG.normal(size=70),
]

check_lags_outside = Check(
    "the number of lags outside",
    reference=_n_outside,
    cases=[(_LONG[0], 50), (_LONG[1], 40), (_LONG[2], 30)],
    mistakes=[
        Mistake(
            "You counted lag 0, where every series equals itself.",
            lambda y, n_lags: _n_outside(y, n_lags) + 1,
        ),
        Mistake(
            "Lags far below zero are outside as well: compare the absolute value.",
            lambda y, n_lags: int(
                np.sum(autocorrelation(y, n_lags)[1:] > 2 / np.sqrt(len(y)))
            ),
        ),
        Mistake(
            "That is one standard deviation. The band reaches two of them.",
            lambda y, n_lags: _n_outside(y, n_lags, factor=1.0),
        ),
        Mistake(
            "The band depends on the number of steps of the series, not on the number"
            " of lags.",
            lambda y, n_lags: int(
                np.sum(np.abs(autocorrelation(y, n_lags)[1:]) > 2 / np.sqrt(n_lags))
            ),
        ),
        Mistake(
            "The last lag is missing: count lags from 1 to n_lags, with both ends.",
            lambda y, n_lags: _n_outside(y, n_lags - 1),
        ),
    ],
)
