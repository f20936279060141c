"""Boosting: a sum of small trees, each fitted to what the sum so far leaves over."""

from typing import Self

import numpy as np

from mlfa.book.checks import check_fitted, check_matrix, check_table
from mlfa.tabular.trees import Node, grow, predict_tree


class BoostedTrees:
    """Least-squares boosting.

    Parameters
    ----------
    n_trees : int
        Number of trees to add.
    learning_rate : float
        Share of each tree that is added.
    max_depth : int
        Depth of each tree; 1 is a stump.

    Attributes
    ----------
    start : float
        The first prediction, the mean of the training target.
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
        self, *, n_trees: int, learning_rate: float = 0.1, max_depth: int = 1
    ) -> None:
        self.n_trees, self.max_depth = n_trees, max_depth
        self.learning_rate = learning_rate
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
        self.start, self.trees = float(y.mean()), []
        y_pred = np.full(len(y), self.start)  # (n_samples,)
        for _ in range(self.n_trees):
            residuals = y - y_pred  # (n_samples,)
            tree = grow(X, residuals, max_depth=self.max_depth)
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
