"""Checks for the page "Training a network"."""

import itertools
import math

from mlfa.exercises.grading import Check, Mistake


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


def _cosine(epoch: int, epochs: int, start: float) -> float:
    return start / 2 * (1 + math.cos(math.pi * epoch / epochs))


check_cosine_rate = Check(
    "the learning rate",
    reference=_cosine,
    cases=[(0, 60, 0.01), (15, 60, 0.01), (45, 60, 0.02), (60, 60, 0.02)],
    mistakes=[
        Mistake(
            "Half of the start is missing: 1 + cos goes from 2 to 0, not from 1.",
            lambda epoch, epochs, start: 2 * _cosine(epoch, epochs, start),
        ),
        Mistake(
            "A whole cosine comes back up. It should end at zero: half a turn, which"
            " is pi.",
            lambda epoch, epochs, start: _cosine(2 * epoch, epochs, start),
        ),
        Mistake(
            "Your rate falls along a straight line.",
            lambda epoch, epochs, start: start * (1 - epoch / epochs),
        ),
        Mistake(
            "cos takes radians: half a turn is pi, not 180.",
            lambda epoch, epochs, start: (
                start / 2 * (1 + math.cos(180 * epoch / epochs))
            ),
        ),
    ],
)
