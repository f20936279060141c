"""Three forecasts to beat: the last value, the season, and a line through the past."""

from __future__ import annotations

import numpy as np

from mlfa.book.checks import (
    check_count,
    check_matrix,
    check_positive,
    check_same_length,
    check_vector,
)


def mae(y: np.ndarray, y_pred: np.ndarray) -> float:
    """Mean absolute error, in the unit of `y`, over all entries of two arrays of one shape."""
    y, y_pred = np.asarray(y, dtype=float), np.asarray(y_pred, dtype=float)
    if y.shape != y_pred.shape or y.size == 0:
        raise ValueError(
            f"y and y_pred must have one shape and not be empty, got {y.shape} and"
            f" {y_pred.shape}."
        )
    return float(np.mean(np.abs(y - y_pred)))


def persistence(last: np.ndarray, horizon: int = 1) -> np.ndarray:
    """Tomorrow will be as today: the last known values (n_samples,), repeated to (n_samples, horizon)."""
    check_count("horizon", horizon)
    return np.repeat(check_vector("last", last)[:, None], horizon, axis=1)


def season_features(dates: np.ndarray, n_harmonics: int = 1) -> np.ndarray:
    """Sines and cosines that go around once, twice, ... in a year.

    Parameters
    ----------
    dates : ndarray of datetime64[D], of shape (n_days,)
    n_harmonics : int
        The fastest pair goes around this many times a year.

    Returns
    -------
    ndarray of shape (n_days, 2 * n_harmonics)
        Without unit. The last day of December lies next to the first of January.
    """
    check_count("n_harmonics", n_harmonics)
    dates = np.asarray(dates, dtype="datetime64[D]")
    year = dates.astype("datetime64[Y]")
    first, following = (
        year.astype("datetime64[D]"),
        (year + np.timedelta64(1, "Y")).astype("datetime64[D]"),
    )
    angle = 2 * np.pi * (dates - first).astype(int) / (following - first).astype(int)
    return np.column_stack(
        [
            wave(k * angle)
            for k in range(1, n_harmonics + 1)
            for wave in (np.sin, np.cos)
        ]
    )


class Climatology:
    """What is usual on that day of the year: a mean and a few waves, fitted by least squares.

    Parameters
    ----------
    n_harmonics : int
        Few give a smooth year, many follow every warm week of the training years.

    Attributes
    ----------
    w : ndarray of shape (1 + 2 * n_harmonics,)
        The mean and the weights of the waves, in the unit of the series.
    """

    w: np.ndarray | None = None

    def __init__(self, n_harmonics: int = 2) -> None:
        check_count("n_harmonics", n_harmonics)
        self.n_harmonics = n_harmonics

    def fit(self, dates: np.ndarray, y: np.ndarray) -> Climatology:
        """Learn from the training years; `dates` and `y` of shape (n_days,)."""
        check_same_length(dates=dates, y=y)
        self.w = np.linalg.lstsq(
            self._columns(dates), check_vector("y", y), rcond=None
        )[0]
        return self

    def predict(self, dates: np.ndarray) -> np.ndarray:
        """The usual value on each of these days, of shape (n_days,)."""
        if self.w is None:
            raise ValueError("this Climatology knows no year yet: call fit first.")
        return self._columns(dates) @ self.w

    def _columns(self, dates: np.ndarray) -> np.ndarray:
        waves = season_features(dates, self.n_harmonics)
        return np.column_stack([np.ones(len(waves)), waves])


class Ridge:
    """A line through everything a window holds, with a penalty on large weights.

    Parameters
    ----------
    penalty : float
        Weighs the sum of the squared weights against the sum of the squared errors. It treats all
        columns alike, so standardize them first.

    Attributes
    ----------
    W : ndarray of shape (n_columns, n_targets)
    b : ndarray of shape (n_targets,)

    References
    ----------
    [hoerl1970ridge]
    """

    W: np.ndarray | None = None
    b: np.ndarray | None = None

    def __init__(self, penalty: float) -> None:
        check_positive("penalty", penalty)
        self.penalty = penalty

    def fit(self, X: np.ndarray, y: np.ndarray) -> Ridge:
        """Learn from windows or rows `X` (n_samples, ...) and targets `y` (n_samples, n_targets)."""
        A, Y = self._flat(X), check_matrix("y", y)
        check_same_length(X=A, y=Y)
        center, level = A.mean(axis=0), Y.mean(axis=0)
        A, Y = A - center, Y - level  # so that the bias carries no penalty
        self.W = np.linalg.solve(A.T @ A + self.penalty * np.eye(A.shape[1]), A.T @ Y)
        self.b = level - center @ self.W
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions of shape (n_samples, n_targets)."""
        if self.W is None:
            raise ValueError("this Ridge knows no training data yet: call fit first.")
        A = self._flat(X)
        if A.shape[1] != len(self.W):
            raise ValueError(
                f"X must have the {len(self.W)} columns seen by fit, got {A.shape[1]}."
            )
        return A @ self.W + self.b

    @staticmethod
    def _flat(X: np.ndarray) -> np.ndarray:
        X = np.asarray(X, dtype=float)
        return check_matrix("X", X.reshape(len(X), -1) if X.ndim > 2 else X)


def forecast_in_steps(model: Ridge, X: np.ndarray, horizon: int) -> np.ndarray:
    """Predict one step, take it for true, move the window on, and so forth.

    Parameters
    ----------
    model : Ridge
        Fitted to predict the next step (one target) of the series that its windows hold.
    X : ndarray of shape (n_samples, length, 1)
        Windows of the series alone.

    Returns
    -------
    ndarray of shape (n_samples, horizon)
    """
    check_count("horizon", horizon)
    if X.ndim != 3 or X.shape[2] != 1:
        raise ValueError(
            f"X must have shape (n_samples, length, 1), got {X.shape}: other columns"
            " have no forecast."
        )
    steps = []
    for _ in range(horizon):
        steps.append(model.predict(X))
        X = np.concatenate([X[:, 1:], steps[-1][:, :, None]], axis=1)
    return np.concatenate(steps, axis=1)
