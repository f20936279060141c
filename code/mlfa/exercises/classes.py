"""Checks for the page "Classes"."""

import numpy as np
from scipy.special import log_softmax

from mlfa.exercises.grading import Check, Mistake
from mlfa.tabular.softmax import cross_entropy, softmax

_Z = np.array([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0]])
_LARGE = np.array([[1000.0, 1001.0, 999.0], [-2000.0, -2001.0, -2000.0]])


def _plain(Z: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


check_softmax = Check(
    "the probabilities",
    reference=softmax,
    cases=[(_Z,), (_LARGE,)],
    mistakes=[
        Mistake(
            "Large scores overflow to infinity. Subtract the largest score of each row"
            " first.",
            _plain,
        ),
        Mistake(
            "Each column sums to one. A sample is a row: sum over axis=1.",
            lambda Z: softmax(Z.T).T,
        ),
        Mistake(
            "You shared out the scores themselves. Take exponentials first.",
            lambda Z: Z / Z.sum(axis=1, keepdims=True),
        ),
        Mistake(
            "These are the logarithms of the probabilities: take the exponential at the"
            " end.",
            lambda Z: log_softmax(Z, axis=1),
        ),
    ],
)


def _log_likelihoods(Z: np.ndarray, y: np.ndarray) -> np.ndarray:
    return log_softmax(Z, axis=1)[np.arange(len(y)), y]


check_cross_entropy = Check(
    "the cross-entropy",
    reference=cross_entropy,
    cases=[(_Z, np.array([1, 0])), (_Z, np.array([2, 2]))],
    mistakes=[
        Mistake(
            "The sign is wrong: a loss falls when the likelihood rises.",
            lambda Z, y: np.mean(_log_likelihoods(Z, y)),
        ),
        Mistake(
            "That is the sum. Take the mean over the samples.",
            lambda Z, y: -np.sum(_log_likelihoods(Z, y)),
        ),
        Mistake(
            "You averaged over all classes. Only the true class of each sample counts.",
            lambda Z, y: -np.mean(log_softmax(Z, axis=1)),
        ),
        Mistake(
            "You took the probability itself, without its logarithm.",
            lambda Z, y: -np.mean(np.exp(_log_likelihoods(Z, y))),
        ),
    ],
)
