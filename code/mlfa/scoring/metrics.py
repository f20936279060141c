"""How far predictions are from the truth."""

from __future__ import annotations

import numpy as np

from mlfa.book.checks import check_count, check_same_length, check_vector


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
        raise ValueError(
            "y must vary, got a constant: R² compares with the spread of y."
        )
    return float(1 - np.sum((y - y_pred) ** 2) / total)


def accuracy(y: np.ndarray, y_pred: np.ndarray) -> float:
    """Share of samples whose class is right; `y` and `y_pred` are class numbers of shape (n_samples,)."""
    y, y_pred = _check_classes(y, y_pred)
    return float(np.mean(y == y_pred))


def confusion_matrix(
    y: np.ndarray, y_pred: np.ndarray, n_classes: int | None = None
) -> np.ndarray:
    """Counts of shape (n_classes, n_classes): rows are the true classes, columns the predicted ones.

    Without `n_classes` there are as many classes as the largest number in either array says.
    """
    y, y_pred = _check_classes(y, y_pred)
    largest = int(max(y.max(), y_pred.max()))
    if n_classes is None:
        n_classes = largest + 1
    check_count("n_classes", n_classes)
    if largest >= n_classes:
        raise ValueError(
            f"n_classes must be above every class number, got {n_classes} and a class"
            f" {largest}."
        )
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (y, y_pred), 1)
    return counts


def _check_classes(y: np.ndarray, y_pred: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    y, y_pred = np.asarray(y), np.asarray(y_pred)
    for name, classes in (("y", y), ("y_pred", y_pred)):
        if (
            classes.ndim != 1
            or len(classes) == 0
            or classes.dtype.kind not in "iu"
            or classes.min() < 0
        ):
            raise ValueError(
                f"{name} must hold class numbers of shape (n_samples,), got"
                f" {classes.dtype} of shape {classes.shape}."
            )
    check_same_length(y=y, y_pred=y_pred)
    return y, y_pred
