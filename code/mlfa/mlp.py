"""A network of fully connected layers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mlfa.checks import check_count

ACTIVATIONS = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "gelu": nn.GELU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


class MLP(nn.Module):
    """Layers of units, each followed by an activation, and one linear layer at the end.

    Parameters
    ----------
    in_features : int
        Number of features.
    hidden_sizes : sequence of int
        Units of each hidden layer; empty for a linear model.
    out_features : int
        Numbers to predict for a sample: 1 for a regression, the number of classes else.
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
            raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, got {activation!r}.")
        sizes = [in_features, *hidden_sizes, out_features]
        for size in sizes:
            check_count("every size", size)
        layers: list[nn.Module] = []
        for n_in, n_out in itertools.pairwise(sizes):
            layer = nn.Linear(n_in, n_out)
            # Keep the spread of the numbers the same from layer to layer: ReLU drops
            # half of them, so the weights make up for it.
            if "relu" in activation or activation == "gelu":
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
            else:
                nn.init.xavier_normal_(layer.weight, generator=generator)
            nn.init.zeros_(layer.bias)
            layers += [layer, ACTIVATIONS[activation]()]
            if dropout:
                layers.append(nn.Dropout(dropout))
        del layers[-2 if dropout else -1 :]  # the last layer predicts: nothing follows it
        self.layers = nn.Sequential(*layers)

    def forward(self, X: Tensor) -> Tensor:
        """From features of shape (n, in_features) to predictions (n, out_features)."""
        return self.layers(X)


def count_parameters(model: nn.Module) -> int:
    """Number of weights and biases that training can change."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
