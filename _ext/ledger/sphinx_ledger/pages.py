"""What the pages of a book show of its ledger: single values, and the list of all claims."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from sphinx_ledger.ledger import MEANING, format_value, not_confirmed, show_margin, value_of
from sphinx_ledger.records import show, show_evidence
from sphinx_ledger.tables import make_table
from sphinx_ledger.trials import held, state_of

LOGGER = logging.getLogger(__name__)


class book_claims(nodes.General, nodes.Element):
    """The place of the list of everything that the book claims, until the titles of all chapters are known."""


class LedgerRole(SphinxRole):
    """A result of any chapter, by name and format: ``{ledger}`line-test-r2:.2f```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name, _, spec = self.text.partition(":")
        return [ledger_value(self.env.app, name, spec, self.env.docname)], []


class BookClaims(SphinxDirective):
    """The list of everything that the book claims, chapter by chapter."""

    def run(self) -> list[nodes.Node]:
        return [book_claims()]


def ledger_value(app: Sphinx, name: str, spec: str, docname: str) -> nodes.inline:
    """A value of the ledger as a page shows it; a question mark and a warning where there is none."""
    try:
        text = format_value(value_of(app.ledger_entries, name), spec)
    except KeyError:
        LOGGER.warning("the ledger has no result named %r", name, location=docname, type="ledger")
        text = "?"
    return nodes.inline("", text, classes=["ledger-value"])


def fill_in(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list of claims in its place."""
    for node in list(doctree.findall(book_claims)):
        node.replace_self(ListOfClaims(app, docname).nodes())


class ListOfClaims:
    """The list as one page shows it: what failed, what was opened, then all claims and results by chapter."""

    def __init__(self, app: Sphinx, docname: str) -> None:
        self.app, self.docname, self.entries = app, docname, app.ledger_entries
        book, runs = app.ledger_book, app.ledger_runs
        self.held = held(book, {name: state_of(book, run.notebook, run.inputs) for name, run in runs.items()})

    def nodes(self) -> list[nodes.Node]:
        return [*self._not_confirmed(), *self._openings(), *self._chapters()]

    def _link(self, chapter: str, text: str = "", anchor: str = "") -> nodes.reference:
        uri = self.app.builder.get_relative_uri(self.docname, chapter) + anchor
        return nodes.reference("", text or self.app.env.titles[chapter].astext(), refuri=uri, internal=True)

    def _heading(self, *content: nodes.Node) -> nodes.paragraph:
        return nodes.paragraph("", "", nodes.strong("", "", *content), classes=["claims-chapter"])

    def _claim(self, entry: dict[str, Any]) -> list[Any]:
        """A row: the sentence, which leads to its place, the evidence, how close it was, and trials if any."""
        link = self._link(entry["chapter"], entry["sentence"], f"#claim-{entry['name']}")
        if not entry["holds"]:
            link = [nodes.strong("", "Not confirmed in this run: "), link]
        texts = [show_evidence(entry["evidence"]), show_margin(entry)]
        texts += [self.held.get(entry["name"], "none")] if self.held else []
        return [link, *map(nodes.Text, texts)]

    def _claims(self, rows: list[list[Any]], *first: str) -> nodes.table:
        headers = [*first, "Claim", "Evidence of this build", "Margin", *(["Held in trials"] if self.held else [])]
        return make_table("ledger-table ledger-claims", headers, rows)

    def _not_confirmed(self) -> list[nodes.Node]:
        failed = not_confirmed(self.entries)
        if not failed:
            return []
        rows = [[self._link(entry["chapter"]), *self._claim(entry)] for entry in failed]
        box = nodes.warning("", nodes.paragraph("", MEANING), classes=["unconfirmed"])
        return [
            self._heading(nodes.Text("Not confirmed in this run")),
            box,
            self._claims(rows, "Page"),
        ]

    def _openings(self) -> list[nodes.Node]:
        rows = [
            [self._link(e["chapter"]), *(nodes.Text(t) for t in (e["place"], e["data"], f"{e['samples']:,}", e["why"]))]
            for e in self.entries
            if e["kind"] == "opening"
        ]
        headers = ["Page", "Section", "Test data", "Samples", "Opened for"]
        heading = self._heading(nodes.Text("Every opening of test data"))
        return [heading, make_table("ledger-table ledger-openings", headers, rows)] if rows else []

    def _chapters(self) -> list[nodes.Node]:
        content: list[nodes.Node] = []
        for chapter in dict.fromkeys(entry["chapter"] for entry in self.entries):
            here = [entry for entry in self.entries if entry["chapter"] == chapter]
            claims = [self._claim(entry) for entry in here if entry["kind"] == "claim"]
            results = [
                [nodes.literal("", entry["name"]), nodes.Text(show(entry["value"]))]
                for entry in here
                if entry["kind"] == "result"
            ]
            if claims or results:
                content.append(self._heading(self._link(chapter)))
            if claims:
                content.append(self._claims(claims))
            if results:
                content.append(make_table("ledger-table ledger-results", ["Result", "Value in this build"], results))
        return content


def setup(app: Sphinx) -> None:
    app.add_node(book_claims)
    app.add_role("ledger", LedgerRole())
    app.add_directive("book-claims", BookClaims)
    app.connect("doctree-resolved", fill_in)
