"""Networks that read tokens: the next one at each position, its cost, and new text."""

import math

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_count, check_positive, check_shapes
from mlfa.training.layers import Dropout
from mlfa.training.predicting import predicting


class TextNetwork(nn.Module):
    """A table of embeddings, and a network for series that reads the picked rows.

    Parameters
    ----------
    n_tokens : int
        Size of the vocabulary.
    size : int
        Numbers in the row of each token.
    network : nn.Module
        From (n, length, size) to a score for each token, (n, length, n_tokens); at no
        position it may look at later ones.
    dropout : float
        Share of the numbers in the picked rows that is set to zero while training.
    generator : torch.Generator
        Draws the first rows, and what is dropped.

    Examples
    --------
    >>> from mlfa.series.recurrent import RNN
    >>> seeded = torch.Generator().manual_seed(0)
    >>> reader = RNN(16, 32, 70, generator=seeded)
    >>> network = TextNetwork(70, 16, reader, generator=seeded)
    >>> network(torch.zeros(3, 20, dtype=torch.long)).shape
    torch.Size([3, 70, 20])
    """

    def __init__(
        self,
        n_tokens: int,
        size: int,
        network: nn.Module,
        *,
        dropout: float = 0.0,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        rows = torch.randn(n_tokens, size, generator=generator)
        self.embedding = nn.Embedding.from_pretrained(rows, freeze=False)
        self.dropout = Dropout(dropout, generator=generator)
        self.network = network

    def forward(self, tokens: Tensor) -> Tensor:
        """Scores of the next token, (n, n_tokens, length), for tokens (n, length).

        The tokens to choose from are on axis 1, where `torch.nn.functional`'s
        `cross_entropy` looks for classes.
        """
        check_shapes(tokens=(tokens, "n length"))
        rows = self.dropout(self.embedding(tokens))  # (n, length, size)
        return self.network(rows).transpose(1, 2)  # (n, n_tokens, length)


def text_windows(tokens: Tensor, length: int, *, step: int) -> tuple[Tensor, Tensor]:
    """Pieces of a text, and at each position the token that comes next.

    Parameters
    ----------
    tokens : Tensor of int64, shape (n_all,)
        The text.
    length : int
        Tokens in a window.
    step : int
        Tokens from the start of one window to the start of the next.

    Returns
    -------
    X, y : Tensors of int64, shape (n, length)
        The windows, and the same moved on by one token.

    Examples
    --------
    >>> text_windows(torch.arange(6), 3, step=2)
    (tensor([[0, 1, 2],
            [2, 3, 4]]), tensor([[1, 2, 3],
            [3, 4, 5]]))
    """
    check_count("step", step)
    both = tokens.unfold(0, length + 1, step)  # (n, length + 1)
    return both[:, :-1].contiguous(), both[:, 1:].contiguous()


def token_bits(model: nn.Module, tokens: Tensor, *, window: int) -> Tensor:
    """What each token after the first costs: minus the binary log of its probability.

    The windows overlap by half, and of all but the first only the second half counts,
    so that each of these tokens is guessed from at least half a window.

    Parameters
    ----------
    model : nn.Module
        From (n, length) to (n, n_tokens, length), such as a `TextNetwork`.
    tokens : Tensor of int64, shape (n_all,)
        The text, longer than a window.
    window : int
        Tokens that the model reads at once; must be even.

    Returns
    -------
    Tensor of shape (n_all - 1,)
        Bits, on the CPU.
    """
    _check_window(window, tokens)
    half, last = window // 2, len(tokens) - 1 - window
    starts = [*range(0, last, half), last]
    bits = torch.empty(len(tokens) - 1)
    with predicting(model) as device:
        for some in torch.tensor(starts).split(64):
            both = tokens[some[:, None] + torch.arange(window + 1)]  # (n, window + 1)
            X, y = both[:, :-1].to(device), both[:, 1:].to(device)
            nats = nn.functional.cross_entropy(model(X), y, reduction="none")
            for start, row in zip(some.tolist(), nats.cpu(), strict=True):  # (window,)
                first = 0 if start == 0 else half
                bits[start + first : start + window] = row[first:] / math.log(2)
    return bits


def next_probabilities(
    model: nn.Module, tokens: Tensor, *, window: int, temperature: float = 1.0
) -> Tensor:
    """How likely each token is to come next, after the last tokens of a text.

    Parameters
    ----------
    model : nn.Module
        From (n, length) to (n, n_tokens, length).
    tokens : Tensor of int64, shape (n_all,)
        The text so far, of at least one token.
    window : int
        Tokens that the model reads at the most.
    temperature : float
        The scores are divided by it: below 1 the likely becomes likelier.

    Returns
    -------
    Tensor of shape (n_tokens,)
    """
    check_positive("temperature", temperature)
    with predicting(model) as device:
        scores = model(tokens[None, -window:].to(device))[0, :, -1]  # (n_tokens,)
    return torch.softmax(scores.cpu() / temperature, dim=0)


def write(
    model: nn.Module,
    tokens: Tensor,
    n_new: int,
    *,
    window: int,
    temperature: float = 1.0,
    generator: torch.Generator,
) -> Tensor:
    """Go on with a text: draw a token, append it, and read again.

    Parameters
    ----------
    model : nn.Module
        From (n, length) to (n, n_tokens, length).
    tokens : Tensor of int64, shape (n_all,)
        The prompt, of at least one token.
    n_new : int
        Tokens to draw.
    window, temperature
        As in `next_probabilities`.
    generator : torch.Generator
        Draws the tokens, on the CPU.

    Returns
    -------
    Tensor of int64, shape (n_new,)
        What was written, without the prompt.
    """
    text = tokens
    for _ in range(n_new):
        p = next_probabilities(model, text, window=window, temperature=temperature)
        text = torch.cat([text, torch.multinomial(p, 1, generator=generator)])
    return text[len(tokens) :]


def copied_lengths(text: str, source: str) -> list[int]:
    """At each character, the length of the longest string from there on in `source`.

    Parameters
    ----------
    text : str
        What may have been copied.
    source : str
        Where from.

    Returns
    -------
    list of int
        One length for each character of the text.

    Examples
    --------
    >>> copied_lengths("the cat", "a cat on the mat")
    [4, 3, 2, 4, 3, 2, 1]
    """
    lengths, length = [], 0
    for start in range(len(text)):
        length = max(length - 1, 0)  # what began one before is still there
        while start + length < len(text) and text[start : start + length + 1] in source:
            length += 1
        lengths.append(length)
    return lengths


# Checks of arguments


def _check_window(window: int, tokens: Tensor) -> None:
    """Windows that overlap by half, over a text that fills one."""
    check_count("window", window, least=2)
    if window % 2 or len(tokens) <= window:
        raise ValueError(
            f"window must be even and shorter than the text, got {window} for"
            f" {len(tokens)} tokens."
        )
