"""Twenty stumps, each fitted to what those before it leave over."""

import numpy as np

from shared.housing import housing, r2_of
from shared.task import Task

TASK = Task(
    title="boosted stumps",
    score="R² on validation data",
    plain="sorted features and running sums, a Python loop over the places to split",
    library="scikit-learn: GradientBoostingRegressor with trees of depth 1",
    from_scratch=True,
)
TREES, RATE = 20, 0.3


def data(seed):
    return housing(seed, 6000)


def book():
    from mlfa.tabular.boosting import BoostedTrees

    def fit(data, seed):
        return BoostedTrees(n_trees=TREES, learning_rate=RATE, max_depth=1).fit(data.X, data.y).predict(data.X_val)

    return fit


def plain():
    from tasks.tree import best_split

    def fit(data, seed):
        y_pred, answer = np.full(len(data.y), data.y.mean()), np.full(len(data.y_val), data.y.mean())
        for _ in range(TREES):
            residuals = data.y - y_pred
            _, feature, threshold = best_split(data.X, residuals)
            left, left_val = data.X[:, feature] <= threshold, data.X_val[:, feature] <= threshold
            values = residuals[left].mean(), residuals[~left].mean()
            y_pred += RATE * np.where(left, *values)
            answer += RATE * np.where(left_val, *values)
        return answer

    return fit


def library():
    from sklearn.ensemble import GradientBoostingRegressor

    def fit(data, seed):
        model = GradientBoostingRegressor(n_estimators=TREES, learning_rate=RATE, max_depth=1, random_state=seed)
        return model.fit(data.X, data.y).predict(data.X_val)

    return fit


score = r2_of
