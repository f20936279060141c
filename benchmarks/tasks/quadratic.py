"""The features, their squares and the products of all pairs."""

import numpy as np

from shared.housing import housing
from shared.task import Task

TASK = Task(
    title="squares and products",
    score="share of the numbers that are right to ten digits",
    plain="two loops over the columns, which append to a list",
    library="scikit-learn: PolynomialFeatures(2, include_bias=False)",
    from_scratch=True,
)


def data(seed):
    return housing(seed).X


def book():
    from mlfa.tabular.features import quadratic_features

    return lambda X, seed: quadratic_features(X)


def plain():
    def expand(X, seed):
        columns = [X[:, i] for i in range(X.shape[1])]
        for i in range(X.shape[1]):
            for j in range(i, X.shape[1]):
                columns.append(X[:, i] * X[:, j])
        return np.stack(columns, axis=1)

    return expand


def library():
    from sklearn.preprocessing import PolynomialFeatures

    return lambda X, seed: PolynomialFeatures(2, include_bias=False).fit_transform(X)


def score(X, answer):
    products = X[:, :, None] * X[:, None, :]
    rows, columns = np.triu_indices(X.shape[1])
    return float(np.isclose(answer, np.hstack([X, products[:, rows, columns]]), rtol=1e-10, atol=1e-12).mean())
