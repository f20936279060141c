"""Three classes in the plane: a ring around an arch and a cup that interlock."""

import numpy as np

from mlfa.book.checks import check_positive

SHAPE_NAMES = ("arch", "cup", "ring")


def _shape_points(name: str, t: np.ndarray) -> np.ndarray:
    """Points of a shape without noise, for `t` from 0 to 1; of shape (len(t), 2)."""
    angle = {"arch": np.pi * t, "cup": -np.pi * t, "ring": 2 * np.pi * t}[name]
    center, radius = {
        "arch": ((-0.5, -0.15), 1.0),
        "cup": ((0.5, 0.15), 1.0),
        "ring": ((0.0, 0.0), 2.1),
    }[name]
    return np.asarray(center) + radius * np.column_stack([np.cos(angle), np.sin(angle)])


def make_three_shapes(
    n_per_class: int, *, noise: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw samples of every class, in a random order.

    Parameters
    ----------
    n_per_class : int
        Samples of each class.
    noise : float
        Standard deviation of the normal noise added to both coordinates.
    seed : int
        Chooses the places along the shapes, the noise and the order.

    Returns
    -------
    X : ndarray of shape (3 * n_per_class, 2)
        Places in the plane.
    y : ndarray of int, shape (3 * n_per_class,)
        0 for the arch, 1 for the cup, 2 for the ring.

    Examples
    --------
    >>> X, y = make_three_shapes(100, noise=0.1, seed=0)
    >>> X.shape, np.bincount(y)
    ((300, 2), array([100, 100, 100]))
    """
    rng = np.random.default_rng(seed)
    X = np.concatenate(
        [_shape_points(name, rng.uniform(size=n_per_class)) for name in SHAPE_NAMES]
    )  # (3 * n_per_class, 2)
    X = X + rng.normal(scale=noise, size=X.shape)
    y = np.repeat(np.arange(len(SHAPE_NAMES)), n_per_class)
    order = rng.permutation(len(y))
    return X[order], y[order]


def shape_densities(X: np.ndarray, *, noise: float, n_points: int = 400) -> np.ndarray:
    """Probability density of each class at some places, up to a common factor.

    Parameters
    ----------
    X : ndarray of shape (n_places, 2)
        The places.
    noise : float
        As for `make_three_shapes`, but positive.
    n_points : int
        Points that stand for each curve in the average.

    Returns
    -------
    ndarray of shape (n_places, 3)
        The truth that a classifier can reach at best: the class of the highest density.
    """
    check_positive("noise", noise)
    t = (np.arange(n_points) + 0.5) / n_points
    curves = [_shape_points(name, t) for name in SHAPE_NAMES]  # each (n_points, 2)
    densities = np.empty((len(X), len(curves)))
    # Not all at once: places times points fill the memory.
    for start in range(0, len(X), 2000):
        rows = slice(start, start + 2000)
        for k, curve in enumerate(curves):
            squared = np.sum((X[rows, None] - curve) ** 2, axis=2)  # (rows, n_points)
            densities[rows, k] = np.exp(-squared / (2 * noise**2)).mean(axis=1)
    return densities
