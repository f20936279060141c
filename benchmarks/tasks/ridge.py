"""Tomorrow's maximum from all numbers of thirty days: a line with a penalty."""

import numpy as np

from shared.task import Task
from shared.weather import weather

TASK = Task(
    title="ridge regression",
    score="minus the mean absolute error on 2014, in degrees",
    plain="the normal equations, with the inverse",
    library="scikit-learn: Ridge",
    from_scratch=True,
)


def data(seed):
    return weather()


def book():
    from mlfa.series.forecasts import Ridge

    return lambda data, seed: Ridge(10.0).fit(data.train.X, data.train.y).predict(data.validation.X)


def flat(X):
    return X.reshape(len(X), -1)


def plain():
    def fit(data, seed):
        A, y = flat(data.train.X), data.train.y
        center, level = A.mean(axis=0), y.mean(axis=0)
        A = A - center
        W = np.linalg.inv(A.T @ A + 10.0 * np.eye(A.shape[1])) @ A.T @ (y - level)
        return (flat(data.validation.X) - center) @ W + level

    return fit


def library():
    from sklearn.linear_model import Ridge

    return lambda data, seed: Ridge(10.0).fit(flat(data.train.X), data.train.y).predict(flat(data.validation.X))


def score(data, answer):
    return -float(np.abs(data.validation.y - answer.reshape(data.validation.y.shape)).mean())
