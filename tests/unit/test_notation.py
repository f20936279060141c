"""Every symbol of a formula is in the notation, or lives for a few lines only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("tabular", "images", "time-series")
CHAPTERS = sorted(path for part in PARTS for path in (ROOT / "chapters" / part).glob("*.md"))
# Letters of a proof or an exercise, which is where they are introduced and forgotten.
LOCAL = {
    "weather": "M",
}
# Words and signs of mathematics in general.
GENERAL = """
    frac tfrac dfrac sum prod cdot cdots ldots dots quad qquad partial nabla in le ge ne lt gt ll gg leq geq neq times
    sqrt top log exp ln max min arg approx infty to mapsto pm mid big Big bigl bigr Bigl Bigr left right lVert rVert
    lvert rvert lfloor rfloor lceil rceil sin cos tan tanh sinh cosh pi propto sim circ odot star bmod underbrace
    overbrace displaystyle textstyle leftarrow Rightarrow Longrightarrow Longleftrightarrow int lim
""".split()
TOKEN = re.compile(r"\\(?:mathbf|boldsymbol|mathbb|mathcal)\s*\{[^{}]*\}|\\[A-Za-z]+|[A-Za-z]")


def symbols(text: str) -> Iterator[str]:
    """Letters, and bold letters as such, of all formulas of a page."""
    text = re.sub(r"\A---\n.*?\n---\n|^(`{3,})\{code-cell\}.*?^\1\s*$", "", text, flags=re.S | re.M)
    text = re.sub(r"(?<!`)`[^`\n]*`", "", text)
    for match in re.finditer(r"\$\$(.*?)\$\$|(?<!\$)\$([^$\n]+(?:\n[^$\n]+)?)\$", text, flags=re.S):
        formula = re.sub(r"\\(?:text|mathrm|operatorname|begin|end)\s*\{[^{}]*\}", " ", match[1] or match[2])
        for token in TOKEN.findall(re.sub(r"\\(?:hat|bar|tilde)(?![a-z])", " ", formula)):
            if token.removeprefix("\\") not in GENERAL:
                yield token.replace(" ", "")


KNOWN = set(symbols((ROOT / "chapters" / "appendix" / "notation.md").read_text(encoding="utf-8")))


def test_symbols_are_read() -> None:
    assert list(symbols(r"A $\hat{\mathbf{y}} = \mathbf{X} w_j \cdot \text{rows}$ `$z$`")) == [
        r"\mathbf{y}",
        r"\mathbf{X}",
        "w",
        "j",
    ]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_symbol_is_in_the_notation(path: Path) -> None:
    unknown = set(symbols(path.read_text(encoding="utf-8"))) - KNOWN - set(LOCAL.get(path.stem, "").split())
    assert not unknown, f"add to chapters/appendix/notation.md, or to LOCAL if it lives for a few lines: {unknown}"


def test_pages_of_the_notation_exist() -> None:
    text = (ROOT / "chapters" / "appendix" / "notation.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \$.*\| \[\]\(\.\./([\w/-]+)\) \|$", text, flags=re.M)
    assert len(rows) == len(re.findall(r"^\| \$", text, flags=re.M)) > 50
    assert all((ROOT / "chapters" / f"{row}.md").is_file() for row in rows)


def test_local_letters_are_still_there() -> None:
    for page, letters in LOCAL.items():
        (path,) = [path for path in CHAPTERS if path.stem == page]
        assert set(letters.split()) <= set(symbols(path.read_text(encoding="utf-8"))) - KNOWN
