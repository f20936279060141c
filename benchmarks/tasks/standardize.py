"""Bring every feature to mean zero and unit spread."""

import numpy as np

from mlfa.datasets.california import load_california_housing
from shared.task import Task

TASK = Task(
    title="standardize",
    score="share of the numbers that are right to eight digits",
    plain="NumPy: (X - X.mean(axis=0)) / X.std(axis=0)",
    library="scikit-learn: StandardScaler",
    from_scratch=True,
)


def data(seed):
    X = load_california_housing().X
    return X[np.random.default_rng(seed).permutation(len(X))[:12_000]]


def book():
    from mlfa.tabular.standardizing import Standardizer

    return lambda X, seed: Standardizer().fit(X).transform(X)


def plain():
    return lambda X, seed: (X - X.mean(axis=0)) / X.std(axis=0)


def library():
    from sklearn.preprocessing import StandardScaler

    return lambda X, seed: StandardScaler().fit(X).transform(X)


def score(X, answer):
    return float(np.isclose(answer, (X - X.mean(axis=0)) / X.std(axis=0), rtol=1e-8, atol=1e-8).mean())
