"""What can be measured on one series of numbers in their order."""

import numpy as np

from mlfa.book.checks import check_count, check_varies, check_vector


def autocorrelation(y: np.ndarray, n_lags: int) -> np.ndarray:
    """How alike a series is to itself, shifted by 0 to `n_lags` steps.

    Parameters
    ----------
    y : ndarray of shape (n_steps,)
        The series.
    n_lags : int
        The longest shift, in steps; below `n_steps`.

    Returns
    -------
    ndarray of shape (n_lags + 1,)
        Without unit, each between -1 and 1; the first is 1.

    Raises
    ------
    ValueError
        If the series is constant or not finite.

    References
    ----------
    [box2015time]

    Examples
    --------
    >>> autocorrelation(np.array([1.0, -1.0, 1.0, -1.0]), 2)
    array([ 1.  , -0.75,  0.5 ])
    """
    y = check_vector("y", y)
    check_varies("y", y)
    z = y - y.mean()  # (n_steps,)
    total = z @ z
    # One mean and one total for all lags. The sum over fewer products makes long lags
    # smaller, and keeps every value between -1 and 1.
    return np.array([z[: len(z) - lag] @ z[lag:] / total for lag in range(n_lags + 1)])


def differences(y: np.ndarray, lag: int = 1) -> np.ndarray:
    """What is added from one step to the one `lag` steps later.

    Parameters
    ----------
    y : ndarray of shape (n_steps,)
        The series.
    lag : int
        Steps between the two values.

    Returns
    -------
    ndarray of shape (n_steps - lag,)
        In the unit of `y`.

    Examples
    --------
    >>> differences(np.array([1.0, 4.0, 9.0, 16.0]))
    array([3., 5., 7.])
    """
    check_count("lag", lag)
    return y[lag:] - y[:-lag]


def block_moments(y: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of one block of steps after the other.

    Parameters
    ----------
    y : ndarray of shape (n_steps,)
        The series.
    length : int
        Steps of a block.

    Returns
    -------
    means, spreads : ndarrays of shape (n_steps // length,)
        In the unit of `y`. A last block that is not full is left out.

    Examples
    --------
    >>> block_moments(np.array([1.0, 3.0, 10.0, 10.0, 7.0]), 2)
    (array([ 2., 10.]), array([1., 0.]))
    """
    n_blocks = len(y) // length
    blocks = y[: n_blocks * length].reshape(n_blocks, length)
    return blocks.mean(axis=1), blocks.std(axis=1)  # (n_blocks,) each


def kpss_statistic(y: np.ndarray, n_lags: int) -> float:
    """How far the running sum of a series wanders, beside that of a stationary one.

    Parameters
    ----------
    y : ndarray of shape (n_steps,)
        The series.
    n_lags : int
        Lags up to which neighbors may be alike without counting as wandering.

    Returns
    -------
    float
        Without unit. In a long stationary series above `KPSS_LIMIT` in about 5 of 100
        cases.

    References
    ----------
    [kwiatkowski1992testing]

    Examples
    --------
    A level that moves up leaves a running sum that wanders off.

    >>> round(kpss_statistic(np.arange(100.0), n_lags=4), 2)
    2.1
    """
    r = autocorrelation(y, n_lags)  # (n_lags + 1,)
    z = y - np.mean(y)  # (n_steps,)
    weights = 1 - np.arange(1, n_lags + 1) / (n_lags + 1)  # (n_lags,)
    # Neighbors that are alike make sums wander more, at no fault of the mean: by this.
    spread = np.mean(z**2) * (1 + 2 * weights @ r[1:])
    return float(np.sum(np.cumsum(z) ** 2) / len(z) ** 2 / spread)


KPSS_LIMIT = 0.463  # table 1 of the source, level stationarity, 5 in 100
