"""Checks for the page "Sharper than the average"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

_RNG = np.random.default_rng(0)

check_flow_path = Check(
    "the pair of position and velocity",
    reference=lambda x0, x1, t: ((1 - t) * x0 + t * x1, x1 - x0),
    cases=[(_RNG.normal(size=4), _RNG.normal(size=4), t) for t in (0.0, 0.25, 0.9)],
    mistakes=[
        Mistake(
            "Noise and image are swapped: t = 0 is all noise.",
            lambda x0, x1, t: (t * x0 + (1 - t) * x1, x1 - x0),
        ),
        Mistake(
            "The velocity points from the noise to the image.",
            lambda x0, x1, t: ((1 - t) * x0 + t * x1, x0 - x1),
        ),
        Mistake(
            "The velocity is constant along the way. What you have is the part walked"
            " so far.",
            lambda x0, x1, t: ((1 - t) * x0 + t * x1, t * (x1 - x0)),
        ),
        Mistake(
            "That velocity is the rest of the way: divide it by the rest of the time,"
            " or write it without t.",
            lambda x0, x1, t: (
                (1 - t) * x0 + t * x1,
                x1 - ((1 - t) * x0 + t * x1) + 0 * x0,
            ),
        ),
    ],
)


def _euler(
    velocity,
    x,
    steps,
    *,
    when=lambda k, steps: k / steps,
    length=lambda steps: 1 / steps,
):
    for k in range(steps):
        x = x + velocity(x, when(k, steps)) * length(steps)
    return x


def _grow(x, t):
    return x + t


def _turn(x, t):
    return np.array([-x[1], x[0]]) * (1 + t)


check_euler = Check(
    "the place at time 1",
    reference=_euler,
    cases=[(_grow, 1.0, 4), (_grow, -0.5, 10), (_turn, np.array([1.0, 0.0]), 7)],
    mistakes=[
        Mistake(
            "Take the velocity at the beginning of the step, at time k / steps.",
            lambda v, x, n: _euler(v, x, n, when=lambda k, n: (k + 1) / n),
        ),
        Mistake(
            "Each step lasts 1 / steps: divide by the steps.",
            lambda v, x, n: _euler(v, x, n, length=lambda n: 1),
        ),
        Mistake(
            "The time stays at zero in your loop.",
            lambda v, x, n: _euler(v, x, n, when=lambda k, n: 0),
        ),
        Mistake(
            "The time runs from 0 to 1: k / steps, not k.",
            lambda v, x, n: _euler(v, x, n, when=lambda k, n: k),
        ),
        Mistake(
            "That is a single step over the whole time.",
            lambda v, x, n: _euler(v, x, 1),
        ),
    ],
)
