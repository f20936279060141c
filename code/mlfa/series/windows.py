"""Cut a series into samples: days to look at, and the days after them to predict."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mlfa.book.checks import check_same_length, check_table
from mlfa.book.ledger import Sealed


@dataclass(frozen=True)
class Windows:
    """Samples cut from a series, in the order of time.

    Parameters
    ----------
    X : ndarray of shape (n_samples, length, n_features)
        What is known when a forecast is made, the oldest step first.
    y : ndarray of shape (n_samples, horizon)
        What comes in the steps right after.
    origin : ndarray of int, of shape (n_samples,)
        Row of the last known step; the targets are the rows origin + 1 to
        origin + horizon.
    """

    X: np.ndarray
    y: np.ndarray
    origin: np.ndarray

    def __len__(self) -> int:
        return len(self.origin)

    def rows(self, rows: np.ndarray) -> Self:
        """Some of the samples.

        Parameters
        ----------
        rows : ndarray of int, or of bool with shape (n_samples,)
            Their numbers, or True for each of them.
        """
        return type(self)(self.X[rows], self.y[rows], self.origin[rows])

    @property
    def first_target(self) -> np.ndarray:
        """Row of the first step to predict, of shape (n_samples,)."""
        return self.origin + 1

    @property
    def last_target(self) -> np.ndarray:
        """Row of the last step to predict, of shape (n_samples,)."""
        return self.origin + self.y.shape[1]


def make_windows(
    X: np.ndarray,
    y: np.ndarray,
    length: int,
    horizon: int = 1,
    *,
    dates: np.ndarray | None = None,
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
    dates : ndarray of datetime64, of shape (n_steps,), optional
        When each step was. With them, steps that are not equal are refused: a window
        across a gap would take the day after it for the next day.

    Returns
    -------
    Windows
        n_steps - length - horizon + 1 samples.

    Raises
    ------
    ValueError
        If `X` and `y` differ in length or hold too few steps for one sample, or if the
        dates have a gap.

    Examples
    --------
    >>> y = np.arange(6.0)
    >>> windows = make_windows(y[:, None], y, length=3, horizon=2)
    >>> windows.X[:, :, 0]
    array([[0., 1., 2.],
           [1., 2., 3.]])
    >>> windows.y
    array([[3., 4.],
           [4., 5.]])
    """
    X, y = check_table(X, y)
    _check_reach(length, horizon, len(y))
    if dates is not None:
        _check_steps(dates, y)
    n_samples = len(y) - length - horizon + 1
    # The views share the memory of the series; only `copy` takes more of it.
    past = sliding_window_view(X, length, axis=0)  # (..., n_features, length)
    past = past[:n_samples].transpose(0, 2, 1)  # (n_samples, length, n_features)
    future = sliding_window_view(y, horizon)[length:]  # (n_samples, horizon)
    origin = np.arange(n_samples) + length - 1  # (n_samples,)
    return Windows(past.copy(), future.copy(), origin)


def make_windows_of_pieces(
    X: np.ndarray,
    y: np.ndarray,
    length: int,
    horizon: int = 1,
    *,
    dates: np.ndarray | None = None,
) -> Windows:
    """The windows of a series with holes: those that touch none and cross no gap.

    Parameters
    ----------
    X : ndarray of shape (n_steps, n_features)
        What was measured at each step; nan marks a hole.
    y : ndarray of shape (n_steps,)
        The series to predict; nan marks a hole. It may have more of them than `X`,
        where `X` was filled: nobody should be tested on a value that was made up.
    length, horizon : int
        Steps that a forecast may look at, and steps to predict.
    dates : ndarray of datetime64, of shape (n_steps,), optional
        When each step was. With them the series ends and begins anew where two steps
        lie farther apart than the closest ones.

    Returns
    -------
    Windows
        In the order of time. `origin` counts the rows of the whole series.

    Raises
    ------
    ValueError
        If `X` and `y` differ in length, or if no window is left.

    Examples
    --------
    >>> y = np.array([0.0, 1, 2, np.nan, 4, 5, 6, 7])
    >>> windows = make_windows_of_pieces(y[:, None], y, length=2)
    >>> windows.X[:, :, 0], windows.y[:, 0], windows.origin
    (array([[0., 1.],
           [4., 5.],
           [5., 6.]]), array([2., 6., 7.]), array([1, 5, 6]))
    """
    n_steps = check_same_length(X=X, y=y)
    _check_reach(length, horizon, n_steps)
    hole_X, hole_y = np.isnan(X), np.isnan(y)
    everything = make_windows(
        np.where(hole_X, 0, X), np.where(hole_y, 0, y), length, horizon
    )
    seen = sliding_window_view(hole_X.any(axis=1), length)[: len(everything)]
    asked = sliding_window_view(hole_y, horizon)[length:]  # (n_samples, horizon)
    is_whole = ~(seen.any(axis=1) | asked.any(axis=1))  # (n_samples,)
    if dates is not None:
        _check_rise(dates, y)
        steps = np.diff(dates)
        is_gap = sliding_window_view(steps > steps.min(), length + horizon - 1)
        is_whole &= ~is_gap.any(axis=1)
    if not is_whole.any():
        raise ValueError(
            f"no stretch of {length + horizon} steps is whole: fill short holes, or"
            " take a shorter length."
        )
    return everything.rows(is_whole)


