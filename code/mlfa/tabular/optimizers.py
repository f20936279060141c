"""Three ways to turn a gradient into a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from mlfa.book.checks import check_count, check_positive


class Optimizer(Protocol):
    """Anything that turns weights and their gradient into new weights."""

    def step(self, w: np.ndarray, gradient: np.ndarray) -> np.ndarray: ...


class GradientDescent:
    """Step straight down: ``w - learning_rate * gradient``."""

    def __init__(self, learning_rate: float) -> None:
        check_positive("learning_rate", learning_rate)
        self.learning_rate = learning_rate

    def step(self, w: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """New weights, of the shape of `w`."""
        return w - self.learning_rate * gradient


class Momentum:
    """Gather speed: each step keeps a share `momentum` of the one before.

    References
    ----------
    [polyak1964some]
    """

    def __init__(self, learning_rate: float, momentum: float = 0.9) -> None:
        check_positive("learning_rate", learning_rate)
        if not 0 <= momentum < 1:
            raise ValueError(
                f"momentum must be at least 0 and below 1, got {momentum!r}."
            )
        self.learning_rate, self.momentum = learning_rate, momentum
        self.velocity: np.ndarray | float = 0.0

    def step(self, w: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """New weights, of the shape of `w`."""
        self.velocity = self.momentum * self.velocity + gradient
        return w - self.learning_rate * self.velocity


class Adam:
    """Give every weight its own step, from running means of its gradient and of the square.

    References
    ----------
    [kingma2015adam]
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ):
        check_positive("learning_rate", learning_rate)
        check_positive("epsilon", epsilon)
        for name, beta in {"beta1": beta1, "beta2": beta2}.items():
            if not 0 <= beta < 1:
                raise ValueError(
                    f"{name} must be at least 0 and below 1, got {beta!r}."
                )
        self.learning_rate, self.beta1, self.beta2, self.epsilon = (
            learning_rate,
            beta1,
            beta2,
            epsilon,
        )
        self.mean: np.ndarray | float = 0.0
        self.square: np.ndarray | float = 0.0
        self.t = 0

    def step(self, w: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """New weights, of the shape of `w`."""
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
    steps: int,
) -> np.ndarray:
    """The path of the weights, of shape (steps + 1, n_weights).

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
    """
    check_count("steps", steps)
    path = [w]
    for _ in range(steps):
        path.append(optimizer.step(path[-1], gradient(path[-1])))
    return np.array(path)
