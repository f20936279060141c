"""Forecasts of quantiles, and what they and their intervals are scored by."""

from typing import Self

import numpy as np
from scipy.optimize import linprog

from mlfa.book.checks import check_features, check_share, check_table, check_vectors


def pinball_loss(y: np.ndarray, y_pred: np.ndarray, level: float) -> float:
    """Mean loss whose best constant is a quantile: two slopes instead of one.

    Parameters
    ----------
    y, y_pred : ndarray of shape (n_samples,)
        What came, and what was said, in one unit.
    level : float
        The price of a unit that the truth lies above what was said, above 0 and below
        1; a unit below costs 1 - `level`.

    Returns
    -------
    float
        In the unit of `y`; half the mean absolute error for a level of 1/2.

    References
    ----------
    [koenker1978regression]

    Examples
    --------
    >>> pinball_loss(np.array([10.0, 10.0]), np.array([9.0, 11.0]), level=0.75)
    0.5
    """
    y, y_pred = check_vectors(y=y, y_pred=y_pred)
    check_share("level", level, ends=False)
    error = y - y_pred  # (n_samples,)
    return float(np.maximum(level * error, (level - 1) * error).mean())


def interval_score(
    y: np.ndarray, lower: np.ndarray, upper: np.ndarray, coverage: float
) -> float:
    """Mean width of intervals, and a fine for each truth that lies outside.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        What came.
    lower, upper : ndarray of shape (n_samples,)
        The ends of each interval, in the unit of `y`.
    coverage : float
        Share of truths that should lie inside, above 0 and below 1.

    Returns
    -------
    float
        In the unit of `y`; less is better.

    References
    ----------
    [gneiting2007strictly]

    Examples
    --------
    Two intervals of width 4; the second misses by 1, which costs 2 / (1 - 0.5).

    >>> y, lower = np.array([1.0, 5.0]), np.array([0.0, 0.0])
    >>> interval_score(y, lower, lower + 4, coverage=0.5)
    6.0
    """
    y, lower, upper = check_vectors(y=y, lower=lower, upper=upper)
    check_share("coverage", coverage, ends=False)
    missed = np.maximum(lower - y, 0) + np.maximum(y - upper, 0)  # (n_samples,)
    return float(np.mean(upper - lower + 2 / (1 - coverage) * missed))


class QuantileLine:
    """A line below which a stated share of the training targets lies.

    Parameters
    ----------
    level : float
        That share, above 0 and below 1.

    Attributes
    ----------
    w : ndarray of shape (n_features,) or None
        The weights; None before `fit`.
    b : float or None
        The bias; None before `fit`.

    References
    ----------
    [koenker1978regression]

    Examples
    --------
    >>> X, y = np.zeros((5, 1)), np.array([1.0, 2.0, 3.0, 4.0, 50.0])
    >>> QuantileLine(level=0.5).fit(X, y).predict(np.zeros((1, 1)))
    array([3.])
    """

    def __init__(self, level: float) -> None:
        check_share("level", level, ends=False)
        self.level = level
        self.w: np.ndarray | None = None
        self.b: float | None = None

    def fit(self, X: np.ndarray, y: np.ndarray) -> Self:
        """Minimize the pinball loss, as a linear program.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            The features.
        y : ndarray of shape (n_samples,)
            The targets.
        """
        X, y = check_table(X, y)
        n, d = X.shape
        # Unknown are b and w, and for each sample how far y lies above the line and
        # how far below: y = b + X w + above - below, with above, below >= 0.
        A = np.hstack([np.ones((n, 1)), X, np.eye(n), -np.eye(n)])  # (n, 1 + d + 2 n)
        prices = np.repeat([0.0, self.level, 1 - self.level], [1 + d, n, n])
        bounds = [(None, None)] * (1 + d) + [(0, None)] * (2 * n)
        found = linprog(prices, A_eq=A, b_eq=y, bounds=bounds).x  # (1 + d + 2 n,)
        self.b, self.w = float(found[0]), found[1 : 1 + d]
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The line at each sample.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            The features.

        Returns
        -------
        ndarray of shape (n_samples,)
            In the unit of the target.
        """
        return check_features(self, "w", X) @ self.w + self.b
