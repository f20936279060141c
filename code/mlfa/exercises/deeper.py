"""Checks for the page "Deeper networks"."""

import math

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _fold(weight, bias, mean, variance, scale, shift, epsilon=1e-5):
    factor = scale / np.sqrt(variance + epsilon)
    return weight * factor[:, None, None, None], (bias - mean) * factor + shift


def _fold_without_root(weight, bias, mean, variance, scale, shift):
    return _fold(weight, bias, mean, variance**2, scale, shift, epsilon=0)


def _fold_bias_kept(weight, bias, mean, variance, scale, shift):
    return _fold(weight, bias, mean, variance, scale, shift)[0], bias


def _fold_old_bias_unscaled(weight, bias, mean, variance, scale, shift):
    folded, rest = _fold(weight, 0 * bias, mean, variance, scale, shift)
    return folded, bias + rest


def _fold_inputs(weight, bias, mean, variance, scale, shift):
    factor = scale / np.sqrt(variance + 1e-5)
    return weight * factor[None, :, None, None], (bias - mean) * factor + shift


def _fold_case(seed, n_channels, n_inputs):
    rng = np.random.default_rng(seed)
    weight = rng.normal(size=(n_channels, n_inputs, 3, 3))
    bias, mean, scale, shift = rng.normal(size=(4, n_channels))
    return weight, bias, mean, rng.uniform(0.5, 3, size=n_channels), scale, shift


check_fold_norm = Check(
    "the folded weights and biases",
    reference=_fold,
    cases=[_fold_case(0, 4, 4), _fold_case(1, 2, 2)],
    mistakes=[
        Mistake(
            "Divide by the standard deviation: the root of variance plus epsilon.",
            _fold_without_root,
        ),
        Mistake(
            "The bias changes too: the mean is subtracted from it, then it is scaled.",
            _fold_bias_kept,
        ),
        Mistake(
            "The old bias passes through the norm as well, so it is scaled too.",
            _fold_old_bias_unscaled,
        ),
        Mistake(
            "Scale the filters, which are the first axis of the weights, not the"
            " channels that they read.",
            _fold_inputs,
        ),
    ],
)


def _batches(momentum, share):
    return math.ceil(math.log(share) / math.log(1 - momentum))


check_running_batches = Check(
    "the number of batches",
    reference=_batches,
    cases=[(0.1, 0.01), (0.01, 0.05), (0.3, 0.001)],
    mistakes=[
        Mistake(
            "Each batch leaves a share of 1 - momentum of what was there.",
            lambda momentum, share: math.ceil(math.log(share) / math.log(momentum)),
        ),
        Mistake(
            "After so many batches a little more than the share is left: round up.",
            lambda momentum, share: math.floor(
                math.log(share) / math.log(1 - momentum)
            ),
        ),
        Mistake(
            "A number of batches is whole: round up.",
            lambda momentum, share: math.log(share) / math.log(1 - momentum),
        ),
        Mistake(
            "Each batch takes its part of what is left, not of what was there at first:"
            " powers, not multiples.",
            lambda momentum, share: math.ceil((1 - share) / momentum),
        ),
    ],
)
