"""Checks for the page "Overfitting and its cures"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _stop(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(losses) - 1


def _first_rise(losses, patience):
    for epoch in range(1, len(losses)):
        if losses[epoch] > losses[epoch - 1]:
            return epoch - 1, epoch
    return len(losses) - 1, len(losses) - 1


def _too_late(losses, patience):
    best, last = _stop(losses, patience + 1)
    return best, last


def _ties_are_better(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss <= losses[best]:
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(losses) - 1


_LOSSES = [5.0, 4.0, 4.5, 3.0, 3.5, 3.2, 3.1, 2.0, 1.0]

check_stopping = Check(
    "the pair of the kept and the last epoch",
    reference=_stop,
    cases=[
        (_LOSSES, 2),
        (_LOSSES, 3),
        (_LOSSES, 5),
        ([1.0, 2.0, 3.0, 4.0], 2),
        ([3.0, 2.0, 2.0, 2.5, 1.0], 2),
    ],
    mistakes=[
        Mistake(
            "You stop at the first rise. Curves are jagged: wait until `patience`"
            " epochs in a row brought no smaller loss.",
            _first_rise,
        ),
        Mistake(
            "You train one epoch too long: stop as soon as `patience` epochs passed"
            " since the best one.",
            _too_late,
        ),
        Mistake(
            "A loss that is only as small as the best is no better: keep the earlier"
            " epoch, and go on counting from it.",
            _ties_are_better,
        ),
        Mistake(
            "You look at all losses. Those after the stop are never computed.",
            lambda losses, patience: (
                int(np.argmin(losses)),
                _stop(losses, patience)[1],
            ),
        ),
        Mistake(
            "Keep the epoch of the smallest loss, not the one in which you stop.",
            lambda losses, patience: (_stop(losses, patience)[1],) * 2,
        ),
    ],
)


def _dropout(A, draws, share):
    return A * (draws >= share) / (1 - share)


_RNG = np.random.default_rng(0)
_A = _RNG.normal(size=(3, 4))
_DRAWS = _RNG.uniform(size=(3, 4))

check_dropout = Check(
    "the activations after dropout",
    reference=_dropout,
    cases=[(_A, _DRAWS, 0.5), (_A, _DRAWS, 0.2), (_A, _DRAWS, 0.0)],
    mistakes=[
        Mistake(
            "The rest must be scaled up, so that the mean stays: divide by 1 - share.",
            lambda A, draws, share: A * (draws >= share),
        ),
        Mistake(
            "You keep what should be dropped: a draw below `share` drops its entry.",
            lambda A, draws, share: A * (draws < share) / (1 - share),
        ),
        Mistake(
            "You multiply by 1 - share. In training the rest is divided by it.",
            lambda A, draws, share: A * (draws >= share) * (1 - share),
        ),
        Mistake(
            "A share `share` is dropped, so that 1 - share of it is left: divide by"
            " 1 - share.",
            lambda A, draws, share: A * (draws >= share) / (share or 1),
        ),
    ],
)
