"""Let every row be judged once, by a model that has not seen it: cross-validation."""

from typing import Any, NamedTuple

import numpy as np


class Fold(NamedTuple):
    """Row numbers of one round.

    Attributes
    ----------
    train, held_out : ndarray of int
        The rows to fit with and the rows to judge by, each in ascending order.
    """

    train: np.ndarray
    held_out: np.ndarray


def k_folds(n_samples: int, n_folds: int, *, seed: int) -> list[Fold]:
    """Deal out rows at random, so that each is held out in exactly one fold.

    Parameters
    ----------
    n_samples : int
        Number of rows to deal out.
    n_folds : int
        Number of folds, at least 2. Their sizes differ by one row at most.
    seed : int
        Chooses the order of the rows.

    Raises
    ------
    ValueError
        If there are fewer rows than folds: one would be empty.

    References
    ----------
    [stone1974cross]

    Examples
    --------
    >>> for train, held_out in k_folds(5, 2, seed=0):
    ...     print(train, held_out)
    [0 1] [2 3 4]
    [2 3 4] [0 1]
    """
    if not 2 <= n_folds <= n_samples:
        raise ValueError(f"n_folds must be from 2 to {n_samples}, got {n_folds}.")
    rows = np.random.default_rng(seed).permutation(n_samples)
    parts = np.array_split(rows, n_folds)
    return [Fold(np.setdiff1d(rows, part), np.sort(part)) for part in parts]


def group_folds(groups: np.ndarray, n_folds: int, *, seed: int) -> list[Fold]:
    """Deal out whole groups at random, so that no group is on both sides of a fold.

    Parameters
    ----------
    groups : ndarray of shape (n_samples,)
        The group of each row: a number or a name.
    n_folds : int
        Number of folds. They have equally many groups, and not equally many rows.
    seed : int
        Chooses the order of the groups.

    References
    ----------
    [roberts2017cross]

    Examples
    --------
    >>> for train, held_out in group_folds(np.array(["a", "a", "b", "c"]), 3, seed=0):
    ...     print(train, held_out)
    [0 1 2] [3]
    [2 3] [0 1]
    [0 1 3] [2]
    """
    names, number = np.unique(groups, return_inverse=True)
    rounds = k_folds(len(names), n_folds, seed=seed)  # folds of groups
    return [
        Fold(*(np.flatnonzero(np.isin(number, part)) for part in fold))
        for fold in rounds
    ]


def cross_predict(
    model: Any, X: np.ndarray, y: np.ndarray, folds: list[Fold]
) -> np.ndarray:
    """Predict each row by the model that was fitted without it.

    Parameters
    ----------
    model : object with ``fit(X, y)``, which returns the model, and ``predict(X)``
        Is fitted anew for every fold. Whatever it learns must be learned in `fit`.
    X : ndarray of shape (n_samples, n_features)
        Features.
    y : ndarray of shape (n_samples,)
        Target.
    folds : list of Fold
        Their held-out rows are all rows, each once.

    Returns
    -------
    ndarray of shape (n_samples,)
        Predictions, in the unit of y.

    Raises
    ------
    ValueError
        If a row is held out never or more than once.
    """
    held_out = np.concatenate([fold.held_out for fold in folds])
    if not np.array_equal(np.sort(held_out), np.arange(len(y))):
        raise ValueError(f"folds must hold out each of the {len(y)} rows once.")
    y_pred = np.empty(len(y))
    for fold in folds:
        model = model.fit(X[fold.train], y[fold.train])
        y_pred[fold.held_out] = model.predict(X[fold.held_out])
    return y_pred
