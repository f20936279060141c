"""The loop of someone who knows PyTorch and has the data in memory: a batch is one indexing, and nothing is checked."""

from collections.abc import Callable

import torch
import torch._dynamo
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR


def fit(
    model: nn.Module,
    loss: Callable[[Tensor, Tensor], Tensor],
    data: tuple[Tensor, Tensor],
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int,
    cycle_of: int = 0,
) -> list[float]:
    """The mean loss of every epoch; afterwards the model is ready to predict."""
    X, y = data
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)
    scheduler = OneCycleLR(optimizer, learning_rate, total_steps=cycle_of) if cycle_of else None
    history = []
    model.train()
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(X), generator=generator).split(batch_size):
            value = loss(model(X[rows]), y[rows])
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            if scheduler is not None:
                scheduler.step()
            total += value.item() * len(rows)
        history.append(total / len(X))
    model.eval()
    return history
