"""Checks for the page "Convolutional networks"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


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


def _needed(kernel_size, pool, wanted, *, pooling=True, steps=True, start=1):
    width, step, blocks = start, 1, 0
    while width < wanted:
        width += (kernel_size - 1) * step
        width += (pool - 1) * step if pooling else 0
        step *= pool if steps else 1
        blocks += 1
    return blocks


check_blocks_needed = Check(
    "the number of blocks",
    reference=_needed,
    cases=[(3, 2, 28), (3, 2, 10), (5, 1, 28), (5, 2, 37), (3, 3, 56), (7, 2, 1)],
    mistakes=[
        Mistake(
            "After a pooling, neighbors of the map are farther apart in the image:"
            " multiply the step.",
            lambda k, p, wanted: _needed(k, p, wanted, steps=False),
        ),
        Mistake(
            "Pooling reads several numbers too: it adds (pool - 1) steps.",
            lambda k, p, wanted: _needed(k, p, wanted, pooling=False),
        ),
        Mistake(
            "One block too many where it just fits: a pixel sees itself, so start with"
            " a width of 1, and a field of exactly the wanted width is enough.",
            lambda k, p, wanted: _needed(k, p, wanted, start=0),
        ),
        Mistake(
            "Count the blocks, not the layers: a block convolves and pools.",
            lambda k, p, wanted: 2 * _needed(k, p, wanted),
        ),
    ],
)
