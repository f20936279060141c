"""Boosting: a sum of small trees, each fitted to what the sum so far leaves over."""

from __future__ import annotations

import numpy as np

from mlfa.book.checks import (
    check_count,
    check_matrix,
    check_positive,
    check_same_length,
    check_vector,
)
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

    References
    ----------
    [friedman2001greedy]
    """

    def __init__(
        self, n_trees: int, learning_rate: float = 0.1, max_depth: int = 1
    ) -> None:
        check_count("n_trees", n_trees)
        check_positive("learning_rate", learning_rate)
        check_count("max_depth", max_depth)
        self.n_trees, self.learning_rate, self.max_depth = (
            n_trees,
            learning_rate,
            max_depth,
        )
        self.start = 0.0
        self.trees: list[Node] = []

    def fit(self, X: np.ndarray, y: np.ndarray) -> BoostedTrees:
        """Add trees; `X` has shape (n_samples, n_features), `y` (n_samples,)."""
        X, y = check_matrix("X", X), check_vector("y", y)
        check_same_length(X=X, y=y)
        self.start, self.trees = float(y.mean()), []
        y_pred = np.full(len(y), self.start)
        for _ in range(self.n_trees):
            residuals = y - y_pred
            tree = grow(X, residuals, self.max_depth)
            y_pred = y_pred + self.learning_rate * predict_tree(tree, X)
            self.trees.append(tree)
        return self

    def staged_predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions after 0, 1, 2, ... trees, of shape (n_trees + 1, n_samples)."""
        X = check_matrix("X", X)
        steps = [self.learning_rate * predict_tree(tree, X) for tree in self.trees]
        return self.start + np.cumsum([np.zeros(len(X)), *steps], axis=0)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The sum of the start and all trees, of shape (n_samples,)."""
        return self.staged_predict(X)[-1]
