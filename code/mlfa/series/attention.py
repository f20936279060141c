"""Attention: each position gathers what it needs from the others."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_count
from mlfa.training.mlp import linear_layer


def attention(
    Q: Tensor, K: Tensor, V: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Scaled dot-product attention: a weighted average of values for each query.

    Parameters
    ----------
    Q : Tensor of shape (..., n_queries, d)
        What each position asks for.
    K : Tensor of shape (..., n_keys, d)
        What each position offers.
    V : Tensor of shape (..., n_keys, d_value)
        What is averaged.
    mask : bool Tensor of shape (n_queries, n_keys), optional
        True where a query may look; every query needs a key to look at.

    Returns
    -------
    (average, weights)
        Shapes (..., n_queries, d_value) and (..., n_queries, n_keys); each row of weights adds up to 1.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the mask is not boolean or leaves a query nothing.

    References
    ----------
    [vaswani2017attention]
    """
    _check_attention(Q, K, V, mask)
    scores = (Q / math.sqrt(Q.shape[-1])) @ K.transpose(
        -2, -1
    )  # scaling Q is cheaper than scaling all scores
    if mask is not None:
        scores = scores.masked_fill(
            ~mask, -math.inf
        )  # exp(-inf) is a weight of exactly zero
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights


def causal_mask(length: int) -> Tensor:
    """A square that is True where position i (row) may look at position j (column): at j <= i."""
    check_count("length", length)
    return torch.ones(length, length, dtype=torch.bool).tril()


class MultiHeadAttention(nn.Module):
    """Several attentions side by side, each with queries, keys and values of its own.

    Parameters
    ----------
    size : int
        Numbers that describe a position.
    heads : int
        Attentions side by side; must divide `size`.
    generator : torch.Generator
        Draws the first weights.
    """

    def __init__(self, size: int, heads: int, *, generator: torch.Generator) -> None:
        super().__init__()
        check_count("size", size)
        check_count("heads", heads)
        if size % heads:
            raise ValueError(
                f"heads must divide size: got heads={heads} and size={size}."
            )
        self.size, self.heads = size, heads
        self.queries, self.keys, self.values, self.output = (
            linear_layer(size, size, "tanh", generator) for _ in range(4)
        )

    def forward(
        self, X: Tensor, mask: Tensor | None = None, *, source: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """From positions (n, length, size) to new ones of the same shape, and the weights (n, heads, length, keys).

        The positions ask each other, unless `source` (n, keys, size) gives others to ask.
        """
        check_sequence("X", X, self.size)
        source = X if source is None else source
        check_sequence("source", source, self.size)
        Q, K, V = (
            self._split(part)
            for part in (self.queries(X), self.keys(source), self.values(source))
        )
        average, weights = attention(Q, K, V, mask)
        side_by_side = average.transpose(1, 2).flatten(start_dim=2)  # (n, length, size)
        return self.output(side_by_side), weights

    def _split(self, X: Tensor) -> Tensor:
        """From (n, length, size) to (n, heads, length, size / heads): each head gets its share."""
        return X.unflatten(-1, (self.heads, -1)).transpose(1, 2)


def check_sequence(name: str, X: Tensor, size: int) -> None:
    """Make sure that `X` has shape (n, length, size)."""
    if X.ndim != 3 or X.shape[1] == 0 or X.shape[2] != size:
        raise ValueError(
            f"{name} must have shape (n, length, {size}) with length >= 1, got"
            f" {tuple(X.shape)}."
        )


def _check_attention(Q: Tensor, K: Tensor, V: Tensor, mask: Tensor | None) -> None:
    for name, tensor in {"Q": Q, "K": K, "V": V}.items():
        if tensor.ndim < 2:
            raise ValueError(
                f"{name} must have shape (..., length, size), got"
                f" {tuple(tensor.shape)}."
            )
    if Q.shape[-1] != K.shape[-1] or Q.shape[:-2] != K.shape[:-2]:
        raise ValueError(
            f"K must have the size of Q, {Q.shape[-1]}, and its leading axes,"
            f" {tuple(Q.shape[:-2])}, got shape {tuple(K.shape)}."
        )
    if V.shape[:-1] != K.shape[:-1]:
        raise ValueError(
            f"V must have a row for each key, shape {(*K.shape[:-1], '...')}, got"
            f" {tuple(V.shape)}."
        )
    if mask is None:
        return
    wanted = (Q.shape[-2], K.shape[-2])
    if mask.dtype != torch.bool or mask.shape != wanted:
        raise ValueError(
            f"mask must be boolean with shape {wanted}, got {mask.dtype} with shape"
            f" {tuple(mask.shape)}."
        )
    if not mask.any(dim=-1).all():
        raise ValueError(
            "mask must let every query look at one key at least, got a row without any"
            " True."
        )
