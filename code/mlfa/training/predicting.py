"""Ask a model for answers where its weights are, and leave it as it was."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def predicting(model: nn.Module) -> Iterator[torch.device]:
    """No gradients and no dropout; afterwards every layer is in its old mode.

    Parameters
    ----------
    model : nn.Module
        A network on any device.

    Yields
    ------
    torch.device
        Where its weights are, and its inputs have to be; the CPU if it has no weights.

    Examples
    --------
    >>> model = nn.Sequential(nn.Linear(2, 1), nn.Dropout(0.5))
    >>> with predicting(model) as device:
    ...     y_pred = model(torch.ones(3, 2).to(device)).cpu()
    >>> y_pred.requires_grad, model.training
    (False, True)
    """
    modes = {layer: layer.training for layer in model.modules()}
    device = next((w.device for w in model.parameters()), torch.device("cpu"))
    model.eval()
    try:
        with torch.no_grad():
            yield device
    finally:  # also after an error
        for layer, mode in modes.items():
            layer.training = mode
