"""A network of fully connected layers."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_count

ACTIVATIONS = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "gelu": nn.GELU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


class Dropout(nn.Module):
    """While training, sets a random share of its inputs to zero and scales up the rest.

    The same as `torch.nn.Dropout`, but it draws from a generator of its own.

    References
    ----------
    [srivastava2014dropout]
    """

    def __init__(self, share: float, *, generator: torch.Generator) -> None:
        super().__init__()
        if not 0 <= share < 1:
            raise ValueError(
                f"share of dropout must be at least 0 and below 1, got {share!r}."
            )
        self.share, self.generator = share, generator

    def forward(self, X: Tensor) -> Tensor:
        """Any shape in, the same shape out."""
        if not self.training or self.share == 0:
            return X
        keep = torch.rand(X.shape, generator=self.generator) >= self.share
        return X * keep.to(X.device) / (1 - self.share)


class MLP(nn.Module):
    """Hidden layers of units, each followed by an activation, and one linear layer at the end.

    Parameters
    ----------
    in_features : int
        Number of features of a sample.
    hidden_sizes : sequence of int
        Units of each hidden layer; empty for a linear model.
    out_features : int
        Numbers to predict for a sample: 1 for a regression, the number of classes for a classification.
    activation : str
        One of `ACTIVATIONS`.
    dropout : float
        Share of hidden units that is left out at random while training.
    generator : torch.Generator
        Draws the first weights.

    Raises
    ------
    ValueError
        If a size is not a positive whole number, or the activation is unknown.

    References
    ----------
    [he2015delving], [glorot2010understanding]
    """

    def __init__(
        self,
        in_features: int,
        hidden_sizes: Sequence[int],
        out_features: int,
        activation: str = "relu",
        *,
        dropout: float = 0.0,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"activation must be one of {', '.join(ACTIVATIONS)}, got"
                f" {activation!r}."
            )
        layers: list[nn.Module] = []
        size = in_features
        for hidden_size in hidden_sizes:
            layers += [
                linear_layer(size, hidden_size, activation, generator),
                ACTIVATIONS[activation](),
            ]
            if dropout:
                layers.append(Dropout(dropout, generator=generator))
            size = hidden_size
        # The last layer has no activation, so that a prediction can be any number.
        layers.append(linear_layer(size, out_features, activation, generator))
        self.layers = nn.Sequential(*layers)

    def forward(self, X: Tensor) -> Tensor:
        """From features of shape (n, in_features) to predictions of shape (n, out_features)."""
        return self.layers(X)


def linear_layer(
    n_in: int, n_out: int, activation: str, generator: torch.Generator
) -> nn.Linear:
    """Weights that keep the spread of the numbers from layer to layer, and biases of zero."""
    check_count("every size of a layer", n_in)
    check_count("every size of a layer", n_out)
    layer = nn.utils.skip_init(
        nn.Linear, n_in, n_out
    )  # the generator draws, nobody else
    if activation in ("tanh", "sigmoid"):
        nn.init.xavier_normal_(layer.weight, generator=generator)
    else:  # ReLU and its kin drop about half of the signal: larger weights make up for it
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
    nn.init.zeros_(layer.bias)
    return layer


def count_parameters(model: nn.Module) -> int:
    """Number of weights and biases that training can change."""
    return sum(
        parameter.numel() for parameter in model.parameters() if parameter.requires_grad
    )
