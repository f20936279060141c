"""Three ways to turn a gradient into a step."""

from collections.abc import Callable
from typing import Protocol

import numpy as np


class Optimizer(Protocol):
    """Anything that turns weights and their gradient into new weights."""

    def step(self, w: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """One step.

        Parameters
        ----------
        w : ndarray of any shape
            Weights; they are not changed.
        gradient : ndarray of the shape of `w`
            How the loss changes with each weight.

        Returns
        -------
        ndarray of the shape of `w`
            The new weights.
        """
        ...


class GradientDescent:
    """Step straight down: ``w - learning_rate * gradient``.

    Parameters
    ----------
    learning_rate : float
        Length of a step for a gradient of length one.

    Examples
    --------
    >>> GradientDescent(learning_rate=0.1).step(np.array([1.0]), np.array([2.0]))
    array([0.8])
    """

    def __init__(self, *, learning_rate: float) -> None:
        self.learning_rate = learning_rate

    def step(self, w: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """New weights, from weights `w` and their `gradient`, all of one shape."""
        return w - self.learning_rate * gradient


class Momentum:
    """Gather speed: each step keeps a share of the one before.

    Parameters
    ----------
    learning_rate : float
        Length of the first step for a gradient of length one.
    momentum : float
        The share that is kept, below 1.

    Attributes
    ----------
    velocity : ndarray of the shape of the weights
        The running sum of gradients; zero before the first step.

    References
    ----------
    [polyak1964some]
    """

    def __init__(self, *, learning_rate: float, momentum: float = 0.9) -> None:
        self.learning_rate, self.momentum = learning_rate, momentum
        self.velocity: np.ndarray | float = 0.0

    def step(self, w: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """New weights, from weights `w` and their `gradient`, all of one shape."""
        self.velocity = self.momentum * self.velocity + gradient
        return w - self.learning_rate * self.velocity


class Adam:
    """Give every weight a step of its own, by the mean and the size of its gradients.

    Parameters
    ----------
    learning_rate : float
        About the length of a step in each weight.
    beta1, beta2 : float
        Share of the old value in the running mean of the gradient, and in that of its
        square; below 1.
    epsilon : float
        Keeps the division from zero.

    Attributes
    ----------
    mean, square : ndarray of the shape of the weights
        The two running means; zero before the first step.
    t : int
        Number of steps taken.

    References
    ----------
    [kingma2015adam]
    """

    def __init__(
        self,
        *,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        self.learning_rate, self.epsilon = learning_rate, epsilon
        self.beta1, self.beta2 = beta1, beta2
        self.mean: np.ndarray | float = 0.0
        self.square: np.ndarray | float = 0.0
        self.t = 0

    def step(self, w: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """New weights, from weights `w` and their `gradient`, all of one shape."""
        self.t += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient**2
        # Both means start at zero and are too small at first: divide by the share
        # of real gradients in them.
        mean = self.mean / (1 - self.beta1**self.t)
        square = self.square / (1 - self.beta2**self.t)
        return w - self.learning_rate * mean / (np.sqrt(square) + self.epsilon)


def minimize(
    gradient: Callable[[np.ndarray], np.ndarray],
    w: np.ndarray,
    optimizer: Optimizer,
    *,
    steps: int,
) -> np.ndarray:
    """The path of the weights.

    Parameters
    ----------
    gradient : callable
        From weights to the gradient of the loss there, both of shape (n_weights,).
    w : ndarray of shape (n_weights,)
        Where the path starts.
    optimizer : Optimizer
        A new one: its memory of earlier steps goes on.
    steps : int
        Number of steps.

    Returns
    -------
    ndarray of shape (steps + 1, n_weights)

    Examples
    --------
    >>> walker = GradientDescent(learning_rate=0.25)
    >>> minimize(lambda w: 2 * w, np.array([8.0]), walker, steps=3).ravel()
    array([8., 4., 2., 1.])
    """
    path = [w]
    for _ in range(steps):
        path.append(optimizer.step(path[-1], gradient(path[-1])))
    return np.array(path)
