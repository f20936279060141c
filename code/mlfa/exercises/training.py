"""Checks for the page "Training a network"."""

import math

from mlfa.exercises.grading import Check, Mistake


def _widest(budget, n_inputs, count):
    """The largest width whose `count` of parameters is within the budget."""
    width = 1
    while count(n_inputs, width + 1) <= budget:
        width += 1
    return width


def _count(d, h):
    return (d + 1) * h + (h + 1) * h + (h + 1)


check_widest = Check(
    "the largest width",
    reference=lambda budget, n_inputs: _widest(budget, n_inputs, _count),
    cases=[(4801, 8), (4800, 8), (1000, 3), (200, 20)],
    mistakes=[
        Mistake(
            "The biases are missing: one for each unit of the layer.",
            lambda budget, d: _widest(budget, d, lambda d, h: d * h + h * h + h),
        ),
        Mistake(
            "The output layer is missing: it has a weight for each unit before it, and"
            " a bias.",
            lambda budget, d: _widest(
                budget, d, lambda d, h: (d + 1) * h + (h + 1) * h
            ),
        ),
        Mistake(
            "You count one hidden layer. There are two, and most parameters lie"
            " between them.",
            lambda budget, d: _widest(budget, d, lambda d, h: (d + 1) * h + (h + 1)),
        ),
        Mistake(
            "One unit too wide: the network must not have more parameters than the"
            " budget.",
            lambda budget, d: _widest(budget, d, _count) + 1,
        ),
        Mistake(
            "A network that has exactly as many parameters as the budget is allowed.",
            lambda budget, d: _widest(budget - 1, d, _count),
        ),
    ],
)


def _spread(n_inputs, slope):
    return math.sqrt(2 / ((1 + slope**2) * n_inputs))


check_leaky_spread = Check(
    "the standard deviation of the first weights",
    reference=_spread,
    cases=[(200, 0.0), (200, 0.01), (50, 0.5), (8, 1.0)],
    mistakes=[
        Mistake(
            "That is the variance. The standard deviation is its root.",
            lambda n_inputs, slope: _spread(n_inputs, slope) ** 2,
        ),
        Mistake(
            "That is the rule for ReLU. What a leaky unit lets through on the left"
            " counts, too.",
            lambda n_inputs, slope: _spread(n_inputs, 0.0),
        ),
        Mistake(
            "The signal is squared, and the slope with it: 1 + slope**2.",
            lambda n_inputs, slope: math.sqrt(2 / ((1 + slope) * n_inputs)),
        ),
        Mistake(
            "Each half of the signal is a half of the mean square: the sum of both is"
            " (1 + slope**2) / 2.",
            lambda n_inputs, slope: math.sqrt(1 / ((1 + slope**2) * n_inputs)),
        ),
        Mistake(
            "The more the unit lets through, the smaller the weights: divide by 1 +"
            " slope**2.",
            lambda n_inputs, slope: math.sqrt(2 * (1 + slope**2) / n_inputs),
        ),
    ],
)
