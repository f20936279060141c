"""How far predictions are from the truth."""

from __future__ import annotations

import numpy as np
from sklearn import metrics

from mlfa.checks import check_same_length, check_vector


def rmse(y: np.ndarray, y_pred: np.ndarray) -> float:
    """Root mean squared error, in the unit of `y`.

    Parameters
    ----------
    y, y_pred : ndarray of shape (n_samples,)
        Truth and prediction.

    Raises
    ------
    ValueError
        If a shape is not (n_samples,) or the lengths differ. Shapes (n,) and (n, 1)
        would broadcast to (n, n) and give a wrong number without a word.
    """
    y, y_pred = check_vector("y", y), check_vector("y_pred", y_pred)
    check_same_length(y=y, y_pred=y_pred)
    residuals = y - y_pred
    return float(np.sqrt(np.mean(residuals**2)))


def r2(y: np.ndarray, y_pred: np.ndarray) -> float:
    """Coefficient of determination: 1 for perfect, 0 for as good as the mean of `y`.

    Parameters
    ----------
    y, y_pred : ndarray of shape (n_samples,)
        Truth and prediction.

    Raises
    ------
    ValueError
        As for `rmse`, and if `y` is constant: then there is nothing to explain.
    """
    y, y_pred = check_vector("y", y), check_vector("y_pred", y_pred)
    check_same_length(y=y, y_pred=y_pred)
    total = np.sum((y - y.mean()) ** 2)
    if total == 0:
        raise ValueError("y must vary, got a constant: R² compares with the spread of y.")
    return float(1 - np.sum((y - y_pred) ** 2) / total)


def accuracy(y: np.ndarray, y_pred: np.ndarray) -> float:
    """Share of samples whose class is right; `y` and `y_pred` are class numbers of shape (n_samples,)."""
    check_same_length(y=y, y_pred=y_pred)
    return float(metrics.accuracy_score(y, y_pred))


def confusion_matrix(y: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
    """Counts of shape (n_classes, n_classes): rows are the true classes, columns the predicted ones."""
    check_same_length(y=y, y_pred=y_pred)
    return metrics.confusion_matrix(y, y_pred)
