"""Attention: each position gathers what it needs from the others."""

import math

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_shapes
from mlfa.training.layers import linear_layer


def attention(
    Q: Tensor, K: Tensor, V: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Scaled dot-product attention: a weighted average of values for each query.

    Parameters
    ----------
    Q : Tensor of shape (..., queries, d)
        What each position asks for.
    K : Tensor of shape (..., keys, d)
        What each position offers.
    V : Tensor of shape (..., keys, d_value)
        What is averaged.
    mask : bool Tensor of shape (queries, keys), optional
        True where a query may look; every query needs a key to look at.

    Returns
    -------
    average : Tensor of shape (..., queries, d_value)
        What each query gathered.
    weights : Tensor of shape (..., queries, keys)
        How much of each value; every row adds up to 1.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the mask is not boolean or leaves a query nothing.

    References
    ----------
    [vaswani2017attention]

    Examples
    --------
    A query that points where the first key points gets most of the first value.

    >>> Q, K = torch.tensor([[3.0, 0.0]]), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    >>> average, weights = attention(Q, K, V=torch.tensor([[10.0], [20.0]]))
    >>> weights
    tensor([[0.8930, 0.1070]])
    >>> average
    tensor([[11.0704]])
    """
    check_shapes(Q=(Q, "... queries d"), K=(K, "... keys d"), V=(V, "... keys d_value"))
    # To scale Q is cheaper than to scale all scores.
    scores = (Q / math.sqrt(Q.shape[-1])) @ K.transpose(-2, -1)  # (..., queries, keys)
    if mask is not None:
        _check_mask(mask, scores)
        scores = scores.masked_fill(~mask, -math.inf)  # e^-inf is a weight of zero
    weights = torch.softmax(scores, dim=-1)  # (..., queries, keys)
    return weights @ V, weights  # (..., queries, d_value), (..., queries, keys)


def causal_mask(length: int, *, device: torch.device | str = "cpu") -> Tensor:
    """True where position i (row) may look at position j (column): at j <= i.

    Parameters
    ----------
    length : int
        Number of positions.
    device : torch.device or str
        Where the mask is made.

    Returns
    -------
    bool Tensor of shape (length, length)

    Examples
    --------
    >>> causal_mask(3).int()
    tensor([[1, 0, 0],
            [1, 1, 0],
            [1, 1, 1]], dtype=torch.int32)
    """
    return torch.ones(length, length, dtype=torch.bool, device=device).tril()


class MultiHeadAttention(nn.Module):
    """Several attentions side by side, each with queries, keys and values of its own.

    Parameters
    ----------
    size : int
        Numbers that describe a position.
    n_heads : int
        Attentions side by side; must divide `size`.
    generator : torch.Generator
        Draws the first weights.

    Examples
    --------
    >>> seeded = torch.Generator().manual_seed(0)
    >>> layer = MultiHeadAttention(16, n_heads=2, generator=seeded)
    >>> y, weights = layer(torch.zeros(3, 20, 16))
    >>> y.shape, weights.shape
    (torch.Size([3, 20, 16]), torch.Size([3, 2, 20, 20]))
    """

    def __init__(self, size: int, *, n_heads: int, generator: torch.Generator) -> None:
        super().__init__()
        if size % n_heads:
            raise ValueError(f"n_heads must divide size {size}, got {n_heads}.")
        self.size, self.n_heads = size, n_heads
        self.queries, self.keys, self.values, self.output = (
            linear_layer(size, size, init="xavier", generator=generator)
            for _ in range(4)
        )

    def forward(
        self, X: Tensor, mask: Tensor | None = None, *, source: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """New descriptions of the positions, and what each of them looked at.

        Parameters
        ----------
        X : Tensor of shape (n, length, size)
            The positions that ask.
        mask : bool Tensor of shape (length, keys), optional
            True where a position may look.
        source : Tensor of shape (n, keys, size), optional
            The positions that are asked; when left out, those of `X`.

        Returns
        -------
        y : Tensor of shape (n, length, size)
            The positions, described anew.
        weights : Tensor of shape (n, n_heads, length, keys)
            The weights of every head.
        """
        source = X if source is None else source
        check_shapes(X=(X, "n length size"), source=(source, "n keys size"))
        Q = self._split(self.queries(X))  # (n, n_heads, length, d)
        K = self._split(self.keys(source))  # (n, n_heads, keys, d)
        V = self._split(self.values(source))  # (n, n_heads, keys, d)
        average, weights = attention(Q, K, V, mask)  # (n, n_heads, length, d), ...
        side_by_side = average.transpose(1, 2).flatten(start_dim=2)  # (n, length, size)
        return self.output(side_by_side), weights  # (n, length, size), ...

    def _split(self, X: Tensor) -> Tensor:
        """Give each head its share of the numbers, d = size / n_heads of them."""
        X = X.unflatten(-1, (self.n_heads, -1))  # (n, length, n_heads, d)
        return X.transpose(1, 2)  # (n, n_heads, length, d)


# Checks of arguments


def _check_mask(mask: Tensor, scores: Tensor) -> None:
    """Make sure that a mask fits the scores and lets every query look somewhere."""
    check_shapes(scores=(scores, "... queries keys"), mask=(mask, "queries keys"))
    # On the device "meta" no tensor has values that could be looked at.
    if mask.dtype != torch.bool or not (mask.is_meta or mask.any(dim=-1).all()):
        raise ValueError("mask must be boolean and let every query look at a key.")
