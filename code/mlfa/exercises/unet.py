"""Checks for the page "Image to image"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _sizes(size, depth, halve=lambda size: -(-size // 2)):
    sizes = [size]
    for _ in range(depth):
        sizes.append(halve(sizes[-1]))
    return sizes


check_unet_sizes = Check(
    "the list of sizes",
    reference=_sizes,
    cases=[(28, 2), (27, 3), (5, 1), (31, 4)],
    mistakes=[
        Mistake(
            "Odd sizes are rounded up here, not down.",
            lambda size, depth: _sizes(size, depth, lambda s: s // 2),
        ),
        Mistake(
            "The input's size comes first.", lambda size, depth: _sizes(size, depth)[1:]
        ),
        Mistake(
            "A size is a whole number: round up.",
            lambda size, depth: [size / 2**level for level in range(depth + 1)],
        ),
        Mistake(
            "Half a pixel is rounded up every time, also where Python's round() goes to"
            " the even number.",
            lambda size, depth: _sizes(size, depth, lambda s: round(s / 2)),
        ),
        Mistake(
            "The last level is missing.", lambda size, depth: _sizes(size, depth)[:-1]
        ),
    ],
)

check_double = Check(
    "the doubled array",
    reference=lambda x: x.repeat(2, axis=1).repeat(2, axis=2),
    cases=[
        (np.arange(6.0).reshape(1, 2, 3),),
        (np.random.default_rng(0).normal(size=(3, 4, 2)),),
    ],
    mistakes=[
        Mistake(
            "That lays whole copies side by side. Each pixel should be repeated in its"
            " place: repeat, not tile.",
            lambda x: np.tile(x, (1, 2, 2)),
        ),
        Mistake(
            "The channels were doubled too: axis 0 stays as it is.",
            lambda x: x.repeat(2, 0).repeat(2, 1).repeat(2, 2),
        ),
        Mistake(
            "Only the rows were doubled. Repeat along the columns too.",
            lambda x: x.repeat(2, axis=1),
        ),
        Mistake(
            "That leaves zeros between the pixels.",
            lambda x: np.kron(x, np.array([[[1.0, 0.0], [0.0, 0.0]]])),
        ),
    ],
)
