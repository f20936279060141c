"""A level that follows: a mean that forgets, and errors that correct a forecast."""

import numpy as np

from mlfa.book.checks import check_rises, check_shapes, check_share, check_vector


def smoothed_level(y: np.ndarray, alpha: float, start: float = 0.0) -> np.ndarray:
    """Move a level by a share of each error that it makes: exponential smoothing.

    Parameters
    ----------
    y : ndarray of shape (n_steps,)
        The series.
    alpha : float
        Share of the error, from 0, a level that never moves, to 1, the last value.
    start : float
        The level before anything was seen, in the unit of `y`.

    Returns
    -------
    ndarray of shape (n_steps + 1,)
        Entry t is the level that is known *before* step t: the forecast of `y[t]`. The
        last entry is the forecast of the step after the series.

    References
    ----------
    [hyndman2021forecasting]

    Examples
    --------
    >>> smoothed_level(np.array([4.0, 4.0, 0.0]), alpha=0.5)
    array([0. , 2. , 3. , 1.5])
    """
    y = check_vector("y", y)
    check_share("alpha", alpha)
    level = [float(start)]
    for value in y:
        level.append(level[-1] + alpha * (value - level[-1]))
    return np.array(level)  # (n_steps + 1,)


def running_correction(
    y: np.ndarray, y_pred: np.ndarray, origin: np.ndarray, alpha: float
) -> np.ndarray:
    """What to add to forecasts: the level of their past errors, as known that evening.

    Each number of days ahead has a level of its own, which starts at zero. On the
    evening of day t, a forecast for k days ahead can be judged if it was made on day
    t - k or before; later ones are still open.

    Parameters
    ----------
    y : ndarray of shape (n_samples, horizon)
        What came. Entry (i, k) is used from the evening of day origin[i] + k + 1 on.
    y_pred : ndarray of shape (n_samples, horizon)
        The forecasts to be corrected; none may be fitted to `y`.
    origin : ndarray of int, of shape (n_samples,)
        The day on whose evening each forecast was made, rising. Days may be missing.
    alpha : float
        How fast the level follows, from 0, no correction, to 1, the last known error.

    Returns
    -------
    ndarray of shape (n_samples, horizon)
        In the unit of `y`; the corrected forecasts are `y_pred` plus this.

    Examples
    --------
    Two days ahead, the error of the first forecast is known two evenings later.

    >>> y, y_pred = np.full((4, 2), 8.0), np.zeros((4, 2))
    >>> running_correction(y, y_pred, origin=np.arange(4), alpha=0.5)
    array([[0., 0.],
           [4., 0.],
           [6., 4.],
           [7., 6.]])
    """
    shape = "n_samples horizon"
    check_shapes(y=(y, shape), y_pred=(y_pred, shape), origin=(origin, "n_samples"))
    check_rises("origin", origin)
    correction = np.empty_like(y_pred, dtype=float)  # (n_samples, horizon)
    for k in range(y_pred.shape[1]):
        level = smoothed_level(y[:, k] - y_pred[:, k], alpha)  # (n_samples + 1,)
        # How many of these errors are known on each evening.
        n_known = np.searchsorted(origin + k + 1, origin, side="right")  # (n_samples,)
        correction[:, k] = level[n_known]
    return correction


def errors_by_alpha(
    y: np.ndarray, y_pred: np.ndarray, origin: np.ndarray, alphas: tuple[float, ...]
) -> dict[float, float]:
    """Mean absolute error of the corrected forecasts, for each share to choose from.

    Parameters
    ----------
    y, y_pred : ndarray of shape (n_samples, horizon)
        What came, and the forecasts to be corrected.
    origin : ndarray of int, of shape (n_samples,)
        The day on whose evening each forecast was made, rising.
    alphas : tuple of float
        The shares. Choose on days that nothing was fitted to, from shares wide enough
        apart that the best one is not the first or the last.

    Returns
    -------
    dict
        By share, the error over all samples and all days ahead, in the unit of `y`.

    Examples
    --------
    >>> y = np.array([[1.0], [5.0], [9.0]])
    >>> errors_by_alpha(y, np.zeros((3, 1)), np.arange(3), alphas=(0.0, 1.0))
    {0.0: 5.0, 1.0: 3.0}
    """
    return {
        alpha: float(
            np.abs(y - y_pred - running_correction(y, y_pred, origin, alpha)).mean()
        )
        for alpha in alphas
    }
