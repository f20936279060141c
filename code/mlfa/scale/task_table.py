"""A table of somebody's own, as `python -m mlfa.scale table` learns from it."""

import argparse
from typing import Any

import numpy as np
import pandas as pd
import torch
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from torch.nn.functional import mse_loss

from mlfa.datasets import OwnTable, read_table
from mlfa.scale.options import CommandError
from mlfa.scale.tasks import Task, classes_task, parts_of, seal


def table_task(asked: argparse.Namespace) -> Task:
    """Holes filled, numbers scaled, words as zeros and ones: by the training rows.

    Parameters
    ----------
    asked : Namespace
        What was typed.
    """
    groups = [asked.group] if asked.group else []
    away = [*asked.leave_out, *(name for name in groups if name not in asked.text)]
    table = read_table(asked.path, asked.target, text=asked.text, leave_out=away)
    parts = parts_of(len(table.y), asked.seed, _column(asked))
    prepare = _preparation(table, groups).fit(table.X.iloc[parts[0]])
    classes = len(table.class_names)
    known = table.y[parts[0]]
    middle, spread = (0, 1) if classes else (known.mean(), known.std() or 1)

    def tensors(rows: np.ndarray) -> tuple:
        X = torch.tensor(prepare.transform(table.X.iloc[rows]), dtype=torch.float32)
        if classes:
            return X, torch.tensor(table.y[rows])  # (n, n_features), (n,)
        y = (table.y[rows] - middle) / spread
        return X, torch.tensor(y, dtype=torch.float32)[:, None]  # ..., (n, 1)

    train, validation, test = map(tensors, parts)
    sealed = (train, validation, seal(f"test rows of {asked.path.name}", *test))
    if classes:
        return classes_task(*sealed, classes)
    scores = {f"RMSE of {asked.target}": lambda p, y: mse_loss(p, y).sqrt() * spread}
    floors = {"of the mean": lambda X: torch.zeros(len(X), 1)}
    return Task(*sealed, 1, mse_loss, scores, floors)


def _preparation(table: OwnTable, groups: list[str]) -> Any:
    holes = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    words = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    numeric = [name for name in table.numeric if name not in groups]
    text = [name for name in table.text if name not in groups]
    return make_column_transformer((holes, numeric), (words, text))


def _column(asked: argparse.Namespace) -> np.ndarray | None:
    """What each row belongs to."""
    if not asked.group:
        return None
    frame = pd.read_csv(asked.path, dtype=str, keep_default_na=False)
    if asked.group not in frame:
        raise CommandError(f"{asked.path} has no column {asked.group!r}")
    return frame[asked.group].to_numpy()
