"""A linear model, its squared error, and gradient descent."""

from dataclasses import dataclass

import numpy as np

from mlfa.book.checks import check_shapes


def add_ones(X: np.ndarray) -> np.ndarray:
    """Put a column of ones before the features, so that the bias is a weight, too.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Features.

    Returns
    -------
    ndarray of shape (n_samples, 1 + n_features)

    Examples
    --------
    >>> add_ones(np.array([[5.0], [7.0]]))
    array([[1., 5.],
           [1., 7.]])
    """
    check_shapes(X=(X, "n d"))
    return np.column_stack([np.ones(len(X)), X])


def predict(X: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The model: a weighted sum of the columns.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_columns)
        Features, with a column of ones if the model has a bias.
    w : ndarray of shape (n_columns,)
        A weight for each column.

    Returns
    -------
    ndarray of shape (n_samples,)
    """
    check_shapes(X=(X, "n d"), w=(w, "d"))
    return X @ w


def training_loss(X: np.ndarray, y: np.ndarray, w: np.ndarray) -> float:
    """The mean squared error of the model with these weights, in the squared unit of y.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_columns)
        Features, with a column of ones if the model has a bias.
    y : ndarray of shape (n_samples,)
        Target.
    w : ndarray of shape (n_columns,)
        Weights.

    Raises
    ------
    ValueError
        If shapes do not fit: (n,) minus (n, 1) would broadcast to (n, n).

    Examples
    --------
    >>> X, y = np.array([[1.0], [2.0]]), np.array([2.0, 4.0])
    >>> training_loss(X, y, np.array([2.0])), training_loss(X, y, np.array([0.0]))
    (0.0, 10.0)
    """
    check_shapes(X=(X, "n d"), y=(y, "n"))
    return float(np.mean((y - predict(X, w)) ** 2))


def gradient(X: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """How the loss changes with each weight.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_columns)
        Features, with a column of ones if the model has a bias.
    y : ndarray of shape (n_samples,)
        Target.
    w : ndarray of shape (n_columns,)
        Weights.

    Returns
    -------
    ndarray of shape (n_columns,)

    Raises
    ------
    ValueError
        If shapes do not fit, as for `training_loss`.
    """
    check_shapes(X=(X, "n d"), y=(y, "n"))
    residuals = y - predict(X, w)  # (n_samples,)
    return -2 / len(y) * X.T @ residuals


@dataclass
class Descent:
    """What gradient descent did.

    Attributes
    ----------
    weights : ndarray of shape (steps + 1, n_columns)
        The weights at the start and after each step.
    losses : ndarray of shape (steps + 1,)
        The training loss of each.
    """

    weights: np.ndarray
    losses: np.ndarray

    @property
    def w(self) -> np.ndarray:
        """The last weights, of shape (n_columns,)."""
        return self.weights[-1]


def gradient_descent(
    X: np.ndarray, y: np.ndarray, w: np.ndarray, *, learning_rate: float, steps: int
) -> Descent:
    """Step against the gradient, again and again.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_columns)
        Features, with a column of ones if the model has a bias.
    y : ndarray of shape (n_samples,)
        Target.
    w : ndarray of shape (n_columns,)
        Weights to start from; they are not changed.
    learning_rate : float
        Length of a step for a gradient of length one.
    steps : int
        Number of steps.

    Raises
    ------
    ValueError
        If shapes do not fit, as for `training_loss`.

    References
    ----------
    [nocedal2006numerical]

    Examples
    --------
    >>> X, y = np.array([[1.0], [2.0]]), np.array([2.0, 4.0])
    >>> gradient_descent(X, y, np.zeros(1), learning_rate=0.1, steps=3).weights
    array([[0.  ],
           [1.  ],
           [1.5 ],
           [1.75]])
    """
    weights, losses = [w], [training_loss(X, y, w)]
    for _ in range(steps):
        w = w - learning_rate * gradient(X, y, w)  # a new array: the old one is kept
        weights.append(w)
        losses.append(training_loss(X, y, w))
    return Descent(np.array(weights), np.array(losses))


def least_squares(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The weights of the smallest loss, found at once.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_columns)
        Features, with a column of ones if the model has a bias.
    y : ndarray of shape (n_samples,)
        Target.

    Returns
    -------
    ndarray of shape (n_columns,)
    """
    check_shapes(X=(X, "n d"), y=(y, "n"))
    # lstsq also copes with columns that nearly repeat each other, where the
    # normal equations would lose half of the digits.
    return np.linalg.lstsq(X, y, rcond=None)[0]


def stochastic_gradient_descent(
    X: np.ndarray,
    y: np.ndarray,
    w: np.ndarray,
    *,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    seed: int,
) -> Descent:
    """Gradient descent on a few samples at a time; the history has one entry an epoch.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_columns)
        Features, with a column of ones if the model has a bias.
    y : ndarray of shape (n_samples,)
        Target.
    w : ndarray of shape (n_columns,)
        Weights to start from; they are not changed.
    learning_rate : float
        Length of a step for a gradient of length one.
    epochs : int
        Number of passes over the data.
    batch_size : int
        Number of samples that make a step; the last step of an epoch may have fewer.
    seed : int
        Chooses the order of the samples.
    """
    rng = np.random.default_rng(seed)
    weights, losses = [w], [training_loss(X, y, w)]
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch_size):
            rows = order[start : start + batch_size]
            w = w - learning_rate * gradient(X[rows], y[rows], w)
        weights.append(w)
        losses.append(training_loss(X, y, w))
    return Descent(np.array(weights), np.array(losses))
