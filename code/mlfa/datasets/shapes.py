"""Three classes in the plane: an arch, a cup and a ring, blurred by noise."""

from __future__ import annotations

import numpy as np

from mlfa.book.checks import check_count

SHAPE_NAMES = ("arch", "cup", "ring")


def shape_points(name: str, t: np.ndarray) -> np.ndarray:
    """Points of a shape without noise, for `t` from 0 to 1; of shape (len(t), 2)."""
    if name not in SHAPE_NAMES:
        raise ValueError(f"name must be one of {', '.join(SHAPE_NAMES)}, got {name!r}.")
    angle = {"arch": np.pi * t, "cup": -np.pi * t, "ring": 2 * np.pi * t}[name]
    center, radius = {
        "arch": ((-0.5, 0.15), 1.0),
        "cup": ((0.5, -0.15), 1.0),
        "ring": ((0.0, 0.0), 2.1),
    }[name]
    return np.asarray(center) + radius * np.column_stack([np.cos(angle), np.sin(angle)])


def make_three_shapes(
    n_per_class: int, noise: float, *, seed: int
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
    y : ndarray of int, shape (3 * n_per_class,)
        0 for the arch, 1 for the cup, 2 for the ring.
    """
    check_count("n_per_class", n_per_class)
    if noise < 0:
        raise ValueError(f"noise must not be negative, got {noise!r}.")
    rng = np.random.default_rng(seed)
    X = np.concatenate(
        [shape_points(name, rng.uniform(size=n_per_class)) for name in SHAPE_NAMES]
    )
    X = X + rng.normal(scale=noise, size=X.shape)
    y = np.repeat(np.arange(len(SHAPE_NAMES)), n_per_class)
    order = rng.permutation(len(y))
    return X[order], y[order]


def shape_densities(X: np.ndarray, noise: float, n_points: int = 400) -> np.ndarray:
    """Probability density of each class at some places, up to a common factor: the truth.

    Parameters
    ----------
    X : ndarray of shape (n_places, 2)
    noise : float
        As for `make_three_shapes`, but positive.
    n_points : int
        Points that stand for each curve in the average.

    Returns
    -------
    ndarray of shape (n_places, 3)
    """
    if noise <= 0:
        raise ValueError(f"noise must be positive, got {noise!r}.")
    t = (np.arange(n_points) + 0.5) / n_points
    curves = [shape_points(name, t) for name in SHAPE_NAMES]
    densities = np.empty((len(X), len(curves)))
    for start in range(
        0, len(X), 2000
    ):  # not all at once: places times points fill the memory
        places = X[start : start + 2000, None, :]
        for k, curve in enumerate(curves):
            squared = np.sum((places - curve) ** 2, axis=2)
            densities[start : start + 2000, k] = np.exp(-squared / (2 * noise**2)).mean(
                axis=1
            )
    return densities
