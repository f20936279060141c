"""A table of a network's layers: what goes out of each, and what it has to learn."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mlfa.training.mlp import count_parameters


def layer_shapes(model: nn.Module, in_shape: Sequence[int]) -> dict[str, list]:
    """The layers of `model` in the order in which one sample passes through them.

    Parameters
    ----------
    model : nn.Module
        Any network of layers that each return one tensor.
    in_shape : sequence of int
        Shape of one sample, without the axis of samples.

    Returns
    -------
    dict
        Columns "layer", "output shape" and "parameters", a row for each layer.
    """
    table: dict[str, list] = {
        "layer": ["input"],
        "output shape": [_shown(in_shape)],
        "parameters": [0],
    }

    def note(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        table["layer"].append(type(layer).__name__)
        table["output shape"].append(_shown(output.shape[1:]))
        table["parameters"].append(count_parameters(layer))

    leaves = [layer for layer in model.modules() if not list(layer.children())]
    hooks = [layer.register_forward_hook(note) for layer in leaves]
    try:
        with torch.no_grad():
            model(torch.zeros(1, *in_shape))
    finally:
        for hook in hooks:
            hook.remove()
    return table


def _shown(shape: Sequence[int]) -> str:
    return " × ".join(str(size) for size in shape)
