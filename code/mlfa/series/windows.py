"""Cut a series into samples: some days to look at, and the days after them to predict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mlfa.book.checks import check_count, check_matrix, check_same_length, check_vector
from mlfa.book.ledger import Sealed


@dataclass(frozen=True)
class Windows:
    """Samples cut from a series, in the order of time.

    Attributes
    ----------
    X : ndarray of shape (n_samples, length, n_features)
        What is known when a forecast is made, the oldest step first.
    y : ndarray of shape (n_samples, horizon)
        What comes in the steps right after.
    origin : ndarray of int, of shape (n_samples,)
        Row of the last known step; the targets are rows origin + 1 to origin + horizon.
    """

    X: np.ndarray
    y: np.ndarray
    origin: np.ndarray

    def __len__(self) -> int:
        return len(self.origin)

    def rows(self, rows: np.ndarray) -> Windows:
        """Some of the samples, by their numbers or by true and false."""
        return Windows(self.X[rows], self.y[rows], self.origin[rows])

    @property
    def first_target(self) -> np.ndarray:
        """Row of the first step to predict, of shape (n_samples,)."""
        return self.origin + 1

    @property
    def last_target(self) -> np.ndarray:
        """Row of the last step to predict, of shape (n_samples,)."""
        return self.origin + self.y.shape[1]


def make_windows(
    X: np.ndarray, y: np.ndarray, length: int, horizon: int = 1
) -> Windows:
    """Every stretch of `length` steps, with the `horizon` targets that follow it.

    Parameters
    ----------
    X : ndarray of shape (n_steps, n_features)
        What was measured at each step.
    y : ndarray of shape (n_steps,)
        The series to predict, usually one of the columns of `X`.
    length : int
        Steps that a forecast may look at.
    horizon : int
        Steps to predict.

    Returns
    -------
    Windows
        n_steps - length - horizon + 1 samples.

    Raises
    ------
    ValueError
        If `X` and `y` differ in length or hold too few steps for one sample.
    """
    X, y = check_matrix("X", X), check_vector("y", y)
    n_steps = check_same_length(X=X, y=y)
    check_count("length", length)
    check_count("horizon", horizon)
    n_samples = n_steps - length - horizon + 1
    if n_samples < 1:
        raise ValueError(
            f"X must have at least length + horizon = {length + horizon} steps, got"
            f" {n_steps}."
        )
    # The views share the memory of the series; only the last line of each copies.
    past = sliding_window_view(X, length, axis=0)[
        :n_samples
    ]  # (n_samples, n_features, length)
    future = sliding_window_view(y, horizon)[length:]
    return Windows(
        past.transpose(0, 2, 1).copy(),
        future.copy(),
        np.arange(length - 1, length - 1 + n_samples),
    )


class TimeSplit(NamedTuple):
    """Three parts in the order of time; the windows of the last are sealed."""

    train: Windows
    validation: Windows
    test: Sealed


def split_by_time(
    windows: Windows,
    validation_start: int,
    test_start: int,
    *,
    name: str = "test windows",
) -> TimeSplit:
    """Past, present and future: a window belongs to the part that holds all of its targets.

    A window whose targets lie on both sides of a border is left out. What a window *looks at* may
    reach back over a border: on the first of January the last days of December are known.

    Parameters
    ----------
    windows : Windows
    validation_start, test_start : int
        Rows of the first step of the validation part and of the test part.
    name : str
        What the test part is called where its opening is reported.

    Raises
    ------
    ValueError
        If the borders are not in order, or a part would be empty.
    """
    if validation_start >= test_start:
        raise ValueError(
            f"validation_start must be below test_start, got {validation_start} and"
            f" {test_start}."
        )
    first, last = windows.first_target, windows.last_target
    split = TimeSplit(
        windows.rows(last < validation_start),
        windows.rows((first >= validation_start) & (last < test_start)),
        Sealed(name, windows.rows(first >= test_start)),
    )
    for name, part in split._asdict().items():
        if len(part) == 0:
            raise ValueError(
                f"the {name} part is empty: its border leaves no whole window on that"
                " side."
            )
    return split


def without_overlap(train: Windows, held_out: Windows) -> Windows:
    """The training windows that share no step, seen or predicted, with any window that is held out."""
    reach = train.X.shape[1] + train.y.shape[1]
    if reach != held_out.X.shape[1] + held_out.y.shape[1]:
        raise ValueError(
            "train and held_out must have windows of one length and horizon."
        )
    # Two stretches of `reach` steps share one exactly if their places differ by less than `reach`.
    places = np.sort(held_out.origin)
    after = np.searchsorted(places, train.origin)
    before = np.abs(train.origin - places[np.maximum(after - 1, 0)])
    behind = np.abs(train.origin - places[np.minimum(after, len(places) - 1)])
    return train.rows(np.minimum(before, behind) >= reach)
