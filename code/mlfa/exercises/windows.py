"""Checks for the page "An exam that does not cheat"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _part(origin, horizon, border):
    """0 for training, 1 for validation, -1 for left out."""
    first, last = origin + 1, origin + horizon
    return np.where(last < border, 0, np.where(first >= border, 1, -1))


check_time_parts = Check(
    "the part of each window",
    reference=_part,
    cases=[(np.arange(3, 12), 3, 8), (np.arange(2, 9), 2, 5), (np.arange(4, 10), 1, 7)],
    mistakes=[
        Mistake(
            "Windows whose targets lie on both sides of the border went into the"
            " training part: the model is fitted to answers from the future.",
            lambda origin, horizon, border: np.where(origin + 1 < border, 0, 1),
        ),
        Mistake(
            "Windows whose targets lie on both sides went into the validation part:"
            " some of their answers are training targets of other windows. Leave them"
            " out.",
            lambda origin, horizon, border: np.where(origin + horizon < border, 0, 1),
        ),
        Mistake(
            "You compared the origin, the last step that is seen. What counts are the"
            " steps to predict, origin + 1 to origin + horizon.",
            lambda origin, horizon, border: np.where(origin < border, 0, 1),
        ),
    ],
)


def _given_away(origin, held_origin, length, horizon):
    touched = {t + k for t in origin for k in range(1 - length, horizon + 1)}
    asked = range(1, horizon + 1)
    return np.array([sum(t + k in touched for k in asked) for t in held_origin])


check_given_away = Check(
    "the number of target days that are given away",
    reference=_given_away,
    cases=[
        (np.array([4, 5, 12]), np.array([7, 9, 15]), 3, 2),
        (np.array([3, 10, 20]), np.array([5, 12, 17, 30]), 4, 3),
        (np.arange(6, 12), np.array([11, 13, 19]), 2, 4),
    ],
    mistakes=[
        Mistake(
            "You looked only at what training windows ask for. What they see gives an"
            " answer away, too.",
            lambda origin, held_origin, length, horizon: _given_away(
                origin, held_origin, 0, horizon
            ),
        ),
        Mistake(
            "You looked only at what training windows see. Their targets give answers"
            " away, too.",
            lambda origin, held_origin, length, horizon: np.array(
                [
                    len(
                        {t + k for k in range(1, horizon + 1)}
                        & {s - k for s in origin for k in range(length)}
                    )
                    for t in held_origin
                ]
            ),
        ),
        Mistake(
            "You counted whether a day is given away, not how many are.",
            lambda origin, held_origin, length, horizon: np.minimum(
                _given_away(origin, held_origin, length, horizon), 1
            ),
        ),
        Mistake(
            "You counted a day once for every training window that holds it. Each of"
            " the target days counts once.",
            lambda origin, held_origin, length, horizon: sum(
                _given_away([one], held_origin, length, horizon) for one in origin
            ),
        ),
        Mistake(
            "What the held-out window sees may be known: on the evening of the"
            " forecast it is the past. Count its target days alone.",
            lambda origin, held_origin, length, horizon: (
                _given_away(origin, held_origin, length, horizon)
                + np.array(
                    [
                        len(
                            {t - k for k in range(length)}
                            & {
                                s + k
                                for s in origin
                                for k in range(1 - length, horizon + 1)
                            }
                        )
                        for t in held_origin
                    ]
                )
            ),
        ),
    ],
)
