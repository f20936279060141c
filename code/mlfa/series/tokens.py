"""From text to whole numbers and back: letters, or pieces merged from them."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from mlfa.book.checks import check_count

# A word with the space before it, or any other character by itself.
WORD = re.compile(r" ?[A-Za-z]+|.", flags=re.DOTALL)
Pair = tuple[str, str]


class Tokenizer:
    """A number for each token of a vocabulary, and the way back.

    Parameters
    ----------
    letters : iterable of str
        The single characters that may occur, such as a text; each counts once.
    merges : sequence of (str, str)
        Pairs of tokens that become one token each, in the order in which they were
        learned. Without any, a token is a character.

    Attributes
    ----------
    vocabulary : list of str
        The tokens; the place of each is its number.

    Examples
    --------
    >>> tokenizer = Tokenizer("banana", merges=[("a", "n")])
    >>> tokenizer.vocabulary
    ['a', 'b', 'n', 'an']
    >>> tokenizer.encode("banana")
    tensor([1, 3, 3, 0])
    >>> tokenizer.decode([1, 3, 3, 0])
    'banana'
    >>> tokenizer.encode("bandana")
    Traceback (most recent call last):
        ...
    ValueError: text holds 'd', which is not in the vocabulary.
    """

    def __init__(self, letters: Iterable[str], merges: Sequence[Pair] = ()) -> None:
        self.merges = list(merges)
        self.vocabulary = sorted(set(letters)) + [a + b for a, b in self.merges]
        self._numbers = {token: k for k, token in enumerate(self.vocabulary)}

    def __len__(self) -> int:
        return len(self.vocabulary)

    def split(self, text: str) -> list[str]:
        """The tokens of a text, as strings.

        Parameters
        ----------
        text : str
            Any text over the characters of the vocabulary.
        """
        _check_letters(text, self._numbers)
        if not self.merges:
            return list(text)
        words = WORD.findall(text)
        tokens = {word: list(word) for word in set(words)}  # each word once
        for pair in self.merges:
            for word, found in tokens.items():
                if pair[0] in found:
                    tokens[word] = merge(found, pair)
        return [token for word in words for token in tokens[word]]

    def encode(self, text: str) -> Tensor:
        """The numbers of the tokens of a text, of shape (n_tokens,).

        Parameters
        ----------
        text : str
            Any text over the characters of the vocabulary; others are refused.
        """
        return torch.tensor([self._numbers[token] for token in self.split(text)])

    def decode(self, tokens: Iterable[int]) -> str:
        """The text that these numbers stand for.

        Parameters
        ----------
        tokens : iterable of int
            Numbers of tokens, such as a tensor of shape (n_tokens,).
        """
        return "".join(self.vocabulary[int(token)] for token in tokens)


def merge(tokens: Sequence[str], pair: Pair) -> list[str]:
    """Make one token of each such pair of neighbors, from left to right.

    Parameters
    ----------
    tokens : sequence of str
        The tokens of a word.
    pair : (str, str)
        Two tokens.

    Returns
    -------
    list of str

    Examples
    --------
    >>> merge(["a", "a", "a", "b"], ("a", "a"))
    ['aa', 'a', 'b']
    """
    merged: list[str] = []
    position = 0
    while position < len(tokens):
        if tuple(tokens[position : position + 2]) == pair:
            merged.append(pair[0] + pair[1])
            position += 2
        else:
            merged.append(tokens[position])
            position += 1
    return merged


def learn_merges(text: str, n_merges: int) -> list[Pair]:
    """Byte-pair encoding: again and again, the commonest pair becomes one token.

    Pairs are counted inside of words, so that no token reaches across a space. Of pairs
    that are equally common, the first in the alphabet is taken.

    Parameters
    ----------
    text : str
        What is counted.
    n_merges : int
        How many tokens to make; fewer if no pair is left.

    Returns
    -------
    list of (str, str)
        The pairs, in the order in which they were merged.

    References
    ----------
    [sennrich2016neural]

    Examples
    --------
    >>> learn_merges("hug hug pug hugs bun", 3)
    [('u', 'g'), ('h', 'ug'), (' ', 'hug')]
    """
    check_count("n_merges", n_merges, least=0)
    words = Counter(WORD.findall(text))
    tokens = {word: list(word) for word in words}
    merges: list[Pair] = []
    for _ in range(n_merges):
        pairs: Counter[Pair] = Counter()
        for word, found in tokens.items():
            for pair in itertools.pairwise(found):
                pairs[pair] += words[word]
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        for word, found in tokens.items():
            if best[0] in found:
                tokens[word] = merge(found, best)
    return merges


# Checks of arguments


def _check_letters(text: str, numbers: dict[str, int]) -> None:
    """Every character of a text has a number."""
    if unknown := sorted(set(text) - set(numbers)):
        shown = ", ".join(map(repr, unknown))
        raise ValueError(f"text holds {shown}, which is not in the vocabulary.")
