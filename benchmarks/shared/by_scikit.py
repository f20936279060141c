"""scikit-learn's networks, an epoch at a time, so that the best one on validation data can be kept."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator


def fit(
    model: BaseEstimator,
    loss: Callable[[BaseEstimator, np.ndarray, np.ndarray], float],
    data: tuple[np.ndarray, np.ndarray],
    validation: tuple[np.ndarray, np.ndarray],
    *,
    epochs: int,
    **settings: Any,
) -> BaseEstimator:
    """`loss` is one of a model and of data; `settings` go to the first epoch, such as the names of the classes."""
    best, weights = np.inf, None
    for _ in range(epochs):
        model.partial_fit(*data, **settings)
        settings = {}
        value = loss(model, *validation)
        if value < best:
            best, weights = value, copy.deepcopy((model.coefs_, model.intercepts_))
    model.coefs_, model.intercepts_ = weights
    return model
