"""From scores to probabilities of classes, and the loss that fits them."""

from __future__ import annotations

import numpy as np

from mlfa.book.checks import check_matrix, check_same_length


def log_softmax(Z: np.ndarray) -> np.ndarray:
    """Logarithms of the probabilities, of shape (n_samples, n_classes)."""
    Z = check_matrix("Z", Z)
    # A shift of all scores of a sample changes no probability, and with the largest
    # at zero no exponential overflows.
    Z = Z - Z.max(axis=1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


def softmax(Z: np.ndarray) -> np.ndarray:
    """Probabilities that are positive and sum to one in every row.

    Parameters
    ----------
    Z : ndarray of shape (n_samples, n_classes)
        Logits: any finite scores.
    """
    return np.exp(log_softmax(Z))


def one_hot(y: np.ndarray, n_classes: int) -> np.ndarray:
    """A row of zeros with a one at the class, of shape (n_samples, n_classes)."""
    y = np.asarray(y)
    if y.ndim != 1 or y.dtype.kind not in "iu" or y.min() < 0 or y.max() >= n_classes:
        raise ValueError(
            f"y must be whole numbers from 0 to {n_classes - 1} of shape (n_samples,),"
            f" got {y!r}."
        )
    return np.eye(n_classes)[y]


def cross_entropy(Z: np.ndarray, y: np.ndarray) -> float:
    """Mean over the samples of minus the logarithm of the probability of the true class.

    Parameters
    ----------
    Z : ndarray of shape (n_samples, n_classes)
        Logits.
    y : ndarray of int, shape (n_samples,)
        True classes.

    References
    ----------
    [bishop2006pattern]
    """
    check_same_length(Z=Z, y=y)
    return float(-np.mean(np.sum(one_hot(y, Z.shape[1]) * log_softmax(Z), axis=1)))


def cross_entropy_gradient(Z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How the loss changes with each logit: (probability - truth) / n, of shape (n_samples, n_classes)."""
    check_same_length(Z=Z, y=y)
    return (softmax(Z) - one_hot(y, Z.shape[1])) / len(y)
