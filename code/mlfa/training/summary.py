"""A table of a network's layers: what goes out of each, and what it has to learn."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from mlfa.training.layers import count_parameters
from mlfa.training.predicting import predicting


def layer_shapes(model: nn.Module, in_shape: Sequence[int]) -> dict[str, list]:
    """The layers of `model` in the order in which one sample passes through them.

    Parameters
    ----------
    model : nn.Module
        Any network, on any device. Of a layer that returns several tensors, such as a
        recurrent one with its state, the first counts.
    in_shape : sequence of int
        Shape of one sample, without the axis of samples.

    Returns
    -------
    dict
        Columns "layer", "output shape" and "parameters", a row for each layer.

    Examples
    --------
    >>> table = layer_shapes(nn.Sequential(nn.Linear(3, 2), nn.ReLU()), (3,))
    >>> table["layer"], table["parameters"]
    (['input', 'Linear', 'ReLU'], [0, 8, 0])
    """
    table: dict[str, list] = {
        "layer": ["input"],
        "output shape": [_shown(in_shape)],
        "parameters": [0],
    }

    def note(layer: nn.Module, inputs: Any, output: Any) -> None:
        first = output[0] if isinstance(output, tuple) else output
        table["layer"].append(type(layer).__name__)
        table["output shape"].append(_shown(first.shape[1:]))
        table["parameters"].append(count_parameters(layer))

    leaves = [layer for layer in model.modules() if not list(layer.children())]
    hooks = [layer.register_forward_hook(note) for layer in leaves]
    try:
        with predicting(model) as device:
            model(torch.zeros(1, *in_shape, device=device))
    finally:
        for hook in hooks:
            hook.remove()
    return table


def _shown(shape: Sequence[int]) -> str:
    return " × ".join(str(size) for size in shape)
