"""Normalize the numbers of every position: forward and backward."""

import torch

from shared.task import Task
from tasks.lstm_cell import share_right

TASK = Task(
    title="layer normalization",
    score="share of outputs and gradients that are right to four digits",
    plain="none: the book's are the lines that a tutorial writes",
    library="PyTorch: nn.LayerNorm",
    from_scratch=True,
    note="PyTorch's knows its gradient; the book's is seven operations, each with its own.",
)
SHAPE = 32, 20, 16


def data(seed):
    return 3 * torch.randn(SHAPE, generator=torch.Generator().manual_seed(seed)) + 1


def timed(X, layer):
    X = X.clone().requires_grad_()
    layer.zero_grad()
    answer = layer(X)
    (answer**3).mean().backward()  # the gradient of the mean square would be zero
    return answer.detach(), X.grad


def book():
    from mlfa.training.layers import LayerNorm

    layer = LayerNorm(SHAPE[-1])
    return lambda X, seed: timed(X, layer)


def library():
    layer = torch.nn.LayerNorm(SHAPE[-1])
    return lambda X, seed: timed(X, layer)


def score(X, answer):
    return share_right(answer, timed(X.double(), torch.nn.LayerNorm(SHAPE[-1]).double()))
