"""California Housing, ready for a model of any kind."""

from functools import cache
from typing import NamedTuple

import numpy as np

from mlfa.datasets.california import Table, load_california_housing
from mlfa.scoring.metrics import r2
from mlfa.scoring.splitting import apply_split, split_indices
from mlfa.tabular.features import Clipper
from mlfa.tabular.standardizing import Standardizer


class Parts(NamedTuple):
    """Clipped and standardized samples to learn from and to be judged by."""

    X: np.ndarray
    y: np.ndarray
    X_val: np.ndarray
    y_val: np.ndarray


@cache
def table() -> Table:
    return load_california_housing()


def housing(seed: int, n: int | None = None) -> Parts:
    """The parts that a seed draws; of the training part the first `n` samples."""
    (X, y), (X_val, y_val), _ = apply_split(split_indices(len(table().y), seed=seed), table().X, table().y)
    clipper = Clipper(share=0.01).fit(X)
    scaler = Standardizer().fit(clipper.transform(X))
    X, X_val = (scaler.transform(clipper.transform(part)) for part in (X, X_val))
    return Parts(X[:n], y[:n], X_val, y_val)


def r2_of(parts: Parts, y_pred: np.ndarray) -> float:
    """R² on the validation part."""
    return r2(parts.y_val, np.asarray(y_pred, dtype=float).reshape(-1))
