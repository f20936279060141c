"""The way of skorch, which gives networks the methods of scikit-learn, with its defaults where nothing is said."""

from typing import Any

import torch
import torch._dynamo
from skorch import NeuralNet
from skorch.callbacks import LRScheduler
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR


def fit(
    model: nn.Module,
    loss: type[nn.Module],
    data: tuple[Tensor, Tensor],
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int,
    cycle_of: int = 0,
    **settings: Any,
) -> NeuralNet:
    """A fitted net; `loss` is a class, as skorch wants it."""
    torch.manual_seed(seed)  # its DataLoader shuffles by the global generator
    settings = {"optimizer": torch.optim.Adam, "train_split": None, "callbacks": []} | settings
    if cycle_of:
        cycle = LRScheduler(policy=OneCycleLR, max_lr=learning_rate, total_steps=cycle_of, step_every="batch")
        settings["callbacks"] = [*settings["callbacks"], cycle]
    net = NeuralNet(
        model,
        criterion=loss,
        optimizer__fused=True,
        lr=learning_rate,
        max_epochs=epochs,
        batch_size=batch_size,
        iterator_train__shuffle=True,
        verbose=0,
        **settings,
    )
    return net.fit(*data)
