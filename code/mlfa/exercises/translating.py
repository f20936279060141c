"""Checks for the page "Reading one sequence, writing another"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _answer_lengths(tokens, end):
    ends = tokens == end
    first = ends.argmax(axis=1)
    return np.where(ends.any(axis=1), first, tokens.shape[1])


def _last_end(tokens, end):
    ends = tokens == end
    last = tokens.shape[1] - 1 - ends[:, ::-1].argmax(axis=1)
    return np.where(ends.any(axis=1), last, tokens.shape[1])


check_answer_lengths = Check(
    "the lengths",
    reference=_answer_lengths,
    cases=[
        (np.array([[3, 1, 11, 2, 11], [4, 4, 4, 4, 4], [11, 2, 3, 11, 5]]), 11),
        (np.array([[0, 9, 0], [1, 2, 3], [9, 9, 9]]), 9),
    ],
    mistakes=[
        Mistake(
            "A row without an end token has all of its tokens. (argmax of a row that is"
            " nowhere true is 0.)",
            lambda tokens, end: (tokens == end).argmax(axis=1),
        ),
        Mistake(
            "The end token is no part of the answer.",
            lambda tokens, end: np.minimum(
                _answer_lengths(tokens, end) + 1, tokens.shape[1]
            ),
        ),
        Mistake(
            "An answer ends at its first end token, not at its last.",
            _last_end,
        ),
        Mistake(
            "You counted the tokens that are no end token. What stands behind the first"
            " end does not count.",
            lambda tokens, end: (tokens != end).sum(axis=1),
        ),
    ],
)


def _log_softmax(scores, axis=-1):
    scores = scores - scores.max(axis=axis, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=axis, keepdims=True))


def _pick(numbers, answer):
    return numbers[np.arange(len(answer)), answer]


_rng = np.random.default_rng(0)

check_log_probability = Check(
    "the log-probability",
    reference=lambda scores, answer: _pick(_log_softmax(scores), answer).sum(),
    cases=[
        (_rng.normal(size=(4, 5)), np.array([0, 3, 1, 4])),
        (3 * _rng.normal(size=(6, 6)), np.array([2, 2, 0, 5, 1, 3])),
    ],
    mistakes=[
        Mistake(
            "You added up scores. Turn the scores of each step into log-probabilities"
            " first.",
            lambda scores, answer: _pick(scores, answer).sum(),
        ),
        Mistake(
            "You averaged over the steps. The probability of the whole answer is a"
            " product, its logarithm a sum.",
            lambda scores, answer: _pick(_log_softmax(scores), answer).mean(),
        ),
        Mistake(
            "This is the probability; the logarithm is asked for.",
            lambda scores, answer: np.exp(_pick(_log_softmax(scores), answer).sum()),
        ),
        Mistake(
            "You added up probabilities. Those of the steps are multiplied.",
            lambda scores, answer: np.exp(_pick(_log_softmax(scores), answer)).sum(),
        ),
        Mistake(
            "Your softmax runs over the steps. At each step, the probabilities of all"
            " tokens add up to 1: use the last axis.",
            lambda scores, answer: _pick(_log_softmax(scores, axis=0), answer).sum(),
        ),
        Mistake(
            "You took the most probable token at each step. The answer that is asked"
            " about may be another one.",
            lambda scores, answer: _log_softmax(scores).max(axis=1).sum(),
        ),
    ],
)
