"""Activation functions and their derivatives, elementwise on arrays of any shape."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr


def sigmoid(z: np.ndarray) -> np.ndarray:
    """From any number to one between 0 and 1."""
    # exp of a large positive number overflows, so only negative numbers are given to it.
    small = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1 / (1 + small), small / (1 + small))


def sigmoid_derivative(z: np.ndarray) -> np.ndarray:
    """At most 1/4, and near zero for large inputs of either sign."""
    return sigmoid(z) * (1 - sigmoid(z))


def tanh(z: np.ndarray) -> np.ndarray:
    """From any number to one between -1 and 1."""
    return np.tanh(z)


def tanh_derivative(z: np.ndarray) -> np.ndarray:
    """At most 1, and near zero for large inputs of either sign."""
    return 1 - np.tanh(z) ** 2


def relu(z: np.ndarray) -> np.ndarray:
    """The number itself, or zero if it is negative."""
    return np.maximum(z, 0)


def relu_derivative(z: np.ndarray) -> np.ndarray:
    """One for positive inputs, else zero; at zero itself zero, as in PyTorch."""
    return (np.asarray(z) > 0).astype(float)


def leaky_relu(z: np.ndarray, slope: float = 0.01) -> np.ndarray:
    """The number itself, or a small share of it if it is negative."""
    return np.where(np.asarray(z) > 0, z, slope * np.asarray(z))


def leaky_relu_derivative(z: np.ndarray, slope: float = 0.01) -> np.ndarray:
    """One for positive inputs, else the slope."""
    return np.where(np.asarray(z) > 0, 1.0, slope)


def gelu(z: np.ndarray) -> np.ndarray:
    """The number times the share of a standard normal distribution that lies below it."""
    return z * ndtr(z)


def gelu_derivative(z: np.ndarray) -> np.ndarray:
    """By the product rule: that share, plus the number times the normal density."""
    return ndtr(z) + z * np.exp(-np.square(z) / 2) / np.sqrt(2 * np.pi)
