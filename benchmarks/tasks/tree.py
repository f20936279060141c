"""A regression tree of depth six."""

import numpy as np

from shared.housing import housing, r2_of
from shared.task import Task

TASK = Task(
    title="a tree",
    score="R² on validation data",
    plain="sorted features and running sums, a Python loop over the places to split",
    library="scikit-learn: DecisionTreeRegressor",
    from_scratch=True,
)
DEPTH = 6


def data(seed):
    return housing(seed, 6000)


def book():
    from mlfa.tabular.trees import grow, predict_tree

    return lambda data, seed: predict_tree(grow(data.X, data.y, max_depth=DEPTH), data.X_val)


def best_split(X, y):
    """(error, feature, threshold) of the best split, or None: running sums, one place after the other."""
    best = None
    for feature in range(X.shape[1]):
        order = np.argsort(X[:, feature])
        x, t = X[order, feature].tolist(), y[order].tolist()
        total, total_square = sum(t), sum(value * value for value in t)
        left = left_square = 0.0
        for k in range(1, len(t)):
            left += t[k - 1]
            left_square += t[k - 1] ** 2
            if x[k] == x[k - 1]:
                continue
            right, right_square = total - left, total_square - left_square
            error = left_square - left**2 / k + right_square - right**2 / (len(t) - k)
            if best is None or error < best[0]:
                best = error, feature, (x[k] + x[k - 1]) / 2
    return best


def plain():
    def grow(X, y, depth):
        split = best_split(X, y) if depth else None
        if split is None:
            return y.mean()
        _, feature, threshold = split
        left = X[:, feature] <= threshold
        return feature, threshold, grow(X[left], y[left], depth - 1), grow(X[~left], y[~left], depth - 1)

    def answer(node, x):
        while isinstance(node, tuple):
            feature, threshold, left, right = node
            node = left if x[feature] <= threshold else right
        return node

    def fit(data, seed):
        root = grow(data.X, data.y, DEPTH)
        return np.array([answer(root, x) for x in data.X_val])

    return fit


def library():
    from sklearn.tree import DecisionTreeRegressor

    def fit(data, seed):
        return DecisionTreeRegressor(max_depth=DEPTH, random_state=seed).fit(data.X, data.y).predict(data.X_val)

    return fit


score = r2_of
