"""How sure is a mean? Draw the rows again and see how far it moves."""

import numpy as np

from mlfa.book.checks import check_shapes, check_vector


def bootstrap_means(
    values: np.ndarray,
    n_draws: int,
    *,
    seed: int,
    groups: np.ndarray | None = None,
) -> np.ndarray:
    """Means of samples that are drawn, with replacement, from the one we have.

    With the differences of two models' squared errors on the same rows for values, it
    is a paired bootstrap.

    Parameters
    ----------
    values : ndarray of shape (n_samples,)
        A number for each row.
    n_draws : int
        Means to draw.
    seed : int
        Chooses what is drawn.
    groups : ndarray of shape (n_samples,), optional
        The group of each row. Given, whole groups are drawn, as many as there are;
        otherwise rows.

    Returns
    -------
    ndarray of shape (n_draws,)
        In the unit of `values`.

    References
    ----------
    [efron1979bootstrap]

    Examples
    --------
    >>> values = np.array([1.0, 1.0, 1.0, 5.0])
    >>> bootstrap_means(values, 4, seed=0)
    array([2., 1., 3., 2.])
    >>> bootstrap_means(values, 4, seed=0, groups=np.array([0, 0, 1, 1]))
    array([3., 2., 1., 1.])
    """
    values = check_vector("values", values)
    if groups is None:
        groups = np.arange(len(values))  # each row is a group of its own
    check_shapes(values=(values, "n"), groups=(groups, "n"))
    _, number = np.unique(groups, return_inverse=True)
    sums, counts = np.bincount(number, values), np.bincount(number)  # (n_groups,)
    rng, means = np.random.default_rng(seed), []
    for _ in range(n_draws):
        drawn = rng.integers(len(sums), size=len(sums))
        means.append(sums[drawn].sum() / counts[drawn].sum())
    return np.array(means)
