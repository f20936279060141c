"""Tasks of Part I."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from loops import fit_as_the_book, fit_plainly
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingRegressor, RandomForestRegressor
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from mlfa.tabular.boosting import BoostedTrees
from mlfa.datasets import load_california_housing, make_three_shapes
from mlfa.datasets._files import DATA
from mlfa.tabular.linear import add_ones, gradient_descent, predict
from mlfa.scoring.metrics import accuracy, r2
from mlfa.training.mlp import MLP
from mlfa.tabular.features import Clipper
from mlfa.scoring.splitting import apply_split, split_indices
from mlfa.tabular.standardizing import Standardizer
from mlfa.tabular.trees import best_split


@cache
def housing(n: int | None = None):
    """Clipped, standardized training and validation data of California Housing."""
    table = load_california_housing()
    (X_train, y_train), (X_val, y_val), _ = apply_split(split_indices(len(table.y), seed=0), table.X, table.y)
    clipper = Clipper(0.01).fit(X_train)
    scaler = Standardizer().fit(clipper.transform(X_train))
    X_train, X_val = (scaler.transform(clipper.transform(X)) for X in (X_train, X_val))
    return X_train[:n], y_train[:n], X_val, y_val


# Reading the table ---------------------------------------------------------------


def load_table() -> float:
    return float(np.isfinite(load_california_housing().X).mean())


def load_table_plainly() -> float:
    content = gzip.decompress((DATA / "california_housing.csv.gz").read_bytes()).decode()
    rows = [{key: float(value) for key, value in row.items()} for row in csv.DictReader(io.StringIO(content))]
    X = []
    for row in rows:
        rooms, bedrooms = row["total_rooms"] / row["households"], row["total_bedrooms"] / row["households"]
        occupancy = row["population"] / row["households"]
        place = [row["latitude"], row["longitude"]]
        X.append(
            [row["median_income"], row["housing_median_age"], rooms, bedrooms, row["population"], occupancy, *place]
        )
    return float(np.isfinite(np.array(X)).mean())


# A line by gradient descent ------------------------------------------------------


def line() -> float:
    X_train, y_train, X_val, y_val = housing()
    run = gradient_descent(add_ones(X_train), y_train, np.zeros(9), learning_rate=0.3, steps=400)
    return r2(y_val, predict(add_ones(X_val), run.w))


def line_plainly() -> float:
    """A linear layer trained on batches that a DataLoader collects sample by sample."""
    X_train, y_train, X_val, y_val = housing()
    data = TensorDataset(torch.tensor(X_train).float(), torch.tensor(y_train).float()[:, None])
    generator = torch.Generator().manual_seed(0)
    loader = DataLoader(data, batch_size=128, shuffle=True, generator=generator)
    model = MLP(8, [], 1, generator=generator)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(10):
        for X, y in loader:
            loss = nn.functional.mse_loss(model(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        return r2(y_val, model(torch.tensor(X_val).float())[:, 0].numpy())


# One split -----------------------------------------------------------------------


def split() -> float:
    X_train, y_train, *_ = housing(3000)
    return -best_split(X_train, y_train).error


def split_plainly() -> float:
    """Every threshold of every feature, its error computed anew."""
    X_train, y_train, *_ = housing(3000)
    best = np.inf
    for x in X_train.T:
        values = np.unique(x)
        for threshold in (values[1:] + values[:-1]) / 2:
            left, right = y_train[x <= threshold], y_train[x > threshold]
            best = min(best, np.sum((left - left.mean()) ** 2) + np.sum((right - right.mean()) ** 2))
    return -float(best)


# Trees, many ---------------------------------------------------------------------


def forest(n_jobs: int | None = None) -> float:
    X_train, y_train, X_val, y_val = housing()
    model = RandomForestRegressor(100, max_features=3, random_state=0, n_jobs=n_jobs)
    return r2(y_val, model.fit(X_train, y_train).predict(X_val))


def forest_plainly() -> float:
    """All features at every question, scikit-learn's default for a regression."""
    X_train, y_train, X_val, y_val = housing()
    model = RandomForestRegressor(100, random_state=0)
    return r2(y_val, model.fit(X_train, y_train).predict(X_val))


