"""Checks for the page "Classes"."""

import numpy as np
from scipy.special import log_softmax

from mlfa.exercises.grading import Check, Mistake
from mlfa.tabular.softmax import softmax

_Z = np.array([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0]])
_LARGE = np.array([[1000.0, 1001.0, 999.0], [0.0, -1000.0, -2000.0]])


def _softmax_first(Z: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log(softmax(Z))


def _without_shift(Z: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


check_log_softmax = Check(
    "the logarithms of the probabilities",
    reference=lambda Z: log_softmax(Z, axis=1),
    cases=[(_Z,), (_LARGE,)],
    mistakes=[
        Mistake(
            "A tiny probability was rounded to zero before its logarithm was taken."
            " Take the logarithm on paper first.",
            _softmax_first,
        ),
        Mistake(
            "Large scores overflow to infinity. Subtract the largest score of each row"
            " first.",
            _without_shift,
        ),
        Mistake(
            "The logarithms of each column belong to probabilities that sum to one. A"
            " sample is a row: sum over axis=1.",
            lambda Z: log_softmax(Z, axis=0),
        ),
        Mistake(
            "These are the probabilities themselves.",
            softmax,
        ),
    ],
)

_SURE = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
_SHARED = np.array([[0.8, 0.2, 0.0], [0.2, 0.2, 0.6]])


def _soft_cross_entropy(Z: np.ndarray, Y: np.ndarray) -> float:
    return float(-np.mean(np.sum(Y * log_softmax(Z, axis=1), axis=1)))


check_soft_cross_entropy = Check(
    "the loss",
    reference=_soft_cross_entropy,
    cases=[(_Z, _SURE), (_Z, _SHARED)],
    mistakes=[
        Mistake(
            "The sign is wrong: a loss falls when the likelihood rises.",
            lambda Z, Y: -_soft_cross_entropy(Z, Y),
        ),
        Mistake(
            "That is the sum. Take the mean over the samples.",
            lambda Z, Y: len(Z) * _soft_cross_entropy(Z, Y),
        ),
        Mistake(
            "You averaged over the classes as well. Sum over the classes, then take the"
            " mean over the samples.",
            lambda Z, Y: -np.mean(Y * log_softmax(Z, axis=1)),
        ),
        Mistake(
            "Only the class with the largest share counted. All shares count.",
            lambda Z, Y: _soft_cross_entropy(Z, np.eye(3)[Y.argmax(axis=1)]),
        ),
    ],
)
