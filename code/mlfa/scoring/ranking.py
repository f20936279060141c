"""How well do scores rank the yes above the no, for every threshold at once?"""

import numpy as np

from mlfa.book.checks import check_shapes, check_vector


def roc_curve(y: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """False positive rate and recall while the threshold falls.

    Parameters
    ----------
    y : ndarray of int, shape (n_samples,)
        1 for yes, 0 for no.
    score : ndarray of shape (n_samples,)
        Higher for what looks more like a yes.

    Returns
    -------
    false_positive_rate, recall : ndarray of shape (1 + n_distinct_scores,)
        From (0, 0), where nothing is called a yes, to (1, 1).

    References
    ----------
    [fawcett2006introduction]

    Examples
    --------
    >>> roc_curve(np.array([1, 0, 1]), np.array([0.9, 0.5, 0.2]))
    (array([0., 0., 1., 1.]), array([0. , 0.5, 0.5, 1. ]))
    """
    hits, alarms = _counts(y, score)
    return np.append(0, alarms / alarms[-1]), np.append(0, hits / hits[-1])


def roc_area(y: np.ndarray, score: np.ndarray) -> float:
    """Share of the pairs of a yes and a no in which the yes scores higher.

    Parameters
    ----------
    y : ndarray of int, shape (n_samples,)
        1 for yes, 0 for no.
    score : ndarray of shape (n_samples,)
        Higher for what looks more like a yes. A pair of equal scores counts one half.

    References
    ----------
    [hanley1982meaning]

    Examples
    --------
    >>> roc_area(np.array([1, 0, 1]), np.array([0.9, 0.5, 0.2]))
    0.5
    """
    score = _check_scores(y, score)
    yes, no = score[y == 1], np.sort(score[y == 0])
    below = np.searchsorted(no, yes, side="left")  # (n_yes,): how many score less
    at_most = np.searchsorted(no, yes, side="right")
    return float(np.mean((below + at_most) / 2) / len(no))


def precision_recall(y: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Precision and recall while the threshold falls.

    Parameters
    ----------
    y : ndarray of int, shape (n_samples,)
        1 for yes, 0 for no.
    score : ndarray of shape (n_samples,)
        Higher for what looks more like a yes.

    Returns
    -------
    precision, recall : ndarray of shape (n_distinct_scores,)

    Examples
    --------
    >>> precision_recall(np.array([1, 0, 1]), np.array([0.9, 0.5, 0.2]))
    (array([1.        , 0.5       , 0.66666667]), array([0.5, 0.5, 1. ]))
    """
    hits, alarms = _counts(y, score)
    return hits / (hits + alarms), hits / hits[-1]


def _counts(y: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """True and false positives at each distinct score, from the highest down."""
    score = _check_scores(y, score)
    order = np.argsort(-score, kind="stable")
    y, score = y[order], score[order]
    last = np.append(np.flatnonzero(np.diff(score)), len(y) - 1)  # of equal scores
    return np.cumsum(y)[last], np.cumsum(1 - y)[last]


# Checks of arguments


def _check_scores(y: np.ndarray, score: np.ndarray) -> np.ndarray:
    score = check_vector("score", score)
    check_shapes(y=(y, "n"), score=(score, "n"))
    if set(np.unique(y)) != {0, 1}:
        raise ValueError("y must hold 1 for yes and 0 for no, at least one of each.")
    return score
