"""An encoder that reads one sequence and a decoder that writes another."""

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_count, check_shapes
from mlfa.series.attention import MultiHeadAttention, causal_mask
from mlfa.series.positions import sinusoidal_positions
from mlfa.series.transformers import Block
from mlfa.training.layers import LayerNorm, linear_layer
from mlfa.training.mlp import MLP
from mlfa.training.predicting import predicting


class DecoderBlock(nn.Module):
    """Looks at what is written, then at what was read, then computes; norms first.

    Parameters
    ----------
    size : int
        Numbers that describe a position.
    n_heads : int
        Attentions side by side; must divide `size`.
    n_hidden : int
        Units of the hidden layer of the network.
    generator : torch.Generator
        Draws the first weights.

    References
    ----------
    [vaswani2017attention]

    Examples
    --------
    >>> seeded = torch.Generator().manual_seed(0)
    >>> block = DecoderBlock(16, n_heads=2, n_hidden=32, generator=seeded)
    >>> y, weights = block(torch.zeros(3, 4, 16), source=torch.zeros(3, 7, 16))
    >>> y.shape, weights.shape
    (torch.Size([3, 4, 16]), torch.Size([3, 2, 4, 7]))
    """

    def __init__(
        self, size: int, *, n_heads: int, n_hidden: int, generator: torch.Generator
    ) -> None:
        super().__init__()
        heads = {"n_heads": n_heads, "generator": generator}
        self.written = MultiHeadAttention(size, **heads)
        self.read = MultiHeadAttention(size, **heads)
        self.network = MLP(size, [n_hidden], size, generator=generator)
        self.norm_written, self.norm_read = LayerNorm(size), LayerNorm(size)
        self.norm_network = LayerNorm(size)

    def forward(self, X: Tensor, *, source: Tensor) -> tuple[Tensor, Tensor]:
        """New descriptions of what is written, and what each position looked up.

        Parameters
        ----------
        X : Tensor of shape (n, length, size)
            The answer so far.
        source : Tensor of shape (n, keys, size)
            What the encoder found.

        Returns
        -------
        y : Tensor of shape (n, length, size)
            The answer so far, described anew.
        weights : Tensor of shape (n, n_heads, length, keys)
            The weights of every head of the cross-attention.
        """
        mask = causal_mask(X.shape[1], device=X.device)  # (length, length)
        X = X + self.written(self.norm_written(X), mask)[0]  # (n, length, size)
        change, weights = self.read(self.norm_read(X), source=source)
        X = X + change  # (n, length, size)
        return X + self.network(self.norm_network(X)), weights


class EncoderDecoder(nn.Module):
    """Reads a sequence of tokens and scores the next token of another one.

    Parameters
    ----------
    n_tokens : int
        Different tokens; each is a whole number from 0 on.
    size : int
        Numbers that describe a position inside of the network; must be even.
    n_heads, n_hidden
        As in `DecoderBlock`.
    n_blocks : int
        Blocks on top of each other, in the encoder and in the decoder.
    generator : torch.Generator
        Draws the first weights.

    Examples
    --------
    >>> model = EncoderDecoder(12, generator=torch.Generator().manual_seed(0))
    >>> model(torch.zeros(3, 2, 7, dtype=torch.int64)).shape
    torch.Size([3, 12, 7])
    """

    def __init__(
        self,
        n_tokens: int,
        *,
        size: int = 32,
        n_heads: int = 2,
        n_hidden: int = 64,
        n_blocks: int = 1,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.size = size
        # One row of numbers for each token, and its entries have variance one.
        self.embed = nn.utils.skip_init(nn.Embedding, n_tokens, size)
        nn.init.normal_(self.embed.weight, generator=generator)
        setting = {"n_heads": n_heads, "n_hidden": n_hidden, "generator": generator}
        self.encoder = nn.ModuleList(Block(size, **setting) for _ in range(n_blocks))
        self.decoder = nn.ModuleList(
            DecoderBlock(size, **setting) for _ in range(n_blocks)
        )
        self.norm_source, self.norm = LayerNorm(size), LayerNorm(size)
        self.head = linear_layer(size, n_tokens, init="xavier", generator=generator)

    def forward(self, X: Tensor) -> Tensor:
        """Scores of the next token at each position, given the true ones before it.

        Parameters
        ----------
        X : int Tensor of shape (n, 2, length)
            For each sample what is read, and what was written one step before.

        Returns
        -------
        Tensor of shape (n, n_tokens, length)
            Scores for a softmax over the tokens, as PyTorch's cross-entropy wants them.
        """
        check_shapes(X=(X, "n 2 length"))
        source, so_far = X.unbind(dim=1)  # each (n, length)
        scores, _ = self.decode(so_far, self.encode(source))  # (n, length, n_tokens)
        return scores.transpose(1, 2)  # (n, n_tokens, length)

    def encode(self, source: Tensor) -> Tensor:
        """Describe every position of what is read.

        Parameters
        ----------
        source : int Tensor of shape (n, keys)
            The tokens that are read.

        Returns
        -------
        Tensor of shape (n, keys, size)
            The descriptions.
        """
        H = self._place(source)  # (n, keys, size)
        for block in self.encoder:
            H, _ = block(H)  # (n, keys, size): no mask, all of it is there
        return self.norm_source(H)

    def decode(self, so_far: Tensor, read: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Score what comes next after each position of the answer so far.

        Parameters
        ----------
        so_far : int Tensor of shape (n, length)
            The answer so far, with a start token in front.
        read : Tensor of shape (n, keys, size)
            What `encode` returned.

        Returns
        -------
        scores : Tensor of shape (n, length, n_tokens)
            The scores of the next token.
        weights : list of Tensors of shape (n, n_heads, length, keys)
            The weights of the cross-attention of every block.
        """
        H, weights = self._place(so_far), []  # (n, length, size)
        for block in self.decoder:
            H, of_block = block(H, source=read)
            weights.append(of_block)
        return self.head(self.norm(H)), weights

    def _place(self, tokens: Tensor) -> Tensor:
        """Tokens to numbers, with their positions: (n, length) to (n, length, size)."""
        H = self.embed(tokens)
        return H + sinusoidal_positions(tokens.shape[1], self.size).to(H)


def write_greedily(
    model: EncoderDecoder, source: Tensor, *, start: int, steps: int
) -> Tensor:
    """Write an answer token by token, each time the one with the highest score.

    Parameters
    ----------
    model : EncoderDecoder
        A trained one.
    source : int Tensor of shape (n, keys)
        What is read.
    start : int
        The token that stands in front of every answer.
    steps : int
        How many tokens to write.

    Returns
    -------
    int Tensor of shape (n, steps)
        The answers, on the CPU.

    Examples
    --------
    >>> model = EncoderDecoder(12, generator=torch.Generator().manual_seed(0))
    >>> source = torch.zeros(3, 7, dtype=torch.int64)
    >>> write_greedily(model, source, start=10, steps=5).shape
    torch.Size([3, 5])
    """
    check_count("steps", steps)
    check_shapes(source=(source, "n keys"))
    with predicting(model) as device:
        read = model.encode(source.to(device))  # (n, keys, size): once is enough
        answer = torch.full((len(source), 1), start, device=device)  # (n, 1)
        for _ in range(steps):
            scores, _ = model.decode(answer, read)  # (n, so far, n_tokens)
            chosen = scores[:, -1].argmax(dim=-1, keepdim=True)  # (n, 1)
            answer = torch.cat([answer, chosen], dim=1)  # it reads its own answer
    return answer[:, 1:].cpu()  # (n, steps)
