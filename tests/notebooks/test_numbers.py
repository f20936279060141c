"""The ledger, the page and the notebook show the same numbers, on the book as built."""

from __future__ import annotations

import copy
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
from sphinx_ledger.store import find_run
from sphinx_ledger.trials import held, state_of

BOOK = Book(ROOT)
CHAPTERS = BOOK.chapters()
CLAIMS = "chapters/appendix/claims"
Entries = list[dict[str, Any]]
Pair = tuple[list[str | None], list[str | None]]  # what the ledger has, and what is shown; the two are to be equal


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


def title(name: str) -> str:
    """A page's title without its number, as a link to the page tells it."""
    heading = copy.copy(soup(name).select_one("article h1"))
    for extra in heading.select(".headerlink, .section-number"):
        extra.decompose()
    return text_of(heading)


def listed(*first: str) -> list[list[str]]:
    """The rows of the tables in the list of claims whose first headers are these, as texts of their cells."""
    tables = [
        table
        for table in soup(CLAIMS).select("table.ledger-table")
        if tuple(text_of(head) for head in table.select("thead th"))[: len(first)] == first
    ]
    return [[text_of(cell) for cell in row.select("td")] for table in tables for row in table.select("tbody tr")]


def opened_in_list(entries: Entries) -> Pair:
    """Every opening of test data, as the list has it: page, section, data, samples and reason."""
    openings = [entry for entry in entries if entry["kind"] == "opening"]
    want = [squeezed(title(e["chapter"]), e["place"], e["data"], f"{e['samples']:,}", e["why"]) for e in openings]
    return want, [squeezed(*row) for row in listed("Page", "Section", "Test data", "Samples", "Opened for")]


def held_in_list(entries: Entries) -> Pair:
    """In how many trials each claim held; None for each where the book has no trials and the list no such column."""
    runs = {name: find_run(BOOK, BOOK.read(name)) for name in CHAPTERS}
    told = held(BOOK, {name: state_of(BOOK, run.notebook, run.inputs) for name, run in runs.items() if run})
    claims = [entry["name"] for entry in entries if entry["kind"] == "claim"]
    want = [told.get(name, "none") if told else None for name in claims]
    rows = listed("Claim", "Evidence of this build", "Margin")
    return want, [row[3] if len(row) > 3 else None for row in rows]


def in_list(entries: Entries) -> Pair:
    """All claims and results, as the page that lists them has them; of trials see above."""
    want, shown = [], []
    for chapter in dict.fromkeys(entry["chapter"] for entry in entries):
        here = [entry for entry in entries if entry["chapter"] == chapter]
        for claim in (entry for entry in here if entry["kind"] == "claim"):
            want.append(squeezed(claim["sentence"], show_evidence(claim["evidence"]), show_margin(claim)))
        want += [squeezed(entry["name"], show(entry["value"])) for entry in here if entry["kind"] == "result"]
    for table in soup(CLAIMS).select("table.ledger-table"):
        if table.th.get_text().strip() in ("Claim", "Result"):
            rows = table.select("tbody tr")
            shown += [squeezed(*(text_of(cell) for cell in row.select("td")[:3])) for row in rows]
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


def test_the_list_tells_in_how_many_trials_each_claim_held() -> None:
    want, shown = held_in_list(ledger())
    assert shown == want and len(want) > 100


def test_the_list_of_openings_has_them_all() -> None:
    want, shown = opened_in_list(ledger())
    assert shown == want and len(want) > 10


def test_a_changed_number_is_found_everywhere() -> None:
    changed = json.loads(json.dumps(ledger()))
    for entry in changed:
        if entry["kind"] == "claim":
            entry["evidence"] = dict.fromkeys(entry["evidence"], 0.123)
        elif entry["kind"] == "result":
            entry["value"] = 1.234
        elif entry["kind"] == "opening":
            entry["samples"] = 123
    name = CHAPTERS[0]
    pairs = [in_prose(name, changed), on_page(name, changed), in_notebook(name, changed)]
    pairs += [in_list(changed), opened_in_list(changed)]
    for want, shown in pairs:
        assert shown != want and len(shown) == len(want)


@pytest.mark.parametrize(
    ("page", "entry", "code"),
    [
        ("chapters/images/pixels", "images-linear-rate", '"linear": ((), {})'),
        ("chapters/images/pixels", "images-mlp-rate", '"MLP": ((128,), {})'),
        ("chapters/images/cnn", "images-mlp-rate", "make_dense(seed, 128), {}, seed)"),
        ("chapters/images/inside", "cnn-small-rate", "lr={}, fused"),
    ],
)
def test_a_rate_taken_over_is_the_one_that_was_chosen(page: str, entry: str, code: str) -> None:
    assert code.format(value_of(ledger(), entry)) in BOOK.path(page).read_text(encoding="utf-8")
