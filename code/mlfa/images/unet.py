"""A U-Net: from an image to an image of the same size."""

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, max_pool2d

from mlfa.book.checks import check_count, check_one_of, check_shapes
from mlfa.training.layers import conv_layer
from mlfa.training.mlp import ACTIVATIONS


class UNet(nn.Module):
    """Halve the image again and again, double it back, and bring the fine detail along.

    Parameters
    ----------
    n_inputs, n_outputs : int
        Channels of the images that go in and come out.
    depth : int
        How often height and width are halved; 0 for two convolutions at full size.
    n_filters : int
        Filters at full size; each level below has twice as many as the one above.
    skips : bool
        Whether each level of the decoder sees what the encoder saw at its size.
    activation : str
        One of `mlfa.training.mlp.ACTIVATIONS`.
    batch_norm : bool
        Whether batch normalization stands between each convolution and its activation.
    transposed : bool
        Whether maps are doubled by a transposed convolution of 2 by 2 pixels, as in the
        original; else every pixel is repeated.
    generator : torch.Generator
        Draws the first weights.

    Raises
    ------
    ValueError
        If the depth is not a whole number from 0 on, the activation is unknown, or
        `forward` is given a tensor without four axes.

    References
    ----------
    [ronneberger2015unet]

    Examples
    --------
    >>> model = UNet(1, 2, generator=torch.Generator().manual_seed(0))
    >>> model(torch.zeros(5, 1, 28, 27)).shape
    torch.Size([5, 2, 28, 27])
    """

    def __init__(
        self,
        n_inputs: int,
        n_outputs: int,
        *,
        depth: int = 2,
        n_filters: int = 8,
        skips: bool = True,
        activation: str = "relu",
        batch_norm: bool = False,
        transposed: bool = False,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        check_count("depth", depth, least=0)
        check_one_of("activation", activation, ACTIVATIONS)
        self.skips, self.transposed = skips, transposed
        widths = [n_filters * 2**level for level in range(depth + 1)]
        self.encoder, self.upward = nn.ModuleList(), nn.ModuleList()
        self.decoder = nn.ModuleList()
        block = {"activation": activation, "batch_norm": batch_norm}
        block["generator"] = generator
        n_maps = n_inputs
        for width in widths:
            self.encoder.append(two_convolutions(n_maps, width, **block))
            n_maps = width
        upward = doubling_layer if transposed else narrowing_layer
        for width in reversed(widths[:-1]):
            self.upward.append(upward(n_maps, width, generator=generator))
            n_maps = 2 * width if skips else width
            self.decoder.append(two_convolutions(n_maps, width, **block))
            n_maps = width
        self.head = conv_layer(n_maps, n_outputs, 1, generator=generator)
        self.to(memory_format=torch.channels_last)

    def forward(self, X: Tensor) -> Tensor:
        """From images to images of the same size, whatever it is.

        Parameters
        ----------
        X : Tensor of shape (n, n_inputs, height, width)
            Any height and width, also odd ones.

        Returns
        -------
        Tensor of shape (n, n_outputs, height, width)
        """
        check_shapes(X=(X, "n n_inputs height width"))
        seen = []  # what the encoder saw at each level
        for level, convolutions in enumerate(self.encoder):
            if level > 0:
                # A row or column that is left over is pooled too: nothing is lost.
                X = max_pool2d(X, 2, ceil_mode=True)  # (n, c, h / 2, w / 2)
            X = convolutions(X)  # (n, n_filters * 2**level, h / 2**level, w / 2**level)
            seen.append(X)
        levels = zip(reversed(seen[:-1]), self.upward, self.decoder, strict=True)
        for same, upward, convolutions in levels:  # same: (n, c, h, w)
            h, w = same.shape[2:]
            X = upward(X)
            if self.transposed:  # twice as large; of an odd size, one too many
                X = X[..., :h, :w]  # (n, c, h, w)
            else:
                # Fewer maps first, then more pixels: the same result for a quarter of
                # the work. Every pixel becomes two by two; where the encoder had an odd
                # size, the last row or column stays single.
                X = interpolate(X, size=(h, w))  # (n, c, h, w)
            if self.skips:
                X = torch.cat([same, X], dim=1)  # (n, 2 * c, h, w)
            X = convolutions(X)  # (n, c, h, w)
        return self.head(X)  # (n, n_outputs, height, width)


def two_convolutions(
    n_inputs: int,
    n_outputs: int,
    *,
    activation: str = "relu",
    batch_norm: bool = False,
    generator: torch.Generator,
) -> nn.Sequential:
    """Two convolutions with their activations, the block that a U-Net repeats.

    Parameters
    ----------
    n_inputs, n_outputs : int
        Maps that go in and come out, all of one size.
    activation : str
        One of `mlfa.training.mlp.ACTIVATIONS`.
    batch_norm : bool
        Whether batch normalization stands before each activation.
    generator : torch.Generator
        Draws the first weights.
    """
    layers: list[nn.Module] = []
    for n_maps in (n_inputs, n_outputs):
        layers.append(conv_layer(n_maps, n_outputs, 3, generator=generator))
        if batch_norm:
            layers.append(nn.BatchNorm2d(n_outputs))
        layers.append(ACTIVATIONS[activation]())
    return nn.Sequential(*layers)


def narrowing_layer(
    n_inputs: int, n_outputs: int, *, generator: torch.Generator
) -> nn.Conv2d:
    """Fewer maps of the same size: a convolution of one pixel, before the doubling.

    Parameters
    ----------
    n_inputs, n_outputs : int
        Maps that go in and come out.
    generator : torch.Generator
        Draws the first weights.
    """
    return conv_layer(n_inputs, n_outputs, 1, generator=generator)


def doubling_layer(
    n_inputs: int, n_outputs: int, *, generator: torch.Generator
) -> nn.ConvTranspose2d:
    """Fewer maps of double the size: each pixel writes two by two, and none overlap.

    Parameters
    ----------
    n_inputs, n_outputs : int
        Maps that go in and come out.
    generator : torch.Generator
        Draws the first weights.
    """
    layer = nn.utils.skip_init(nn.ConvTranspose2d, n_inputs, n_outputs, 2, stride=2)
    # Each number that is written is a sum over n_inputs others.
    nn.init.normal_(layer.weight, std=(2 / n_inputs) ** 0.5, generator=generator)
    nn.init.zeros_(layer.bias)
    return layer
