"""The book's way to train: its Trainer."""

from collections.abc import Callable
from typing import Any

import torch
import torch._dynamo  # every optimizer imports it when it is made, and imports are not timed
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR

from mlfa.training import Trainer


def fit(
    model: nn.Module,
    loss: Callable[[Tensor, Tensor], Tensor],
    data: Any,
    validation: Any = None,
    *,
    epochs: int,
    batch_size: int | None,
    learning_rate: float,
    seed: int,
    cycle_of: int = 0,
    **settings: Any,
) -> Trainer:
    """Train on a pair of tensors or a DataLoader; with validation data, keep the best epoch.

    `cycle_of` batches are one cycle of the learning rate, 0 for none.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)
    if cycle_of:
        scheduler = OneCycleLR(optimizer, learning_rate, total_steps=cycle_of)
        settings |= {"scheduler": scheduler, "scheduler_each_batch": True}
    trainer = Trainer(model, loss, optimizer, device="cpu", seed=seed, **settings)
    return trainer.fit(data, validation, epochs=epochs, batch_size=batch_size, keep_best=validation is not None)
