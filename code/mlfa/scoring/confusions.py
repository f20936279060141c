"""Read a confusion matrix aloud."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlfa.book.checks import check_count


def confused_pairs(
    counts: np.ndarray, names: Sequence[str], most: int = 3
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
    """
    counts = np.asarray(counts)
    if counts.ndim != 2 or counts.shape != (len(names), len(names)):
        raise ValueError(
            f"counts must have a row and a column for each of {len(names)} names, got"
            f" {counts.shape}."
        )
    check_count("most", most)
    both = counts + counts.T
    pairs = [
        (names[i], names[j], int(both[i, j]))
        for i in range(len(names))
        for j in range(i)
    ]
    # Python's sort keeps the order of equals, so the result does not depend on chance.
    return sorted((pair for pair in pairs if pair[2] > 0), key=lambda pair: -pair[2])[
        :most
    ]


def confusion_sentence(counts: np.ndarray, names: Sequence[str], most: int = 3) -> str:
    """One sentence that names the most confused pairs and how often each occurs."""
    pairs = confused_pairs(counts, names, most)
    if not pairs:
        return "No class is taken for another."
    parts = [
        f"{b} and {a} ({count} {'time' if count == 1 else 'times'})"
        for a, b, count in pairs
    ]
    listed = (
        parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
    )
    which = (
        "The pair taken for each other most often is"
        if len(parts) == 1
        else "Most often taken for each other are"
    )
    return f"{which} {listed}."
