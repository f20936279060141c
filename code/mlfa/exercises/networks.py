"""Checks for the page "Neural networks"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.tabular.activations import (
    sigmoid,
    sigmoid_derivative,
    silu,
    silu_derivative,
    tanh_derivative,
)
from mlfa.tabular.backprop import backward, forward, initialize

check_silu_derivative = Check(
    "the slope of SiLU",
    reference=silu_derivative,
    cases=[(np.array([-2.0, 0.0, 3.0]),), (np.array([0.5]),)],
    mistakes=[
        Mistake(
            "That is the slope of the sigmoid. The product z * sigmoid(z) has two"
            " factors that change with z.",
            sigmoid_derivative,
        ),
        Mistake("That is SiLU itself, not its slope.", silu),
        Mistake(
            "Half of the product rule is missing: add z times the slope of the"
            " sigmoid.",
            sigmoid,
        ),
        Mistake(
            "Half of the product rule is missing: add the sigmoid, which is the slope"
            " of z times the other factor.",
            lambda z: z * sigmoid_derivative(z),
        ),
        Mistake(
            "The slope of the sigmoid is s(1 - s) with s = sigmoid(z), not z(1 - z).",
            lambda z: sigmoid(z) + z * z * (1 - z),
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
