"""Activation functions and their derivatives, elementwise on arrays of any shape."""

import numpy as np
from scipy.special import ndtr


def sigmoid(z: np.ndarray) -> np.ndarray:
    """From any number to one between 0 and 1.

    Parameters
    ----------
    z : ndarray of any shape
        Pre-activations.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    # exp of a large positive number overflows: only negative ones are given to it.
    small = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1 / (1 + small), small / (1 + small))


def sigmoid_derivative(z: np.ndarray) -> np.ndarray:
    """At most 1/4, and near zero for large inputs of either sign.

    Parameters
    ----------
    z : ndarray of any shape
        Pre-activations, not values of the sigmoid.
    """
    return sigmoid(z) * (1 - sigmoid(z))


def tanh(z: np.ndarray) -> np.ndarray:
    """From any number to one between -1 and 1.

    Parameters
    ----------
    z : ndarray of any shape
        Pre-activations.
    """
    return np.tanh(z)


def tanh_derivative(z: np.ndarray) -> np.ndarray:
    """At most 1, and near zero for large inputs of either sign.

    Parameters
    ----------
    z : ndarray of any shape
        Pre-activations, not values of tanh.
    """
    return 1 - np.tanh(z) ** 2


def relu(z: np.ndarray) -> np.ndarray:
    """The number itself, or zero if it is negative.

    Parameters
    ----------
    z : ndarray of any shape
        Pre-activations.
    """
    return np.maximum(z, 0)


def relu_derivative(z: np.ndarray) -> np.ndarray:
    """One for positive inputs, else zero; at zero itself zero, as in PyTorch.

    Parameters
    ----------
    z : ndarray of any shape
        Pre-activations.
    """
    return (np.asarray(z) > 0).astype(float)


def leaky_relu(z: np.ndarray, *, slope: float = 0.01) -> np.ndarray:
    """The number itself, or a small share of it if it is negative.

    Parameters
    ----------
    z : ndarray of any shape
        Pre-activations.
    slope : float
        The share that is left of a negative number.

    Examples
    --------
    >>> leaky_relu(np.array([-5.0, 5.0]), slope=0.1)
    array([-0.5,  5. ])
    """
    return np.where(np.asarray(z) > 0, z, slope * np.asarray(z))


def leaky_relu_derivative(z: np.ndarray, *, slope: float = 0.01) -> np.ndarray:
    """One for positive inputs, else the small share.

    Parameters
    ----------
    z : ndarray of any shape
        Pre-activations.
    slope : float
        The share that is left of a negative number.
    """
    return np.where(np.asarray(z) > 0, 1.0, slope)


def gelu(z: np.ndarray) -> np.ndarray:
    """The number times the share of a standard normal distribution that lies below it.

    Parameters
    ----------
    z : ndarray of any shape
        Pre-activations.
    """
    return z * ndtr(z)


def gelu_derivative(z: np.ndarray) -> np.ndarray:
    """By the product rule: that share, plus the number times the normal density.

    Parameters
    ----------
    z : ndarray of any shape
        Pre-activations.
    """
    return ndtr(z) + z * np.exp(-np.square(z) / 2) / np.sqrt(2 * np.pi)


def silu(z: np.ndarray) -> np.ndarray:
    """The number times its sigmoid; also called swish.

    Parameters
    ----------
    z : ndarray of any shape
        Pre-activations.
    """
    return z * sigmoid(z)


def silu_derivative(z: np.ndarray) -> np.ndarray:
    """By the product rule: the sigmoid, plus the number times the sigmoid's slope.

    Parameters
    ----------
    z : ndarray of any shape
        Pre-activations.
    """
    return sigmoid(z) + z * sigmoid_derivative(z)
