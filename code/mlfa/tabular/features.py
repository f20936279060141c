"""Squares and products of features, and a fence for extreme values."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np

from mlfa.book.checks import check_matrix


def quadratic_features(X: np.ndarray) -> np.ndarray:
    """The features, their squares and the product of every pair.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Standardized features.

    Returns
    -------
    ndarray of shape (n_samples, n_features * (n_features + 3) / 2)
    """
    X = check_matrix("X", X)
    pairs = combinations_with_replacement(range(X.shape[1]), 2)
    return np.column_stack([X, *(X[:, i] * X[:, j] for i, j in pairs)])


class Clipper:
    """Move values beyond the training set's outer quantiles back to these quantiles.

    Attributes
    ----------
    low, high : ndarray of shape (n_features,)
        Learned by `fit`, in the unit of each feature.
    """

    low: np.ndarray | None = None
    high: np.ndarray | None = None

    def __init__(self, share: float) -> None:
        if not 0 <= share < 0.5:
            raise ValueError(f"share must be at least 0 and below 0.5, got {share!r}.")
        self.share = share

    def fit(self, X: np.ndarray) -> Clipper:
        """Learn the fence: the quantiles `share` and 1 - `share` of each column of the training set."""
        self.low, self.high = np.quantile(
            check_matrix("X", X), [self.share, 1 - self.share], axis=0
        )
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """The values within the fence; shape as `X`."""
        if self.low is None:
            raise ValueError("this Clipper knows no training data yet: call fit first.")
        X = check_matrix("X", X)
        if X.shape[1] != len(self.low):
            raise ValueError(
                f"X must have the {len(self.low)} features seen by fit, got"
                f" {X.shape[1]}."
            )
        return np.clip(X, self.low, self.high)
