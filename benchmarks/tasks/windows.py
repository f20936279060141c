"""Cut a long series into windows of thirty days and the seven days after each."""

import numpy as np

from mlfa.datasets.weather import load_seattle_weather
from shared.task import Task

TASK = Task(
    title="windows of a series",
    score="share of the windows that are right",
    plain="NumPy: a loop that slices each window, and stacks them at the end",
    library="PyTorch: Tensor.unfold",
    from_scratch=True,
)


def data(seed):
    X = np.tile(load_seattle_weather().matrix(), (40, 1))  # so long that cutting it takes a while
    return np.roll(X, 97 * seed, axis=0)


def book():
    from mlfa.series.windows import make_windows

    def cut(X, seed):
        windows = make_windows(X, X[:, 1], length=30, horizon=7)
        return windows.X, windows.y

    return cut


def plain():
    def cut(X, seed):
        seen, targets = [], []
        for i in range(len(X) - 36):
            seen.append(X[i : i + 30])
            targets.append(X[i + 30 : i + 37, 1])
        return np.array(seen), np.array(targets)

    return cut


def library():
    import torch

    def cut(X, seed):
        X = torch.from_numpy(X)
        seen = X.unfold(0, 30, 1)[:-7].transpose(1, 2).contiguous()
        return seen.numpy(), X[30:, 1].unfold(0, 7, 1).contiguous().numpy()

    return cut


def score(X, answer):
    seen, targets = answer
    assert seen.shape == (len(X) - 36, 30, X.shape[1]) and targets.shape == (len(X) - 36, 7)
    rows = np.arange(len(seen))[:, None]
    right = (seen == X[rows + np.arange(30)]).all(axis=(1, 2)) & (targets == X[rows + 30 + np.arange(7), 1]).all(axis=1)
    return float(right.mean())
