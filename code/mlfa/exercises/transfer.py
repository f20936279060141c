"""Checks for the page "Another head, and few labels"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _halves(maps):
    left, right = np.split(maps, 2, axis=3)
    return np.concatenate([left.mean(axis=(2, 3)), right.mean(axis=(2, 3))], axis=1)


def _top_and_bottom(maps):
    return _halves(maps.transpose(0, 1, 3, 2))


def _side_by_side(maps):
    """Left and right of the first channel, then of the second, and so on."""
    n, n_channels = maps.shape[:2]
    return _halves(maps).reshape(n, 2, n_channels).transpose(0, 2, 1).reshape(n, -1)


def _maps(seed, shape):
    return (np.random.default_rng(seed).normal(size=shape),)


check_halves = Check(
    "the means of both halves",
    reference=_halves,
    cases=[_maps(0, (2, 3, 4, 6)), _maps(1, (1, 4, 2, 2)), _maps(2, (3, 2, 6, 4))],
    mistakes=[
        Mistake(
            "That is one mean for the whole of each map, which forgets the side.",
            lambda maps: maps.mean(axis=(2, 3)),
        ),
        Mistake(
            "Those are the upper and the lower half. Left and right differ in the"
            " column, which is the last axis.",
            _top_and_bottom,
        ),
        Mistake(
            "First the left halves of all channels, then the right ones.",
            _side_by_side,
        ),
        Mistake(
            "A half has half as many numbers: divide by height times half the width.",
            lambda maps: _halves(maps) / 2,
        ),
    ],
)


def _head_size(n_maps, height, width, n_outputs, average):
    n_features = n_maps if average else n_maps * height * width
    return (n_features + 1) * n_outputs


def _head_size_without_biases(n_maps, height, width, n_outputs, average):
    return _head_size(n_maps, height, width, n_outputs, average) - n_outputs


def _head_size_one_bias(n_maps, height, width, n_outputs, average):
    return _head_size(n_maps, height, width, n_outputs, average) - n_outputs + 1


def _head_size_never_averages(n_maps, height, width, n_outputs, average):
    return _head_size(n_maps, height, width, n_outputs, False)


def _head_size_averages_all(n_maps, height, width, n_outputs, average):
    return 2 * n_outputs if average else _head_size(n_maps, height, width, n_outputs, 0)


check_head_size = Check(
    "the number of parameters",
    reference=_head_size,
    cases=[
        (16, 7, 7, 10, True),
        (16, 7, 7, 10, False),
        (32, 4, 6, 5, True),
        (32, 4, 6, 5, False),
    ],
    mistakes=[
        Mistake("Every output has a bias, too.", _head_size_without_biases),
        Mistake("Every output has a bias of its own.", _head_size_one_bias),
        Mistake(
            "After the average each map is one number, whatever its size.",
            _head_size_never_averages,
        ),
        Mistake(
            "The average is taken of every map by itself, not over the maps.",
            _head_size_averages_all,
        ),
    ],
)
