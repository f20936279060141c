"""How far predictions are from the truth."""

import numpy as np

from mlfa.book.checks import check_classes, check_shapes, check_varies, check_vectors


def rmse(y: np.ndarray, y_pred: np.ndarray) -> float:
    """Root mean squared error, in the unit of `y`.

    Parameters
    ----------
    y, y_pred : ndarray of shape (n_samples,)
        Truth and prediction.

    Raises
    ------
    ValueError
        If shapes do not fit: (n,) minus (n, 1) would broadcast to (n, n) and give a
        wrong number without a word.

    Examples
    --------
    >>> rmse(np.array([1.0, 2.0]), np.array([4.0, 6.0]))  # the root of (9 + 16) / 2
    3.5355339059327378
    """
    y, y_pred = check_vectors(y=y, y_pred=y_pred)
    return float(np.sqrt(np.mean((y - y_pred) ** 2)))


def mae(y: np.ndarray, y_pred: np.ndarray) -> float:
    """Mean absolute error over all entries, in the unit of `y`.

    Parameters
    ----------
    y, y_pred : ndarray of any shape, the same for both
        Truth and prediction; several targets a sample may stand side by side.

    Examples
    --------
    >>> mae(np.array([1.0, 2.0]), np.array([4.0, 6.0]))
    3.5
    """
    check_shapes(y=(y, "..."), y_pred=(y_pred, "..."))
    return float(np.mean(np.abs(np.asarray(y, float) - y_pred)))


def r2(y: np.ndarray, y_pred: np.ndarray) -> float:
    """Coefficient of determination: 1 for perfect, 0 for as good as the mean of `y`.

    Parameters
    ----------
    y, y_pred : ndarray of shape (n_samples,)
        Truth and prediction; a constant truth is refused, as its spread is the measure.

    Examples
    --------
    >>> y = np.array([1.0, 2.0, 3.0])
    >>> r2(y, y), r2(y, np.full(3, 2.0)), r2(y, np.zeros(3))
    (1.0, 0.0, -6.0)
    """
    y, y_pred = check_vectors(y=y, y_pred=y_pred)
    check_varies("y", y)
    return float(1 - np.sum((y - y_pred) ** 2) / np.sum((y - y.mean()) ** 2))


def accuracy(y: np.ndarray, y_pred: np.ndarray) -> float:
    """Share of the samples whose class is right.

    Parameters
    ----------
    y, y_pred : ndarray of int, shape (n_samples,)
        True and predicted class numbers.

    Examples
    --------
    >>> accuracy(np.array([0, 1, 2, 2]), np.array([0, 1, 2, 0]))
    0.75
    """
    y, y_pred = check_classes(y=y, y_pred=y_pred)
    return float(np.mean(y == y_pred))


def confusion_matrix(
    y: np.ndarray, y_pred: np.ndarray, *, n_classes: int | None = None
) -> np.ndarray:
    """How often each class was taken for each.

    Parameters
    ----------
    y, y_pred : ndarray of int, shape (n_samples,)
        True and predicted class numbers.
    n_classes : int, optional
        Number of classes; when left out, as many as the largest number says.

    Returns
    -------
    ndarray of int, shape (n_classes, n_classes)
        Rows are the true classes, columns the predicted ones.

    Examples
    --------
    >>> confusion_matrix(np.array([0, 1, 1, 1]), np.array([0, 1, 1, 0]))
    array([[1, 0],
           [1, 2]])
    """
    y, y_pred = check_classes(y=y, y_pred=y_pred)
    if n_classes is None:
        n_classes = int(max(y.max(), y_pred.max())) + 1
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (y, y_pred), 1)
    return counts
