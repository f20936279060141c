"""Ridge and lasso: least squares with a price on large weights."""

import numpy as np

from mlfa.book.checks import check_shapes


def ridge(X: np.ndarray, y: np.ndarray, penalties: np.ndarray) -> np.ndarray:
    """The weights of the smallest loss plus a penalty on the squares of the weights.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Features, each with mean zero and about one spread.
    y : ndarray of shape (n_samples,)
        Target with mean zero, so that no bias is needed.
    penalties : ndarray of shape (n_penalties,)
        Prices of the sum of squared weights, in units of the mean squared error.

    Returns
    -------
    ndarray of shape (n_penalties, n_features)

    Raises
    ------
    ValueError
        If shapes do not fit or a mean is not zero.

    References
    ----------
    [hoerl1970ridge]

    Examples
    --------
    >>> X, y = np.array([[-1.0], [1.0]]), np.array([-2.0, 2.0])
    >>> ridge(X, y, np.array([0.0, 1.0, 3.0])).ravel()
    array([2. , 1. , 0.5])
    """
    _check_centered(X, y)
    gram, moment = X.T @ X / len(y), X.T @ y / len(y)  # (d, d), (d,)
    one = np.eye(len(gram))
    return np.array([np.linalg.solve(gram + p * one, moment) for p in penalties])


def soft_threshold(c: np.ndarray, width: float) -> np.ndarray:
    """Move numbers towards zero by `width`; those within it become zero.

    Parameters
    ----------
    c : float or ndarray
        The numbers.
    width : float
        How far they move.

    Examples
    --------
    >>> soft_threshold(np.array([-3.0, 0.5, 2.0]), 1.0)
    array([-2.,  0.,  1.])
    """
    return np.sign(c) * np.maximum(np.abs(c) - width, 0.0)


def lasso(
    X: np.ndarray,
    y: np.ndarray,
    penalties: np.ndarray,
    *,
    tolerance: float = 1e-7,
    most_rounds: int = 20_000,
) -> np.ndarray:
    """The weights of the smallest loss plus a penalty on the sizes of the weights.

    Coordinate descent: one weight after the other is set to its best value, the others
    held, round after round. Each penalty starts from the weights of the one before.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Features, each with mean zero and about one spread.
    y : ndarray of shape (n_samples,)
        Target with mean zero, so that no bias is needed.
    penalties : ndarray of shape (n_penalties,)
        Prices of the sum of the weights' sizes; from large to small is fastest.
    tolerance : float
        A round that moves no weight by more than this ends the search.
    most_rounds : int
        Rounds for one penalty.

    Returns
    -------
    ndarray of shape (n_penalties, n_features)

    Raises
    ------
    ValueError
        If shapes do not fit, a mean is not zero, or the weights do not come to rest.

    References
    ----------
    [tibshirani1996regression], [friedman2010regularization]

    Examples
    --------
    >>> X, y = np.array([[-1.0], [1.0]]), np.array([-2.0, 2.0])
    >>> lasso(X, y, np.array([5.0, 2.0, 0.0])).ravel()
    array([0., 1., 2.])
    """
    _check_centered(X, y)
    gram, moment = X.T @ X / len(y), X.T @ y / len(y)  # (d, d), (d,)
    w, path = np.zeros(len(gram)), []
    for penalty in penalties:
        for _ in range(most_rounds):
            before = w.copy()
            for j in range(len(w)):
                c = moment[j] - gram[j] @ w + gram[j, j] * w[j]  # left for column j
                w[j] = soft_threshold(c, penalty / 2) / gram[j, j]
            if np.abs(w - before).max() <= tolerance:
                break
        else:
            raise ValueError(f"the weights still move after {most_rounds} rounds.")
        path.append(w.copy())
    return np.array(path)


# Checks of arguments


def _check_centered(X: np.ndarray, y: np.ndarray) -> None:
    check_shapes(X=(X, "n d"), y=(y, "n"))
    if max(np.abs(X.mean(axis=0)).max(), abs(y.mean())) > 1e-6:
        raise ValueError("X and y must have mean zero: there is no bias here.")
