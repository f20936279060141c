"""A pytest plugin: nbval compares words exactly and numbers within a cell's tolerance.

Load it with ``-p nbval_tolerance``. A number with a point or an exponent may differ by
``rtol`` (default 1e-3, relative) or ``atol``; whole numbers must agree exactly. A cell
whose numbers depend on the processor sets its own in its metadata, with the reason::

    nbval: {rtol: 0.02, why: "sums of a training run are rounded differently on another CPU"}

Then whole numbers of that cell get the tolerance too, since they may be rounded results.
"""

from __future__ import annotations

import math
import os
import re
import sys
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

RTOL, ATOL = 1e-3, 1e-9
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?![\w])")
FIGURE_SIZE = re.compile(r"(?<=<Figure size )([\d.]+)x([\d.]+)")
# Pictures and HTML are not kept in the notebooks.
SKIPPED = ("image/png", "image/svg+xml", "text/html")
compared: dict[str, int] = {}


def is_whole(number: str) -> bool:
    return not re.search(r"[.eE]", number)


class Text(str):
    """A text that equals another with the same words and nearly the same numbers."""

    rtol, atol, whole = RTOL, ATOL, False

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


def tolerant(cell: IPyNbCell, text: object) -> object:
    if not isinstance(text, str):
        return text
    setting = cell.cell.metadata.get("nbval", {})
    if setting and not setting.get("why"):
        raise pytest.UsageError(f"{cell.nodeid}: a cell that sets a tolerance must say why")
    result = Text(text)
    result.rtol, result.atol = setting.get("rtol", RTOL), setting.get("atol", ATOL)
    result.whole = bool(setting)
    return result


def pytest_configure(config: pytest.Config) -> None:
    # Notebooks run here as they do in the build.
    sys.path.append(str(Path(__file__).parents[2] / "_ext"))
    from mlfa_book.execution import KERNEL_ENVIRONMENT

    os.environ.update(KERNEL_ENVIRONMENT)
    sanitize, init, run = IPyNbCell.sanitize, IPyNbFile.__init__, IPyNbCell.runtest

    def new_init(self: IPyNbFile, *args: object, **kwargs: object) -> None:
        init(self, *args, **kwargs)
        self.skip_compare = (*self.skip_compare, *SKIPPED)

    def new_run(self: IPyNbCell) -> None:
        # nbval would pass an unexecuted cell without comparing anything.
        if self.cell.execution_count is None:
            raise AssertionError(f"{self.nodeid}: the notebook's cell was never executed; run `make notebooks`")
        run(self)

    IPyNbFile.__init__ = new_init
    IPyNbCell.sanitize = lambda self, text: tolerant(self, sanitize(self, text))
    IPyNbCell.runtest = new_run
