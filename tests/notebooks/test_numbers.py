"""The ledger, the page and the notebook show the same numbers, on the book as built."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

import nbformat
import pytest
from bs4 import Tag

from browser import HTML, ROOT
from mlfa_site.boxes import SCORES, scoreboard_rows
from nbval_tolerance import Text
from pages import soup
from sphinx_ledger.chapters import Book
from sphinx_ledger.ledger import format_value, show_margin, value_of
from sphinx_ledger.notebooks import GLUED, path_of
from sphinx_ledger.records import show, show_evidence

BOOK = Book(ROOT)
CHAPTERS = BOOK.chapters()
CLAIMS = "chapters/appendix/claims"
ASKED = r"\{(?:glue:text|ledger)\}`([^`]+)`|^:::\{scoreboard\}\n((?:.+\n)*?):::"
Entries = list[dict[str, Any]]
Pair = tuple[list[str], list[str]]  # what the ledger has, and what is shown; the two are to be equal


@lru_cache
def ledger() -> Entries:
    assert (HTML / "ledger.json").is_file(), "the book is not built: run make book"
    return json.loads((HTML / "ledger.json").read_text(encoding="utf-8"))


def squeezed(*parts: str) -> str:
    return " ".join(" ".join(parts).split())


def text_of(node: Tag) -> str:
    return squeezed(node.get_text())


def in_prose(name: str, entries: Entries) -> Pair:
    """The values that a page's source asks for, by roles and by rows of a scoreboard, and those that the page shows."""
    asked: list[str] = []
    source = BOOK.path(name).read_text(encoding="utf-8")
    for role, board in re.findall(
        r"\{(?:glue:text|ledger)\}`([^`]+)`|^:::\{scoreboard\}\n((?:.+\n)*?):::", source, re.M
    ):
        rows = scoreboard_rows([line for line in board.split("\n") if not line.startswith(":")])
        asked += [role] if role else [f"{row[0]}-{score}:{spec}" for row in rows for _, score, spec in SCORES]
    values = [format_value(value_of(entries, key.partition(":")[0]), key.partition(":")[2]) for key in asked]
    return values, [text_of(node) for node in soup(name).select("article .pasted-text, article .ledger-value")]


def mark(entry: dict[str, Any]) -> str:
    return "Checked" if entry["holds"] else "Not confirmed in this run"


def opened(entry: dict[str, Any]) -> str:
    return f"{entry['data']}, {entry['samples']:,} samples. Reason: {entry['why']}."


def on_page(name: str, entries: Entries) -> Pair:
    """A chapter's claims, and the openings of its test data."""
    want = [
        squeezed(f"claim-{entry['name']}", mark(entry), entry["sentence"], show_evidence(entry["evidence"]))
        if entry["kind"] == "claim"
        else squeezed("Test data opened", opened(entry))
        for entry in entries
        if entry["chapter"] == name and entry["kind"] in ("claim", "opening")
    ]
    return want, [squeezed(node.get("id", ""), text_of(node)) for node in soup(name).select("p.claim, p.opening")]


def in_notebook(name: str, entries: Entries) -> Pair:
    """All of a chapter's records; what its notebook shows has the tolerances of the cells."""
    want, shown = [], []
    for entry in (entry for entry in entries if entry["chapter"] == name):
        if entry["kind"] == "claim":
            want.append(f"{mark(entry)}: {entry['sentence']} ({show_evidence(entry['evidence'])})")
        elif entry["kind"] == "opening":
            want.append(f"Test data opened: {opened(entry)}")
        else:
            want.append(f"{entry['name']} {entry.get('value', 'measured')!r}")
    for cell in nbformat.read(path_of(BOOK, name), 4).cells:
        for data, metadata in ((o.data, o.metadata) for o in cell.get("outputs", []) if "data" in o):
            text = data.get("text/plain", "")
            if GLUED in data and data[GLUED].startswith("{"):
                continue  # the shapes of the arrays that a live figure gets
            if GLUED in data:
                text = f"{metadata.scrapbook.name} {data[GLUED]}"
            elif not re.match("Checked: |Not confirmed in this run: |Test data opened: ", text):
                continue
            shown.append(Text.within(text, cell.metadata.get("nbval", {})))
    return want, shown


def in_list(entries: Entries) -> Pair:
    """All claims and results, as the page that lists them has them."""
    want, shown = [], []
    for chapter in dict.fromkeys(entry["chapter"] for entry in entries):
        here = [entry for entry in entries if entry["chapter"] == chapter]
        for claim in (entry for entry in here if entry["kind"] == "claim"):
            want.append(squeezed(claim["sentence"], show_evidence(claim["evidence"]), show_margin(claim)))
        want += [squeezed(entry["name"], show(entry["value"])) for entry in here if entry["kind"] == "result"]
    for table in soup(CLAIMS).select("table.ledger-table"):
        if table.th.get_text().strip() in ("Claim", "Result"):
            shown += [squeezed(*(text_of(cell) for cell in row.select("td"))) for row in table.select("tbody tr")]
    return want, shown


@pytest.mark.parametrize("name", ["index", *CHAPTERS])
def test_the_prose_has_the_ledgers_values(name: str) -> None:
    want, shown = in_prose(name, ledger())
    assert shown == want and (want or name.startswith("chapters/appendix/"))


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_page_has_the_ledgers_claims(name: str) -> None:
    want, shown = on_page(name, ledger())
    assert shown == want and (want or name.startswith("chapters/appendix/"))


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_notebook_has_the_ledgers_records(name: str) -> None:
    want, shown = in_notebook(name, ledger())
    assert shown == want


def test_the_list_of_claims_has_them_all() -> None:
    want, shown = in_list(ledger())
    assert shown == want and len(want) > 100


def test_a_changed_number_is_found_everywhere() -> None:
    changed = json.loads(json.dumps(ledger()))
    for entry in changed:
        if entry["kind"] == "claim":
            entry["evidence"] = dict.fromkeys(entry["evidence"], 0.123)
        elif entry["kind"] == "result":
            entry["value"] = 1.234
    name = CHAPTERS[0]
    pairs = in_prose(name, changed), on_page(name, changed), in_notebook(name, changed), in_list(changed)
    for want, shown in pairs:
        assert shown != want and len(shown) == len(want)
