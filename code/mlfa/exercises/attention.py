"""Checks for the page "Attention: looking things up"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

check_query_length = Check(
    "the length of the query",
    reference=lambda n_pairs, weight: np.log(weight * (n_pairs - 1) / (1 - weight)),
    cases=[(4, 0.5), (16, 0.9), (1000, 0.99)],
    mistakes=[
        Mistake(
            "You counted all rows among the others. There are n_pairs - 1 of them.",
            lambda n_pairs, weight: np.log(weight * n_pairs / (1 - weight)),
        ),
        Mistake(
            "You gave e to the power of c, not c. Take the logarithm.",
            lambda n_pairs, weight: weight * (n_pairs - 1) / (1 - weight),
        ),
        Mistake(
            "You compared with one other row only. All of them have a score of 0, and"
            " each adds e^0 = 1 to the sum.",
            lambda n_pairs, weight: np.log(weight / (1 - weight)),
        ),
        Mistake(
            "The softmax uses e, so the logarithm is the natural one, np.log.",
            lambda n_pairs, weight: np.log10(weight * (n_pairs - 1) / (1 - weight)),
        ),
    ],
)


def _smooth(x_new, x, y, width, *, axis=1, half=0.5, power=2, scale=True):
    scores = -half * (x_new[:, None] - x[None]) ** 2 / width**power
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    if scale:
        weights = weights / weights.sum(axis=axis, keepdims=True)
    else:
        weights = np.exp(scores)
    return weights @ y


_rng = np.random.default_rng(0)
_WAVES = [
    (np.sort(_rng.normal(size=3)), x := _rng.normal(size=7), np.sin(x), width)
    for width in (0.5, 0.2)
]

check_smoother = Check(
    "the smoothed values",
    reference=_smooth,
    cases=_WAVES,
    mistakes=[
        Mistake(
            "Your weights do not add up to 1: divide them by their sum over the known"
            " points, for each new one.",
            lambda *case: _smooth(*case, scale=False),
        ),
        Mistake(
            "Your weights add up to 1 over the new points. Each new point asks, so its"
            " weights add up to 1 over the known points.",
            lambda *case: _smooth(*case, axis=0),
        ),
        Mistake(
            "The 2 in the denominator is missing: the score is minus the squared"
            " distance over twice the squared width.",
            lambda *case: _smooth(*case, half=1.0),
        ),
        Mistake(
            "The width is squared, as the distance is.",
            lambda *case: _smooth(*case, power=1),
        ),
    ],
)