class TimeSplit(NamedTuple):
    """Three parts in the order of time.

    Parameters
    ----------
    train, validation : Windows
        Windows to learn from, and windows to choose by.
    test : Sealed
        Windows that a score is taken on in the end, sealed until then.
    """

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
    """Past, present and future: a window belongs to the part with all of its targets.

    A window whose targets lie on both sides of a border is left out. What a window
    *looks at* may reach back over a border: on the first of January the last days of
    December are known.

    Parameters
    ----------
    windows : Windows
        The samples.
    validation_start, test_start : int
        Rows of the first step of the validation part and of the test part.
    name : str
        What the test part is called where its opening is reported.

    Returns
    -------
    TimeSplit
        The training and the validation windows, and the sealed test windows.

    Raises
    ------
    ValueError
        If a part would be empty.
    """
    first, last = windows.first_target, windows.last_target  # (n_samples,) each
    is_validation = (first >= validation_start) & (last < test_start)
    split = TimeSplit(
        train=windows.rows(last < validation_start),
        validation=windows.rows(is_validation),
        test=Sealed(name, windows.rows(first >= test_start)),
    )
    if empty := [part for part, rows in split._asdict().items() if len(rows) == 0]:
        raise ValueError(f"borders must leave whole windows for {', '.join(empty)}.")
    return split


def without_overlap(train: Windows, held_out: Windows) -> Windows:
    """The training windows that share no step with any window that is held out.

    Parameters
    ----------
    train : Windows
        Windows to learn from.
    held_out : Windows
        Windows of the same length and horizon that a score is taken on.

    Returns
    -------
    Windows
        Those of `train` whose seen and predicted steps are in no window of `held_out`.
    """
    reach = train.X.shape[1] + train.y.shape[1]
    if reach != held_out.X.shape[1] + held_out.y.shape[1]:
        raise ValueError("train and held_out must have one length and one horizon.")
    # Two stretches of `reach` steps share one if their places differ by less than that.
    places = np.sort(held_out.origin)
    after = np.searchsorted(places, train.origin)  # (n_train,)
    before = np.abs(train.origin - places[np.maximum(after - 1, 0)])
    behind = np.abs(train.origin - places[np.minimum(after, len(places) - 1)])
    return train.rows(np.minimum(before, behind) >= reach)


# Checks of arguments
def _check_reach(length: int, horizon: int, n_steps: int) -> None:
    if min(length, horizon, n_steps - length - horizon + 1) < 1:
        raise ValueError(
            f"length and horizon must be at least 1 and together at most {n_steps}, the"
            f" steps of X, got {length} and {horizon}."
        )


def _check_rise(dates: np.ndarray, y: np.ndarray) -> None:
    """Raise a ValueError unless every step is later than the one before."""
    check_same_length(dates=dates, y=y)
    late = np.flatnonzero(np.diff(dates) <= np.zeros_like(np.diff(dates)))
    if late.size:
        row = late[0]
        raise ValueError(
            f"dates must rise, got {dates[row]} and then {dates[row + 1]} in the rows"
            f" {row} and {row + 1}."
        )


def _check_steps(dates: np.ndarray, y: np.ndarray) -> None:
    """Raise a ValueError unless the steps are equal."""
    _check_rise(dates, y)
    steps = np.diff(dates)
    gaps = np.flatnonzero(steps > steps.min())
    if gaps.size:
        row = gaps[0]
        raise ValueError(
            f"dates must follow one another in equal steps of {steps.min()}, got"
            f" {len(gaps)} gaps, the first after {dates[row]} (row {row}), which"
            f" {dates[row + 1]} follows: fill them, or take make_windows_of_pieces."
        )
