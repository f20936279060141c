"""Batch normalization, the residual block, and a network of such blocks."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_count, check_positive, check_shapes
from mlfa.training.layers import conv_layer, linear_layer


class BatchNorm(nn.Module):
    """Gives each channel mean 0 and variance 1 over a batch, then a scale and a shift.

    Scale and shift are learned. While training, mean and variance are those of the
    batch; a running mean of both is kept, and used instead in evaluation mode. The same
    as `torch.nn.BatchNorm2d`.

    Parameters
    ----------
    n_channels : int
        Channels of the maps.
    momentum : float
        Share of the new batch in the running mean and variance.
    epsilon : float
        Added to the variance, so that equal numbers do not divide by zero.

    References
    ----------
    [ioffe2015batch]

    Examples
    --------
    >>> X = torch.tensor([1.0, 2.0, 3.0]).reshape(3, 1, 1, 1)
    >>> norm = BatchNorm(1)
    >>> norm(X).flatten().detach().round(decimals=2)
    tensor([-1.2200,  0.0000,  1.2200])
    >>> norm.running_mean, norm.running_variance  # a tenth of the way to 2 and to 1
    (tensor([0.2000]), tensor([1.]))
    """

    def __init__(
        self, n_channels: int, *, momentum: float = 0.1, epsilon: float = 1e-5
    ) -> None:
        super().__init__()
        check_count("n_channels", n_channels)
        check_positive("epsilon", epsilon)
        self.n_channels, self.momentum, self.epsilon = n_channels, momentum, epsilon
        self.scale = nn.Parameter(torch.ones(n_channels))
        self.shift = nn.Parameter(torch.zeros(n_channels))
        # Not learned by gradients, but saved with the weights.
        self.register_buffer("running_mean", torch.zeros(n_channels))
        self.register_buffer("running_variance", torch.ones(n_channels))

    def forward(self, X: Tensor) -> Tensor:
        """Shape (n, n_channels, height, width) in and out."""
        check_shapes(X=(X, f"n {self.n_channels} height width"))
        if self.training:
            mean = X.mean(dim=(0, 2, 3))  # (n_channels,)
            variance = X.var(dim=(0, 2, 3), correction=0)  # (n_channels,)
            self._remember(mean.detach(), variance.detach(), X[:, 0].numel())
        else:
            mean, variance = self.running_mean, self.running_variance
        centered = X - per_channel(mean)
        normalized = centered * per_channel(torch.rsqrt(variance + self.epsilon))
        return per_channel(self.scale) * normalized + per_channel(self.shift)

    def _remember(self, mean: Tensor, variance: Tensor, count: int) -> None:
        """Move the running values a small step toward those of the batch."""
        _check_enough(count)
        unbiased = variance * count / (count - 1)  # of all images, as estimated here
        self.running_mean.lerp_(mean, self.momentum)
        self.running_variance.lerp_(unbiased, self.momentum)


def per_channel(values: Tensor) -> Tensor:
    """One number for each channel, in a shape that meets (n, channels, height, width).

    Parameters
    ----------
    values : Tensor of shape (channels,)
        The numbers.

    Returns
    -------
    Tensor of shape (channels, 1, 1)
    """
    return values[:, None, None]


class ResidualBlock(nn.Module):
    """Two convolutions whose result is added to what came in.

    Normalization and ReLU stand before each convolution, so that nothing stands on the
    way around.

    Parameters
    ----------
    n_inputs, n_outputs : int
        Channels in and out. If they differ, a 1 by 1 convolution on the way around
        makes as many channels as are needed.
    norm : bool
        False leaves batch normalization out.
    shortcut : bool
        False leaves the way around out: two plain layers remain.
    generator : torch.Generator
        Draws the first weights.

    References
    ----------
    [he2016deep], [he2016identity]

    Examples
    --------
    >>> block = ResidualBlock(4, 8, generator=torch.Generator().manual_seed(0))
    >>> block(torch.zeros(2, 4, 14, 14)).shape
    torch.Size([2, 8, 14, 14])
    """

    def __init__(
        self,
        n_inputs: int,
        n_outputs: int,
        *,
        norm: bool = True,
        shortcut: bool = True,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for n_channels in (n_inputs, n_outputs):
            if norm:
                layers.append(nn.BatchNorm2d(n_channels))
            layers.append(nn.ReLU())
            layers.append(conv_layer(n_channels, n_outputs, 3, generator=generator))
        self.path = nn.Sequential(*layers)
        self.around: nn.Module | None = None
        if shortcut and n_inputs == n_outputs:
            self.around = nn.Identity()
        elif shortcut:
            self.around = conv_layer(n_inputs, n_outputs, 1, generator=generator)

    def forward(self, X: Tensor) -> Tensor:
        """Shape (n, n_inputs, height, width) to (n, n_outputs, height, width)."""
        change = self.path(X)  # (n, n_outputs, height, width)
        return change if self.around is None else self.around(X) + change


class AveragePool(nn.Module):
    """Global average pooling: of every map its mean.

    Examples
    --------
    >>> AveragePool()(torch.ones(2, 16, 7, 7)).shape
    torch.Size([2, 16])
    """

    def forward(self, X: Tensor) -> Tensor:
        """Shape (n, channels, height, width) to (n, channels)."""
        return X.mean(dim=(2, 3))


class BlockNet(nn.Module):
    """A convolution, groups of residual blocks with pooling between, and a dense layer.

    Parameters
    ----------
    in_shape : (channels, height, width)
        Shape of one image.
    groups : sequence of (int, int)
        Of each group its channels and its number of blocks. The maps are pooled, two by
        two, before each group.
    n_outputs : int
        Numbers to predict for an image, such as the number of classes.
    head : str
        "average" for the mean of every map before the dense layer, "flatten" for all
        of its numbers.
    norm, shortcut : bool
        As of `ResidualBlock`, for all blocks.
    generator : torch.Generator
        Draws the first weights.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = BlockNet((1, 28, 28), [(8, 1), (16, 1)], 10, generator=generator)
    >>> model(torch.zeros(5, 1, 28, 28)).shape
    torch.Size([5, 10])
    """

    def __init__(
        self,
        in_shape: tuple[int, int, int],
        groups: Sequence[tuple[int, int]],
        n_outputs: int,
        *,
        head: str = "average",
        norm: bool = True,
        shortcut: bool = True,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        _check_head(head)
        n_maps, height, width = self.in_shape = tuple(in_shape)
        kind = {"norm": norm, "shortcut": shortcut, "generator": generator}
        layers = [conv_layer(n_maps, groups[0][0], 3, generator=generator)]
        n_maps = groups[0][0]
        for n_channels, n_blocks in groups:
            layers.append(nn.MaxPool2d(2, ceil_mode=True))
            height, width = -(-height // 2), -(-width // 2)
            for _ in range(n_blocks):
                layers.append(ResidualBlock(n_maps, n_channels, **kind))
                n_maps = n_channels
        if norm:
            layers.append(nn.BatchNorm2d(n_maps))
        layers.append(nn.ReLU())
        self.features = nn.Sequential(*layers)
        self.pool = AveragePool() if head == "average" else nn.Flatten()
        n_features = n_maps if head == "average" else n_maps * height * width
        self.head = linear_layer(
            n_features, n_outputs, init="xavier", generator=generator
        )
        self.to(memory_format=torch.channels_last)

    def forward(self, X: Tensor) -> Tensor:
        """From images (n, channels, height, width) to predictions (n, n_outputs)."""
        maps = self.features(X)  # (n, channels, height, width) of the last group
        return self.head(self.pool(maps))  # (n, n_outputs)


# Checks of arguments


def _check_enough(count: int) -> None:
    """One number has no variance."""
    if count < 2:
        raise ValueError(
            "a batch must have more than one number in each channel to be normalized by"
            f" its own variance, got {count}: call model.eval() to predict for one."
        )


def _check_head(head: str) -> None:
    """There are two."""
    if head not in ("average", "flatten"):
        raise ValueError(f"head must be 'average' or 'flatten', got {head!r}.")
