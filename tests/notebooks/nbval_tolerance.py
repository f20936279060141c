"""A pytest plugin: nbval compares words exactly and numbers within a cell's tolerance.

Load it with ``-p nbval_tolerance`` in the folder of the book. A number with a point or an exponent may
differ by ``rtol`` (default 1e-3, relative) or ``atol``; whole numbers must agree exactly. A cell
whose numbers depend on the processor sets its own in its metadata, with the reason::

    nbval: {rtol: 0.02, why: "sums of a training run are rounded differently on another CPU"}

Then whole numbers of that cell get the tolerance too, since they may be rounded results.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from nbval import kernel
from nbval.plugin import IPyNbCell, IPyNbFile

RTOL, ATOL = 1e-3, 1e-9
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?![\w])")
FIGURE_SIZE = re.compile(r"(?<=<Figure size )([\d.]+)x([\d.]+)")
# Pictures and HTML are not kept in the notebooks.
SKIPPED = ("image/png", "image/svg+xml", "text/html")


def is_whole(number: str) -> bool:
    return not re.search(r"[.eE]", number)


class Text(str):
    """A text that equals another with the same words and nearly the same numbers."""

    rtol, atol, whole = RTOL, ATOL, False

    @classmethod
    def within(cls, text: str, setting: Mapping[str, Any]) -> Text:
        """A text with the tolerance that a cell sets."""
        if setting and not setting.get("why"):
            raise ValueError(f"a cell that sets a tolerance must say why, got nbval: {dict(setting)}")
        tolerant = cls(text)
        tolerant.rtol, tolerant.atol = setting.get("rtol", RTOL), setting.get("atol", ATOL)
        tolerant.whole = bool(setting)
        return tolerant

    def parts(self) -> tuple[list[str], list[float]]:
        """The text with its tolerant numbers masked, line by line, and these numbers."""
        numbers: list[float] = []

        def mask(match: re.Match[str]) -> str:
            if is_whole(match[0]) and not self.whole:
                return match[0]
            numbers.append(float(match[0].replace(",", "")))
            return "<number>"

        # Width and height are numbers too: rounding can change how many images a figure shows.
        masked = NUMBER.sub(mask, FIGURE_SIZE.sub(r"\1 by \2", str(self)))
        # A number that gains a digit shifts the columns of a table: blanks count once.
        return [" ".join(line.split()) for line in masked.rstrip().split("\n")], numbers

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str):
            return NotImplemented
        other_text = Text(other)
        other_text.whole = self.whole
        words, numbers = self.parts()
        other_words, other_numbers = other_text.parts()
        return words == other_words and all(
            math.isclose(a, b, rel_tol=self.rtol, abs_tol=self.atol)
            for a, b in zip(numbers, other_numbers, strict=True)
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


def pytest_sessionstart(session: pytest.Session) -> None:
    """A notebook that is missing, or that does not hold its chapter's cells, ends the session before it begins."""
    from sphinx_ledger.chapters import Book
    from sphinx_ledger.notebooks import problems
    from sphinx_ledger.runs import kernel_environment

    book = Book(session.config.rootpath)
    # Kernels run here as they do in the build.
    kernel.start_new_kernel = partial(kernel.start_new_kernel, env=kernel_environment(book))
    if not hasattr(session.config, "workerinput") and (found := problems(book)):
        raise pytest.UsageError("\n".join([*found, "`make notebooks` writes them anew."]))


def pytest_collectstart(collector: pytest.Collector) -> None:
    if isinstance(collector, IPyNbFile):
        collector.skip_compare = (*collector.skip_compare, *SKIPPED)


def pytest_itemcollected(item: pytest.Item) -> None:
    if isinstance(item, IPyNbCell):
        setting = item.cell.metadata.get("nbval", {})
        item.sanitize = lambda value: Text.within(value, setting) if isinstance(value, str) else value
