"""Checks for the page "How sure is a forecast?"."""

import math

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.series.intervals import conformal_radius

_RNG = np.random.default_rng(0)
_RESIDUALS = [
    _RNG.normal(0.5, 2, size=19),
    _RNG.normal(-1, 1, size=30),
    _RNG.normal(0, 4, size=99),
]


def _sizes(residuals):
    return np.sort(np.abs(residuals))


check_radius = Check(
    "the radius",
    reference=conformal_radius,
    cases=[(_RESIDUALS[0], 0.8), (_RESIDUALS[1], 0.9), (_RESIDUALS[2], 0.5)],
    mistakes=[
        Mistake(
            "You ranked the residuals with their signs. An error of minus three is as"
            " far off as one of three: take absolute values first.",
            lambda r, coverage: np.sort(r)[
                math.ceil((len(r) + 1) * coverage - 1e-9) - 1
            ],
        ),
        Mistake(
            "You counted from zero: the k-th smallest of a sorted array is at place k"
            " - 1.",
            lambda r, coverage: _sizes(r)[
                min(math.ceil((len(r) + 1) * coverage - 1e-9), len(r) - 1)
            ],
        ),
        Mistake(
            "The new day is missing from the count: there are n + 1 residuals, of which"
            " you have seen n.",
            lambda r, coverage: _sizes(r)[math.ceil(len(r) * coverage - 1e-9) - 1],
        ),
        Mistake(
            "np.quantile interpolates between two residuals and does not count the new"
            " day. Take the k-th smallest size itself.",
            lambda r, coverage: np.quantile(np.abs(r), coverage),
        ),
    ],
)


def _wanted(inside, coverage, gamma, *, sign=1, outside=False, start=None):
    wanted = [coverage if start is None else start]
    for held in inside[:-1]:
        met = 1 - held if outside else held
        wanted.append(wanted[-1] + sign * gamma * (coverage - met))
    return np.array(wanted)


_INSIDE = [
    np.array([1, 1, 0, 1, 0]),
    np.array([0, 0, 1, 1, 1, 1]),
    np.array([1, 0, 1, 0]),
]

check_adapting = Check(
    "the coverage that is asked for",
    reference=_wanted,
    cases=[(_INSIDE[0], 0.8, 0.05), (_INSIDE[1], 0.9, 0.02), (_INSIDE[2], 0.6, 0.1)],
    mistakes=[
        Mistake(
            "You move the wrong way. After a day outside, ask for more.",
            lambda inside, coverage, gamma: _wanted(inside, coverage, gamma, sign=-1),
        ),
        Mistake(
            "You took a day outside for one inside. `inside` is 1 where the interval"
            " held the truth.",
            lambda inside, coverage, gamma: _wanted(
                inside, coverage, gamma, outside=True
            ),
        ),
        Mistake(
            "You start at zero. Before anything is seen, ask for what was promised.",
            lambda inside, coverage, gamma: _wanted(inside, coverage, gamma, start=0.0),
        ),
        Mistake(
            "You let each day's wish see that day's outcome. The first one is the"
            " promised coverage itself.",
            lambda inside, coverage, gamma: (
                coverage + np.cumsum(gamma * (coverage - inside))
            ),
        ),
        Mistake(
            "Each step must start from where the last one ended, not from the promised"
            " coverage.",
            lambda inside, coverage, gamma: np.concatenate(
                [[coverage], coverage + gamma * (coverage - inside[:-1])]
            ),
        ),
    ],
)
