"""Kernels that people made: blurs and edges."""

from __future__ import annotations

import numpy as np

from mlfa.book.checks import check_count, check_positive


def gaussian_profile(sigma: float, radius: int | None = None) -> np.ndarray:
    """A bell curve at whole numbers from -radius to radius, with sum one.

    Parameters
    ----------
    sigma : float
        Its spread in pixels.
    radius : int, optional
        Where it is cut off; three times `sigma`, rounded up, when left out.
    """
    check_positive("sigma", sigma)
    radius = int(np.ceil(3 * sigma)) if radius is None else radius
    check_count("radius", radius)
    bell = np.exp(-(np.arange(-radius, radius + 1) ** 2) / (2 * sigma**2))
    return bell / bell.sum()


def gaussian_kernel(sigma: float, radius: int | None = None) -> np.ndarray:
    """A round bell with sum one, of shape (2 * radius + 1, 2 * radius + 1): the blur.

    References
    ----------
    [szeliski2022computer]
    """
    profile = gaussian_profile(sigma, radius)
    # exp(-(a² + b²)) is exp(-a²) times exp(-b²): every entry is a product of two.
    return np.outer(profile, profile)


def edge_kernels() -> dict[str, np.ndarray]:
    """Kernels that answer where the ink changes: to the right, downwards, and in any direction.

    References
    ----------
    [szeliski2022computer]
    """
    difference, smooth = np.array([-1.0, 0.0, 1.0]), np.array([1.0, 2.0, 1.0])
    return {
        "to the right": np.outer(smooth, difference),
        "downwards": np.outer(difference, smooth),
        "any direction": np.array([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]]),
    }
