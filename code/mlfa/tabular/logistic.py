"""Logistic regression: the probability of a yes, fitted by Newton's method."""

import numpy as np

from mlfa.book.checks import check_shapes, check_table
from mlfa.tabular.activations import sigmoid
from mlfa.tabular.linear import Descent


def binary_cross_entropy(z: np.ndarray, y: np.ndarray) -> float:
    """Minus the logarithm of the probability of what is true, mean over the samples.

    Parameters
    ----------
    z : ndarray of shape (n_samples,)
        Log-odds of a yes.
    y : ndarray of shape (n_samples,)
        1 for yes, 0 for no.

    Raises
    ------
    ValueError
        If shapes do not fit or a target is neither 0 nor 1.

    Examples
    --------
    >>> binary_cross_entropy(np.array([0.0, 1000.0]), np.array([1, 1]))  # half of ln 2
    0.34657359027997264
    """
    check_shapes(z=(z, "n"), y=(y, "n"))
    _check_yes_or_no(y)
    return float(np.mean(np.logaddexp(0, z) - y * z))  # ln(1 + exp(z)) never overflows


def newton(
    X: np.ndarray, y: np.ndarray, *, penalty: float = 0.0, steps: int = 50
) -> Descent:
    """Step to the bottom of the parabola that fits the loss, until it is found.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_columns)
        Features, with a column of ones in the first place if the model has a bias.
    y : ndarray of shape (n_samples,)
        1 for yes, 0 for no.
    penalty : float
        Price of the sum of the squared weights, that of the bias left out.
    steps : int
        Most steps. The search ends before where no weight moves by more than 1e-9.

    Returns
    -------
    Descent
        The weights after each step, and their losses with the penalty.

    Raises
    ------
    ValueError
        If shapes do not fit, a value is not finite, a target is neither 0 nor 1, or
        there is a penalty and no bias that it could spare.

    References
    ----------
    [nocedal2006numerical], [hastie2009elements]

    Examples
    --------
    >>> X, y = np.ones((4, 1)), np.array([1, 1, 1, 0])
    >>> newton(X, y).w.round(6), np.log(3).round(6)  # three to one are the odds
    (array([1.098612]), np.float64(1.098612))
    """
    X, y = check_table(X, y)
    _check_yes_or_no(y)
    _check_bias(X, penalty)
    price = penalty * (np.arange(X.shape[1]) > 0)  # (d,): the bias pays nothing

    def loss(w: np.ndarray) -> float:
        return binary_cross_entropy(X @ w, y) + price @ w**2

    w = np.zeros(X.shape[1])
    weights, losses = [w], [loss(w)]
    for _ in range(steps):
        p = sigmoid(X @ w)  # (n,)
        g = X.T @ (p - y) / len(y) + 2 * price * w  # (d,)
        H = (X.T * (p * (1 - p))) @ X / len(y) + 2 * np.diag(price)  # (d, d)
        step = np.linalg.solve(H, g)
        while loss(w - step) > losses[-1]:  # far from the bottom a parabola may mislead
            step = step / 2
        if np.abs(step).max() <= 1e-9:
            break
        w = w - step
        weights.append(w)
        losses.append(loss(w))
    return Descent(np.array(weights), np.array(losses))


# Checks of arguments


def _check_yes_or_no(y: np.ndarray) -> None:
    if not np.isin(y, (0, 1)).all():  # -1 for no would give a wrong fit without a word
        raise ValueError(f"y must hold 1 for yes and 0 for no, got {np.unique(y)[:5]}.")


def _check_bias(X: np.ndarray, penalty: float) -> None:
    if penalty and not (X[:, 0] == 1).all():
        raise ValueError("X must begin with a column of ones if there is a penalty.")
