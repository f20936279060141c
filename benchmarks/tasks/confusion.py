"""Count which digit is taken for which, in 10,000 predictions."""

import numpy as np

from shared.task import Task

TASK = Task(
    title="confusion matrix",
    score="share of the counts that are right",
    plain="a loop over the samples",
    library="scikit-learn: confusion_matrix",
    from_scratch=True,
)


def data(seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(10, size=10_000)
    return y, np.where(rng.random(len(y)) < 0.1, rng.integers(10, size=len(y)), y)


def book():
    from mlfa.scoring.metrics import confusion_matrix

    return lambda data, seed: confusion_matrix(*data)


def plain():
    def count(data, seed):
        counts = np.zeros((10, 10), dtype=int)
        for true, predicted in zip(*data, strict=True):
            counts[true, predicted] += 1
        return counts

    return count


def library():
    from sklearn.metrics import confusion_matrix

    return lambda data, seed: confusion_matrix(*data)


def score(data, answer):
    y, y_pred = data
    counts = np.bincount(10 * y + y_pred, minlength=100).reshape(10, 10)
    return float((answer == counts).mean())
