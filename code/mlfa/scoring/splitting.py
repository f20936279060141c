"""Part a data set into training, validation and test samples."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mlfa.book.checks import (
    check_count,
    check_positive,
    check_same_length,
    check_vector,
)
from mlfa.book.ledger import Sealed

Fractions = tuple[float, float, float]


class Split(NamedTuple):
    """Row numbers of the three parts, each an integer array."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def check_fractions(fractions: Fractions) -> None:
    """Raise a ValueError unless these are three positive shares of one whole."""
    if len(fractions) != 3 or min(fractions) <= 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError(
            "fractions must be three positive numbers (train, validation, test) that"
            f" sum to 1, got {fractions}."
        )


def check_parts(split: Split) -> Split:
    """Raise a ValueError if a part is empty."""
    for name, rows in split._asdict().items():
        if len(rows) == 0:
            raise ValueError(
                f"the {name} part is empty: there are too few samples or groups for"
                " these fractions."
            )
    return split


def split_indices(
    n_samples: int,
    fractions: Fractions = (0.6, 0.2, 0.2),
    *,
    seed: int,
    shuffle: bool = True,
) -> Split:
    """Split row numbers at random, or in their order when `shuffle` is false.

    Parameters
    ----------
    n_samples : int
        Number of rows to part.
    fractions : (float, float, float)
        Shares of training, validation and test; they sum to 1.
    seed : int
        Chooses the shuffle. The same seed gives the same split.
    shuffle : bool
        False keeps the order: the first rows train, the last test.

    Returns
    -------
    Split

    Raises
    ------
    ValueError
        If the fractions do not fit or a part would be empty.
    """
    check_count("n_samples", n_samples)
    check_fractions(fractions)
    rows = (
        np.random.default_rng(seed).permutation(n_samples)
        if shuffle
        else np.arange(n_samples)
    )
    first = round(n_samples * fractions[0])
    second = round(n_samples * (fractions[0] + fractions[1]))
    return check_parts(Split(rows[:first], rows[first:second], rows[second:]))


def split_spatial_blocks(
    latitude: np.ndarray,
    longitude: np.ndarray,
    fractions: Fractions = (0.6, 0.2, 0.2),
    *,
    seed: int,
    block_size: float = 1.0,
) -> Split:
    """Split by squares of the map, so that neighbors stay in one part.

    Squares are dealt out in a random order until each part has its share of the
    samples, so the shares are met up to the size of one square.

    Parameters
    ----------
    latitude, longitude : ndarray of shape (n_samples,)
        Position of each sample in degrees.
    fractions : (float, float, float)
        Shares of training, validation and test; they sum to 1.
    seed : int
        Chooses the order of the squares.
    block_size : float
        Side of a square in degrees.

    Returns
    -------
    Split

    Raises
    ------
    ValueError
        If lengths differ, the fractions do not fit, or a part would be empty.

    References
    ----------
    [roberts2017cross]
    """
    latitude, longitude = (
        check_vector("latitude", latitude),
        check_vector("longitude", longitude),
    )
    n_samples = check_same_length(latitude=latitude, longitude=longitude)
    check_fractions(fractions)
    check_positive("block_size", block_size)
    cells = np.floor(np.column_stack([latitude, longitude]) / block_size).astype(int)
    _, block, sizes = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(sizes))
    # The middle of a square on the line of all samples decides which part it falls in.
    middle = (np.cumsum(sizes[order]) - sizes[order] / 2) / n_samples
    part = np.empty(len(sizes), dtype=int)
    part[order] = np.searchsorted(
        [fractions[0], fractions[0] + fractions[1]], middle, side="right"
    )
    part_of_sample = part[block.reshape(-1)]
    return check_parts(Split(*(np.flatnonzero(part_of_sample == k) for k in range(3))))


def apply_split(
    split: Split, *arrays: Any, name: str = "test rows"
) -> tuple[tuple[Any, ...], tuple[Any, ...], Sealed]:
    """The rows of each array in each part; those of the test part are sealed until you open them for a reason.

    Parameters
    ----------
    split : Split
    *arrays : ndarray or Tensor of shape (n_samples, ...)
        For example ``X, y``.
    name : str
        What the test part is called where its opening is reported. A page that opens the test parts of
        several splits gives each a name of its own.

    Returns
    -------
    tuple of two tuples and a Sealed
        ``(X_train, y_train), (X_val, y_val), test`` for ``X, y``, and later
        ``X_test, y_test = test.open("the final score of the line")``.

    Raises
    ------
    ValueError
        If the arrays have different lengths, or not the length that was split.
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
    train, validation, test = (tuple(array[rows] for array in arrays) for rows in split)
    return train, validation, Sealed(name, *test)
