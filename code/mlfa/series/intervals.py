"""How sure one can be: an interval around a forecast, and around a mean of days that are alike."""

from __future__ import annotations

import math

import numpy as np

from mlfa.book.checks import check_count, check_vector


def conformal_radius(residuals: np.ndarray, coverage: float) -> float:
    """How far to go to both sides of a forecast, learned from its errors on data of its own.

    Parameters
    ----------
    residuals : ndarray of shape (n,)
        Errors on samples that the model was not fitted to, in the unit of the target.
    coverage : float
        Share of new targets that should lie inside, above 0 and below 1.

    Raises
    ------
    ValueError
        If there are too few residuals for this coverage.

    References
    ----------
    [lei2018distribution]
    """
    sizes = np.sort(np.abs(check_vector("residuals", residuals)))
    if not 0 < coverage < 1:
        raise ValueError(f"coverage must be above 0 and below 1, got {coverage!r}.")
    rank = math.ceil(
        (len(sizes) + 1) * coverage - 1e-9
    )  # 10 * 0.7 is 7.000000000000001 for the machine
    if rank > len(sizes):
        raise ValueError(
            f"residuals must be more than {len(sizes)} for a coverage of {coverage}."
        )
    return float(sizes[rank - 1])


def block_bootstrap(
    values: np.ndarray, length: int, n_draws: int, *, seed: int
) -> np.ndarray:
    """Means of series that are put together from random stretches of the one we have.

    Stretches keep neighbors together, so that days that are alike do not count as so many independent ones.

    Parameters
    ----------
    values : ndarray of shape (n_days,)
    length : int
        Days of a stretch.
    n_draws : int
        Means to draw.
    seed : int

    Returns
    -------
    ndarray of shape (n_draws,)

    References
    ----------
    [kunsch1989jackknife]
    """
    values = check_vector("values", values)
    check_count("length", length)
    check_count("n_draws", n_draws)
    n_days = len(values)
    n_stretches = -(-n_days // length)
    starts = np.random.default_rng(seed).integers(n_days, size=(n_draws, n_stretches))
    # The end is joined to the beginning, so that every day is drawn as often as any other.
    rows = (starts[:, :, None] + np.arange(length)) % n_days
    return values[rows.reshape(n_draws, -1)[:, :n_days]].mean(axis=1)
