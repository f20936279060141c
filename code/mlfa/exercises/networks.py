"""Checks for the page "Neural networks"."""

from itertools import pairwise

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _kinks(x, y):
    slopes = np.diff(y) / np.diff(x)  # of the pieces, from left to right
    return np.diff(slopes, prepend=0.0)  # each unit bends the chain by a change


check_kinks = Check(
    "the output weights of the units",
    reference=_kinks,
    cases=[
        (np.array([0.0, 1.0, 3.0]), np.array([1.0, 3.0, 2.0])),
        (np.array([-2.0, -1.0, 0.5, 2.5]), np.array([0.0, 4.0, 1.0, 1.0])),
    ],
    mistakes=[
        Mistake(
            "Those are the slopes of the pieces. The units that began before go on:"
            " each new one adds only the change of the slope.",
            lambda x, y: np.diff(y) / np.diff(x),
        ),
        Mistake(
            "A slope is rise over run: divide by the distances in x.",
            lambda x, y: np.diff(np.diff(y), prepend=0.0),
        ),
        Mistake(
            "The first piece is missing: before the first kink the slope is zero.",
            lambda x, y: _kinks(x, y)[1:],
        ),
        Mistake(
            "The sign is wrong: a change is the new slope minus the old one.",
            lambda x, y: -_kinks(x, y),
        ),
        Mistake(
            "The last point needs no unit: nothing is bent after it.",
            lambda x, y: np.append(_kinks(x, y), -np.diff(y)[-1] / np.diff(x)[-1]),
        ),
    ],
)


def _first_of_three(X, y, W1, b1, W2, b2, W3, b3, *, slope1=True, slope2=True):
    A1 = np.tanh(X @ W1 + b1)  # (n, h1)
    A2 = np.tanh(A1 @ W2 + b2)  # (n, h2)
    delta = 2 / len(y) * (A2 @ W3 + b3 - y)  # (n, 1)
    d_Z2 = delta @ W3.T * (1 - A2**2 if slope2 else 1)  # (n, h2)
    d_Z1 = d_Z2 @ W2.T * (1 - A1**2 if slope1 else 1)  # (n, h1)
    return X.T @ d_Z1  # (d, h1)


def _slopes_at_activations(X, y, W1, b1, W2, b2, W3, b3):
    A1 = np.tanh(X @ W1 + b1)
    A2 = np.tanh(A1 @ W2 + b2)
    delta = 2 / len(y) * (A2 @ W3 + b3 - y)
    d_Z2 = delta @ W3.T * (1 - np.tanh(A2) ** 2)
    return X.T @ (d_Z2 @ W2.T * (1 - np.tanh(A1) ** 2))


def _network(seed, sizes=(2, 4, 3, 1), n=5):
    """Samples, targets and the weights and biases of three layers."""
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=(n, sizes[0])), rng.normal(size=(n, 1))]
    for n_in, n_out in pairwise(sizes):
        arrays += [rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)]
    return tuple(arrays)


check_three_layers = Check(
    "the gradient of the first of three layers",
    reference=_first_of_three,
    cases=[_network(0), _network(1)],
    mistakes=[
        Mistake(
            "The slope of the second hidden layer is missing: multiply by 1 - A2**2"
            " before the way back through W2.",
            lambda *a: _first_of_three(*a, slope2=False),
        ),
        Mistake(
            "The slope of the first hidden layer is missing: multiply by 1 - A1**2"
            " before the way back to X.",
            lambda *a: _first_of_three(*a, slope1=False),
        ),
        Mistake(
            "You took the slopes at A1 and A2. They belong at Z1 and Z2: 1 -"
            " tanh(Z1)**2, which is 1 - A1**2.",
            _slopes_at_activations,
        ),
        Mistake(
            "The sign is wrong: start from prediction minus truth.",
            lambda *a: -_first_of_three(*a),
        ),
        Mistake(
            "The loss is a mean: divide by the number of samples.",
            lambda *a: len(a[1]) * _first_of_three(*a),
        ),
    ],
)
