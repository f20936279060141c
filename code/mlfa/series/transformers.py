"""The block of a Transformer, and a small causal Transformer for series."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_count
from mlfa.series.attention import MultiHeadAttention, causal_mask, check_sequence
from mlfa.series.positions import sinusoidal_positions
from mlfa.training.mlp import MLP, linear_layer


class LayerNorm(nn.Module):
    """Gives the numbers of every position mean 0 and variance 1, then a learned scale and shift.

    The same as `torch.nn.LayerNorm`.

    References
    ----------
    [ba2016layer]
    """

    def __init__(self, size: int, epsilon: float = 1e-5) -> None:
        super().__init__()
        check_count("size", size)
        self.epsilon = epsilon
        self.scale = nn.Parameter(torch.ones(size))
        self.shift = nn.Parameter(torch.zeros(size))

    def forward(self, X: Tensor) -> Tensor:
        """Shape (..., size) in and out; each position is normalized by itself."""
        centered = X - X.mean(dim=-1, keepdim=True)
        variance = centered.square().mean(dim=-1, keepdim=True)
        return centered * torch.rsqrt(variance + self.epsilon) * self.scale + self.shift


class Block(nn.Module):
    """Attention between the positions, then a small network for each, both added to their input.

    Parameters
    ----------
    size : int
        Numbers that describe a position.
    heads : int
        Attentions side by side; must divide `size`.
    hidden_size : int
        Units of the hidden layer of the network.
    norm_first : bool
        True normalizes the input of each part; False, as in the original paper, each sum.
    generator : torch.Generator
        Draws the first weights.

    References
    ----------
    [vaswani2017attention], [xiong2020layer]
    """

    def __init__(
        self,
        size: int,
        heads: int,
        hidden_size: int,
        *,
        norm_first: bool = True,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.norm_first = norm_first
        self.attention = MultiHeadAttention(size, heads, generator=generator)
        self.network = MLP(size, [hidden_size], size, "relu", generator=generator)
        self.norm_attention, self.norm_network = LayerNorm(size), LayerNorm(size)

    def forward(self, X: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """From (n, length, size) to the same shape, and the attention's weights."""
        if self.norm_first:
            change, weights = self.attention(self.norm_attention(X), mask)
            X = X + change
            return X + self.network(self.norm_network(X)), weights
        change, weights = self.attention(X, mask)
        X = self.norm_attention(X + change)
        return self.norm_network(X + self.network(X)), weights


class Transformer(nn.Module):
    """Causal blocks over a series: at every position it predicts what comes next.

    Parameters
    ----------
    in_features, out_features : int
        Numbers at each position of the input and of the prediction.
    size, heads, hidden_size, norm_first
        As in `Block`.
    n_blocks : int
        Blocks on top of each other.
    generator : torch.Generator
        Draws the first weights.
    """

    def __init__(
        self,
        in_features: int = 1,
        out_features: int = 1,
        *,
        size: int = 16,
        heads: int = 2,
        hidden_size: int = 32,
        n_blocks: int = 2,
        norm_first: bool = True,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        check_count("n_blocks", n_blocks)
        sinusoidal_positions(
            1, size
        )  # complains now, not in the first batch, if the size does not fit
        self.in_features, self.size = in_features, size
        self.embed = linear_layer(in_features, size, "tanh", generator)
        self.blocks = nn.ModuleList(
            Block(size, heads, hidden_size, norm_first=norm_first, generator=generator)
            for _ in range(n_blocks)
        )
        self.norm = (
            LayerNorm(size) if norm_first else nn.Identity()
        )  # else the last sum would stay as it is
        self.predict = linear_layer(size, out_features, "tanh", generator)

    def forward(self, X: Tensor) -> Tensor:
        """From a series (n, length, in_features) to predictions (n, length, out_features)."""
        return self.forward_with_weights(X)[0]

    def forward_with_weights(self, X: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The predictions, and the attention weights (n, heads, length, length) of every block."""
        check_sequence("X", X, self.in_features)
        length, weights = X.shape[1], []
        positions = sinusoidal_positions(length, self.size).to(X)
        mask = causal_mask(length).to(X.device)
        H = self.embed(X) + positions
        for block in self.blocks:
            H, weights_of_block = block(H, mask)
            weights.append(weights_of_block)
        return self.predict(self.norm(H)), weights
