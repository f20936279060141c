"""Squares and products of features, and a fence for extreme values."""

from itertools import combinations_with_replacement
from typing import Self

import numpy as np

from mlfa.book.checks import check_features, check_matrix


def quadratic_features(X: np.ndarray) -> np.ndarray:
    """The features, their squares and the product of every pair.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Standardized features.

    Returns
    -------
    ndarray of shape (n_samples, n_features * (n_features + 3) / 2)

    Examples
    --------
    >>> quadratic_features(np.array([[2.0, 3.0]]))  # a, b, a * a, a * b, b * b
    array([[2., 3., 4., 6., 9.]])
    """
    X = check_matrix("X", X)
    pairs = combinations_with_replacement(range(X.shape[1]), 2)
    return np.column_stack([X, *(X[:, i] * X[:, j] for i, j in pairs)])


class Clipper:
    """Move values beyond the training set's outer quantiles back to these quantiles.

    Parameters
    ----------
    share : float
        Share of the training values that lies beyond the fence at each end, below 0.5.

    Attributes
    ----------
    low, high : ndarray of shape (n_features,)
        Learned by `fit`, in the unit of each feature; None before.

    Examples
    --------
    >>> clipper = Clipper(share=0.1).fit(np.arange(101.0)[:, None])
    >>> clipper.transform(np.array([[-50.0], [50.0], [500.0]])).ravel()
    array([10., 50., 90.])
    """

    def __init__(self, *, share: float) -> None:
        if not 0 <= share < 0.5:
            raise ValueError(f"share must be at least 0 and below 0.5, got {share!r}.")
        self.share = share
        self.low: np.ndarray | None = None
        self.high: np.ndarray | None = None

    def fit(self, X: np.ndarray) -> Self:
        """Learn the fence: the quantiles `share` and 1 - `share` of each column.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            The training set.
        """
        X = check_matrix("X", X)
        self.low, self.high = np.quantile(X, [self.share, 1 - self.share], axis=0)
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """The values within the fence.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            Any data with the features of the training set.

        Returns
        -------
        ndarray of the shape of `X`
        """
        X = check_features(self, "low", X)
        return np.clip(X, self.low, self.high)
