"""Checks for the page "Convolutional networks"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _count(in_channels, layers, cost=lambda n_in, n_out, k: n_out * (n_in * k**2 + 1)):
    total = 0
    for filters, kernel_size in layers:
        total += cost(in_channels, filters, kernel_size)
        in_channels = filters
    return total


check_conv_parameters = Check(
    "the number of parameters",
    reference=_count,
    cases=[(1, [(4, 3), (8, 3)]), (3, [(16, 5)]), (2, [(3, 1), (5, 7), (4, 3)])],
    mistakes=[
        Mistake(
            "The biases are missing: one for each filter.",
            lambda c, ls: _count(c, ls, lambda i, o, k: o * i * k**2),
        ),
        Mistake(
            "A filter has one slice for each channel below: multiply by the channels.",
            lambda c, ls: _count(c, ls, lambda i, o, k: o * (k**2 + 1)),
        ),
        Mistake(
            "A kernel of size 3 has 3 × 3 weights for each channel: square the size.",
            lambda c, ls: _count(c, ls, lambda i, o, k: o * (i * k + 1)),
        ),
        Mistake(
            "One bias for a filter, not one for each of its slices.",
            lambda c, ls: _count(c, ls, lambda i, o, k: o * i * (k**2 + 1)),
        ),
        Mistake(
            "The channels of the second layer are the filters of the first.",
            lambda c, ls: sum(filters * (c * k**2 + 1) for filters, k in ls),
        ),
    ],
)


def _blocks(x):
    height, width = x.shape
    return x.reshape(height // 2, 2, width // 2, 2)


check_max_pool = Check(
    "the pooled map",
    reference=lambda x: _blocks(x).max(axis=(1, 3)),
    cases=[
        (np.random.default_rng(0).normal(size=(4, 6)),),
        (np.random.default_rng(1).normal(size=(8, 8)),),
    ],
    mistakes=[
        Mistake(
            "That is the mean of each block. Take the largest.",
            lambda x: _blocks(x).mean(axis=(1, 3)),
        ),
        Mistake(
            "That keeps every second number and looks at no other: a stride, not a"
            " maximum.",
            lambda x: x[::2, ::2],
        ),
        Mistake(
            "The largest in size is not the largest: -3 is smaller than 1.",
            lambda x: (
                np.sign(_blocks(x).sum(axis=(1, 3)))
                * np.abs(_blocks(x)).max(axis=(1, 3))
            ),
        ),
        Mistake(
            "Your reshape groups numbers that are not neighbors: split the rows as"
            " (height // 2, 2), the columns as (width // 2, 2), in this order.",
            lambda x: x.reshape(x.shape[0] // 2, x.shape[1] // 2, 2, 2).max(
                axis=(2, 3)
            ),
        ),
    ],
)


def _field(layers, *, pooling=True, steps=True):
    width, step = 1, 1
    for kernel_size, pool in layers:
        width += (kernel_size - 1) * step
        width += (pool - 1) * step if pooling else 0
        step *= pool if steps else 1
    return width


check_receptive_field = Check(
    "the width of the receptive field",
    reference=_field,
    cases=[([(3, 1), (3, 1)],), ([(3, 2), (3, 2)],), ([(5, 2), (3, 1), (3, 2)],)],
    mistakes=[
        Mistake(
            "After a pooling, neighbors of the map are farther apart in the image:"
            " multiply the step.",
            lambda layers: _field(layers, steps=False),
        ),
        Mistake(
            "Pooling looks at several numbers too: it adds (pool - 1) steps.",
            lambda layers: _field(layers, pooling=False),
        ),
        Mistake(
            "Kernels do not add up in full: the middle pixel of each is counted once,"
            " so add kernel_size - 1.",
            lambda layers: _field(layers) - 1 + sum(1 for _ in layers),
        ),
        Mistake(
            "Start with a width of 1: a number of the image sees itself.",
            lambda layers: _field(layers) - 1,
        ),
    ],
)
