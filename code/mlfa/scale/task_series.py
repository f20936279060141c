"""A series of somebody's own, as `python -m mlfa.scale series` learns from it."""

import argparse

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import smooth_l1_loss

from mlfa.datasets import OwnSeries, carry_forward, read_series
from mlfa.scale.options import CommandError
from mlfa.scale.tasks import Task
from mlfa.series.forecasts import persistence
from mlfa.series.windows import (
    Windows,
    make_windows,
    make_windows_of_pieces,
    split_by_time,
)


def series_task(asked: argparse.Namespace) -> Task:
    """Windows in the order of time; learned is what the last value leaves over.

    Parameters
    ----------
    asked : Namespace
        What was typed.
    """
    series = read_series(
        asked.path,
        asked.date,
        formats=asked.formats,
        step=asked.step,
        leave_out=asked.leave_out,
    )
    _check_target(asked, series)
    y = series.columns[asked.target]  # (n_steps,)
    starts = [round(share * len(y)) for share in (0.6, 0.8)]
    X, last, told = _seen(series, asked.target, asked.fill, n_train=starts[0])
    known = last[: starts[0]]
    middle, width = float(np.nanmean(known)), float(np.nanstd(known)) or 1.0
    windows = _cut(X, y, asked, series.dates)
    told.append(f"{len(windows)} windows of {asked.window} steps are whole")
    parts = split_by_time(windows, *starts, name=f"last steps of {asked.path.name}")
    train, validation = parts.train, parts.validation
    ahead = train.y - persistence(last[train.origin], asked.horizon)
    spread = float(ahead.std()) or 1.0  # of what comes beyond the last value

    def pair(part: Windows) -> tuple[Tensor, Tensor]:
        """Windows (n, length, n_features), and what comes beyond the last value."""
        rest = (part.y - persistence(last[part.origin], asked.horizon)) / spread
        X, y = (torch.from_numpy(part).float() for part in (part.X, rest))
        return X, y  # ..., (n, horizon)

    def mean(X: Tensor) -> Tensor:
        """The mean of the training part, as far as it lies from the last value."""
        now = X[:, -1, :1] * width + middle  # (n, 1)
        return ((float(np.mean(train.y)) - now) / spread).expand(-1, asked.horizon)

    name = f"mean error of {asked.target}"
    return Task(
        pair(train),
        pair(validation),
        lambda: pair(parts.test.open("the score at the end")),
        asked.horizon,
        smooth_l1_loss,
        {name: lambda y_pred, y: (y_pred - y).abs().mean() * spread},
        {
            "persistence": lambda X: torch.zeros(len(X), asked.horizon),
            "the mean": mean,
        },
        told=told,
    )


def _seen(
    series: OwnSeries, target: str, fill: int, *, n_train: int
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """What a forecast sees at each step, the last known target, and words on holes."""
    names = [target, *(name for name in series.columns if name != target)]
    columns, was_hole = [], []
    for name in names:
        values = series.columns[name]
        columns.append(carry_forward(values, fill)[0] if fill else values)
        was_hole.append(np.isnan(values))
    numbers, holes = np.column_stack(columns), np.column_stack(was_hole)
    _check_known(numbers[:n_train], names)
    middle = np.nanmean(numbers[:n_train], axis=0)  # (n_columns,)
    spread = np.nanstd(numbers[:n_train], axis=0)  # (n_columns,)
    X = (numbers - middle) / np.where(spread > 0, spread, 1)  # (n_steps, n_columns)
    if fill:  # a model should know what was never measured
        X = np.column_stack([X, holes[:, holes.any(axis=0)]])  # (n_steps, n_features)
    told = [
        f"{len(numbers)} steps from {series.dates[0]} to {series.dates[-1]};"
        f" {int(series.absent.sum())} of them are not in the file"
    ]
    done = f"filled with the last value, at most {fill} in a row" if fill else "cut"
    for name, n in zip(names, holes.sum(axis=0), strict=True):
        told += [f"{name}: {n} holes, {done}"] if n else []
    return X, columns[0], told


def _cut(
    X: np.ndarray, y: np.ndarray, asked: argparse.Namespace, dates: np.ndarray
) -> Windows:
    """All windows, or of a series with holes those that touch none."""
    holes = np.isnan(X).any() or np.isnan(y).any()
    cut = make_windows_of_pieces if holes else make_windows
    return cut(X, y, asked.window, asked.horizon, dates=dates)


# Checks of arguments
def _check_target(asked: argparse.Namespace, series: OwnSeries) -> None:
    if asked.target not in series.columns:
        raise CommandError(
            f"{asked.path} has no column {asked.target!r} to predict: it has"
            f" {', '.join(series.columns)}"
        )


def _check_known(numbers: np.ndarray, names: list[str]) -> None:
    for name, n in zip(names, (~np.isnan(numbers)).sum(axis=0), strict=True):
        if n < 2:
            raise CommandError(
                f"column {name!r} has {n} values in the steps to train with:"
                " --leave-out such a column"
            )
