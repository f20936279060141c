"""A network of fully connected layers."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_one_of
from mlfa.training.layers import Dropout, linear_layer

ACTIVATIONS = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


class MLP(nn.Module):
    """Hidden layers of units, each with an activation, and a linear layer at the end.

    Parameters
    ----------
    n_inputs : int
        Number of features of a sample.
    hidden : sequence of int
        Units of each hidden layer; empty for a linear model.
    n_outputs : int
        Numbers to predict for a sample: 1 for a regression, the number of classes for a
        classification.
    activation : str
        One of `ACTIVATIONS`.
    dropout : float
        Share of hidden units that is left out at random while training.
    generator : torch.Generator
        Draws the first weights, and then what dropout leaves out.

    Raises
    ------
    ValueError
        If the activation is unknown.

    References
    ----------
    [he2015delving], [glorot2010understanding]

    Examples
    --------
    >>> model = MLP(3, [8, 4], 1, generator=torch.Generator().manual_seed(0))
    >>> model(torch.zeros(5, 3)).shape
    torch.Size([5, 1])
    """

    def __init__(
        self,
        n_inputs: int,
        hidden: Sequence[int],
        n_outputs: int,
        *,
        activation: str = "relu",
        dropout: float = 0.0,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        check_one_of("activation", activation, ACTIVATIONS)
        # ReLU and its kin drop about half of the signal; larger weights make up for it.
        init = "xavier" if activation in ("tanh", "sigmoid") else "he"
        layers: list[nn.Module] = []
        sizes = [n_inputs, *hidden]
        for n_in, n_out in pairwise(sizes):
            layers.append(linear_layer(n_in, n_out, init=init, generator=generator))
            layers.append(ACTIVATIONS[activation]())
            if dropout:
                layers.append(Dropout(dropout, generator=generator))
        # The last layer has no activation, so that a prediction can be any number.
        layers.append(
            linear_layer(sizes[-1], n_outputs, init=init, generator=generator)
        )
        self.layers = nn.Sequential(*layers)

    def forward(self, X: Tensor) -> Tensor:
        """Predictions of shape (n, n_outputs) for features of shape (n, n_inputs)."""
        return self.layers(X)
