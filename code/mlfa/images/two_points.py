"""A flow whose velocity is known: from normal noise to the two numbers -1 and 1."""

import numpy as np


def velocity(x: np.ndarray, t: float) -> np.ndarray:
    """Mean velocity of all paths that pass a place, if both targets are equally likely.

    Parameters
    ----------
    x : ndarray of any shape
        Places.
    t : float
        The time, at least 0 and below 1.

    Returns
    -------
    ndarray of the shape of `x`
        Way per unit of time.

    Raises
    ------
    ValueError
        If `t` is out of its range; at 1 no time is left to arrive.

    Examples
    --------
    >>> velocity(np.array([-0.5, 0.0, 0.5]), 0.5).round(2)
    array([-0.52,  0.  ,  0.52])
    """
    if not 0 <= t < 1:
        raise ValueError(f"t must be at least 0 and below 1, got {t!r}.")
    expected_target = np.tanh(t * x / (1 - t) ** 2)
    return (expected_target - x) / (1 - t)


def follow(x: np.ndarray, steps: int) -> np.ndarray:
    """Follow the velocity from time 0 to time 1 in equal steps (Euler's method).

    Parameters
    ----------
    x : ndarray of shape (n,)
        Places at time 0.
    steps : int
        More steps follow the curved paths more closely.

    Returns
    -------
    ndarray of shape (steps + 1, n)
        Places at time 0 and after each step.

    Examples
    --------
    >>> follow(np.array([-1.0, 0.1, 2.0]), 100)[-1].round(2)
    array([-1.,  1.,  1.])
    """
    path = [x]
    for k in range(steps):
        path.append(path[-1] + velocity(path[-1], k / steps) / steps)
    return np.array(path)  # (steps + 1, n)
