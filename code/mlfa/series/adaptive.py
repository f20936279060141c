"""Intervals that ask for more after a miss, and for less after a hit."""

import numpy as np

from mlfa.book.checks import check_count, check_vector
from mlfa.series.intervals import conformal_radius


def adaptive_radii(
    residuals: np.ndarray, coverage: float, *, n_past: int, gamma: float
) -> np.ndarray:
    """Radii from the errors of the days before, for a coverage that is steered.

    Parameters
    ----------
    residuals : ndarray of shape (n_days,)
        Errors of forecasts that were made the evening before, in the order of time.
    coverage : float
        Share of days that should lie inside in the long run, above 0 and below 1.
    n_past : int
        A day's radius is learned from this many errors right before it.
    gamma : float
        How much the coverage that is asked for moves after each day. Zero leaves it
        alone; then only the errors it is read from move along.

    Returns
    -------
    ndarray of shape (n_days - n_past,)
        Radii for the days from `n_past` on, in the unit of the residuals. What is asked
        for can leave the range of what `n_past` errors can tell; then the smallest or
        the largest of them is taken. If that goes on, `coverage` need not be reached.

    References
    ----------
    [gibbs2021adaptive]

    Examples
    --------
    Errors that grow: the radius follows, too late each day, and all days are misses.

    >>> residuals = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])
    >>> adaptive_radii(residuals, coverage=0.5, n_past=3, gamma=0.2)
    array([2., 4., 5., 6., 7.])
    """
    residuals = check_vector("residuals", residuals)
    check_count("n_past", n_past)
    least, most = 1 / (n_past + 1), n_past / (n_past + 1)
    wanted, radii = coverage, []
    for t in range(n_past, len(residuals)):
        past = residuals[t - n_past : t]
        radii.append(conformal_radius(past, min(max(wanted, least), most)))
        is_inside = abs(residuals[t]) <= radii[-1]
        wanted += gamma * (coverage - is_inside)
    return np.array(radii)  # (n_days - n_past,)
