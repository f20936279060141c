"""Kernels that people made: blurs and edges."""

import numpy as np

from mlfa.book.checks import check_positive


def gaussian_profile(sigma: float, radius: int | None = None) -> np.ndarray:
    """A bell curve at whole numbers from -radius to radius, with sum one.

    Parameters
    ----------
    sigma : float
        Its spread in pixels.
    radius : int, optional
        Where it is cut off; three times `sigma`, rounded up, when left out.

    Returns
    -------
    ndarray of shape (2 * radius + 1,)

    Raises
    ------
    ValueError
        If `sigma` is not a positive number.

    Examples
    --------
    >>> gaussian_profile(1.0, radius=2).round(2)
    array([0.05, 0.24, 0.4 , 0.24, 0.05])
    """
    check_positive("sigma", sigma)
    radius = int(np.ceil(3 * sigma)) if radius is None else radius
    bell = np.exp(-(np.arange(-radius, radius + 1) ** 2) / (2 * sigma**2))
    return bell / bell.sum()


def gaussian_kernel(sigma: float, radius: int | None = None) -> np.ndarray:
    """A round bell with sum one: the blur.

    Parameters
    ----------
    sigma : float
        Its spread in pixels.
    radius : int, optional
        Where it is cut off; three times `sigma`, rounded up, when left out.

    Returns
    -------
    ndarray of shape (2 * radius + 1, 2 * radius + 1)

    References
    ----------
    [szeliski2022computer]

    Examples
    --------
    >>> gaussian_kernel(1.0, radius=1).round(2)
    array([[0.08, 0.12, 0.08],
           [0.12, 0.2 , 0.12],
           [0.08, 0.12, 0.08]])
    """
    profile = gaussian_profile(sigma, radius)
    # exp(-(a² + b²)) is exp(-a²) times exp(-b²): every entry is a product of two.
    return np.outer(profile, profile)


def edge_kernels() -> dict[str, np.ndarray]:
    """Kernels that answer where the ink changes, by the direction of the change.

    Returns
    -------
    dict of str to ndarray of shape (3, 3)
        "to the right", "downwards" and "any direction".

    References
    ----------
    [szeliski2022computer]

    Examples
    --------
    >>> edge_kernels()["to the right"]
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]])
    """
    difference, smooth = np.array([-1.0, 0.0, 1.0]), np.array([1.0, 2.0, 1.0])
    return {
        "to the right": np.outer(smooth, difference),
        "downwards": np.outer(difference, smooth),
        "any direction": np.array([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]]),
    }
