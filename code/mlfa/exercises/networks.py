"""Checks for the page "Neural networks"."""

from __future__ import annotations

import itertools

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.tabular.activations import sigmoid, sigmoid_derivative, tanh_derivative
from mlfa.tabular.backprop import backward, forward, initialize

check_sigmoid_derivative = Check(
    "the slope of the sigmoid",
    reference=sigmoid_derivative,
    cases=[(np.array([-2.0, 0.0, 3.0]),), (np.array([0.5]),)],
    mistakes=[
        Mistake(
            "You used z(1 - z). Put the value of the sigmoid in the place of z.",
            lambda z: z * (1 - z),
        ),
        Mistake("That is the sigmoid itself, not its slope.", sigmoid),
        Mistake(
            "The sign is wrong: the sigmoid rises everywhere.",
            lambda z: -sigmoid_derivative(z),
        ),
        Mistake(
            "You put the sigmoid into the sigmoid. Compute s = sigmoid(z) once, then s"
            " * (1 - s).",
            lambda z: sigmoid_derivative(sigmoid(z)),
        ),
    ],
)


def _pairs(sizes: list[int]) -> list[tuple[int, int]]:
    return list(itertools.pairwise(sizes))


check_count_parameters = Check(
    "the number of parameters",
    reference=lambda sizes: sum((a + 1) * b for a, b in _pairs(sizes)),
    cases=[([8, 64, 1],), ([8, 64, 64, 1],), ([2, 5, 3],)],
    mistakes=[
        Mistake(
            "The biases are missing: one for each unit of the layer.",
            lambda sizes: sum(a * b for a, b in _pairs(sizes)),
        ),
        Mistake(
            "A bias belongs to each unit of the layer it feeds, not to each of its"
            " inputs.",
            lambda sizes: sum(a * (b + 1) for a, b in _pairs(sizes)),
        ),
        Mistake(
            "Features have no bias: count biases from the first hidden layer on.",
            lambda sizes: sum(a * b for a, b in _pairs(sizes)) + sum(sizes),
        ),
    ],
)

_W = [initialize(2, 3, seed=seed) for seed in (0, 1)]
_XY = [
    (
        np.random.default_rng(seed).normal(size=(4, 2)),
        np.random.default_rng(seed + 9).normal(size=(4, 1)),
    )
    for seed in (0, 1)
]


def _first_layer(X, y, W1, b1, W2, b2):
    return backward(X, y, {"W1": W1, "b1": b1, "W2": W2, "b2": b2})["W1"]


def _with_slope(slope):
    """The same, with another factor in the place of the activation's slope at Z1."""

    def first_layer(X, y, W1, b1, W2, b2):
        kept = forward(X, {"W1": W1, "b1": b1, "W2": W2, "b2": b2})
        return X.T @ ((2 / len(y) * (kept["y_pred"] - y) @ W2.T) * slope(kept))

    return first_layer


check_first_layer = Check(
    "the gradient of the first layer",
    reference=_first_layer,
    cases=[(X, y, *w.values()) for (X, y), w in zip(_XY, _W, strict=True)],
    mistakes=[
        Mistake(
            "The slope of the activation is missing: multiply by 1 - A1**2 before the"
            " way back to X.",
            _with_slope(lambda kept: 1),
        ),
        Mistake(
            "You took the slope at A1. It belongs at Z1: 1 - tanh(Z1)**2, which is 1 -"
            " A1**2.",
            _with_slope(lambda kept: tanh_derivative(kept["A1"])),
        ),
        Mistake(
            "The sign is wrong: start from prediction minus truth.",
            lambda *a: -_first_layer(*a),
        ),
        Mistake(
            "The loss is a mean: divide by the number of samples.",
            lambda *a: len(a[1]) * _first_layer(*a),
        ),
    ],
)
