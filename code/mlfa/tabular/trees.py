"""A regression tree: search the best split, then split the parts again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlfa.book.checks import check_count, check_matrix, check_same_length, check_vector


@dataclass(frozen=True)
class Cut:
    """A split: samples whose `feature` is at most `threshold` go left."""

    feature: int
    threshold: float
    error: float  # sum of squared errors after the split


def split_errors(
    x: np.ndarray, y: np.ndarray, min_samples_leaf: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Every threshold that parts the values of one feature, and the error it leaves.

    Parameters
    ----------
    x, y : ndarray of shape (n_samples,)
        One feature and the target.
    min_samples_leaf : int
        Fewest samples allowed on each side.

    Returns
    -------
    thresholds, errors : ndarray of shape (n_thresholds,)
        Midpoints between neighboring values, and the sum of squared errors when each
        side predicts its mean.
    """
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    n_left = np.arange(1, len(x))
    n_right = len(x) - n_left
    # Sums of y and of its square over the left side, for all thresholds at once.
    left, left_square = np.cumsum(y)[:-1], np.cumsum(y**2)[:-1]
    right, right_square = y.sum() - left, np.sum(y**2) - left_square
    errors = (left_square - left**2 / n_left) + (right_square - right**2 / n_right)
    # Equal values cannot be parted, and no side may get too small.
    allowed = (
        (x[1:] > x[:-1]) & (n_left >= min_samples_leaf) & (n_right >= min_samples_leaf)
    )
    return ((x[1:] + x[:-1]) / 2)[allowed], errors[allowed]


def best_split(X: np.ndarray, y: np.ndarray, min_samples_leaf: int = 1) -> Cut | None:
    """The split of the smallest error over all features, or None if no feature varies.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
    min_samples_leaf : int
        Fewest samples allowed on each side.

    References
    ----------
    [hastie2009elements]
    """
    X, y = check_matrix("X", X), check_vector("y", y)
    check_same_length(X=X, y=y)
    check_count("min_samples_leaf", min_samples_leaf)
    y = y - y.mean()  # the errors stay the same and lose fewer digits
    best = None
    for feature in range(X.shape[1]):
        thresholds, errors = split_errors(X[:, feature], y, min_samples_leaf)
        if len(errors) and (best is None or errors.min() < best.error):
            k = int(errors.argmin())
            best = Cut(feature, float(thresholds[k]), float(errors[k]))
    return best


@dataclass(frozen=True)
class Node:
    """A leaf when `cut` is None, else a question with two answers."""

    value: float  # mean target of the samples that reach the node
    n_samples: int
    cut: Cut | None = None
    left: Node | None = None
    right: Node | None = None


def grow(
    X: np.ndarray, y: np.ndarray, max_depth: int, min_samples_leaf: int = 1
) -> Node:
    """Split the samples, then each part, until `max_depth` or until no split is left."""
    cut = best_split(X, y, min_samples_leaf) if max_depth > 0 else None
    if cut is None:
        return Node(float(np.mean(y)), len(y))
    goes_left = X[:, cut.feature] <= cut.threshold
    left = grow(X[goes_left], y[goes_left], max_depth - 1, min_samples_leaf)
    right = grow(X[~goes_left], y[~goes_left], max_depth - 1, min_samples_leaf)
    return Node(float(np.mean(y)), len(y), cut, left, right)


def predict_tree(node: Node, X: np.ndarray) -> np.ndarray:
    """The mean of the leaf that each sample falls into, of shape (n_samples,)."""
    if node.cut is None:
        return np.full(len(X), node.value)
    goes_left = X[:, node.cut.feature] <= node.cut.threshold
    y_pred = np.empty(len(X))
    y_pred[goes_left] = predict_tree(node.left, X[goes_left])
    y_pred[~goes_left] = predict_tree(node.right, X[~goes_left])
    return y_pred
