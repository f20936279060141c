"""Forecasts from many evenings: which evenings, what came, what a line says."""

import numpy as np

from mlfa.book.checks import check_count
from mlfa.series.forecasts import SeasonalLine


def evenings(first: int, end: int, horizon: int) -> np.ndarray:
    """Rows of the evenings whose days ahead all lie in a stretch of days.

    Parameters
    ----------
    first, end : int
        The stretch: rows from `first` up to, but not with, `end`. The first evening is
        that of the day before it.
    horizon : int
        Number of days ahead.

    Returns
    -------
    ndarray of int, of shape (n_samples,)
        Empty if the stretch is shorter than the horizon.

    Examples
    --------
    Two days ahead, all of them in the rows 10 to 13.

    >>> evenings(10, 14, horizon=2)
    array([ 9, 10, 11])
    """
    check_count("first", first)
    check_count("horizon", horizon)
    return np.arange(first - 1, end - horizon)


def came(y: np.ndarray, origin: np.ndarray, horizon: int) -> np.ndarray:
    """What came on the days after each evening.

    Parameters
    ----------
    y : ndarray of shape (n_steps,)
        The series.
    origin : ndarray of int, of shape (n_samples,)
        Row of the last known day of each evening.
    horizon : int
        Number of days ahead.

    Returns
    -------
    ndarray of shape (n_samples, horizon)

    Examples
    --------
    >>> came(np.array([10.0, 11.0, 12.0, 13.0]), np.array([0, 1]), horizon=2)
    array([[11., 12.],
           [12., 13.]])
    """
    check_count("horizon", horizon)
    return y[origin[:, None] + np.arange(1, horizon + 1)]


def line_from(
    dates: np.ndarray,
    X: np.ndarray,
    n_fit: int,
    origin: np.ndarray,
    length: int = 1,
    penalty: float = 1.0,
    horizon: int = 7,
) -> np.ndarray:
    """What a line says on these evenings that was fitted to the first days.

    Parameters
    ----------
    dates : ndarray of datetime64, of shape (n_steps,)
        The days.
    X : ndarray of shape (n_steps, n_columns)
        What was measured; the first column is forecast.
    n_fit : int
        Number of days, from the first on, that the line is fitted to.
    origin : ndarray of int, of shape (n_samples,)
        Rows of the evenings, each at least `length` - 1.
    length : int
        Days that the line sees.
    penalty : float
        Strength of the penalty on its weights.
    horizon : int
        Number of days ahead.

    Returns
    -------
    ndarray of shape (n_samples, horizon)

    Examples
    --------
    A year that repeats itself holds no surprise.

    >>> dates = np.arange("2010", "2013", dtype="datetime64[D]")
    >>> X = np.cos(2 * np.pi * np.arange(len(dates)) / 365.25)[:, None]
    >>> said = line_from(dates, X, 731, evenings(731, 1096, 1), horizon=1)
    >>> bool(np.abs(said - came(X[:, 0], evenings(731, 1096, 1), 1)).max() < 0.02)
    True
    """
    model = SeasonalLine(length, penalty, horizon).fit(dates[:n_fit], X[:n_fit])
    return model.predict(dates, X)[origin - length + 1]