def stumps() -> float:
    X_train, y_train, X_val, y_val = housing(2000)
    return r2(y_val, BoostedTrees(20, learning_rate=0.3).fit(X_train, y_train).predict(X_val))


def stumps_plainly() -> float:
    """The same loop, with the error of every distinct threshold computed anew."""
    X_train, y_train, X_val, y_val = housing(2000)
    y_pred, y_pred_val = np.full(len(y_train), y_train.mean()), np.full(len(y_val), y_train.mean())
    for _ in range(20):
        residuals, best = y_train - y_pred, (np.inf, 0, 0.0)
        for j, x in enumerate(X_train.T):
            values = np.unique(x)
            for threshold in (values[1:] + values[:-1]) / 2:
                left, right = residuals[x <= threshold], residuals[x > threshold]
                error = np.sum((left - left.mean()) ** 2) + np.sum((right - right.mean()) ** 2)
                best = min(best, (error, j, threshold))
        _, j, threshold = best
        goes_left = X_train[:, j] <= threshold
        values = residuals[goes_left].mean(), residuals[~goes_left].mean()
        y_pred += 0.3 * np.where(goes_left, *values)
        y_pred_val += 0.3 * np.where(X_val[:, j] <= threshold, *values)
    return r2(y_val, y_pred_val)


def boosting() -> float:
    X_train, y_train, X_val, y_val = housing()
    model = HistGradientBoostingRegressor(max_iter=200, early_stopping=False, random_state=0)
    return r2(y_val, model.fit(X_train, y_train).predict(X_val))


def boosting_plainly() -> float:
    """Every value sorted and tried, not bins of them."""
    X_train, y_train, X_val, y_val = housing()
    model = GradientBoostingRegressor(n_estimators=200, max_depth=5, random_state=0)
    return r2(y_val, model.fit(X_train, y_train).predict(X_val))


# Networks ------------------------------------------------------------------------


def network(fit: Callable = fit_as_the_book) -> float:
    X_train, y_train, X_val, y_val = housing()
    data = torch.tensor(X_train).float(), torch.tensor(y_train).float()[:, None]
    model = MLP(8, [64, 64], 1, generator=torch.Generator().manual_seed(0))
    fit(model, nn.functional.mse_loss, data, epochs=10, batch_size=128, learning_rate=0.003)
    with torch.no_grad():
        return r2(y_val, model(torch.tensor(X_val).float())[:, 0].numpy())


def three_classes(fit: Callable = fit_as_the_book) -> float:
    X, y = make_three_shapes(800, 0.12, seed=0)
    (X_train, y_train), (X_val, y_val), _ = apply_split(split_indices(len(y), seed=0), X, y)
    model = MLP(2, [32, 32], 3, "tanh", generator=torch.Generator().manual_seed(0))
    data = torch.tensor(X_train).float(), torch.tensor(y_train)
    fit(model, nn.functional.cross_entropy, data, epochs=60, batch_size=64, learning_rate=0.01)
    with torch.no_grad():
        return accuracy(y_val, model(torch.tensor(X_val).float()).argmax(dim=1).numpy())


TASKS: dict[str, tuple[Callable[[], float], Callable[[], float]]] = {
    "load the table": (load_table, load_table_plainly),
    "line": (line, line_plainly),
    "one split": (split, split_plainly),
    "forest": (forest, forest_plainly),
    "boosted stumps": (stumps, stumps_plainly),
    "boosting": (boosting, boosting_plainly),
    "network": (network, lambda: network(fit_plainly)),
    "three classes": (three_classes, lambda: three_classes(fit_plainly)),
}


def prepare() -> None:
    """The data is no part of these tasks, except of the first."""
    housing()
