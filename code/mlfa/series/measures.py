"""What can be measured on one series of numbers in their order."""

from __future__ import annotations

import numpy as np

from mlfa.book.checks import check_count, check_vector


def autocorrelation(y: np.ndarray, n_lags: int) -> np.ndarray:
    """How alike a series is to itself, shifted by 0 to `n_lags` steps.

    Parameters
    ----------
    y : ndarray of shape (n_steps,)
        The series.
    n_lags : int
        The longest shift.

    Returns
    -------
    ndarray of shape (n_lags + 1,)
        Without unit, each between -1 and 1; the first is 1.

    Raises
    ------
    ValueError
        If the series is constant or has no more than `n_lags` steps.

    References
    ----------
    [box2015time]
    """
    y = check_vector("y", y)
    check_count("n_lags", n_lags, least=0)
    if len(y) <= n_lags:
        raise ValueError(
            f"y must have more than n_lags = {n_lags} steps, got {len(y)}."
        )
    z = y - y.mean()
    total = z @ z
    if (
        total <= 1e-24 * len(y) * max(1.0, np.abs(y).max()) ** 2
    ):  # zero, up to the rounding of the mean
        raise ValueError("y must vary: a constant series has no autocorrelation.")
    # One mean and one total for all lags. The sum over fewer products makes long lags
    # smaller, and keeps every value between -1 and 1.
    return np.array([z[: len(z) - lag] @ z[lag:] / total for lag in range(n_lags + 1)])


def differences(y: np.ndarray, lag: int = 1) -> np.ndarray:
    """What is added from one step to the one `lag` steps later, of shape (n_steps - lag,)."""
    y = check_vector("y", y)
    check_count("lag", lag)
    if len(y) <= lag:
        raise ValueError(f"y must have more than lag = {lag} steps, got {len(y)}.")
    return y[lag:] - y[:-lag]


def block_moments(y: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of one block of `length` steps after the other.

    Returns
    -------
    (means, spreads) : ndarrays of shape (n_steps // length,)
        A last block that is not full is left out.
    """
    y = check_vector("y", y)
    check_count("length", length)
    if len(y) < length:
        raise ValueError(f"y must have at least length = {length} steps, got {len(y)}.")
    blocks = y[: len(y) // length * length].reshape(-1, length)
    return blocks.mean(axis=1), blocks.std(axis=1)


def kpss_statistic(y: np.ndarray, n_lags: int) -> float:
    """How far the running sum of a series wanders, beside what a stationary one would do.

    Parameters
    ----------
    y : ndarray of shape (n_steps,)
        The series.
    n_lags : int
        Lags up to which neighbors may be alike without counting as wandering.

    Returns
    -------
    float
        Without unit. In a long stationary series above `KPSS_LIMIT` in about 5 of 100 cases.

    References
    ----------
    [kwiatkowski1992testing]
    """
    r = autocorrelation(y, n_lags)
    z = np.asarray(y, dtype=float) - np.mean(y)
    weights = 1 - np.arange(1, n_lags + 1) / (n_lags + 1)
    # Neighbors that are alike make sums wander more, at no fault of the mean: this is by how much.
    spread = np.mean(z**2) * (1 + 2 * weights @ r[1:])
    return float(np.sum(np.cumsum(z) ** 2) / len(z) ** 2 / spread)


KPSS_LIMIT = 0.463  # table 1 of the source, level stationarity, 5 in 100
