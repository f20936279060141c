"""From scores to probabilities of classes, and the loss that fits them."""

import numpy as np

from mlfa.book.checks import check_classes, check_matrix, check_shapes


def softmax(Z: np.ndarray) -> np.ndarray:
    """Probabilities that are positive and sum to one in every row.

    Parameters
    ----------
    Z : ndarray of shape (n_samples, n_classes)
        Logits: any finite scores.

    Returns
    -------
    ndarray of shape (n_samples, n_classes)

    Examples
    --------
    >>> softmax(np.array([[1000.0, 1000.0], [0.0, np.log(3)]]))
    array([[0.5 , 0.5 ],
           [0.25, 0.75]])
    """
    return np.exp(_log_softmax(Z))


def _log_softmax(Z: np.ndarray) -> np.ndarray:
    """Logarithms of the probabilities, of shape (n_samples, n_classes)."""
    Z = check_matrix("Z", Z)
    # A shift of all scores of a sample changes no probability, and with the largest
    # at zero no exponential overflows.
    Z = Z - Z.max(axis=1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


def one_hot(y: np.ndarray, n_classes: int) -> np.ndarray:
    """A row for each sample, of zeros with a one at its class.

    Parameters
    ----------
    y : ndarray of int, shape (n_samples,)
        Class numbers, from 0 to n_classes - 1.
    n_classes : int
        Number of columns.

    Returns
    -------
    ndarray of shape (n_samples, n_classes)

    Examples
    --------
    >>> one_hot(np.array([2, 0]), 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    check_classes(y=y)
    return np.eye(n_classes)[y]


def cross_entropy(Z: np.ndarray, y: np.ndarray) -> float:
    """Minus the logarithm of the probability of the true class, mean over the samples.

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
    check_shapes(Z=(Z, "n K"), y=(y, "n"))
    return float(-np.mean(np.sum(one_hot(y, Z.shape[1]) * _log_softmax(Z), axis=1)))


def cross_entropy_gradient(Z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How the loss changes with each logit: (probability - truth) / n_samples.

    Parameters
    ----------
    Z : ndarray of shape (n_samples, n_classes)
        Logits.
    y : ndarray of int, shape (n_samples,)
        True classes.

    Returns
    -------
    ndarray of shape (n_samples, n_classes)
    """
    check_shapes(Z=(Z, "n K"), y=(y, "n"))
    return (softmax(Z) - one_hot(y, Z.shape[1])) / len(y)
