"""Checks of arguments that many modules share, so that each says what is wrong in the same words."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import numpy as np


def check_same_length(**arrays: Sized) -> int:
    """Make sure that all arrays have one length, and return it.

    Raises
    ------
    ValueError
        If two lengths differ; the message names every array and its length.
    """
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) != 1:
        shown = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"arrays must have the same length: {shown}.")
    return next(iter(lengths.values()))


def check_matrix(name: str, X: Any) -> np.ndarray:
    """Make sure that `X` is a finite matrix of shape (n_samples, n_features) with at least one sample."""
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or X.shape[0] == 0:
        raise ValueError(f"{name} must have shape (n_samples, n_features) with n_samples >= 1, got shape {X.shape}.")
    if not np.isfinite(X).all():
        raise ValueError(f"{name} must be finite, got {np.count_nonzero(~np.isfinite(X))} values that are not.")
    return X


def check_vector(name: str, y: Any) -> np.ndarray:
    """Make sure that `y` is a finite vector of shape (n_samples,) with at least one sample."""
    y = np.asarray(y, dtype=float)
    if y.ndim != 1 or y.shape[0] == 0:
        raise ValueError(f"{name} must have shape (n_samples,) with n_samples >= 1, got shape {y.shape}.")
    if not np.isfinite(y).all():
        raise ValueError(f"{name} must be finite, got {np.count_nonzero(~np.isfinite(y))} values that are not.")
    return y


def check_positive(name: str, value: float) -> None:
    """Make sure that a setting is a positive, finite number."""
    if not np.isscalar(value) or not np.isfinite(value) or value <= 0:
        raise ValueError(f"{name} must be a positive number, got {value!r}.")


def check_count(name: str, value: int, least: int = 1) -> None:
    """Make sure that a setting is a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}.")
