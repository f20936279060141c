"""Eight filters of 5 by 5 pixels look at 32 images with three channels."""

import numpy as np

from shared.task import Task

TASK = Task(
    title="convolution",
    score="share of the answers that are right to four digits",
    plain="NumPy: a loop over the places, all images and filters in one product",
    library="PyTorch: torch.nn.functional.conv2d",
    from_scratch=True,
    note="PyTorch's is written for the processor, and never lays the patches out in memory.",
)


def data(seed):
    rng = np.random.default_rng(seed)
    X, kernels = rng.normal(size=(32, 3, 28, 28)), rng.normal(size=(8, 3, 5, 5))
    return X.astype(np.float32), kernels.astype(np.float32)


def book():
    from mlfa.images.convolution import convolve

    return lambda data, seed: convolve(*data, padding=2)


def by_places(X, kernels):
    padded = np.pad(X, [(0, 0), (0, 0), (2, 2), (2, 2)])
    answers = np.empty((len(X), len(kernels), *X.shape[2:]), dtype=X.dtype)
    for i in range(X.shape[2]):
        for j in range(X.shape[3]):
            under = padded[:, :, i : i + 5, j : j + 5]
            answers[:, :, i, j] = np.tensordot(under, kernels, axes=([1, 2, 3], [1, 2, 3]))
    return answers


def plain():
    return lambda data, seed: by_places(*data)


def library():
    import torch

    def run(data, seed):
        X, kernels = (torch.from_numpy(part) for part in data)
        return torch.nn.functional.conv2d(X, kernels, padding=2).numpy()

    return run


def score(data, answer):
    right = by_places(*(part.astype(float) for part in data))
    return float((np.abs(answer - right) <= 1e-4 * np.abs(right).max()).mean())
