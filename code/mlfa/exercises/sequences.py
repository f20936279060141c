"""Checks for the page "Sequences of different lengths"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _pack(sequences):
    """Values in the order in which a cell reads them, and how many at each step."""
    longest = max(map(len, sequences))
    steps = [[s[t] for s in sequences if len(s) > t] for t in range(longest)]
    return np.concatenate(steps), np.array([len(step) for step in steps])


def _trial(*lengths, seed):
    rng = np.random.default_rng(seed)
    return ([rng.normal(size=length) for length in lengths],)


check_pack = Check(
    "the packed values and the sizes",
    reference=_pack,
    cases=[_trial(5, 3, 2, seed=0), _trial(4, 4, 1, seed=1)],
    mistakes=[
        Mistake(
            "The values of one sequence stand together. A cell reads step one of all"
            " sequences first, then step two.",
            lambda sequences: (np.concatenate(sequences), _pack(sequences)[1]),
        ),
        Mistake(
            "Those are the lengths of the sequences. Count the sequences that still go"
            " on at each step.",
            lambda sequences: (
                _pack(sequences)[0],
                np.array([len(s) for s in sequences]),
            ),
        ),
        Mistake(
            "The padding is still there: at each step leave out the sequences that have"
            " ended.",
            lambda sequences: _pack(
                [np.append(s, np.zeros(len(sequences[0]) - len(s))) for s in sequences]
            ),
        ),
    ],
)


def _masked_mean(X, lengths):
    """Mean over the true steps of each sequence."""
    counts = np.arange(X.shape[1]) < lengths[:, None]  # (n, length)
    kept = np.where(counts[:, :, None], X, 0.0)  # (n, length, d)
    return kept.sum(axis=1) / lengths[:, None]  # (n, d)


def _padded(lengths, filling, seed):
    X = np.random.default_rng(seed).normal(size=(len(lengths), max(lengths) + 1, 2))
    X[np.arange(X.shape[1]) >= np.array(lengths)[:, None]] = filling
    return X, np.array(lengths)


def _times_mask(X, lengths):
    counts = np.arange(X.shape[1]) < lengths[:, None]
    return (X * counts[:, :, None]).sum(axis=1) / lengths[:, None]


check_masked_mean = Check(
    "the mean over the true steps",
    reference=_masked_mean,
    cases=[_padded([4, 2, 1], 7.0, seed=0), _padded([3, 3, 5], np.nan, seed=1)],
    mistakes=[
        Mistake(
            "The padding is counted: leave out the steps behind the ends.",
            lambda X, lengths: X.mean(axis=1),
        ),
        Mistake(
            "Divide by each sequence's own length, not by that of the table.",
            lambda X, lengths: (
                _masked_mean(X, lengths) * (lengths / X.shape[1])[:, None]
            ),
        ),
        Mistake(
            "Zero times what is not a number is not a number: choose with np.where"
            " instead of multiplying.",
            _times_mask,
        ),
        Mistake(
            "The last true step is missing: positions count from 0, lengths from 1.",
            lambda X, lengths: _masked_mean(X, np.maximum(lengths - 1, 1)),
        ),
    ],
)
