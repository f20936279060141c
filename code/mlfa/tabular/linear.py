"""A linear model, its squared error, and gradient descent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlfa.book.checks import (
    check_count,
    check_matrix,
    check_positive,
    check_same_length,
    check_vector,
)


def add_ones(X: np.ndarray) -> np.ndarray:
    """Put a column of ones before the features, so that the bias is a weight like the others.

    From shape (n_samples, n_features) to (n_samples, 1 + n_features).
    """
    return np.column_stack([np.ones(len(X)), check_matrix("X", X)])


def predict(X: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The model: a weighted sum of the columns, of shape (n_samples,)."""
    if X.shape[1:] != w.shape:
        raise ValueError(
            f"w must have one weight for each of the {X.shape[1]} columns of X, got"
            f" shape {w.shape}."
        )
    return X @ w


def mean_squared_error(X: np.ndarray, y: np.ndarray, w: np.ndarray) -> float:
    """The loss, in the squared unit of `y`."""
    check_same_length(X=X, y=y)
    return float(np.mean((predict(X, w) - y) ** 2))


def gradient(X: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """How the loss changes with each weight, of shape (n_columns,)."""
    check_same_length(X=X, y=y)
    return 2 / len(y) * X.T @ (predict(X, w) - y)


@dataclass
class Descent:
    """What gradient descent did: weights of shape (steps + 1, n_columns) and losses (steps + 1,)."""

    weights: np.ndarray
    losses: np.ndarray

    @property
    def w(self) -> np.ndarray:
        """The last weights."""
        return self.weights[-1]


def gradient_descent(
    X: np.ndarray, y: np.ndarray, w: np.ndarray, *, learning_rate: float, steps: int
) -> Descent:
    """Step against the gradient, again and again.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_columns)
        Features, with a column of ones if the model has a bias.
    y : ndarray of shape (n_samples,)
        Target.
    w : ndarray of shape (n_columns,)
        Weights to start from; they are not changed.
    learning_rate : float
        Length of a step for a gradient of length one.
    steps : int
        Number of steps.

    Returns
    -------
    Descent

    Raises
    ------
    ValueError
        If shapes do not fit, or a setting is not positive.

    References
    ----------
    [nocedal2006numerical]
    """
    X, y = check_matrix("X", X), check_vector("y", y)
    check_positive("learning_rate", learning_rate)
    check_count("steps", steps)
    weights, losses = [w], [mean_squared_error(X, y, w)]
    for _ in range(steps):
        w = w - learning_rate * gradient(
            X, y, w
        )  # a new array: the trace keeps the old one
        weights.append(w)
        losses.append(mean_squared_error(X, y, w))
    return Descent(np.array(weights), np.array(losses))


def least_squares(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The weights of the smallest loss, found at once, of shape (n_columns,)."""
    check_same_length(X=X, y=y)
    # lstsq also copes with columns that nearly repeat each other, where the
    # normal equations would lose half of the digits.
    return np.linalg.lstsq(check_matrix("X", X), check_vector("y", y), rcond=None)[0]


def stochastic_gradient_descent(
    X: np.ndarray,
    y: np.ndarray,
    w: np.ndarray,
    *,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    seed: int,
) -> Descent:
    """Gradient descent on a few samples at a time; the history has one entry an epoch.

    Parameters as for `gradient_descent`; `batch_size` samples make one step, `epochs`
    is the number of passes over the data, and `seed` chooses the order of the samples.
    """
    X, y = check_matrix("X", X), check_vector("y", y)
    check_positive("learning_rate", learning_rate)
    check_count("epochs", epochs)
    check_count("batch_size", batch_size)
    rng = np.random.default_rng(seed)
    weights, losses = [w], [mean_squared_error(X, y, w)]
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch_size):
            rows = order[start : start + batch_size]
            w = w - learning_rate * gradient(X[rows], y[rows], w)
        weights.append(w)
        losses.append(mean_squared_error(X, y, w))
    return Descent(np.array(weights), np.array(losses))
