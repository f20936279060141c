"""A regression tree: search the best split, then split the parts again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlfa.book.checks import check_table


@dataclass(frozen=True)
class Cut:
    """A split: samples whose feature is at most the threshold go left.

    Attributes
    ----------
    feature : int
        Number of the column.
    threshold : float
        In the unit of the feature.
    error : float
        Sum of squared errors that the split leaves.
    """

    feature: int
    threshold: float
    error: float


def split_errors(
    x: np.ndarray, y: np.ndarray, *, min_samples_leaf: int = 1
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

    Examples
    --------
    >>> split_errors(np.array([1.0, 2.0, 4.0]), np.array([0.0, 0.0, 6.0]))
    (array([1.5, 3. ]), array([18.,  0.]))
    """
    order = np.argsort(x)
    x, y = x[order], y[order]  # (n,)
    n_left = np.arange(1, len(x))  # (n - 1,), as all that follows
    n_right = len(x) - n_left
    left = np.cumsum(y)[:-1]  # sums of y on the left, for all thresholds at once
    right = y.sum() - left
    # The squares of both sides together are all squares, whatever the threshold.
    errors = np.sum(y**2) - left**2 / n_left - right**2 / n_right
    allowed = x[1:] > x[:-1]  # equal values cannot be parted,
    allowed[: min_samples_leaf - 1] = False  # and no side may get too small
    allowed[len(x) - min_samples_leaf :] = False
    return (x[1:][allowed] + x[:-1][allowed]) / 2, errors[allowed]


def best_split(
    X: np.ndarray, y: np.ndarray, *, min_samples_leaf: int = 1
) -> Cut | None:
    """The split of the smallest error over all features, or None if no feature varies.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Features.
    y : ndarray of shape (n_samples,)
        Target.
    min_samples_leaf : int
        Fewest samples allowed on each side.

    Raises
    ------
    ValueError
        If shapes do not fit, or a value is nan, which no threshold could part.

    References
    ----------
    [hastie2009elements]

    Examples
    --------
    >>> X = np.array([[1.0, 7.0], [2.0, 7.0], [4.0, 7.0]])
    >>> best_split(X, np.array([0.0, 0.0, 6.0]))
    Cut(feature=0, threshold=3.0, error=0.0)
    """
    X, y = check_table(X, y)
    y = y - y.mean()  # the errors stay the same and lose fewer digits
    best = None
    for feature in range(X.shape[1]):
        thresholds, errors = split_errors(
            X[:, feature], y, min_samples_leaf=min_samples_leaf
        )
        k = int(errors.argmin()) if len(errors) else None
        if k is not None and (best is None or errors[k] < best.error):
            best = Cut(feature, float(thresholds[k]), float(errors[k]))
    return best


@dataclass(frozen=True)
class Node:
    """A leaf when there is no cut, else a question with two answers.

    Attributes
    ----------
    value : float
        Mean target of the samples that reach the node.
    n_samples : int
        Their number.
    cut : Cut or None
        The question, if one is asked.
    left, right : Node or None
        Where the samples go next that are at most at the threshold, and the others.
    """

    value: float
    n_samples: int
    cut: Cut | None = None
    left: Node | None = None
    right: Node | None = None


def grow(
    X: np.ndarray, y: np.ndarray, *, max_depth: int, min_samples_leaf: int = 1
) -> Node:
    """Split the samples, then each part, and so on.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Features.
    y : ndarray of shape (n_samples,)
        Target.
    max_depth : int
        Most questions on the way from the top to a leaf.
    min_samples_leaf : int
        Fewest samples allowed in a leaf.

    Returns
    -------
    Node
        The top of the tree.
    """
    cut = None
    if max_depth > 0:
        cut = best_split(X, y, min_samples_leaf=min_samples_leaf)
    if cut is None:
        return Node(float(np.mean(y)), len(y))
    is_left = X[:, cut.feature] <= cut.threshold  # (n_samples,)
    left, right = (
        grow(
            X[part], y[part], max_depth=max_depth - 1, min_samples_leaf=min_samples_leaf
        )
        for part in (is_left, ~is_left)
    )
    return Node(float(np.mean(y)), len(y), cut, left, right)


def predict_tree(node: Node, X: np.ndarray) -> np.ndarray:
    """The mean of the leaf that each sample falls into.

    Parameters
    ----------
    node : Node
        The top of the tree.
    X : ndarray of shape (n_samples, n_features)
        Features.

    Returns
    -------
    ndarray of shape (n_samples,)

    Examples
    --------
    >>> X, y = np.array([[1.0], [2.0], [4.0]]), np.array([0.0, 1.0, 6.0])
    >>> predict_tree(grow(X, y, max_depth=1), np.array([[0.0], [9.0]]))
    array([0.5, 6. ])
    """
    if node.cut is None:
        return np.full(len(X), node.value)
    is_left = X[:, node.cut.feature] <= node.cut.threshold  # (n_samples,)
    y_pred = np.empty(len(X))
    y_pred[is_left] = predict_tree(node.left, X[is_left])
    y_pred[~is_left] = predict_tree(node.right, X[~is_left])
    return y_pred
