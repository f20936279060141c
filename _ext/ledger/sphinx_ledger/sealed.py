"""Test data that nobody can look at by mistake: it is sealed until it is opened, once, for a reason."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

from sphinx_ledger.records import RECORD, attach

OPENED: Counter[str] = Counter()  # how often each set was opened in this kernel


class Sealed:
    """Samples of which nothing is known but their number, until `open`.

    Parameters
    ----------
    name : str
        What the data is called where an opening is reported. Two sets of one name are one set.
    *parts : array, tensor, or anything else with a length
        What belongs to each sample, such as ``X, y``, all of one length.
    """

    __slots__ = ("_name", "_parts")

    def __init__(self, name: str, *parts: Any) -> None:
        if not isinstance(name, str) or not re.search(r"[a-z0-9]", name.lower()):
            raise ValueError(f"name must be a few words that say which data it is, got {name!r}.")
        lengths = {len(part) for part in parts}
        if len(lengths) != 1:
            raise ValueError(f"parts of {name!r} must have one and the same length, got {sorted(lengths)}.")
        self._name, self._parts = name, parts

    def __len__(self) -> int:
        return len(self._parts[0])

    def __repr__(self) -> str:
        return f"sealed: {len(self):,} samples"

    def _refuse(self, *_: Any) -> NoReturn:
        raise TypeError(
            f"{self._name!r} is sealed, so that no choice can depend on it; when all choices are made, "
            'open it and say what for: `.open("why")`.'
        )

    def __iter__(self) -> Iterator[Any]:
        self._refuse()

    __contains__ = __getitem__ = __array__ = _refuse

    def open(self, why: str) -> Any:
        """The data, as a tuple of its parts, or the part itself if there is only one.

        The opening is shown in the cell's output and recorded. Whoever explores may open a set again;
        a build reports a page that does.

        Parameters
        ----------
        why : str
            The reason, in three words or more: ``"the final scores of three models"``.
        """
        if not isinstance(why, str) or len(why.split()) < 3:
            raise ValueError(f"why must say in three words or more what the test data is opened for, got {why!r}.")
        OPENED[self._name] += 1
        count = OPENED[self._name]
        slug = "-".join(re.findall(r"[a-z0-9]+", self._name.lower()))
        again = "" if count == 1 else f", opened {count} times by now"
        shown = f"{self._name}, {len(self):,} samples{again}. Reason: {why}."
        record = {
            "kind": "opening",
            "name": f"{slug}-opened-{count}",
            "data": self._name,
            "why": why,
            "count": count,
            "samples": len(self),
        }
        mark = '<span class="opening-mark">Test data opened</span>'
        shown_as = {
            "text/plain": f"Test data opened: {shown}",
            "text/html": f'<p class="opening">{mark} {html.escape(shown)}</p>',
        }
        attach(shown_as, {RECORD: record})
        return self._parts if len(self._parts) > 1 else self._parts[0]
