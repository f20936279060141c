"""Checks for the page "What a row of pixels cannot know"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _neighbors(j, height, width):
    h, w = divmod(j, width)
    places = [(h - 1, w), (h, w - 1), (h, w + 1), (h + 1, w)]
    return [a * width + b for a, b in places if 0 <= a < height and 0 <= b < width]


def _neighbors_around_the_end(j, height, width):
    places = [j - width, j - 1, j + 1, j + width]
    return [place for place in places if 0 <= place < height * width]


def _neighbors_with_corners(j, height, width):
    h, w = divmod(j, width)
    return [
        a * width + b
        for a in range(max(h - 1, 0), min(h + 2, height))
        for b in range(max(w - 1, 0), min(w + 2, width))
        if (a, b) != (h, w)
    ]


check_neighbors = Check(
    "the list of neighbors",
    reference=_neighbors,
    cases=[(5, 3, 4), (7, 3, 4), (8, 3, 4), (0, 28, 28), (27, 28, 28), (783, 28, 28)],
    mistakes=[
        Mistake(
            "The first number of a row does not touch the last one of the row before:"
            " they lie on opposite sides of the image.",
            _neighbors_around_the_end,
        ),
        Mistake(
            "A step down passes one row, which has as many numbers as there are columns"
            " (`width`), not rows.",
            lambda j, height, width: _neighbors(j, width, height),
        ),
        Mistake(
            "Corners do not count here: left, right, above and below only.",
            _neighbors_with_corners,
        ),
        Mistake(
            "From the smallest to the largest: above comes first and below last.",
            lambda j, height, width: _neighbors(j, height, width)[::-1],
        ),
    ],
)

_rng = np.random.default_rng(0)


def _undo(order):
    undo = np.empty_like(order)
    undo[order] = np.arange(len(order))
    return undo


check_undo = Check(
    "the order that undoes it",
    reference=_undo,
    cases=[(np.array([2, 0, 1, 3]),), (_rng.permutation(9),), (_rng.permutation(784),)],
    mistakes=[
        Mistake(
            "The same order again rearranges once more. It must go back.",
            lambda order: order.copy(),
        ),
        Mistake(
            "Reading the order from its end does not undo it. Ask where each number"
            " went.",
            lambda order: order[::-1].copy(),
        ),
        Mistake(
            "Sorted, the order says nothing any more. Ask where in it each number"
            " stands, which `np.argsort` tells.",
            lambda order: np.sort(order),
        ),
    ],
)
