"""Read a confusion matrix aloud."""

from collections.abc import Sequence

import numpy as np

from mlfa.book.checks import check_shapes


def confused_pairs(
    counts: np.ndarray, names: Sequence[str], *, most: int = 3
) -> list[tuple[str, str, int]]:
    """The pairs of classes that are taken for each other most often.

    Parameters
    ----------
    counts : ndarray of int, shape (n_classes, n_classes)
        Rows are true classes, columns predicted ones.
    names : sequence of str
        Name of each class.
    most : int
        How many pairs at the most; pairs that are never confused are left out.

    Returns
    -------
    list of (name, name, count)
        The count is of mistakes in both directions; most confused pairs first.

    Examples
    --------
    >>> confused_pairs(np.array([[9, 2, 0], [1, 9, 0], [0, 4, 9]]), ["a", "b", "c"])
    [('c', 'b', 4), ('b', 'a', 3)]
    """
    check_shapes(counts=(counts, f"{len(names)} {len(names)}"))
    both = counts + counts.T
    pairs = [
        (names[i], names[j], int(both[i, j]))
        for i in range(len(names))
        for j in range(i)
    ]
    confused = [pair for pair in pairs if pair[2] > 0]
    # Python's sort keeps the order of equals, so the result does not depend on chance.
    return sorted(confused, key=lambda pair: -pair[2])[:most]


def confusion_sentence(
    counts: np.ndarray, names: Sequence[str], *, most: int = 3
) -> str:
    """One sentence that names the most confused pairs and how often each occurs.

    Parameters
    ----------
    counts : ndarray of int, shape (n_classes, n_classes)
        Rows are true classes, columns predicted ones.
    names : sequence of str
        Name of each class.
    most : int
        How many pairs at the most.

    Examples
    --------
    >>> print(confusion_sentence(np.array([[9, 2], [1, 9]]), ["one", "seven"]))
    The pair taken for each other most often is one and seven (3 times).
    """
    pairs = confused_pairs(counts, names, most=most)
    if not pairs:
        return "No class is taken for another."
    *others, last = (
        f"{b} and {a} ({count} {'time' if count == 1 else 'times'})"
        for a, b, count in pairs
    )
    if not others:
        return f"The pair taken for each other most often is {last}."
    return f"Most often taken for each other are {', '.join(others)} and {last}."
