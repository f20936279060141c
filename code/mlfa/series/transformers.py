"""The block of a Transformer, and a small causal Transformer for series."""

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_shapes
from mlfa.series.attention import MultiHeadAttention, causal_mask
from mlfa.series.positions import sinusoidal_positions
from mlfa.training.layers import LayerNorm, linear_layer
from mlfa.training.mlp import MLP


class Block(nn.Module):
    """Attention between positions, then a network for each, both added to their input.

    Parameters
    ----------
    size : int
        Numbers that describe a position.
    n_heads : int
        Attentions side by side; must divide `size`.
    n_hidden : int
        Units of the hidden layer of the network.
    norm_first : bool
        True normalizes the input of each part; False, as in the original paper, each
        sum.
    generator : torch.Generator
        Draws the first weights.

    References
    ----------
    [vaswani2017attention], [xiong2020layer]

    Examples
    --------
    >>> seeded = torch.Generator().manual_seed(0)
    >>> block = Block(16, n_heads=2, n_hidden=32, generator=seeded)
    >>> y, weights = block(torch.zeros(3, 20, 16))
    >>> y.shape
    torch.Size([3, 20, 16])
    """

    def __init__(
        self,
        size: int,
        *,
        n_heads: int,
        n_hidden: int,
        norm_first: bool = True,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.norm_first = norm_first
        self.attention = MultiHeadAttention(size, n_heads=n_heads, generator=generator)
        self.network = MLP(size, [n_hidden], size, generator=generator)
        self.norm_attention, self.norm_network = LayerNorm(size), LayerNorm(size)

    def forward(self, X: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """New descriptions of the positions, and what each of them looked at.

        Parameters
        ----------
        X : Tensor of shape (n, length, size)
            The positions.
        mask : bool Tensor of shape (length, length), optional
            True where a position may look.

        Returns
        -------
        y : Tensor of shape (n, length, size)
            The positions, described anew.
        weights : Tensor of shape (n, n_heads, length, length)
            The weights of every head.
        """
        if self.norm_first:
            change, weights = self.attention(self.norm_attention(X), mask)
            X = X + change  # (n, length, size)
            return X + self.network(self.norm_network(X)), weights
        change, weights = self.attention(X, mask)
        X = self.norm_attention(X + change)  # (n, length, size)
        return self.norm_network(X + self.network(X)), weights


class Transformer(nn.Module):
    """Causal blocks over a series: at every position it predicts what comes next.

    Parameters
    ----------
    n_inputs, n_outputs : int
        Numbers at each position of the series, and of the prediction.
    size : int
        Numbers that describe a position inside of the network; must be even.
    n_heads, n_hidden, norm_first
        As in `Block`.
    n_blocks : int
        Blocks on top of each other.
    positions : bool
        False leaves the positional encoding out.
    generator : torch.Generator
        Draws the first weights.

    Examples
    --------
    >>> model = Transformer(1, 1, generator=torch.Generator().manual_seed(0))
    >>> model(torch.zeros(3, 20, 1)).shape
    torch.Size([3, 20, 1])
    """

    def __init__(
        self,
        n_inputs: int,
        n_outputs: int,
        *,
        size: int = 16,
        n_heads: int = 2,
        n_hidden: int = 32,
        n_blocks: int = 2,
        norm_first: bool = True,
        positions: bool = True,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.positions = positions
        self.embed = linear_layer(n_inputs, size, init="xavier", generator=generator)
        setting = {"n_heads": n_heads, "n_hidden": n_hidden, "norm_first": norm_first}
        self.blocks = nn.ModuleList(
            Block(size, **setting, generator=generator) for _ in range(n_blocks)
        )
        # With the norm first, the last sum would stay as it is.
        self.norm = LayerNorm(size) if norm_first else nn.Identity()
        self.head = linear_layer(size, n_outputs, init="xavier", generator=generator)

    def forward(self, X: Tensor) -> Tensor:
        """Predictions of shape (n, length, n_outputs) for X (n, length, n_inputs)."""
        return self._run(X)[0]

    def forward_with_weights(self, X: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Predict, and tell where every head looked.

        Parameters
        ----------
        X : Tensor of shape (n, length, n_inputs)
            Series, on any device.

        Returns
        -------
        y_pred : Tensor of shape (n, length, n_outputs)
            The predictions, on the CPU.
        weights : list of Tensors of shape (n, n_heads, length, length)
            The weights of attention of every block, on the CPU.
        """
        y_pred, weights = self._run(X.to(self.head.weight.device))
        return y_pred.cpu(), [of_block.cpu() for of_block in weights]

    def _run(self, X: Tensor) -> tuple[Tensor, list[Tensor]]:
        check_shapes(X=(X, f"n length {self.embed.in_features}"))
        mask = causal_mask(X.shape[1], device=X.device)  # (length, length)
        H = self.embed(X)  # (n, length, size)
        if self.positions:
            H = H + sinusoidal_positions(*H.shape[1:]).to(H)  # (n, length, size)
        weights = []
        for block in self.blocks:
            H, of_block = block(H, mask)  # (n, length, size), (n, n_heads, length, ...)
            weights.append(of_block)
        return self.head(self.norm(H)), weights  # (n, length, n_outputs), ...
