"""Checks for the page "Rollouts"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _pair_rollout(predict, window, steps, kept=slice(2, None), trim=True, order=1):
    """A rollout two steps at a time, or one with a mistake."""
    answers = []
    while len(answers) < steps:
        pair = np.asarray(predict(window))[::order]
        answers.extend(pair)
        window = np.append(window[kept], pair)
    return np.array(answers[:steps] if trim else answers)


def _one_of_two(predict, window, steps):
    """Asks for two values and uses the first."""
    answers = []
    for _ in range(steps):
        answers.append(predict(window)[0])
        window = np.append(window[1:], answers[-1])
    return np.array(answers)


def _teacher(predict, window, steps):
    """Never reads its own answers."""
    pair = np.asarray(predict(window))
    return np.resize(pair, steps)


def _weighted(window):
    """A model for the trials: every position counts, and the two answers differ."""
    weights = np.linspace(0.1, 1.0, len(window))
    mean = float(window @ weights) / len(window)
    return np.array([mean + 0.3, 2 * mean - 0.1])


check_pair_rollout = Check(
    "the rollout",
    reference=_pair_rollout,
    cases=[
        (_weighted, np.array([1.0, -2.0, 3.0]), 5),
        (_weighted, np.array([0.5, 2.0, -1.0, 0.7]), 7),
    ],
    mistakes=[
        Mistake(
            "For an odd number of steps the last answer is cut in half: return as many"
            " values as were asked for.",
            lambda *a: _pair_rollout(*a, trim=False),
        ),
        Mistake(
            "Both answers are used: put both at the end of the window, and ask again"
            " after two steps.",
            _one_of_two,
        ),
        Mistake(
            "The first answer comes first, in the window as well.",
            lambda *a: _pair_rollout(*a, order=-1),
        ),
        Mistake(
            "Two new values come in, so the two oldest go out, not the two latest.",
            lambda *a: _pair_rollout(*a, kept=slice(None, -2)),
        ),
        Mistake(
            "The model never reads its own answers: put them at the end of the window.",
            _teacher,
        ),
    ],
)


def _steps_late(y, y_pred, most, sign=1, score=np.mean, wrap=False):
    """By how many steps a prediction is late, or what a mistake makes of it."""
    errors = {}
    for late in range(-most, most + 1):
        shift = sign * late
        if wrap:
            differences = np.roll(y_pred, -shift) - y
        elif shift >= 0:
            differences = y_pred[shift:] - y[: len(y) - shift]
        else:
            differences = y_pred[:shift] - y[-shift:]
        errors[late] = score(differences**2)
    return min(errors, key=errors.get)


def _late_case(late, n, seed, noise=0.1):
    rng = np.random.default_rng(seed)
    walk = rng.normal(size=n + 20).cumsum()
    y, y_pred = walk[10 : 10 + n], walk[10 - late : 10 - late + n]
    return y, y_pred + noise * rng.normal(size=n)


check_steps_late = Check(
    "the number of steps",
    reference=_steps_late,
    cases=[
        (*_late_case(3, 50, seed=0), 6),
        (*_late_case(-4, 9, seed=1), 5),
        (*_late_case(0, 30, seed=2), 6),
        (*_late_case(1, 8, seed=17, noise=0.6), 6),
    ],
    mistakes=[
        Mistake(
            "The sign is turned: a late prediction at step t is what was true before,"
            " at step t minus the delay.",
            lambda *a: _steps_late(*a, sign=-1),
        ),
        Mistake(
            "Steps that have no partner came back in at the other end: leave them out.",
            lambda *a: _steps_late(*a, wrap=True),
        ),
        Mistake(
            "A larger shift leaves fewer pairs: take the mean of the squares, not their"
            " sum.",
            lambda *a: _steps_late(*a, score=np.sum),
        ),
    ],
)
