"""Does nine in ten come true nine times in ten? Count it, and mend it by one number."""

import numpy as np

from mlfa.book.checks import check_shapes
from mlfa.tabular.logistic import newton


def reliability(
    p: np.ndarray, y: np.ndarray, borders: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mean stated probability and share of yes, in groups of alike probabilities.

    Parameters
    ----------
    p : ndarray of shape (n_samples,)
        Stated probability of a yes.
    y : ndarray of shape (n_samples,)
        1 for yes, 0 for no.
    borders : ndarray of shape (n_borders,)
        Rising probabilities between which the groups lie. A probability at a border
        belongs above it.

    Returns
    -------
    stated, counted : ndarray of shape (n_groups,)
        Empty groups are left out, so there are n_borders + 1 groups at the most.

    Examples
    --------
    >>> reliability(np.array([0.1, 0.3, 0.9]), np.array([0, 1, 1]), np.array([0.5]))
    (array([0.2, 0.9]), array([0.5, 1. ]))
    """
    check_shapes(p=(p, "n"), y=(y, "n"))
    group = np.digitize(p, borders)  # (n,)
    n = np.bincount(group, minlength=len(borders) + 1)
    stated, counted = (np.bincount(group, v, len(n))[n > 0] for v in (p, y))
    return stated / n[n > 0], counted / n[n > 0]


def temperature(z: np.ndarray, y: np.ndarray) -> float:
    """The number by which log-odds must be divided to have the least cross-entropy.

    Parameters
    ----------
    z : ndarray of shape (n_samples,)
        Log-odds that a model states for rows which it was not fitted to.
    y : ndarray of shape (n_samples,)
        1 for yes, 0 for no.

    Returns
    -------
    float
        Above 1 if the model was too sure, below 1 if it was not sure enough.

    Raises
    ------
    ValueError
        If the log-odds point the wrong way: no temperature mends that.

    References
    ----------
    [guo2017calibration]

    Examples
    --------
    >>> z, y = np.array([4.0, 4.0, 4.0, 4.0]), np.array([1, 1, 1, 0])
    >>> round(temperature(z, y), 3)  # ln 3 is what they should be
    3.641
    """
    slope = newton(z[:, None], y).w[0]  # the weight of one column, without a bias
    if slope <= 0:
        raise ValueError(f"z must be higher for a yes, got a slope of {slope:.3g}.")
    return float(1 / slope)
