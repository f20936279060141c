"""Boosting: a sum of small trees, each fitted to what the sum so far leaves over."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, Self

import numpy as np

from mlfa.book.checks import check_fitted, check_matrix, check_table
from mlfa.tabular.trees import Node, grow, predict_tree


class Loss(NamedTuple):
    """What boosting must know of a loss of the residuals, truth minus prediction.

    Attributes
    ----------
    start : callable
        From targets to the constant of the lowest loss.
    slope : callable
        From residuals to minus the derivatives of the loss: what a tree is fitted to.
    leaf : callable
        From the residuals in a leaf to the constant that lowers their loss most.
    """

    start: Callable[[np.ndarray], float]
    slope: Callable[[np.ndarray], np.ndarray]
    leaf: Callable[[np.ndarray], float]


SQUARED = Loss(np.mean, lambda residuals: residuals, np.mean)
ABSOLUTE = Loss(np.median, np.sign, np.median)


class BoostedTrees:
    """A sum of trees; each takes a step down the loss of the sum so far.

    Parameters
    ----------
    n_trees : int
        Number of trees to add.
    learning_rate : float
        Share of each tree that is added.
    max_depth : int
        Depth of each tree; 1 is a stump.
    loss : Loss
        `SQUARED`, `ABSOLUTE` or one of your own.

    Attributes
    ----------
    start : float
        The first prediction, for the squared loss the mean of the training target.
    trees : list of Node
        One tree for each step. Both are None before `fit`.

    References
    ----------
    [friedman2001greedy]

    Examples
    --------
    >>> X, y = np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([0.0, 0.0, 8.0, 8.0])
    >>> model = BoostedTrees(n_trees=2, learning_rate=0.5).fit(X, y)
    >>> model.staged_predict(X)
    array([[4., 4., 4., 4.],
           [2., 2., 6., 6.],
           [1., 1., 7., 7.]])
    """

    def __init__(
        self,
        *,
        n_trees: int,
        learning_rate: float = 0.1,
        max_depth: int = 1,
        loss: Loss = SQUARED,
    ) -> None:
        self.n_trees, self.max_depth = n_trees, max_depth
        self.learning_rate, self.loss = learning_rate, loss
        self.start: float | None = None
        self.trees: list[Node] | None = None

    def fit(self, X: np.ndarray, y: np.ndarray) -> Self:
        """Add the trees.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            Training features.
        y : ndarray of shape (n_samples,)
            Training target.
        """
        X, y = check_table(X, y)
        self.start, self.trees = float(self.loss.start(y)), []
        y_pred = np.full(len(y), self.start)  # (n_samples,)
        for _ in range(self.n_trees):
            residuals = y - y_pred  # (n_samples,)
            tree = grow(X, self.loss.slope(residuals), max_depth=self.max_depth)
            tree = _fill(tree, X, residuals, self.loss.leaf)
            y_pred = y_pred + self.learning_rate * predict_tree(tree, X)
            self.trees.append(tree)
        return self

    def staged_predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions after 0, 1, 2, ... trees.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            Features.

        Returns
        -------
        ndarray of shape (n_trees + 1, n_samples)
        """
        check_fitted(self, "trees")
        X = check_matrix("X", X)
        steps = [self.learning_rate * predict_tree(tree, X) for tree in self.trees]
        return self.start + np.cumsum([np.zeros(len(X)), *steps], axis=0)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The sum of the start and all trees.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            Features.

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        return self.staged_predict(X)[-1]


def _fill(node: Node, X: np.ndarray, residuals: np.ndarray, leaf: Callable) -> Node:
    """The same questions, and in each leaf the best constant for its residuals."""
    if node.cut is None:
        return replace(node, value=float(leaf(residuals)))
    is_left = X[:, node.cut.feature] <= node.cut.threshold  # (n_samples,)
    left, right = (
        _fill(child, X[part], residuals[part], leaf)
        for child, part in ((node.left, is_left), (node.right, ~is_left))
    )
    return replace(node, left=left, right=right)
