"""Checks for the page "Sharper than the average"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

_RNG = np.random.default_rng(0)
_PAIRS = [(_RNG.normal(size=4), _RNG.normal(size=4), t) for t in (0.1, 0.25, 0.9)]
_HALF = np.pi / 2


def _circle(x0, x1, t):
    """Along a quarter of a circle, and the derivative with respect to the time."""
    a = _HALF * t
    return (
        np.cos(a) * x0 + np.sin(a) * x1,
        _HALF * (np.cos(a) * x1 - np.sin(a) * x0),
    )


check_curved_path = Check(
    "the pair of position and velocity",
    reference=_circle,
    cases=_PAIRS,
    mistakes=[
        Mistake(
            "The chain rule leaves a factor: the angle is not t, but π t / 2.",
            lambda x0, x1, t: (_circle(x0, x1, t)[0], _circle(x0, x1, t)[1] / _HALF),
        ),
        Mistake(
            "That is the velocity of the straight way. Differentiate the curved one.",
            lambda x0, x1, t: (_circle(x0, x1, t)[0], x1 - x0),
        ),
        Mistake(
            "Noise and image are swapped: at t = 0 all is noise.",
            lambda x0, x1, t: _circle(x1, x0, t),
        ),
        Mistake(
            "The derivative of the cosine is minus the sine.",
            lambda x0, x1, t: (
                _circle(x0, x1, t)[0],
                _HALF * (np.cos(_HALF * t) * x1 + np.sin(_HALF * t) * x0),
            ),
        ),
    ],
)


def _errors(answers, chances, *, single=min, perfect=2.0):
    """Expected squared errors of the mean, of the best answer, of a perfect sampler."""
    answers, chances = np.asarray(answers, float), np.asarray(chances, float)

    def error(guess):
        return float(chances @ np.sum((answers - guess) ** 2, axis=1))

    of_mean = error(chances @ answers)
    return of_mean, single(error(answer) for answer in answers), perfect * of_mean


def _equal(answers):
    return np.full(len(answers), 1 / len(answers))


_THREE = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])

check_three_errors = Check(
    "the errors of the mean, of the best answer, and of a perfect sampler",
    reference=_errors,
    cases=[
        (_THREE, np.array([0.5, 0.3, 0.2])),
        (_THREE, np.array([0.1, 0.2, 0.7])),
        (_RNG.normal(size=(4, 3)), np.array([0.4, 0.3, 0.2, 0.1])),
    ],
    mistakes=[
        Mistake(
            "Weight the answers by their chances, also in the mean.",
            lambda a, p: _errors(a, _equal(a)),
        ),
        Mistake(
            "The best of the answers is asked for, the one with the smallest error.",
            lambda a, p: _errors(a, p, single=max),
        ),
        Mistake(
            "A sampler does not hit the truth each time: its error is the variance"
            " once more than that of the mean.",
            lambda a, p: _errors(a, p, perfect=1.0),
        ),
        Mistake(
            "A perfect sampler may draw what is not the truth.",
            lambda a, p: _errors(a, p, perfect=0.0),
        ),
    ],
)
