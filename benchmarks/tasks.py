"""The book's tasks, each done as the book does it and in a plain way that one would write first.

A task is a pair of functions without arguments. Each returns a score; higher is better.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingRegressor, RandomForestRegressor
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from mlfa.boosting import BoostedTrees
from mlfa.cnn import CNN, ConvLayer
from mlfa.completion import hide_right, squared_error
from mlfa.datasets import load_california_housing, load_mnist, make_three_shapes
from mlfa.datasets._files import DATA
from mlfa.images import to_floats
from mlfa.linear import add_ones, gradient_descent, predict
from mlfa.metrics import accuracy, r2
from mlfa.mlp import MLP
from mlfa.polynomials import Clipper
from mlfa.splitting import apply_split, split_indices
from mlfa.standardizing import Standardizer
from mlfa.training import Trainer
from mlfa.trees import best_split
from mlfa.unet import UNet


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


def fit_plainly(model: nn.Module, loss: Callable, data, epochs: int, batch_size: int, learning_rate: float) -> None:
    """The loop of many tutorials: samples are fetched one by one and stacked."""
    generator = torch.Generator().manual_seed(0)
    loader = DataLoader(TensorDataset(*data), batch_size=batch_size, shuffle=True, generator=generator)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    for _ in range(epochs):
        for X, y in loader:
            value = loss(model(X), y)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()


def fit_as_the_book(model: nn.Module, loss: Callable, data, epochs: int, batch_size: int, learning_rate: float) -> None:
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    Trainer(model, loss, optimizer, device="cpu").fit(data, epochs=epochs, batch_size=batch_size)


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


# Images --------------------------------------------------------------------------


@cache
def digits(n: int):
    """The first `n` training digits and 2,000 validation digits, as bytes with their classes."""
    parts = load_mnist()
    (X, y), (X_val, y_val) = parts.train, parts.validation
    return X[:n], y[:n], X_val[:2000], y_val[:2000]


def one_epoch_of_small_cnn() -> float:
    X, y, X_val, y_val = digits(50_000)
    model = CNN((1, 28, 28), [ConvLayer(4), ConvLayer(8)], [16], 10, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    trainer = Trainer(model, nn.functional.cross_entropy, optimizer, transform=to_floats, device="cpu")
    trainer.fit((X, y), epochs=1, batch_size=128)
    return accuracy(y_val.numpy(), trainer.predict(X_val).argmax(dim=1).numpy())


def one_epoch_of_small_cnn_plainly() -> float:
    """All images as floats, fetched one by one, ReLU before the pooling, channels before pixels in memory."""
    X, y, X_val, y_val = digits(50_000)
    model = CNN((1, 28, 28), [ConvLayer(4), ConvLayer(8)], [16], 10, generator=torch.Generator().manual_seed(0))
    first, second = model.features[0], model.features[3]
    blocks = [first, nn.ReLU(), nn.MaxPool2d(2), second, nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), model.classifier]
    plain = nn.Sequential(*blocks).to(memory_format=torch.contiguous_format)
    fit_plainly(plain, nn.functional.cross_entropy, (to_floats(X), y), 1, 128, 0.005)
    with torch.no_grad():
        return accuracy(y_val.numpy(), plain(to_floats(X_val)).argmax(dim=1).numpy())


def unet() -> float:
    X, _, X_val, _ = digits(2000)
    model = UNet(1, 1, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    trainer = Trainer(model, nn.functional.mse_loss, optimizer, transform=hide_right, device="cpu")
    trainer.fit((X, to_floats(X)), epochs=3, batch_size=32)
    return -squared_error(to_floats(X_val), trainer.predict(X_val))


class PlainUNet(nn.Module):
    """The same weights with the image doubled before its channels are reduced, in contiguous memory."""

    def __init__(self) -> None:
        super().__init__()
        self.unet = UNet(1, 1, generator=torch.Generator().manual_seed(0)).to(memory_format=torch.contiguous_format)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        unet, pool, seen = self.unet, nn.functional.max_pool2d, []
        for level, convolutions in enumerate(unet.encoder):
            X = convolutions(pool(X, 2) if level else X)
            seen.append(X)
        for level, upward, convolutions in zip((1, 0), unet.upward, unet.decoder, strict=True):
            X = upward(nn.functional.interpolate(X, scale_factor=2))
            X = convolutions(torch.cat([seen[level], X], dim=1))
        return unet.head(X)


def unet_plainly() -> float:
    X, _, X_val, _ = digits(2000)
    plain = PlainUNet()
    fit_plainly(plain, nn.functional.mse_loss, (hide_right(X), to_floats(X)), 3, 32, 0.005)
    with torch.no_grad():
        return -squared_error(to_floats(X_val), plain(hide_right(X_val)))


TASKS: dict[str, tuple[Callable[[], float], Callable[[], float]]] = {
    "load the table": (load_table, load_table_plainly),
    "line": (line, line_plainly),
    "one split": (split, split_plainly),
    "forest": (forest, forest_plainly),
    "boosted stumps": (stumps, stumps_plainly),
    "boosting": (boosting, boosting_plainly),
    "network": (network, lambda: network(fit_plainly)),
    "three classes": (three_classes, lambda: three_classes(fit_plainly)),
    "small CNN, one epoch": (one_epoch_of_small_cnn, one_epoch_of_small_cnn_plainly),
    "U-Net": (unet, unet_plainly),
}
