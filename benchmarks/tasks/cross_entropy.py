"""Softmax and cross-entropy of 2,000 samples and ten classes: the loss and its gradient."""

import numpy as np

from shared.task import Task

TASK = Task(
    title="cross-entropy",
    score="share of the loss and the gradient that is right to five digits",
    plain="NumPy: exponentials of the scores divided by their sum, then the logarithm",
    library="PyTorch: torch.nn.functional.cross_entropy and backward",
    from_scratch=True,
    note="The book and PyTorch shift the scores first, so that no exponential overflows; the plain way does not.",
)


def data(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(2000, 10)), rng.integers(10, size=2000)


def book():
    from mlfa.tabular.softmax import cross_entropy, cross_entropy_gradient

    return lambda data, seed: (cross_entropy(*data), cross_entropy_gradient(*data))


def by_definition(Z, y):
    probabilities = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    loss = -np.log(probabilities[np.arange(len(y)), y]).mean()
    gradient = probabilities.copy()
    gradient[np.arange(len(y)), y] -= 1
    return loss, gradient / len(y)


def plain():
    return lambda data, seed: by_definition(*data)


def library():
    import torch

    def run(data, seed):
        Z, y = torch.tensor(data[0], requires_grad=True), torch.tensor(data[1])
        loss = torch.nn.functional.cross_entropy(Z, y)
        loss.backward()
        return loss.item(), Z.grad.numpy()

    return run


def score(data, answer):
    loss, gradient = by_definition(*data)
    right = np.isclose(answer[1], gradient, rtol=1e-5, atol=1e-9).mean()
    return float(right * np.isclose(answer[0], loss, rtol=1e-5))
