"""A flow whose velocity is known: from normal noise to the two numbers -1 and 1."""

import numpy as np


def velocity(x: np.ndarray, t: float, chance: float = 0.5) -> np.ndarray:
    """Mean velocity of all straight paths that pass a place at a time.

    Parameters
    ----------
    x : ndarray of any shape
        Places.
    t : float
        The time, at least 0 and below 1.
    chance : float
        Probability of the target 1, between 0 and 1; else it is -1.

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
    >>> velocity(np.array([0.0]), 0.0, chance=0.8).round(2)  # at first, to the mean
    array([0.6])
    """
    if not 0 <= t < 1:
        raise ValueError(f"t must be at least 0 and below 1, got {t!r}.")
    half_log_odds = t * x / (1 - t) ** 2 + 0.5 * np.log(chance / (1 - chance))
    return (np.tanh(half_log_odds) - x) / (1 - t)


def follow(x: np.ndarray, steps: int, chance: float = 0.5) -> np.ndarray:
    """Follow the velocity from time 0 to time 1 in equal steps (Euler's method).

    Parameters
    ----------
    x : ndarray of shape (n,)
        Places at time 0.
    steps : int
        More steps follow the curved paths more closely.
    chance : float
        Probability of the target 1.

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
        path.append(path[-1] + velocity(path[-1], k / steps, chance) / steps)
    return np.array(path)  # (steps + 1, n)
