"""How sure one can be of a forecast, and of a mean of days that are alike."""

import math

import numpy as np

from mlfa.book.checks import check_vector


def conformal_radius(residuals: np.ndarray, coverage: float) -> float:
    """How far to go to both sides of a forecast, learned from its errors.

    Parameters
    ----------
    residuals : ndarray of shape (n,)
        Errors on samples that the model was not fitted to, in the unit of the target.
    coverage : float
        Share of new targets that should lie inside, above 0 and below 1.

    Returns
    -------
    float
        In the unit of the target.

    Raises
    ------
    ValueError
        If there are too few residuals for this coverage.

    References
    ----------
    [lei2018distribution]

    Examples
    --------
    Of ten errors, the new one among them, eight are at most the eighth smallest.

    >>> conformal_radius(np.array([1.0, -2, 3, -4, 5, -6, 7, -8, 9]), coverage=0.8)
    8.0
    """
    sizes = np.sort(np.abs(check_vector("residuals", residuals)))
    # In floating point 10 * 0.7 is 7.000000000000001, hence the hair taken off.
    rank = math.ceil((len(sizes) + 1) * coverage - 1e-9)
    if not 1 <= rank <= len(sizes):
        most = len(sizes) / (len(sizes) + 1)
        raise ValueError(
            f"coverage must be above 0 and at most {most}, got {coverage}."
        )
    return float(sizes[rank - 1])


def block_bootstrap(
    values: np.ndarray, length: int, n_draws: int, *, seed: int
) -> np.ndarray:
    """Means of series that are put together from random stretches of the one we have.

    Stretches keep neighbors together, so that days that are alike do not count as so
    many independent ones.

    Parameters
    ----------
    values : ndarray of shape (n_days,)
        The series.
    length : int
        Days of a stretch.
    n_draws : int
        Means to draw.
    seed : int
        Chooses the stretches.

    Returns
    -------
    ndarray of shape (n_draws,)
        In the unit of `values`.

    References
    ----------
    [kunsch1989jackknife]

    Examples
    --------
    >>> values = np.array([1.0, 1, 1, 5, 5, 5])
    >>> block_bootstrap(values, length=6, n_draws=3, seed=0)  # whole stretches
    array([3., 3., 3.])
    >>> block_bootstrap(values, length=1, n_draws=3, seed=0)  # single days
    array([3., 3., 5.])
    """
    values = check_vector("values", values)
    n_days = len(values)
    n_stretches = -(-n_days // length)
    starts = np.random.default_rng(seed).integers(n_days, size=(n_draws, n_stretches))
    # The end is joined to the beginning, so that all days are drawn equally often.
    days = (starts[:, :, None] + np.arange(length)) % n_days  # (n_draws, ..., length)
    days = days.reshape(n_draws, -1)[:, :n_days]  # (n_draws, n_days)
    return values[days].mean(axis=1)  # (n_draws,)
