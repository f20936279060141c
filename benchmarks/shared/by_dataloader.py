"""The way of most tutorials: a DataLoader that fetches samples one by one and stacks them."""

import copy
import math
from collections.abc import Callable
from typing import Any

import torch
import torch._dynamo
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader, Dataset


def fit(
    model: nn.Module,
    loss: Callable[[Tensor, Tensor], Tensor],
    samples: Dataset,
    validation: Dataset | None = None,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int,
    cycle_of: int = 0,
    optimizer: type[torch.optim.Optimizer] = torch.optim.Adam,
    **settings: Any,
) -> list[float]:
    """The mean loss of every epoch; with validation data, the best one's weights come back at the end."""
    generator = torch.Generator().manual_seed(seed)
    loader = DataLoader(samples, batch_size=batch_size, shuffle=True, generator=generator)
    optimizer = optimizer(model.parameters(), lr=learning_rate, fused=True, **settings)
    scheduler = OneCycleLR(optimizer, learning_rate, total_steps=cycle_of) if cycle_of else None
    history, best, weights = [], math.inf, None
    for _ in range(epochs):
        total = 0.0
        model.train()
        for X, y in loader:
            value = loss(model(X), y)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            if scheduler is not None:
                scheduler.step()
            total += value.item() * len(y)
        history.append(total / len(samples))
        if validation is not None:
            total = 0.0
            model.eval()
            with torch.no_grad():
                for X, y in DataLoader(validation, batch_size=batch_size):
                    total += loss(model(X), y).item() * len(y)
            if total < best:
                best, weights = total, copy.deepcopy(model.state_dict())
    if weights is not None:
        model.load_state_dict(weights)
    model.eval()
    return history
