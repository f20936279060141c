"""A U-Net: from an image to an image of the same size."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_count
from mlfa.images.cnn import conv_layer


class UNet(nn.Module):
    """Halve the image again and again, double it back, and bring the fine detail along.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels of the images that go in and come out.
    depth : int
        How often height and width are halved; 0 for two convolutions at full size.
    filters : int
        Filters at full size; each level below has twice as many as the one above.
    skips : bool
        Whether each level of the decoder sees what the encoder saw at its size.
    generator : torch.Generator
        Draws the first weights.

    Raises
    ------
    ValueError
        If a size is not a whole number in its range. `forward` raises it for images of other channels, or
        too small to be halved `depth` times.

    References
    ----------
    [ronneberger2015unet]
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        depth: int = 2,
        filters: int = 8,
        skips: bool = True,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        check_count("in_channels", in_channels)
        check_count("out_channels", out_channels)
        check_count("depth", depth, least=0)
        check_count("filters", filters)
        self.in_channels, self.depth, self.skips = in_channels, depth, skips
        widths = [filters * 2**level for level in range(depth + 1)]
        self.encoder = nn.ModuleList()
        channels = in_channels
        for width in widths:
            self.encoder.append(two_convolutions(channels, width, generator))
            channels = width
        self.upward, self.decoder = nn.ModuleList(), nn.ModuleList()
        for width in reversed(widths[:-1]):
            self.upward.append(conv_layer(channels, width, 1, generator))
            self.decoder.append(
                two_convolutions(2 * width if skips else width, width, generator)
            )
            channels = width
        self.head = conv_layer(channels, out_channels, 1, generator)
        self.to(memory_format=torch.channels_last)

    def forward(self, X: Tensor) -> Tensor:
        """From (n, in_channels, height, width) to (n, out_channels, height, width), of any height and width."""
        self._check(X)
        seen = []
        for level, convolutions in enumerate(self.encoder):
            if level > 0:
                # A row or column that is left over is pooled too, so odd sizes lose nothing.
                X = nn.functional.max_pool2d(X, 2, ceil_mode=True)
            X = convolutions(X)
            seen.append(X)
        for same, upward, convolutions in zip(
            reversed(seen[:-1]), self.upward, self.decoder, strict=True
        ):
            # Fewer channels first, then more pixels: the same result for a quarter of the work. Every pixel
            # becomes two by two; where the encoder had an odd size, the last row or column stays single.
            X = nn.functional.interpolate(
                upward(X), size=same.shape[2:], mode="nearest"
            )
            if self.skips:
                X = torch.cat([same, X], dim=1)
            X = convolutions(X)
        return self.head(X)

    def _check(self, X: Tensor) -> None:
        if X.ndim != 4 or X.shape[1] != self.in_channels:
            raise ValueError(
                f"X must have shape (n, {self.in_channels}, height, width), got"
                f" {tuple(X.shape)}."
            )
        if min(X.shape[2:]) <= 2 ** (self.depth - 1):
            raise ValueError(
                f"X must be more than {2 ** (self.depth - 1)} pixels high and wide to"
                f" be halved {self.depth} times, got {X.shape[2]} by {X.shape[3]}."
            )


def two_convolutions(
    n_in: int, n_out: int, generator: torch.Generator
) -> nn.Sequential:
    """Two convolutions with ReLU, the block that a U-Net repeats."""
    return nn.Sequential(
        conv_layer(n_in, n_out, 3, generator),
        nn.ReLU(),
        conv_layer(n_out, n_out, 3, generator),
        nn.ReLU(),
    )
