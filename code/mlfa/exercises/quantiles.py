"""Checks for the page "More than one number"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

_RNG = np.random.default_rng(1)


def _rolling_errors(y, first, stretch, fit=lambda y, origin, stretch: y[:origin]):
    errors = []
    for origin in range(first, len(y), stretch):
        mean = fit(y, origin, stretch).mean()
        errors.extend(np.abs(y[origin : origin + stretch] - mean))
    return np.array(errors)


_SERIES = [
    (np.cumsum(_RNG.normal(size=n)), first, stretch)
    for n, first, stretch in ((11, 4, 3), (20, 6, 5), (17, 5, 4))
]

check_rolling_errors = Check(
    "the errors",
    reference=_rolling_errors,
    cases=_SERIES,
    mistakes=[
        Mistake(
            "You fitted once. At every origin the model is fitted anew, to all that"
            " lies before.",
            lambda y, first, stretch: _rolling_errors(
                y, first, stretch, lambda y, origin, stretch: y[:first]
            ),
        ),
        Mistake(
            "Your mean is that of the whole series: it has seen what it forecasts.",
            lambda y, first, stretch: _rolling_errors(
                y, first, stretch, lambda y, origin, stretch: y
            ),
        ),
        Mistake(
            "Your mean holds the stretch that it forecasts. Stop at the origin.",
            lambda y, first, stretch: _rolling_errors(
                y, first, stretch, lambda y, origin, stretch: y[: origin + stretch]
            ),
        ),
        Mistake(
            "You fitted to the last stretch alone. Use all that is known by then.",
            lambda y, first, stretch: _rolling_errors(
                y,
                first,
                stretch,
                lambda y, origin, stretch: y[origin - stretch : origin],
            ),
        ),
        Mistake(
            "You rolled on by one step. Within a stretch the model stays as it is.",
            lambda y, first, stretch: _rolling_errors(y, first, 1),
        ),
        Mistake(
            "The end is missing: the last stretch counts even if it is shorter.",
            lambda y, first, stretch: _rolling_errors(
                y[: first + (len(y) - first) // stretch * stretch], first, stretch
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
