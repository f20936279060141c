"""Set three tenths of some numbers to zero: forward and backward."""

import torch

from shared.task import Task

TASK = Task(
    title="dropout",
    score="1 if the share that is dropped, the scale of the rest and the gradient are right",
    plain="none: the book's are the lines that a tutorial writes",
    library="PyTorch: nn.Dropout",
    from_scratch=True,
)
SHARE = 0.3


def data(seed):
    return torch.rand(256, 512, generator=torch.Generator().manual_seed(seed)) + 1


def timed(X, layer):
    X = X.clone().requires_grad_()
    answer = layer(X)
    answer.sum().backward()
    return answer.detach(), X.grad


def book():
    from mlfa.training.layers import Dropout

    layer = Dropout(SHARE, generator=torch.Generator().manual_seed(0))
    return lambda X, seed: timed(X, layer)


def library():
    layer = torch.nn.Dropout(SHARE)
    return lambda X, seed: timed(X, layer)


def score(X, answer):
    output, gradient = answer
    kept = output != 0
    share = 1 - kept.double().mean().item()
    scaled = torch.allclose(output[kept], X[kept] / (1 - SHARE)) and torch.allclose(gradient, kept / (1 - SHARE))
    return float(abs(share - SHARE) < 0.01 and scaled)
