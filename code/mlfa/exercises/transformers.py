"""Checks for the page "Transformers"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _softmax(scores, axis=-1):
    exponentials = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


def _attention(Q, K, V):
    return _softmax(Q @ K.T / np.sqrt(Q.shape[1])) @ V


_rng = np.random.default_rng(0)
_QKV = [
    tuple(_rng.normal(size=(4, 3)) for _ in range(3)),
    tuple(2 * _rng.normal(size=(5, 4)) for _ in range(3)),
]

check_attention = Check(
    "the attention",
    reference=_attention,
    cases=_QKV,
    mistakes=[
        Mistake(
            "The scale is missing: divide the scores by the root of d.",
            lambda Q, K, V: _softmax(Q @ K.T) @ V,
        ),
        Mistake(
            "You divided by d. The spread of a dot product is the square root of d.",
            lambda Q, K, V: _softmax(Q @ K.T / Q.shape[1]) @ V,
        ),
        Mistake(
            "Your weights add up to 1 over the queries. Each query needs weights that"
            " add up to 1 over its keys: take the softmax along the last axis.",
            lambda Q, K, V: _softmax(Q @ K.T / np.sqrt(Q.shape[1]), axis=0) @ V,
        ),
        Mistake(
            "You averaged the keys. They only decide the weights; the values are"
            " averaged.",
            lambda Q, K, V: _attention(Q, K, K),
        ),
    ],
)


def _causal_weights(scores):
    return _softmax(
        np.where(np.tril(np.ones(scores.shape, dtype=bool)), scores, -np.inf)
    )


check_causal_weights = Check(
    "the causal weights",
    reference=_causal_weights,
    cases=[(_rng.normal(size=(4, 4)),), (3 * _rng.normal(size=(6, 6)),)],
    mistakes=[
        Mistake(
            "You masked after the softmax, so that the rows no longer add up to 1. Mask"
            " the scores before it.",
            lambda scores: np.tril(_softmax(scores)),
        ),
        Mistake(
            "You set the scores of the future to 0, and exp(0) is 1, not 0. Use minus"
            " infinity.",
            lambda scores: _softmax(np.tril(scores)),
        ),
        Mistake(
            "You hid the past and show the future. Row i may look at the columns j"
            " <= i.",
            lambda scores: _softmax(
                np.where(np.triu(np.ones(scores.shape, dtype=bool)), scores, -np.inf)
            ),
        ),
        Mistake(
            "Each row adds up to 1, but it still looks at the future: no mask was"
            " applied.",
            _softmax,
        ),
    ],
)


def _count_block(size, n_heads, n_hidden, *, biases=1, norms=2, output=1, times=1):
    attention = (3 + output) * (size * size + biases * size) * times
    network = size * n_hidden + n_hidden * size + biases * (n_hidden + size)
    return attention + network + norms * 2 * size


check_count_block = Check(
    "the number of parameters",
    reference=lambda size, n_heads, n_hidden: _count_block(size, n_heads, n_hidden),
    cases=[(16, 2, 32), (8, 4, 24), (512, 8, 2048)],
    mistakes=[
        Mistake(
            "The two layer normalizations are missing: a scale and a shift for each"
            " number of a position.",
            lambda size, n_heads, n_hidden: _count_block(
                size, n_heads, n_hidden, norms=0
            ),
        ),
        Mistake(
            "The output layer of the attention is missing: it mixes what the heads have"
            " found.",
            lambda size, n_heads, n_hidden: _count_block(
                size, n_heads, n_hidden, output=0
            ),
        ),
        Mistake(
            "Each head works with size / heads numbers, so that the count does not grow"
            " with the heads.",
            lambda size, n_heads, n_hidden: _count_block(
                size, n_heads, n_hidden, times=n_heads
            ),
        ),
        Mistake(
            "The biases of the linear layers are missing.",
            lambda size, n_heads, n_hidden: _count_block(
                size, n_heads, n_hidden, biases=0
            ),
        ),
    ],
)
