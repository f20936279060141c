"""Bring every feature to mean zero and unit spread, as measured on the training set."""

from __future__ import annotations

import numpy as np

from mlfa.book.checks import check_matrix


class Standardizer:
    """Subtract the training mean of each feature, then divide by its training standard deviation.

    Attributes
    ----------
    mean, scale : ndarray of shape (n_features,)
        Learned by `fit`, in the unit of each feature.
    """

    mean: np.ndarray | None = None
    scale: np.ndarray | None = None

    def fit(self, X: np.ndarray) -> Standardizer:
        """Learn the mean and the standard deviation of each column.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            The training set, and nothing but the training set.

        Raises
        ------
        ValueError
            If a column is constant: it cannot be brought to unit spread.
        """
        X = check_matrix("X", X)
        mean, scale = X.mean(axis=0), X.std(axis=0)
        # A constant column may miss zero spread by rounding alone.
        constant = np.flatnonzero(scale <= 1e-12 * np.maximum(1, np.abs(mean)))
        if constant.size:
            raise ValueError(
                f"X has constant columns {constant.tolist()}: drop them before"
                " standardizing."
            )
        self.mean, self.scale = mean, scale
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """The same shift and stretch for any data, without unit; shape as `X`."""
        return (self._check(X) - self.mean) / self.scale

    def inverse_transform(self, X: np.ndarray) -> np.ndarray:
        """Back to the features' own units; shape as `X`."""
        return self._check(X) * self.scale + self.mean

    def _check(self, X: np.ndarray) -> np.ndarray:
        if self.mean is None:
            raise ValueError(
                "this Standardizer knows no training data yet: call fit first."
            )
        X = check_matrix("X", X)
        if X.shape[1] != len(self.mean):
            raise ValueError(
                f"X must have the {len(self.mean)} features seen by fit, got"
                f" {X.shape[1]}."
            )
        return X
