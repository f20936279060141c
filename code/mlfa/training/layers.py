"""The layers that the networks of the book are built from."""

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_count


def linear_layer(
    n_inputs: int, n_outputs: int, *, init: str, generator: torch.Generator
) -> nn.Linear:
    """A linear layer whose weights keep the spread of the numbers, with biases of zero.

    Parameters
    ----------
    n_inputs, n_outputs : int
        Numbers that go into the layer and come out of it.
    init : str
        "he" where ReLU or its kin follow, which drop about half of the signal: larger
        first weights make up for it. Else "xavier".
    generator : torch.Generator
        Draws the first weights.

    References
    ----------
    [glorot2010understanding], [he2015delving]

    Examples
    --------
    >>> seeded = torch.Generator().manual_seed(0)
    >>> linear_layer(3, 2, init="he", generator=seeded)(torch.zeros(5, 3)).shape
    torch.Size([5, 2])
    """
    check_count("n_inputs", n_inputs)  # a layer of size 0 would be silent
    check_count("n_outputs", n_outputs)
    # Without weights at first: the generator draws them, nobody else.
    layer = nn.utils.skip_init(nn.Linear, n_inputs, n_outputs)
    if init == "he":  # variance 2 / n_inputs
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
    elif init == "xavier":  # variance 2 / (n_inputs + n_outputs)
        nn.init.xavier_normal_(layer.weight, generator=generator)
    else:
        raise ValueError(f"init must be 'xavier' or 'he', got {init!r}.")
    nn.init.zeros_(layer.bias)
    return layer


def conv_layer(
    n_inputs: int, n_outputs: int, kernel_size: int, *, generator: torch.Generator
) -> nn.Conv2d:
    """A convolution whose maps are as large as its images, with weights made for ReLU.

    Parameters
    ----------
    n_inputs, n_outputs : int
        Channels that go into the layer, and its filters.
    kernel_size : int
        Height and width of a kernel, in pixels; odd, so that it has a middle.
    generator : torch.Generator
        Draws the first weights.

    References
    ----------
    [he2015delving]

    Examples
    --------
    >>> seeded = torch.Generator().manual_seed(0)
    >>> conv_layer(1, 4, 3, generator=seeded)(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 4, 28, 28])
    """
    check_count("n_outputs", n_outputs)
    if kernel_size % 2 == 0:  # the maps would be one pixel larger than the images
        raise ValueError(f"kernel_size must be odd, got {kernel_size}.")
    layer = nn.utils.skip_init(
        nn.Conv2d, n_inputs, n_outputs, kernel_size, padding=kernel_size // 2
    )
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
    nn.init.zeros_(layer.bias)
    return layer


class RandomLayer(nn.Module):
    """A layer that draws random numbers while it trains, by a generator of its own.

    The generator's state is saved with the weights, so that a model that is loaded goes
    on drawing where it stopped.

    Parameters
    ----------
    generator : torch.Generator
        Draws, on the CPU, so that every device sees the same numbers.
    """

    def __init__(self, *, generator: torch.Generator) -> None:
        super().__init__()
        self.generator = generator

    def get_extra_state(self) -> Tensor:
        """What `state_dict` asks for."""
        return self.generator.get_state()

    def set_extra_state(self, state: Tensor) -> None:
        """What `load_state_dict` gives back."""
        self.generator.set_state(state.cpu())


class Dropout(RandomLayer):
    """While training, sets random inputs to zero and scales up the rest.

    The same as `torch.nn.Dropout`, by a generator of its own.

    Parameters
    ----------
    share : float
        Share of the inputs that becomes zero, at least 0 and below 1.
    generator : torch.Generator
        Draws which inputs.

    References
    ----------
    [srivastava2014dropout]

    Examples
    --------
    >>> layer = Dropout(0.5, generator=torch.Generator().manual_seed(0))
    >>> layer(torch.ones(1000)).unique()
    tensor([0., 2.])
    >>> layer.eval()(torch.ones(1000)).unique()
    tensor([1.])
    """

    def __init__(self, share: float, *, generator: torch.Generator) -> None:
        super().__init__(generator=generator)
        if not 0 <= share < 1:
            raise ValueError(f"share must be at least 0 and below 1, got {share!r}.")
        self.share = share

    def forward(self, X: Tensor) -> Tensor:
        """Any shape in, the same shape out."""
        if not self.training or self.share == 0:
            return X
        keep = torch.rand(X.shape, generator=self.generator) >= self.share
        return X * keep.to(X.device) / (1 - self.share)

    def extra_repr(self) -> str:
        """What ``print(model)`` shows."""
        return f"share={self.share}"


class LayerNorm(nn.Module):
    """Gives the numbers of a position mean 0 and variance 1, then a scale and a shift.

    Scale and shift are learned. The same as `torch.nn.LayerNorm` over the last axis.

    Parameters
    ----------
    size : int
        Numbers that describe a position.
    epsilon : float
        Added to the variance, so that equal numbers do not divide by zero.

    References
    ----------
    [ba2016layer]

    Examples
    --------
    >>> LayerNorm(3)(torch.tensor([[1.0, 2.0, 3.0]])).detach().round(decimals=2)
    tensor([[-1.2200,  0.0000,  1.2200]])
    """

    def __init__(self, size: int, *, epsilon: float = 1e-5) -> None:
        super().__init__()
        self.size, self.epsilon = size, epsilon
        self.scale = nn.Parameter(torch.ones(size))
        self.shift = nn.Parameter(torch.zeros(size))

    def forward(self, X: Tensor) -> Tensor:
        """Shape (..., size) in and out; each position is normalized by itself."""
        centered = X - X.mean(dim=-1, keepdim=True)  # (..., size)
        variance = centered.square().mean(dim=-1, keepdim=True)  # (..., 1)
        return centered * torch.rsqrt(variance + self.epsilon) * self.scale + self.shift

    def extra_repr(self) -> str:
        """What ``print(model)`` shows."""
        return f"{self.size}, epsilon={self.epsilon}"


def count_parameters(model: nn.Module) -> int:
    """Number of weights and biases that training can change.

    Parameters
    ----------
    model : nn.Module
        A network, or a layer of one.

    Examples
    --------
    >>> count_parameters(nn.Linear(3, 2))
    8
    """
    return sum(
        parameter.numel() for parameter in model.parameters() if parameter.requires_grad
    )
