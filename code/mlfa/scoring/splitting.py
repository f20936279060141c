"""Part a data set into training, validation and test samples."""

from typing import Any, NamedTuple

import numpy as np

from mlfa.book.checks import check_same_length, check_vectors
from mlfa.book.ledger import Sealed

Fractions = tuple[float, float, float]


class Split(NamedTuple):
    """Row numbers of the three parts.

    Attributes
    ----------
    train, validation, test : ndarray of int
        The rows to fit with, to choose with, and to score once.
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def split_indices(
    n_samples: int,
    *,
    seed: int,
    fractions: Fractions = (0.6, 0.2, 0.2),
    shuffle: bool = True,
) -> Split:
    """Split row numbers at random, or in their order.

    Parameters
    ----------
    n_samples : int
        Number of rows to part.
    seed : int
        Chooses the shuffle. The same seed gives the same split.
    fractions : (float, float, float)
        Shares of training, validation and test; they sum to 1.
    shuffle : bool
        False keeps the order: the first rows train, the last test.

    Raises
    ------
    ValueError
        If the fractions do not fit or a part would be empty.

    Examples
    --------
    >>> split = split_indices(10, seed=0, shuffle=False)
    >>> split.train, split.validation, split.test
    (array([0, 1, 2, 3, 4, 5]), array([6, 7]), array([8, 9]))
    """
    _check_fractions(fractions)
    rows = np.arange(n_samples)
    if shuffle:
        rows = np.random.default_rng(seed).permutation(n_samples)
    borders = [round(n_samples * share) for share in np.cumsum(fractions)[:2]]
    return _check_parts(Split(*np.split(rows, borders)))


def split_spatial_blocks(
    latitude: np.ndarray,
    longitude: np.ndarray,
    *,
    seed: int,
    fractions: Fractions = (0.6, 0.2, 0.2),
    block_size: float = 1.0,
) -> Split:
    """Split by squares of the map, so that neighbors stay in one part.

    Squares are dealt out in a random order until each part has its share of the
    samples, so the shares are met up to the size of one square.

    Parameters
    ----------
    latitude, longitude : ndarray of shape (n_samples,)
        Position of each sample in degrees.
    seed : int
        Chooses the order of the squares.
    fractions : (float, float, float)
        Shares of training, validation and test; they sum to 1.
    block_size : float
        Side of a square in degrees.

    Raises
    ------
    ValueError
        If lengths differ, the fractions do not fit, or a part would be empty.

    References
    ----------
    [roberts2017cross]
    """
    latitude, longitude = check_vectors(latitude=latitude, longitude=longitude)
    _check_fractions(fractions)
    # A place on a border, such as 34.07 / 0.01, may be rounded to just below it.
    places = np.column_stack([latitude, longitude]) / block_size
    squares = np.floor(places + 1e-9)  # (n, 2)
    _, square, sizes = np.unique(
        squares, axis=0, return_inverse=True, return_counts=True
    )
    order = np.random.default_rng(seed).permutation(len(sizes))
    # The middle of a square on the line of all samples decides which part it falls in.
    middle = (np.cumsum(sizes[order]) - sizes[order] / 2) / len(latitude)
    part = np.empty(len(sizes), dtype=int)  # of each square: 0, 1 or 2
    part[order] = np.searchsorted(np.cumsum(fractions)[:2], middle, side="right")
    part = part[square.reshape(-1)]  # (n,): of each sample
    return _check_parts(Split(*(np.flatnonzero(part == k) for k in range(3))))


def apply_split(
    split: Split, *arrays: Any, name: str = "test rows"
) -> tuple[tuple[Any, ...], tuple[Any, ...], Sealed]:
    """The rows of each array in each part; those of the test part are sealed.

    Parameters
    ----------
    split : Split
        Row numbers of the parts, counted from 0 whatever labels a table has.
    *arrays : ndarray, Tensor, DataFrame or Series of n_samples rows
        For example ``X, y``.
    name : str
        What the test part is called where its opening is reported. A page that opens
        the test parts of several splits gives each a name of its own.

    Returns
    -------
    tuple of two tuples and a Sealed
        ``(X_train, y_train), (X_val, y_val), test`` for ``X, y``, and later
        ``X_test, y_test = test.open("the final score of the line")``.

    Raises
    ------
    ValueError
        If the arrays have different lengths, or not the length that was split.

    Examples
    --------
    >>> X, y = np.arange(20).reshape(10, 2), np.arange(10)
    >>> split = split_indices(10, seed=0)
    >>> (X_train, y_train), (X_val, y_val), test = apply_split(split, X, y)
    >>> X_train.shape, y_val.shape, len(test)
    ((6, 2), (2,), 2)
    """
    if not arrays:
        raise ValueError("arrays must hold at least one array, got none.")
    n_samples = check_same_length(
        **{f"array {i}": array for i, array in enumerate(arrays)}
    )
    n_split = sum(len(rows) for rows in split)
    if n_samples != n_split:
        raise ValueError(
            f"arrays must have the {n_split} rows that were split, got {n_samples}."
        )
    # Square brackets on a table of pandas look for labels; `iloc` counts rows.
    places = [getattr(array, "iloc", array) for array in arrays]
    train, validation, test = (tuple(place[rows] for place in places) for rows in split)
    return train, validation, Sealed(name, *test)


# Checks of arguments
def _check_fractions(fractions: Fractions) -> None:
    """Raise a ValueError unless these are three positive shares of one whole."""
    if len(fractions) != 3 or min(fractions) <= 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError(
            "fractions must be three positive numbers (train, validation, test) that"
            f" sum to 1, got {fractions}."
        )


def _check_parts(split: Split) -> Split:
    """The split itself, or a ValueError if a part is empty."""
    for name, rows in split._asdict().items():
        if len(rows) == 0:
            raise ValueError(
                f"the {name} part is empty: there are too few samples or groups for"
                " these fractions."
            )
    return split
