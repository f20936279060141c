"""How mixed is a group of yes and no? Gini impurity, entropy, and splits by both."""

from collections.abc import Callable

import numpy as np
from scipy.special import entr

from mlfa.book.checks import check_shapes


def gini(p: np.ndarray) -> np.ndarray:
    """Twice the least mean squared error of a constant.

    Parameters
    ----------
    p : float or ndarray
        Share of yes in a group.

    Returns
    -------
    ndarray of the shape of `p`
        From 0 (all the same) to 1/2.

    References
    ----------
    [breiman1984classification]

    Examples
    --------
    >>> gini(np.array([0.0, 0.5, 1.0]))
    array([0. , 0.5, 0. ])
    """
    return 2 * p * (1 - p)


def entropy(p: np.ndarray) -> np.ndarray:
    """The least cross-entropy of a constant.

    Parameters
    ----------
    p : float or ndarray
        Share of yes in a group.

    Returns
    -------
    ndarray of the shape of `p`
        From 0 (all the same) to ln 2.

    Examples
    --------
    >>> entropy(np.array([0.0, 0.5, 1.0]))
    array([0.        , 0.69314718, 0.        ])
    """
    return entr(p) + entr(1 - p)  # entr(p) is -p ln p, and 0 for p = 0


def split_impurities(
    x: np.ndarray, y: np.ndarray, impurity: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Every threshold that parts the values of one feature, and what it leaves mixed.

    Parameters
    ----------
    x : ndarray of shape (n_samples,)
        One feature.
    y : ndarray of shape (n_samples,)
        1 for yes, 0 for no.
    impurity : callable
        `gini` or `entropy`.

    Returns
    -------
    thresholds, impurities : ndarray of shape (n_thresholds,)
        Midpoints between neighboring values, and the mean impurity of the two sides,
        weighted by their numbers of samples.

    Examples
    --------
    >>> split_impurities(np.array([1.0, 2.0, 4.0]), np.array([0, 0, 1]), gini)
    (array([1.5, 3. ]), array([0.33333333, 0.        ]))
    """
    check_shapes(x=(x, "n"), y=(y, "n"))
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]  # (n,)
    n_left = np.arange(1, len(x))  # (n - 1,), as all that follows
    n_right = len(x) - n_left
    yes_left = np.cumsum(y)[:-1]
    yes_right = y.sum() - yes_left
    left, right = impurity(yes_left / n_left), impurity(yes_right / n_right)
    mixed = (n_left * left + n_right * right) / len(x)
    allowed = x[1:] > x[:-1]
    return ((x[1:] + x[:-1]) / 2)[allowed], mixed[allowed]
