"""Does the mean of a series wander? The statistic of Kwiatkowski, Phillips, Schmidt and Shin."""

import numpy as np

from mlfa.datasets.weather import load_seattle_weather
from shared.task import Task

TASK = Task(
    title="the statistic KPSS",
    score="share of statistics that are right to eight digits",
    plain="NumPy: running sums and autocovariances by their definitions, in loops",
    library="statsmodels: kpss",
    from_scratch=True,
)
LAGS = 19


def data(seed):
    y = load_seattle_weather().column("temp_max")
    return np.roll(y, 97 * seed)


def by_definition(y):
    z = y - y.mean()
    total, sums = 0.0, 0.0
    for value in z:
        total += value
        sums += total**2
    spread = np.sum(z**2) / len(z)
    for lag in range(1, LAGS + 1):
        spread += 2 * (1 - lag / (LAGS + 1)) * np.sum(z[lag:] * z[:-lag]) / len(z)
    return sums / len(z) ** 2 / spread


def book():
    from mlfa.series.measures import kpss_statistic

    return lambda y, seed: kpss_statistic(y, n_lags=LAGS)


def plain():
    return lambda y, seed: by_definition(y)


def library():
    from statsmodels.tsa.stattools import kpss

    return lambda y, seed: kpss(y, nlags=LAGS)[0]


def score(y, answer):
    return float(np.isclose(answer, by_definition(y), rtol=1e-8))
