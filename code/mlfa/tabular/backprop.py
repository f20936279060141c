"""A network of two layers with its gradient, worked out by hand."""

from __future__ import annotations

import numpy as np

from mlfa.book.checks import check_matrix, check_same_length
from mlfa.tabular.activations import tanh, tanh_derivative

Arrays = dict[str, np.ndarray]


def initialize(n_features: int, n_hidden: int, *, seed: int) -> Arrays:
    """Random weights and zero biases: W1 (d, h), b1 (h,), W2 (h, 1), b2 (1,)."""
    rng = np.random.default_rng(seed)
    # A sum of d numbers of spread s has spread s * sqrt(d): divide it out.
    return {
        "W1": rng.normal(size=(n_features, n_hidden)) / np.sqrt(n_features),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(size=(n_hidden, 1)) / np.sqrt(n_hidden),
        "b2": np.zeros(1),
    }


def forward(X: np.ndarray, weights: Arrays) -> Arrays:
    """From features (n, d) to predictions (n, 1), keeping what the way back needs."""
    Z1 = X @ weights["W1"] + weights["b1"]  # (n, h)
    A1 = tanh(Z1)  # (n, h)
    y_pred = A1 @ weights["W2"] + weights["b2"]  # (n, 1)
    return {"Z1": Z1, "A1": A1, "y_pred": y_pred}


def mean_squared_error(y: np.ndarray, y_pred: np.ndarray) -> float:
    """The loss, for targets and predictions of one shape."""
    if y.shape != y_pred.shape:
        raise ValueError(
            f"y_pred must have the shape of y, {y.shape}, got {y_pred.shape}."
        )
    return float(np.mean((y_pred - y) ** 2))


def backward(X: np.ndarray, y: np.ndarray, weights: Arrays) -> Arrays:
    """Gradient of the mean squared error, one array for each array of weights.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    y : ndarray of shape (n_samples, 1)
    weights : dict
        As `initialize` gives them.

    Returns
    -------
    dict
        The same names and shapes as `weights`.

    Raises
    ------
    ValueError
        If `y` is not a column, since (n, 1) minus (n,) would broadcast to (n, n).

    References
    ----------
    [rumelhart1986learning]
    """
    X, y = check_matrix("X", X), check_matrix("y", y)
    check_same_length(X=X, y=y)
    if y.shape[1] != 1:
        raise ValueError(f"y must have shape (n_samples, 1), got {y.shape}.")
    kept = forward(X, weights)
    d_y_pred = 2 / len(y) * (kept["y_pred"] - y)  # (n, 1)
    d_A1 = d_y_pred @ weights["W2"].T  # (n, h): each unit is charged by its weight
    d_Z1 = d_A1 * tanh_derivative(kept["Z1"])  # (n, h): through the activation
    return {
        "W1": X.T @ d_Z1,  # (d, h)
        "b1": d_Z1.sum(axis=0),  # (h,)
        "W2": kept["A1"].T @ d_y_pred,  # (h, 1)
        "b2": d_y_pred.sum(axis=0),  # (1,)
    }
