"""Bring every feature to mean zero and unit spread, as measured on the training set."""

from typing import Self

import numpy as np

from mlfa.book.checks import check_features, check_matrix, check_varies


class Standardizer:
    """Subtract the training mean of each feature and divide by its training spread.

    The spread is the standard deviation.

    Attributes
    ----------
    mean, scale : ndarray of shape (n_features,)
        Learned by `fit`, in the unit of each feature; None before.

    Examples
    --------
    >>> scaler = Standardizer().fit(np.array([[1.0], [3.0]]))
    >>> scaler.transform(np.array([[5.0]]))  # the mean is 2, the spread 1
    array([[3.]])
    """

    def __init__(self) -> None:
        self.mean: np.ndarray | None = None
        self.scale: np.ndarray | None = None

    def fit(self, X: np.ndarray) -> Self:
        """Learn the mean and the standard deviation of each column.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            The training set, and nothing but the training set.

        Raises
        ------
        ValueError
            If a column is constant: it cannot be brought to unit spread. Leave it out.
        """
        X = check_matrix("X", X)
        check_varies("X", X)
        self.mean, self.scale = X.mean(axis=0), X.std(axis=0)
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """The same shift and stretch for any data.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            Any data with the features of the training set, in their units.

        Returns
        -------
        ndarray of the shape of `X`, without unit
        """
        X = check_features(self, "mean", X)
        return (X - self.mean) / self.scale

    def inverse_transform(self, X: np.ndarray) -> np.ndarray:
        """Back to the features' own units.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            Standardized features.

        Returns
        -------
        ndarray of the shape of `X`, in the unit of each feature
        """
        X = check_features(self, "mean", X)
        return X * self.scale + self.mean
