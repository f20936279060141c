"""Checks for the page "Your own data"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

_NAN = np.nan
_TRAIN = np.array([[1.0, 10.0], [_NAN, 40.0], [2.0, _NAN], [9.0, 30.0]])
_NEW = np.array([[_NAN, 5.0], [3.0, _NAN], [_NAN, 7.0], [50.0, 8.0]])


def _fill(X: np.ndarray, values: np.ndarray | float) -> np.ndarray:
    return np.where(np.isnan(X), values, X)


check_fill_holes = Check(
    "the filled table",
    reference=lambda X_train, X: _fill(X, np.nanmedian(X_train, axis=0)),
    cases=[(_TRAIN, _NEW), (_TRAIN, _TRAIN), (_NEW, _TRAIN)],
    mistakes=[
        Mistake(
            "You took the medians of X itself. What fills a hole is learned from the"
            " training rows, like a scale.",
            lambda X_train, X: _fill(X, np.nanmedian(X, axis=0)),
        ),
        Mistake(
            "That is the mean, which one extreme row can drag far away. Take the"
            " median.",
            lambda X_train, X: _fill(X, np.nanmean(X_train, axis=0)),
        ),
        Mistake(
            "You took one median over the whole table. Every column has its own: use"
            " axis=0.",
            lambda X_train, X: _fill(X, np.nanmedian(X_train)),
        ),
        Mistake(
            "A hole is not a zero: a person whose weight was not noted does not weigh"
            " nothing.",
            lambda X_train, X: _fill(X, 0.0),
        ),
        Mistake(
            "np.median of a column with a hole is a hole. Use np.nanmedian.",
            lambda X_train, X: _fill(X, np.median(X_train, axis=0)),
        ),
    ],
)


def _balanced(y: np.ndarray, y_pred: np.ndarray) -> float:
    return float(np.mean([np.mean(y_pred[y == k] == k) for k in np.unique(y)]))


_Y = np.array([0, 0, 0, 0, 0, 0, 1, 1, 2])

check_balanced_accuracy = Check(
    "the balanced accuracy",
    reference=_balanced,
    cases=[
        (_Y, np.array([0, 0, 0, 0, 0, 2, 1, 0, 2])),
        (_Y, np.zeros(9, dtype=int)),
        (_Y, np.array([0, 0, 1, 1, 0, 0, 1, 1, 0])),
    ],
    mistakes=[
        Mistake(
            "That is the plain accuracy, in which a large class counts more. Take the"
            " mean over the classes.",
            lambda y, p: np.mean(y == p),
        ),
        Mistake(
            "You took the mean over the predicted classes. A class that is never"
            " predicted counts too, with 0.",
            lambda y, p: np.mean([np.mean(p[y == k] == k) for k in np.unique(p)]),
        ),
        Mistake(
            "You asked how often a predicted class is right. Ask for every true class"
            " how often it is found.",
            lambda y, p: np.mean(
                [
                    np.mean(y[p == k] == k) if (p == k).any() else 0.0
                    for k in np.unique(y)
                ]
            ),
        ),
        Mistake(
            "That is the sum over the classes: divide by their number.",
            lambda y, p: np.sum([np.mean(p[y == k] == k) for k in np.unique(y)]),
        ),
    ],
)


def _by_person(
    persons: np.ndarray, test_persons: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    is_test = np.isin(persons, test_persons)
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)


_PERSONS = np.array([3, 1, 3, 2, 1, 4])

check_split_by_person = Check(
    "the split by person",
    reference=_by_person,
    cases=[
        (_PERSONS, np.array([1])),
        (_PERSONS, np.array([3, 4])),
        (np.array([5, 5, 7, 8, 7]), np.array([7])),
    ],
    mistakes=[
        Mistake(
            "The two parts are in the other order: return (train, test).",
            lambda g, t: _by_person(g, t)[::-1],
        ),
        Mistake(
            "Only the first row of each person is in the test part. All rows of a"
            " person go to the same side.",
            lambda g, t: (
                np.setdiff1d(np.arange(len(g)), [np.flatnonzero(g == k)[0] for k in t]),
                np.array([np.flatnonzero(g == k)[0] for k in t]),
            ),
        ),
        Mistake(
            "Return row numbers, not a True or False for each row.",
            lambda g, t: (~np.isin(g, t), np.isin(g, t)),
        ),
        Mistake(
            "The test rows are right, but they are in the training part too.",
            lambda g, t: (np.arange(len(g)), np.flatnonzero(np.isin(g, t))),
        ),
    ],
)


def _days(*days: str) -> np.ndarray:
    return np.array(days, dtype="datetime64[D]")


def _steps(dates: np.ndarray) -> np.ndarray:
    return np.diff(dates).astype(int)


check_missing_days = Check(
    "the number of missing days after each row",
    reference=lambda dates: _steps(dates) - 1,
    cases=[
        (_days("2024-02-27", "2024-02-28", "2024-03-02", "2024-03-05"),),
        (_days("2023-12-30", "2024-01-01"),),
        (_days("2024-01-01", "2024-01-02", "2024-01-03"),),
    ],
    mistakes=[
        Mistake(
            "That is the step from a row to the next. A step of one day misses no day.",
            _steps,
        ),
        Mistake(
            "You said where days are missing. Say how many.",
            lambda dates: (_steps(dates) > 1).astype(int),
        ),
        Mistake(
            "That is their sum. Give a number for each row but the last.",
            lambda dates: np.sum(_steps(dates) - 1),
        ),
        Mistake(
            "You counted from the first row on. Start anew at every row.",
            lambda dates: np.cumsum(_steps(dates) - 1),
        ),
        Mistake(
            "The sign is turned around: subtract each date from the one after it.",
            lambda dates: -_steps(dates) - 1,
        ),
    ],
)


def _age(y: np.ndarray) -> np.ndarray:
    rows = np.arange(len(y))
    latest = np.maximum.accumulate(np.where(np.isnan(y), -1, rows))
    return np.where(latest < 0, _NAN, rows - latest)


check_age = Check(
    "the age of the last known value",
    reference=_age,
    cases=[
        (np.array([_NAN, 1.0, _NAN, _NAN, 4.0, 5.0, _NAN]),),
        (np.array([3.0, 4.0]),),
        (np.array([0.0, _NAN, 2.0, _NAN, _NAN, _NAN]),),
    ],
    mistakes=[
        Mistake(
            "That says where the holes are. Say how many steps ago the last known value"
            " was.",
            lambda y: np.isnan(y).astype(float),
        ),
        Mistake(
            "You counted the holes so far in the whole series. The count begins anew"
            " after every known value.",
            lambda y: np.cumsum(np.isnan(y)).astype(float),
        ),
        Mistake(
            "You counted the steps to the *next* known value, which nobody knows yet.",
            lambda y: _age(y[::-1])[::-1],
        ),
        Mistake(
            "Before the first known value there is no age: return nan.",
            lambda y: np.nan_to_num(_age(y)),
        ),
        Mistake(
            "A known value is 0 steps old.",
            lambda y: _age(y) + 1,
        ),
    ],
)


def _square(image: np.ndarray, white: int = 255, before: float = 0.5) -> np.ndarray:
    missing = [max(image.shape) - n for n in image.shape]
    pads = [(int(m * before), m - int(m * before)) for m in missing]
    return np.pad(image, pads, constant_values=white)


check_square = Check(
    "the square image",
    reference=_square,
    cases=[
        (np.array([[1, 2, 3, 4]], dtype=np.uint8),),
        (np.array([[5, 6], [7, 8], [9, 10], [11, 12], [13, 14]], dtype=np.uint8),),
        (np.array([[1, 2], [3, 4]], dtype=np.uint8),),
    ],
    mistakes=[
        Mistake(
            "The new pixels are black. White is 255.", lambda image: _square(image, 0)
        ),
        Mistake(
            "The image lies in a corner. Put half of the white before it.",
            lambda image: _square(image, before=0.0),
        ),
        Mistake(
            "All the white lies before the image. Put half of it behind.",
            lambda image: _square(image, before=1.0),
        ),
        Mistake(
            "You cut the image to the shorter side. Nothing of it should be lost.",
            lambda image: image[: min(image.shape), : min(image.shape)],
        ),
        Mistake("That is the image as it was. Make it a square.", lambda image: image),
    ],
)
