"""A convolutional network for images of any size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_count
from mlfa.training.mlp import MLP


class ConvLayer(NamedTuple):
    """One convolution: how many filters, how wide they are, and how many pixels are pooled into one.

    A `pool` of 2 keeps the largest of every 2 by 2 numbers; 1 keeps all.
    """

    filters: int
    kernel_size: int = 3
    pool: int = 2


class CNN(nn.Module):
    """Convolutions that look for patterns everywhere, then layers that weigh what was found.

    Parameters
    ----------
    in_shape : (channels, height, width)
        Shape of one image.
    conv_layers : sequence of ConvLayer
        At least one. Each is followed by its pooling and by ReLU.
    hidden_sizes : sequence of int
        Units of the hidden layers after the convolutions; may be empty.
    out_features : int
        Numbers to predict for an image, such as the number of classes.
    generator : torch.Generator
        Draws the first weights.

    Raises
    ------
    ValueError
        If a size is not a positive whole number or a kernel's width is even. `forward` raises it for
        images of another shape.

    References
    ----------
    [lecun1998gradient]
    """

    def __init__(
        self,
        in_shape: tuple[int, int, int],
        conv_layers: Sequence[ConvLayer],
        hidden_sizes: Sequence[int],
        out_features: int,
        *,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        if len(in_shape) != 3:
            raise ValueError(
                f"in_shape must be (channels, height, width), got {in_shape!r}."
            )
        for size in in_shape:
            check_count("every size of in_shape", size)
        if not conv_layers:
            raise ValueError("conv_layers must hold at least one ConvLayer, got none.")
        self.in_shape = tuple(in_shape)
        channels, height, width = in_shape
        layers: list[nn.Module] = []
        for filters, kernel_size, pool in conv_layers:
            layers.append(conv_layer(channels, filters, kernel_size, generator))
            check_count("pool", pool)
            if pool > 1:
                # With ceil_mode a last row or column that is left over is pooled too, not dropped.
                layers.append(nn.MaxPool2d(pool, ceil_mode=True))
                height, width = -(-height // pool), -(-width // pool)
            # The largest number stays the largest after ReLU, so pooling first gives the
            # same result and leaves fewer numbers to go through ReLU.
            layers.append(nn.ReLU())
            channels = filters
        self.features = nn.Sequential(*layers)
        self.flatten = nn.Flatten()
        self.classifier = MLP(
            channels * height * width, hidden_sizes, out_features, generator=generator
        )
        # Channels as the last axis in memory: the numbers that a kernel needs together lie together.
        self.to(memory_format=torch.channels_last)

    def forward(self, X: Tensor) -> Tensor:
        """From images of shape (n, channels, height, width) to predictions of shape (n, out_features)."""
        if X.shape[1:] != self.in_shape:
            raise ValueError(
                f"X must have shape (n, {', '.join(map(str, self.in_shape))}), got"
                f" {tuple(X.shape)}."
            )
        return self.classifier(self.flatten(self.features(X)))


def conv_layer(
    n_in: int, n_out: int, kernel_size: int, generator: torch.Generator
) -> nn.Conv2d:
    """A convolution whose result is as large as its image, with weights that keep the spread of the numbers."""
    check_count("filters", n_out)
    check_count("kernel_size", kernel_size)
    if kernel_size % 2 == 0:
        raise ValueError(
            "kernel_size must be odd, so that a kernel has a middle pixel, got"
            f" {kernel_size}."
        )
    layer = nn.utils.skip_init(
        nn.Conv2d, n_in, n_out, kernel_size, padding=kernel_size // 2
    )
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
    nn.init.zeros_(layer.bias)
    return layer
