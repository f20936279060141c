"""N-grams: the next character, guessed from how often it followed the last few."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from mlfa.book.checks import check_count


class NGrams:
    """Counts of strings of up to `longest` characters, and guesses from them.

    A guess from `order` characters looks at the `order` - 1 before. It takes a part of
    each count away and deals it out by the guess of the next shorter order; the
    shortest deals it out evenly (interpolated Kneser-Ney smoothing).

    Parameters
    ----------
    text : str
        What is counted.
    longest : int
        Length of the longest strings that are counted.
    letters : str, optional
        The characters that may come; those of `text` when left out.

    References
    ----------
    [shannon1951prediction], [kneser1995improved], [chen1999empirical]

    Examples
    --------
    >>> model = NGrams("abracadabra", longest=3)
    >>> model.probabilities("ab", order=3, discount=0.5).round(2)
    array([0.05, 0.02, 0.02, 0.02, 0.89])
    >>> model.bits("abra", order=3, discount=0.5).round(2)
    array([1.22, 2.07, 0.16, 0.11])
    """

    def __init__(self, text: str, *, longest: int, letters: str | None = None) -> None:
        check_count("longest", longest)
        self.letters = sorted(set(text if letters is None else letters))
        self.longest = longest
        counts = [
            Counter(text[i : i + n] for i in range(len(text) - n + 1))
            for n in range(1, longest + 1)
        ]
        # A shorter string counts by how many characters it was seen after, not by how
        # often: what only ever follows one string says little about others.
        seen_after = [Counter(string[1:] for string in longer) for longer in counts[1:]]
        self.counts = [_Table(count) for count in counts]
        self.seen_after = [_Table(count) for count in seen_after]

    def probabilities(self, context: str, *, order: int, discount: float) -> np.ndarray:
        """The guess of what follows a text, over `letters`.

        Parameters
        ----------
        context : str
            The text so far; only its last `order` - 1 characters matter.
        order : int
            Characters that are looked at, with the one to guess.
        discount : float
            What is taken away from each count, between 0 and 1.

        Returns
        -------
        ndarray of shape (number of letters,)
            They add up to one.
        """
        guess = np.full(len(self.letters), 1 / len(self.letters))
        for n, table in self._tables(order):
            before = context[len(context) - n :]
            total = table.totals[before]
            if n <= len(context) and total:
                counts = [table.counts[before + letter] for letter in self.letters]
                kept = np.maximum(np.array(counts) - discount, 0)
                guess = (kept + discount * table.kinds[before] * guess) / total
        return guess

    def bits(
        self, text: str, *, order: int, discount: float | Sequence[float]
    ) -> np.ndarray:
        """What each character of a text costs: minus the binary log of its guess.

        Parameters
        ----------
        text : str
            Read from the left; the first characters have less before them.
        order : int
            As in `probabilities`.
        discount : float, or sequence of floats
            As in `probabilities`; of several, a row each.

        Returns
        -------
        ndarray of shape (number of characters,) or (discounts, number of characters)
        """
        d = np.asarray(discount)[..., None]  # (..., 1)
        guess = np.full((*d.shape[:-1], len(text)), 1 / len(self.letters))
        for n, table in self._tables(order):
            here = range(n, len(text))
            before = [text[i - n : i] for i in here]
            count = np.array([table.counts[text[i - n : i + 1]] for i in here])
            kinds = np.array([table.kinds[string] for string in before])
            total = np.array([table.totals[string] for string in before])
            now = np.maximum(count - d, 0) + d * kinds * guess[..., n:]
            known = total > 0  # else the shorter guess stays
            guess[..., n:] = np.where(known, now / np.maximum(total, 1), guess[..., n:])
        return -np.log2(guess)

    def _tables(self, order: int) -> list[tuple[int, "_Table"]]:
        """From short to long: characters before the one to guess, and what to count."""
        _check_order(order, self.longest)
        tables = [*self.seen_after[: order - 1], self.counts[order - 1]]
        return list(enumerate(tables))


class _Table:
    """Counts of strings of one length; for what stands before their last character,
    the sum of the counts and the number of different last characters."""

    def __init__(self, counts: Counter[str]) -> None:
        self.counts = counts
        self.totals: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        for string, count in counts.items():
            self.totals[string[:-1]] += count
            self.kinds[string[:-1]] += 1


# Checks of arguments


def _check_order(order: int, longest: int) -> None:
    """Only what was counted can be looked up."""
    check_count("order", order)
    if order > longest:
        raise ValueError(f"order must be at most longest={longest}, got {order}.")
