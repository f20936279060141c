"""A flow whose velocity is known: from normal noise to the two numbers -1 and 1."""

from __future__ import annotations

import numpy as np

from mlfa.book.checks import check_count, check_vector


def velocity(x: np.ndarray, t: float) -> np.ndarray:
    """Mean velocity of all paths that are at `x` at time `t`, for targets -1 and 1 of equal chance.

    Parameters
    ----------
    x : ndarray of shape (n,)
    t : float
        At least 0 and below 1.
    """
    if not 0 <= t < 1:
        raise ValueError(f"t must be at least 0 and below 1, got {t!r}.")
    x = check_vector("x", x)
    expected_target = np.tanh(t * x / (1 - t) ** 2)
    return (expected_target - x) / (1 - t)


def follow(x: np.ndarray, steps: int) -> np.ndarray:
    """Positions of shape (steps + 1, n) at times from 0 to 1, by Euler's method."""
    check_count("steps", steps)
    path = [check_vector("x", x)]
    for k in range(steps):
        path.append(path[-1] + velocity(path[-1], k / steps) / steps)
    return np.array(path)
