"""Columns that look like a mistake: row numbers, constants, answers in disguise."""

from collections.abc import Hashable, Iterable

import numpy as np
import pandas as pd

from mlfa.book.checks import check_same_length


def suspicious_columns(
    X: pd.DataFrame,
    y: np.ndarray,
    *,
    too_good: float = 0.99,
    nearly_all: float = 0.95,
) -> dict[str, str]:
    """Columns that deserve a second look before a model sees them, and why.

    Parameters
    ----------
    X : DataFrame of n_samples rows
        Numbers or text; holes are allowed.
    y : ndarray of shape (n_samples,)
        The target, as numbers.
    too_good : float
        Rank correlation with the target, in size, from which on a column is taken for
        the answer in disguise.
    nearly_all : float
        Share of its values from which on a column of words or whole numbers is taken
        for a name of the row, if they all differ: a few rows may stand there twice.

    Returns
    -------
    dict of str to str
        Name of a column and what is odd about it. Nothing here proves a mistake, and an
        empty dict proves nothing either.

    Examples
    --------
    >>> X = pd.DataFrame({"person": [7, 3, 5], "country": ["A", "A", "A"]})
    >>> for name, reason in suspicious_columns(X, np.array([1.0, 2.0, 1.0])).items():
    ...     print(name, reason)
    person differs in (nearly) every row: is it a number or a name of the row?
    country has one value in all rows: it tells nothing.
    """
    check_same_length(X=X, y=y)
    target = pd.Series(np.asarray(y, dtype=float), index=X.index).rank()
    found = {}
    for name, column in X.items():
        values = column.dropna()
        is_number = pd.api.types.is_numeric_dtype(column)
        is_whole = is_number and (values % 1 == 0).all()
        if values.nunique() <= 1:
            found[name] = "has one value in all rows: it tells nothing."
        elif is_number and abs(column.rank().corr(target)) >= too_good:
            found[name] = (
                "orders the rows as the target does: is it known before the answer is?"
            )
        elif values.nunique() >= nearly_all * len(values) and (
            is_whole or not is_number
        ):
            found[name] = (
                "differs in (nearly) every row: is it a number or a name of the row?"
            )
    return found


def repeated_rows(rows: Iterable[Hashable]) -> list[list[int]]:
    """Groups of row numbers whose content is the same; the first found comes first.

    Parameters
    ----------
    rows : iterable
        What can be compared by its hash: tuples of a table, or ``map(bytes, images)``.
        Holes (nan) in the same places of two tuples are the same.

    Examples
    --------
    >>> repeated_rows(["a", "b", "a", "c", "b"])
    [[0, 2], [1, 4]]
    """
    groups: dict[Hashable, list[int]] = {}
    for number, row in enumerate(rows):
        if isinstance(row, tuple):  # nan is not even equal to itself
            row = tuple("a hole" if value != value else value for value in row)
        groups.setdefault(row, []).append(number)
    return [numbers for numbers in groups.values() if len(numbers) > 1]
