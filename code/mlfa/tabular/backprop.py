"""A network of two layers with its gradient, worked out by hand."""

import numpy as np

from mlfa.book.checks import check_shapes
from mlfa.tabular.activations import tanh, tanh_derivative

Arrays = dict[str, np.ndarray]


def initialize(n_inputs: int, n_hidden: int, *, seed: int) -> Arrays:
    """Random weights and zero biases: W1 (d, h), b1 (h,), W2 (h, 1), b2 (1,).

    Parameters
    ----------
    n_inputs : int
        Number of features d.
    n_hidden : int
        Number of hidden units h.
    seed : int
        Draws the weights.

    Returns
    -------
    dict of str to ndarray
        The four arrays by their names.
    """
    rng = np.random.default_rng(seed)
    # A sum of d numbers of spread s has spread s * sqrt(d): divide it out.
    return {
        "W1": rng.normal(size=(n_inputs, n_hidden)) / np.sqrt(n_inputs),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(size=(n_hidden, 1)) / np.sqrt(n_hidden),
        "b2": np.zeros(1),
    }


def forward(X: np.ndarray, weights: Arrays) -> Arrays:
    """From features to predictions, keeping what the way back needs.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Features.
    weights : dict of str to ndarray
        As `initialize` gives them.

    Returns
    -------
    dict of str to ndarray
        Z1 and A1 of shape (n, h), the hidden layer before and after its activation,
        and y_pred of shape (n, 1).
    """
    Z1 = X @ weights["W1"] + weights["b1"]  # (n, h)
    A1 = tanh(Z1)  # (n, h)
    y_pred = A1 @ weights["W2"] + weights["b2"]  # (n, 1)
    return {"Z1": Z1, "A1": A1, "y_pred": y_pred}


def mean_squared_error(y: np.ndarray, y_pred: np.ndarray) -> float:
    """The loss, in the squared unit of the target.

    Parameters
    ----------
    y, y_pred : ndarray of any shape, the same for both
        Targets and predictions.

    Raises
    ------
    ValueError
        If the shapes differ: (n, 1) minus (n,) would broadcast to (n, n).

    Examples
    --------
    >>> mean_squared_error(np.array([1.0, 2.0]), np.array([1.0, 5.0]))
    4.5
    """
    check_shapes(y=(y, "..."), y_pred=(y_pred, "..."))
    return float(np.mean((y_pred - y) ** 2))


def backward(X: np.ndarray, y: np.ndarray, weights: Arrays) -> Arrays:
    """Gradient of the mean squared error, one array for each array of weights.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Features.
    y : ndarray of shape (n, 1)
        Targets, as a column.
    weights : dict of str to ndarray
        As `initialize` gives them.

    Returns
    -------
    dict of str to ndarray
        The same names and shapes as `weights`.

    Raises
    ------
    ValueError
        If `y` is no column of n targets: (n, 1) minus (n,) would broadcast to (n, n).

    References
    ----------
    [rumelhart1986learning]
    """
    check_shapes(X=(X, "n d"), y=(y, "n 1"))
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
