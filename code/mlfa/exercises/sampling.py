"""Checks for the page "Drawing what is missing"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

_RNG = np.random.default_rng(0)
_PAIRS = [(_RNG.normal(size=4), _RNG.normal(size=4), t) for t in (0.1, 0.25, 0.9)]

check_guess = Check(
    "the pair of expected noise and expected image",
    reference=lambda x, v, t: (x - t * v, x + (1 - t) * v),
    cases=_PAIRS,
    mistakes=[
        Mistake(
            "The rest of the way takes 1 - t, not 1.",
            lambda x, v, t: (x - t * v, x + v),
        ),
        Mistake(
            "The noise lies behind the point: go back, against the velocity.",
            lambda x, v, t: (x + t * v, x + (1 - t) * v),
        ),
        Mistake(
            "First the noise, then the image.",
            lambda x, v, t: (x + (1 - t) * v, x - t * v),
        ),
        Mistake(
            "The times are swapped: t has passed, 1 - t is left.",
            lambda x, v, t: (x - (1 - t) * v, x + t * v),
        ),
    ],
)


def _recognized(p, C, *, drawn=lambda p: p, confused=lambda C: C):
    return float(np.mean(np.sum((drawn(p) @ confused(C)) * p, axis=1)))


def _best(p):
    return np.eye(p.shape[1])[p.argmax(axis=1)]


_CHANCES = [_RNG.dirichlet([0.5] * k, size=n) for n, k in ((1, 2), (5, 3), (8, 4))]
_CONFUSIONS = [
    0.8 * np.eye(p.shape[1]) + 0.2 * _RNG.dirichlet([1] * p.shape[1], size=p.shape[1])
    for p in _CHANCES
]

check_recognized = Check(
    "the share that is read as what was written",
    reference=_recognized,
    cases=list(zip(_CHANCES, _CONFUSIONS, strict=True)),
    mistakes=[
        Mistake(
            "That is a perfect reader: use its confusions.",
            lambda p, C: _recognized(p, C, confused=lambda C: np.eye(len(C))),
        ),
        Mistake(
            "A wrong digit can be misread as the right one: the other entries of C"
            " count too.",
            lambda p, C: _recognized(p, C, confused=lambda C: np.diag(np.diag(C))),
        ),
        Mistake(
            "A sampler does not always draw the likeliest digit.",
            lambda p, C: _recognized(p, C, drawn=_best),
        ),
        Mistake(
            "The mean over the halves is asked for, not the sum.",
            lambda p, C: len(p) * _recognized(p, C),
        ),
    ],
)
