"""Cut a series into samples: days to look at, and the days after them to predict."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mlfa.book.checks import check_table
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
    n_samples = len(y) - length - horizon + 1
    if min(length, horizon, n_samples) < 1:
        raise ValueError(
            f"length and horizon must be at least 1 and together at most {len(y)}, the"
            f" steps of X, got {length} and {horizon}."
        )
    # The views share the memory of the series; only `copy` takes more of it.
    past = sliding_window_view(X, length, axis=0)  # (..., n_features, length)
    past = past[:n_samples].transpose(0, 2, 1)  # (n_samples, length, n_features)
    future = sliding_window_view(y, horizon)[length:]  # (n_samples, horizon)
    origin = np.arange(n_samples) + length - 1  # (n_samples,)
    return Windows(past.copy(), future.copy(), origin)


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
