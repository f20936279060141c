"""How alike four years of temperatures are to themselves, shifted by 0 to 60 days."""

import numpy as np

from mlfa.datasets.weather import load_seattle_weather
from shared.task import Task

TASK = Task(
    title="autocorrelation",
    score="share of the lags that are right to eight digits",
    plain="NumPy: the definition, with its mean and its sum of squares at every lag",
    library="statsmodels: acf",
    from_scratch=True,
)
LAGS = 60


def data(seed):
    y = load_seattle_weather().column("temp_max")
    return np.roll(y, 97 * seed)


def by_definition(y):
    answer = []
    for lag in range(LAGS + 1):
        total = np.sum((y - y.mean()) ** 2)
        answer.append(np.sum((y[: len(y) - lag] - y.mean()) * (y[lag:] - y.mean())) / total)
    return np.array(answer)


def book():
    from mlfa.series.measures import autocorrelation

    return lambda y, seed: autocorrelation(y, LAGS)


def plain():
    return lambda y, seed: by_definition(y)


def library():
    from statsmodels.tsa.stattools import acf

    return lambda y, seed: acf(y, nlags=LAGS)


def score(y, answer):
    return float(np.isclose(answer, by_definition(y), rtol=1e-8, atol=1e-10).mean())
