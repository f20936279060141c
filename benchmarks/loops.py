"""Two ways to train: that of many tutorials, and the book's."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from mlfa.training.trainer import Trainer


def fit_plainly(model: nn.Module, loss: Callable, data, epochs: int, batch_size: int, learning_rate: float) -> None:
    """The loop of many tutorials: samples are fetched one by one and stacked."""
    generator = torch.Generator().manual_seed(0)
    samples = TensorDataset(*data) if isinstance(data, tuple) else data
    loader = DataLoader(samples, batch_size=batch_size, shuffle=True, generator=generator)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    for _ in range(epochs):
        for X, y in loader:
            value = loss(model(X), y)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()


def fit_as_the_book(model: nn.Module, loss: Callable, data, epochs: int, batch_size: int, learning_rate: float) -> None:
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    Trainer(model, loss, optimizer, device="cpu").fit(data, epochs=epochs, batch_size=batch_size)
