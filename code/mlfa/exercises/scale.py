"""Checks for the page "When one machine is not enough"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

_G = np.array([[1.0, -2.0], [4.0, 0.5], [-3.0, 6.0]])


def _joined(gradients, counts):
    counts = np.asarray(counts, dtype=float)
    return counts @ gradients / counts.sum()


check_joined_gradient = Check(
    "the gradient of the whole batch",
    reference=_joined,
    cases=[
        (_G, np.array([64, 64, 63])),
        (_G[:2], np.array([3, 1])),
        (_G, np.array([5, 0, 2])),
    ],
    mistakes=[
        Mistake(
            "The plain mean of the means is right only for equal parts: a process with"
            " fewer samples would count too much.",
            lambda gradients, counts: gradients.mean(axis=0),
        ),
        Mistake(
            "Each gradient is a mean already: divide the weighted sum by the number of"
            " all samples.",
            lambda gradients, counts: counts @ gradients,
        ),
        Mistake(
            "Divide by the number of samples, not by that of the processes.",
            lambda gradients, counts: counts @ gradients / len(counts),
        ),
        Mistake(
            "That is the sum of the means. It grows with the number of processes.",
            lambda gradients, counts: gradients.sum(axis=0),
        ),
    ],
)


def _times(compute, message, most):
    processes = np.arange(1, most + 1)
    return compute / processes + 2 * (processes - 1) * message


def _best(compute, message, most):
    return int(np.argmin(_times(compute, message, most))) + 1


check_best_processes = Check(
    "the number of processes",
    reference=_best,
    cases=[(1.0, 0.001, 64), (1.0, 0.1, 64), (0.01, 0.1, 8), (9.0, 0.01, 6)],
    mistakes=[
        Mistake(
            "You count from 0: the first entry of the list is one process.",
            lambda *a: _best(*a) - 1,
        ),
        Mistake(
            "That is the time. The question was how many processes reach it.",
            lambda *a: float(_times(*a).min()),
        ),
        Mistake(
            "The messages cost nothing in your answer, so that more is always better.",
            lambda compute, message, most: most,
        ),
        Mistake(
            "A ring takes 2 (P - 1) turns: P - 1 to add up, P - 1 to hand round.",
            lambda compute, message, most: _best(compute, message / 2, most),
        ),
    ],
)
