"""No result is typed by hand, and every page has the one shape."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "index.md", *sorted((ROOT / "chapters").rglob("*.md"))]
CHAPTERS = [path for path in PAGES if path.parent.name in ("tabular", "images", "time-series")]
# The pages of the appendix that are lessons.
CHAPTERS += [ROOT / "chapters" / "appendix" / f"your-own-{kind}.md" for kind in ("data", "images", "series")]
CHAPTERS.append(ROOT / "chapters" / "appendix" / "scale.md")
TYPED = re.compile(r"(?<![\w.])\d*\.\d+|\d[\d,]*\s?(?:%|percent\b|per cent\b)|\bpercent\b")
HYPE = re.compile(r"\b(simply|obviously|trivially|wow|great!|amazing|awesome)", re.I)
CELL = r"^```\{code-cell\} python\n(?:---\n.*?^---\n|(?::[^\n]*\n)*)(.*?)^```$"  # its code without its options
# In this order: whatever is taken out cannot be mistaken for something else later.
NOT_PROSE = [
    r"\A---\n(?s:.*?)\n---\n",  # front matter
    r"^\$\$\n(?s:.*?)^\$\$.*$",  # displayed formulas
    r"^(`{3,})(?!\{(?:exercise|solution|admonition|note))(?!\n).+\n(?s:.*?)^\1[ ]*$",  # code, cells, bibliography
    r"\$[^$\n]+(?:\n[^$\n]+)?\$",  # formulas in a line
    r"\{(?:glue:text|cite|cite:t|cite:p|numref|ref|eq|doc|ledger|math|term)\}`[^`]*`",
    r"(?<![}`])(`{1,2})(?!`)[^`]+?\1(?!`)",  # literal settings and names
    r"\]\([^)]*\)",  # targets of links
    r"^:(?:name|label|class|width):.*$",
]


def blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def check_cited(text: str) -> list[tuple[int, str]]:
    """Cited facts whose paragraph cites nothing."""
    found = []
    for paragraph in re.finditer(r"(?:.+\n?)+", text):
        if "{cited}`" in paragraph[0] and not re.search(r"\{cite(:[tp])?\}`", paragraph[0]):
            found.append((text[: paragraph.start()].count("\n") + 1, "a cited fact without a citation"))
    return found


def captions(text: str) -> list[tuple[int, str]]:
    """Captions and alternative texts of the figures: prose inside of cells."""
    pattern = r"^ *(?:image|figure): \{.*\}$"
    return [(text[: m.start()].count("\n") + 1, m[0]) for m in re.finditer(pattern, text, flags=re.M)]


def typed_numbers(text: str) -> list[tuple[int, str]]:
    """Line and text of every decimal number or percentage that stands in prose."""
    found = check_cited(text)
    found += [(line, m[0]) for line, caption in captions(text) for m in TYPED.finditer(caption)]
    text = re.sub(r"\{cited\}`[^`]*`", "", text)
    for pattern in NOT_PROSE:
        text = re.sub(pattern, blank, text, flags=re.M)
    return found + [(text[: m.start()].count("\n") + 1, m[0]) for m in TYPED.finditer(text)]


def unseen_tables(text: str) -> list[int]:
    """Lines of cells that make a table and do not end with it: it would be shown nowhere."""
    found = []
    for cell in re.finditer(CELL, text, flags=re.M | re.S):
        for statement in ast.parse(cell[1]).body[:-1]:
            if isinstance(statement, ast.Expr) and ast.unparse(statement).startswith("show_table("):
                found.append(text[: cell.start(1)].count("\n") + statement.lineno)
    return found


def test_a_table_in_the_middle_of_a_cell_is_found() -> None:
    cell = "```{code-cell} python\n:tags: [a]\nx = 1\nshow_table(x)\nx\n```\n"
    assert unseen_tables(cell) == [4] and unseen_tables(cell.replace("x\n```", "```")) == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_table_is_seen(path: Path) -> None:
    assert unseen_tables(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "The score is 0.84.",
        "About 12 % of them.",
        "About 12% of them.",
        "Ten percent more.",
        "It rose by .5 points.",
        "- a list with 3.14 in it",
        "Text {cited}`0.5` without a source.",
        "```{exercise} Title\n:label: a\nUse 0.5.\n```",
        '```{code-cell} python\n---\nmystnb:\n  figure: {name: f, caption: "It reaches 0.9."}\n---\nx\n```',
        ":::{note}\nIt is 0.3.\n:::",
    ],
)
def test_typed_numbers_are_refused(text: str) -> None:
    assert typed_numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "The score is {glue:text}`a-b:.2f`.",
        "With $x = 0.5$ and\n\n$$\ny = 0.25\n$$ (eq-a)\n\nit holds.",
        "Set it to `0.1`.",
        "```{code-cell} python\nx = 0.5\n```",
        "```python\nx = 0.5\n```",
        "It was {cited}`0.5` then {cite}`key2020`.",
        "A [link](page-1.2.html) and chapter 3, with 1,200 samples.",
        "---\nversion: 0.13\n---\n# Title",
        "In 1990, ten seeds; depth 3.",
    ],
)
def test_what_is_not_a_typed_result_passes(text: str) -> None:
    assert typed_numbers(text) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_result_is_typed(path: Path) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}" for line, text in typed_numbers(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_hype(path: Path) -> None:
    assert not HYPE.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_page_has_the_one_shape(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    places = [
        text.find(part)
        for part in (
            "\n# ",
            "What you will learn",
            "{before}",
            "begin()",
            "\n## Summary",
            "\n## Exercises",
            "\n## Further",
        )
    ]
    assert -1 not in places and places == sorted(places), places
    assert all(f":class: {box}" in text for box in ("learn", "goal", "question"))
    assert ":::{seealso}" in text
    exercises = re.findall(r"^```\{exercise(?:-start)?\} *(.*)\n:label: ([\w-]+)", text, flags=re.M)
    solutions = re.findall(r"^```\{solution(?:-start)?\} *([\w-]+)\n:class: dropdown", text, flags=re.M)
    assert 3 <= len(exercises) <= 6 and [label for _, label in exercises] == solutions
    assert all(title for title, _ in exercises)


def figures(text: str) -> list[dict]:
    found = []
    for header in re.findall(r"^```\{code-cell\}[^\n]*\n---\n(.*?)\n---\n", text, flags=re.M | re.S):
        metadata = yaml.safe_load(header)
        if "mystnb" in metadata:
            found.append(metadata["mystnb"])
    return found


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_figure_says_what_it_shows_and_asks(path: Path) -> None:
    for figure in figures(path.read_text(encoding="utf-8")):
        alt, caption = figure["image"]["alt"], figure["figure"]["caption"]
        assert len(alt) >= 30 and alt != caption
        assert "?" in caption, f"the caption names no question: {caption}"
        assert figure["figure"]["name"].startswith(f"fig-{path.stem}-")


def test_figure_names_are_unique_and_every_target_exists() -> None:
    texts = [path.read_text(encoding="utf-8") for path in PAGES]
    names = [figure["figure"]["name"] for text in texts for figure in figures(text)]
    assert len(set(names)) == len(names)
    tables = re.findall(r"^:name: (tab-[\w-]+)$", "\n".join(texts), flags=re.M)
    targets = re.findall(r"\{numref\}`(?:[^`<]*<)?([\w-]+)>?`", "\n".join(texts))
    assert set(targets) <= {*names, *tables}
