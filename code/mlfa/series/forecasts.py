"""Forecasts to beat: the last value, the last cycle, the season, and a line."""

from typing import Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mlfa.book.checks import (
    check_features,
    check_fitted,
    check_matrix,
    check_positive,
    check_shapes,
    check_vector,
)
from mlfa.series.windows import make_windows


def persistence(last: np.ndarray, horizon: int = 1) -> np.ndarray:
    """Tomorrow will be as today: the last value, repeated for every step ahead.

    Parameters
    ----------
    last : ndarray of shape (n_samples,)
        The last known values.
    horizon : int
        Steps to predict.

    Returns
    -------
    ndarray of shape (n_samples, horizon)

    Examples
    --------
    >>> persistence(np.array([10.0, 12.5]), horizon=3)
    array([[10. , 10. , 10. ],
           [12.5, 12.5, 12.5]])
    """
    return np.repeat(check_vector("last", last)[:, None], horizon, axis=1)


def seasonal_naive(
    y: np.ndarray, origin: np.ndarray, horizon: int, period: int
) -> np.ndarray:
    """It will be as one cycle ago: the last known value from the same place in it.

    Parameters
    ----------
    y : ndarray of shape (n_steps,)
        The series.
    origin : ndarray of int, of shape (n_samples,)
        Row of the last known step of each forecast, at least `period` - 1.
    horizon : int
        Steps to predict.
    period : int
        Steps of a cycle. One step makes it persistence.

    Returns
    -------
    ndarray of shape (n_samples, horizon)

    Examples
    --------
    A week of numbers, and the next nine days.

    >>> week = np.array([1.0, 2, 3, 4, 5, 6, 7])
    >>> seasonal_naive(week, np.array([6]), horizon=9, period=7)
    array([[1., 2., 3., 4., 5., 6., 7., 1., 2.]])
    """
    ahead = np.arange(1, horizon + 1)
    back = period * -(-ahead // period)  # whole cycles, enough to be in the past
    rows = np.asarray(origin)[:, None] + ahead - back  # (n_samples, horizon)
    if rows.min() < 0:
        raise ValueError("origin must be at least period - 1: a cycle must be known.")
    return check_vector("y", y)[rows]


def season_features(dates: np.ndarray, n_harmonics: int = 1) -> np.ndarray:
    """Sines and cosines that go around once, twice, ... in a year.

    Parameters
    ----------
    dates : ndarray of datetime64[D], of shape (n_days,)
        The days.
    n_harmonics : int
        The fastest pair goes around this many times a year.

    Returns
    -------
    ndarray of shape (n_days, 2 * n_harmonics)
        Without unit. The last day of December lies next to the first of January.

    Raises
    ------
    ValueError
        If the dates are hours: what is usual then depends on the time of day, too.

    Examples
    --------
    >>> days = np.array(["2015-01-01", "2015-07-02"], dtype="datetime64[D]")
    >>> season_features(days).round(1) + 0.0
    array([[ 0.,  1.],
           [ 0., -1.]])
    """
    day = _check_days(dates)  # (n_days,)
    year = day.astype("datetime64[Y]")
    first = year.astype("datetime64[D]")
    behind = (year + np.timedelta64(1, "Y")).astype("datetime64[D]")
    angle = 2 * np.pi * (day - first).astype(int) / (behind - first).astype(int)
    harmonics = range(1, n_harmonics + 1)
    waves = [wave(k * angle) for k in harmonics for wave in (np.sin, np.cos)]
    return np.column_stack(waves)  # (n_days, 2 * n_harmonics)


class Climatology:
    """What is usual on that day of the year: a mean and a few waves, by least squares.

    Parameters
    ----------
    n_harmonics : int
        Few give a smooth year, many follow every warm week of the training years.

    Attributes
    ----------
    w : ndarray of shape (1 + 2 * n_harmonics,) or None
        The mean and the weights of the waves, in the unit of the series; None before
        `fit`.

    Examples
    --------
    >>> days = np.arange("2012-01-01", "2014-01-01", dtype="datetime64[D]")
    >>> y = 10 - 7 * season_features(days)[:, 1]
    >>> Climatology(n_harmonics=1).fit(days, y).w.round(6) + 0.0
    array([10.,  0., -7.])
    """

    def __init__(self, n_harmonics: int = 2) -> None:
        self.n_harmonics = n_harmonics
        self.w: np.ndarray | None = None

    def fit(self, dates: np.ndarray, y: np.ndarray) -> Self:
        """Learn from the training years.

        Parameters
        ----------
        dates : ndarray of datetime64[D], of shape (n_days,)
            The days.
        y : ndarray of shape (n_days,)
            The series on these days.
        """
        y = check_vector("y", y)
        self.w = np.linalg.lstsq(self._columns(dates), y, rcond=None)[0]
        return self

    def predict(self, dates: np.ndarray) -> np.ndarray:
        """The usual value on each of these days.

        Parameters
        ----------
        dates : ndarray of datetime64[D], of shape (n_days,)
            The days, of any year.

        Returns
        -------
        ndarray of shape (n_days,)
            In the unit of the series.
        """
        check_fitted(self, "w")
        return self._columns(dates) @ self.w

    def _columns(self, dates: np.ndarray) -> np.ndarray:
        waves = season_features(dates, self.n_harmonics)
        return np.column_stack([np.ones(len(waves)), waves])


class Ridge:
    """A line through everything a window holds, with a penalty on large weights.

    Parameters
    ----------
    penalty : float
        Weighs the sum of the squared weights against the sum of the squared errors. It
        treats all columns alike, so standardize them first.

    Attributes
    ----------
    W : ndarray of shape (n_columns, n_targets) or None
        The weights; None before `fit`.
    b : ndarray of shape (n_targets,) or None
        The biases; None before `fit`.

    References
    ----------
    [hoerl1970ridge]

    Examples
    --------
    >>> X, y = np.array([[1.0], [2.0], [3.0]]), np.array([[2.0], [4.0], [6.0]])
    >>> Ridge(penalty=1e-9).fit(X, y).predict(np.array([[5.0]])).round(6)
    array([[10.]])
    """

    def __init__(self, penalty: float) -> None:
        check_positive("penalty", penalty)
        self.penalty = penalty
        self.W: np.ndarray | None = None
        self.b: np.ndarray | None = None

    def fit(self, X: np.ndarray, y: np.ndarray) -> Self:
        """Learn the weights and the biases.

        Parameters
        ----------
        X : ndarray of shape (n_samples, ...)
            Windows, or rows of features; everything in a sample is a column.
        y : ndarray of shape (n_samples, n_targets)
            What is to be predicted.
        """
        A, Y = check_matrix("X", self._flat(X)), check_matrix("y", y)
        center, level = A.mean(axis=0), Y.mean(axis=0)  # (n_columns,), (n_targets,)
        A, Y = A - center, Y - level  # so that the bias carries no penalty
        self.W = np.linalg.solve(A.T @ A + self.penalty * np.eye(A.shape[1]), A.T @ Y)
        self.b = level - center @ self.W  # (n_targets,)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """What the line says.

        Parameters
        ----------
        X : ndarray of shape (n_samples, ...)
            Windows or rows, as `fit` saw them.

        Returns
        -------
        ndarray of shape (n_samples, n_targets)
            In the units of the targets.
        """
        return check_features(self, "W", self._flat(X)) @ self.W + self.b

    @staticmethod
    def _flat(X: np.ndarray) -> np.ndarray:
        return X.reshape(len(X), -1) if X.ndim > 2 else X  # (n_samples, n_columns)


def forecast_in_steps(model: Ridge, X: np.ndarray, horizon: int) -> np.ndarray:
    """Predict one step, take it for true, move the window on, and so forth.

    Parameters
    ----------
    model : Ridge
        Fitted to predict the next step (one target) of the series in its windows.
    X : ndarray of shape (n_samples, length, 1)
        Windows of the series alone: other columns have no forecast.
    horizon : int
        Steps to predict.

    Returns
    -------
    ndarray of shape (n_samples, horizon)
    """
    check_shapes(X=(X, "n_samples length 1"))
    steps = []
    for _ in range(horizon):
        steps.append(model.predict(X))  # (n_samples, 1)
        X = np.concatenate([X[:, 1:], steps[-1][:, :, None]], axis=1)
    return np.concatenate(steps, axis=1)  # (n_samples, horizon)


# Checks of arguments
def _check_days(dates: np.ndarray) -> np.ndarray:
    """The dates as days, or a ValueError if a time of day would be lost."""
    dates = np.asarray(dates, dtype="datetime64")
    days = dates.astype("datetime64[D]")
    if (days != dates).any():
        raise ValueError(
            f"dates must be days, got {dates[days != dates][0]}: make a mean for each"
            " day, or a climatology for each hour of the day."
        )
    return days


class SeasonalLine:
    """The season, and a line from the last days' anomalies to those of the days ahead.

    Every column loses its own season and is divided by its spread, both learned from
    the days that `fit` sees. With one column and one day it has a single weight for
    each day ahead.

    Parameters
    ----------
    length : int
        Days that it sees.
    penalty : float
        That of `Ridge`.
    horizon : int
        Days to predict.

    Attributes
    ----------
    seasons : list of Climatology or None
        One for each column; None before `fit`.
    spread : ndarray of shape (n_columns,) or None
        Spread of each column's anomaly in its unit; None before `fit`.
    line : Ridge or None
        From the anomalies to those of the first column, in its unit; None before `fit`.

    Examples
    --------
    >>> days = np.arange("2012-01-01", "2014-01-01", dtype="datetime64[D]")
    >>> noise = np.random.default_rng(0).normal(size=len(days))
    >>> X = (10 - 7 * season_features(days)[:, 1] + noise)[:, None]
    >>> model = SeasonalLine(length=2, penalty=1.0, horizon=3).fit(days, X)
    >>> model.predict(days, X).shape  # an evening for each day but the first
    (730, 3)
    """

    def __init__(
        self, length: int = 1, penalty: float = 10.0, horizon: int = 1
    ) -> None:
        self.length, self.penalty, self.horizon = length, penalty, horizon
        self.seasons: list[Climatology] | None = None
        self.spread: np.ndarray | None = None
        self.line: Ridge | None = None

    def fit(self, dates: np.ndarray, X: np.ndarray) -> Self:
        """Learn the seasons, the spreads and the line.

        Parameters
        ----------
        dates : ndarray of datetime64[D], of shape (n_days,)
            Days that follow one another.
        X : ndarray of shape (n_days, n_columns)
            The columns on these days; the first one is what is to be predicted.
        """
        self.seasons = [Climatology(2).fit(dates, column) for column in X.T]
        anomalies = self._anomalies(dates, X)  # (n_days, n_columns)
        self.spread = anomalies.std(axis=0)  # (n_columns,)
        windows = make_windows(
            anomalies / self.spread, anomalies[:, 0], self.length, self.horizon
        )
        self.line = Ridge(self.penalty).fit(windows.X, windows.y)
        return self

    def predict(self, dates: np.ndarray, X: np.ndarray) -> np.ndarray:
        """What is said on each evening, from day `length` - 1 on.

        Parameters
        ----------
        dates : ndarray of datetime64[D], of shape (n_days,)
            Days that follow one another, of any years.
        X : ndarray of shape (n_days, n_columns)
            The columns on these days.

        Returns
        -------
        ndarray of shape (n_days - length + 1, horizon)
            In the unit of the first column. Row i knows the days up to
            i + `length` - 1, and nothing after them.
        """
        check_fitted(self, "line")
        anomalies = self._anomalies(dates, X) / self.spread  # (n_days, n_columns)
        seen = sliding_window_view(anomalies, self.length, axis=0)
        seen = seen.transpose(0, 2, 1)  # (n_evenings, length, n_columns)
        return self.usual(dates[self.length - 1 :]) + self.line.predict(seen)

    def usual(self, dates: np.ndarray) -> np.ndarray:
        """The season of the first column on the days ahead: climatology's forecast.

        Parameters
        ----------
        dates : ndarray of datetime64[D], of shape (n_evenings,)
            The evenings on which it is said.

        Returns
        -------
        ndarray of shape (n_evenings, horizon)
            In the unit of the first column.
        """
        ahead = [self.seasons[0].predict(dates + k + 1) for k in range(self.horizon)]
        return np.stack(ahead, axis=1)  # (n_evenings, horizon)

    def _anomalies(self, dates: np.ndarray, X: np.ndarray) -> np.ndarray:
        usual = [season.predict(dates) for season in self.seasons]
        return X - np.stack(usual, axis=1)  # (n_days, n_columns)
