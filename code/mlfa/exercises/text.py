"""Checks for the page "Text, one character at a time"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _bits(p, tokens):
    return float(-np.log2(p[np.arange(len(tokens)), tokens]).mean())


_P = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8], [0.2, 0.7, 0.1], [0.3, 0.3, 0.4]])

check_bits = Check(
    "the mean number of bits",
    reference=_bits,
    cases=[(_P, np.array([0, 2, 1, 1])), (_P[:2], np.array([1, 0]))],
    mistakes=[
        Mistake(
            "These are nats: the natural logarithm. One bit is the logarithm of two.",
            lambda p, tokens: _bits(p, tokens) * np.log(2),
        ),
        Mistake(
            "The mean goes inside of your logarithm. Each guess is paid for by itself:"
            " take the logarithm first, then the mean.",
            lambda p, tokens: float(-np.log2(p[np.arange(len(tokens)), tokens].mean())),
        ),
        Mistake(
            "That is the sum over the text. Divide by the number of tokens.",
            lambda p, tokens: _bits(p, tokens) * len(tokens),
        ),
        Mistake(
            "That is the entropy of the guesses: it does not look at what came.",
            lambda p, tokens: float(-(p * np.log2(p)).sum(axis=1).mean()),
        ),
        Mistake(
            "The sign is missing: the logarithm of a probability is not positive.",
            lambda p, tokens: -_bits(p, tokens),
        ),
    ],
)


def _interpolate(counts, shorter, discount, *, deal_out=True, kinds=None):
    kept = np.maximum(counts - discount, 0)
    kinds = np.count_nonzero(counts) if kinds is None else kinds
    return (kept + deal_out * discount * kinds * shorter) / counts.sum()


_SHORTER = np.array([0.4, 0.3, 0.2, 0.1])

check_interpolate = Check(
    "the guess",
    reference=_interpolate,
    cases=[
        (np.array([3, 0, 1, 0]), _SHORTER, 0.75),
        (np.array([5, 2, 1, 4]), _SHORTER, 0.5),
        (np.array([0, 1, 0, 0]), _SHORTER, 0.9),
    ],
    mistakes=[
        Mistake(
            "What was taken away is lost: your guess does not add up to one. Deal it"
            " out by the shorter guess.",
            lambda *a: _interpolate(*a, deal_out=False),
        ),
        Mistake(
            "You deal out the discount of every token. It was taken only from those"
            " that were seen.",
            lambda *a: _interpolate(*a, kinds=4),
        ),
        Mistake(
            "You deal out one discount in all. It was taken from each token that was"
            " seen.",
            lambda *a: _interpolate(*a, kinds=1),
        ),
        Mistake(
            "That is the share of each count. A token that was never seen gets nothing,"
            " and costs infinitely many bits when it comes.",
            lambda counts, shorter, discount: counts / counts.sum(),
        ),
    ],
)


def _temperature(scores, temperature):
    z = np.exp((scores - scores.max()) / temperature)
    return z / z.sum()


check_temperature = Check(
    "the probabilities",
    reference=_temperature,
    cases=[
        (np.array([2.0, 1.0, 0.0]), 0.5),
        (np.array([2.0, 1.0, -1.0]), 2.0),
        (np.array([0.3, 0.1, 4.0, -2.0]), 0.7),
    ],
    mistakes=[
        Mistake(
            "You multiplied by the temperature. A low one must make the likely"
            " likelier: divide.",
            lambda scores, temperature: _temperature(scores, 1 / temperature),
        ),
        Mistake(
            "You divided the probabilities, and dividing them again by their sum undoes"
            " that. Divide the scores, before the softmax.",
            lambda scores, temperature: _temperature(scores, 1.0),
        ),
        Mistake(
            "You divided the probabilities, which no longer add up to one. Divide the"
            " scores, before the softmax.",
            lambda scores, temperature: _temperature(scores, 1.0) / temperature,
        ),
    ],
)
