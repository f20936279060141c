"""A convolutional network for images of any size."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_count, check_one_of, check_shapes
from mlfa.training.layers import conv_layer
from mlfa.training.mlp import ACTIVATIONS, MLP


class ConvBlock(NamedTuple):
    """A block of a `CNN`: a convolution, its pooling, and an activation function.

    Parameters
    ----------
    n_filters : int
        Filters, and so maps that come out.
    kernel_size : int
        Height and width of a kernel in pixels; odd.
    pool : int
        Of every `pool` by `pool` numbers of a map the largest is kept; 1 keeps all.
    """

    n_filters: int
    kernel_size: int = 3
    pool: int = 2


class CNN(nn.Module):
    """Convolutions that look for patterns everywhere, then layers that weigh the finds.

    Parameters
    ----------
    in_shape : (channels, height, width)
        Shape of one image.
    blocks : sequence of ConvBlock
        The convolutions, in the order in which an image passes through them.
    hidden : sequence of int
        Units of the hidden layers after the convolutions; may be empty.
    n_outputs : int
        Numbers to predict for an image, such as the number of classes.
    activation : str
        One of `mlfa.training.mlp.ACTIVATIONS`, after each pooling and hidden layer.
    generator : torch.Generator
        Draws the first weights.

    Raises
    ------
    ValueError
        If a kernel's width is even, the activation is unknown, or `forward` is given
        images of another shape.

    References
    ----------
    [lecun1998gradient]

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> blocks = [ConvBlock(4), ConvBlock(8)]
    >>> model = CNN((1, 28, 28), blocks, [16], 10, generator=generator)
    >>> model(torch.zeros(5, 1, 28, 28)).shape
    torch.Size([5, 10])
    """

    def __init__(
        self,
        in_shape: tuple[int, int, int],
        blocks: Sequence[ConvBlock],
        hidden: Sequence[int],
        n_outputs: int,
        *,
        activation: str = "relu",
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        check_one_of("activation", activation, ACTIVATIONS)
        n_maps, height, width = self.in_shape = tuple(in_shape)
        layers: list[nn.Module] = []
        for n_filters, kernel_size, pool in blocks:
            layers.append(
                conv_layer(n_maps, n_filters, kernel_size, generator=generator)
            )
            if pool != 1:
                # With ceil_mode a last row or column that is left over is pooled too,
                # not dropped.
                layers.append(nn.MaxPool2d(pool, ceil_mode=True))
                height, width = -(-height // pool), -(-width // pool)
            # The largest number stays the largest after ReLU, so pooling first gives
            # the same result and leaves fewer numbers to go through it.
            layers.append(ACTIVATIONS[activation]())
            n_maps = n_filters
        self.features = nn.Sequential(*layers)
        self.flatten = nn.Flatten()
        self.head = MLP(
            n_maps * height * width,
            hidden,
            n_outputs,
            activation=activation,
            generator=generator,
        )
        # Channels as the last axis in memory: the numbers that a kernel needs together
        # lie together.
        self.to(memory_format=torch.channels_last)

    def forward(self, X: Tensor) -> Tensor:
        """From images (n, channels, height, width) to predictions (n, n_outputs)."""
        check_shapes(X=(X, "n {} {} {}".format(*self.in_shape)))
        maps = self.features(X)  # (n, n_filters, height, width), both divided by pools
        return self.head(self.flatten(maps))  # (n, n_outputs)


def small_cnn(seed: int) -> CNN:
    """The small network for digits: 4 filters, then 8, and 16 hidden units.

    Parameters
    ----------
    seed : int
        Draws the first weights.

    Returns
    -------
    CNN
        From images of 28 by 28 pixels to ten scores; not trained.

    Examples
    --------
    >>> small_cnn(seed=0)(torch.zeros(5, 1, 28, 28)).shape
    torch.Size([5, 10])
    """
    blocks = [ConvBlock(n_filters=4), ConvBlock(n_filters=8)]
    generator = torch.Generator().manual_seed(seed)
    return CNN((1, 28, 28), blocks, hidden=[16], n_outputs=10, generator=generator)


def receptive_field(layers: Sequence[tuple[int, int]]) -> list[int]:
    """How many pixels across one number sees, in the image and after each layer.

    Parameters
    ----------
    layers : sequence of (width, stride)
        What each layer reads along one axis, and its step: (3, 1) for a convolution by
        kernels of width 3, (2, 2) for a pooling of two by two.

    Returns
    -------
    list of int
        1 for the image, then one width for each layer.

    References
    ----------
    [araujo2019computing]

    Examples
    --------
    >>> receptive_field([(3, 1), (2, 2), (3, 1), (2, 2)])
    [1, 3, 4, 8, 10]
    """
    seen, step = [1], 1  # step: pixels between two neighbors of the present map
    for width, stride in layers:
        check_count("width", width)
        check_count("stride", stride)
        seen.append(seen[-1] + (width - 1) * step)
        step *= stride
    return seen
