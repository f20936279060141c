"""The glossary and its links: terms are found as wholes, and the list is complete and in order."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from mlfa_site import terms

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "chapters" / "appendix" / "glossary.md").read_text(encoding="utf-8")
TERMS = re.findall(r"^(\w.*)\n  \S", GLOSSARY.partition("```{glossary}")[2], flags=re.M)
CHAPTERS = [
    path
    for folder in ("tabular", "images", "time-series")
    for path in sorted((ROOT / "chapters" / folder).glob("*.md"))
]
ROLE = re.compile(r"\{term\}`(?:[^`<]*<([^`>]+)>|([^`<]+))`")


def test_the_glossary_is_in_order_and_names_nothing_twice() -> None:
    assert len(TERMS) > 100
    keys = [term.lower() for term in TERMS]
    assert keys == sorted(set(keys))


def test_every_definition_is_a_sentence() -> None:
    for term, definition in re.findall(r"^(\w.*)\n  (\S.*)", GLOSSARY, flags=re.M):
        assert definition[0].isupper() and definition.endswith("."), term


def test_every_entry_links_to_a_page_that_uses_the_term() -> None:
    entries = re.split(r"\n\n(?=\w)", GLOSSARY.partition("```{glossary}\n")[2].partition("\n```")[0])
    assert [entry.partition("\n")[0] for entry in entries] == TERMS
    for term, entry in zip(TERMS, entries, strict=True):
        links = re.findall(r"^  Explained in \[\]\(([\w./-]+)\)\.$", entry, flags=re.M)
        assert len(links) == 1, f"{term}: end the entry with 'Explained in [](../part/page).' after an empty line"
        page = (ROOT / "chapters" / "appendix" / f"{links[0]}.md").resolve()
        assert term.lower() in words(page), f"{term} is not a word of {links[0]}: which page explains it?"


@cache
def words(page: Path) -> set[str]:
    """The terms that a page names, by a role or in its text."""
    found = terms.Matcher(TERMS).find(page.read_text(encoding="utf-8"))
    return {name.lower() for name in roles(page)} | {name.lower() for _, _, name in found}


def roles(path: Path) -> list[str]:
    return [" ".join((a or b).split()) for a, b in ROLE.findall(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_key_terms_of_a_chapter_are_in_the_glossary(path: Path) -> None:
    used = roles(path)
    assert len(used) >= 3, "a chapter introduces terms"
    assert {term.lower() for term in used} <= {term.lower() for term in TERMS}


def test_every_term_is_used_on_a_page() -> None:
    """By a role of its own, or for words that are linked by themselves, in the text."""
    matcher = terms.Matcher(TERMS)
    used = set()
    appendix = [path for path in (ROOT / "chapters" / "appendix").glob("*.md") if path.stem != "glossary"]
    for path in [*CHAPTERS, *appendix]:
        text = path.read_text(encoding="utf-8")
        used |= {term.lower() for term in roles(path)}
        prose = re.sub(r"^(```+)\{code-cell\}.*?^\1\s*$|`[^`\n]*`|^#[^\n]*$", "", text, flags=re.S | re.M)
        used |= {term.lower() for _, _, term in matcher.find(prose) if term not in terms.ORDINARY}
    assert not {term.lower() for term in TERMS} - used


def test_the_lists_of_exceptions_name_terms() -> None:
    assert set(terms.ORDINARY) <= set(TERMS)
    assert set(terms.VARIANTS) <= set(TERMS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gradient descent follows a gradient.", ["gradient descent", "gradient"]),
        ("the learning rate and its\nlearning\ncurves", ["learning rate", "learning curve"]),
        ("gradients of losses", ["gradient", "loss"]),
        ("a lossless copy, a gradient-free search, subgradient", []),
        ("RMSE and R², but not rmse", ["root mean squared error", "coefficient of determination"]),
        ("RNNs", ["recurrent neural network"]),
        ("Without the residuals nothing is left.", []),
        ("a hidden layer, then a layer", ["hidden layer", "layer"]),
    ],
)
def test_what_is_found(text: str, found: list[str]) -> None:
    assert [term for _, _, term in terms.Matcher(TERMS).find(text)] == found


def test_an_empty_glossary_finds_nothing() -> None:
    assert list(terms.Matcher([]).find("A gradient.")) == []
