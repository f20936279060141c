"""The book's networks, as `python -m mlfa.scale` makes them."""

import argparse

import torch
from torch import nn

from mlfa.images.cnn import CNN, ConvBlock
from mlfa.images.unet import UNet
from mlfa.scale.tasks import Task
from mlfa.series.recurrent import RNN
from mlfa.series.transformers import Transformer
from mlfa.series.weather import LastOutput
from mlfa.training.mlp import MLP


def make_model(asked: argparse.Namespace, task: Task) -> nn.Module:
    """The network that a command names, of the sizes that the data has.

    Parameters
    ----------
    asked : Namespace
        From `mlfa.scale.options.settle`.
    task : Task
        What it learns.
    """
    generator = torch.Generator().manual_seed(asked.seed)
    shape, n_outputs = tuple(task.train[0].shape[1:]), task.n_outputs
    if asked.model == "cnn":
        blocks = [ConvBlock(16), ConvBlock(32)]
        return CNN(shape, blocks, asked.hidden, n_outputs, generator=generator)
    if asked.model == "unet":
        sizes = {"depth": asked.depth, "n_filters": asked.filters}
        return UNet(shape[0], n_outputs, **sizes, generator=generator)
    if asked.model == "lstm":
        network = RNN(shape[1], asked.hidden[0], n_outputs, generator=generator)
        return LastOutput(network, dropout=0.0, generator=generator)
    if asked.model == "transformer":
        settings = {"n_hidden": asked.hidden[0], "generator": generator}
        network = Transformer(shape[1], n_outputs, **settings)
        return LastOutput(network, dropout=0.0, generator=generator)
    hidden = [] if asked.model == "linear" else asked.hidden
    n_inputs = task.train[0][0].numel()
    layers = MLP(n_inputs, hidden, n_outputs, generator=generator)
    return layers if len(shape) == 1 else nn.Sequential(nn.Flatten(), layers)
