"""Directives and roles of the book's pages, filled in from the runs and the ledger."""

from __future__ import annotations

import math
import re
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from mlfa_book.ledger import format_value, value_of
from mlfa_book.tables import make_table

LOGGER = logging.getLogger(__name__)
WORDS_A_MINUTE = 150  # slower than a novel's 230: formulas and code are read too
SCORES = [("test-rmse", ".3f"), ("test-r2", ".3f"), ("parameters", ""), ("seconds", ".1f")]
SCORE_HEADERS = ["Test RMSE", "Test R²", "Parameters", "Seconds"]


class ledger_value(nodes.inline):
    """A value of the ledger, known only when all chapters were read."""


class page_cost(nodes.paragraph):
    """How long a page takes to read and to run."""


class book_claims(nodes.General, nodes.Element):
    """The place of the list of everything that the book claims."""


class CitedRole(SphinxRole):
    """A fact taken from a source that the same paragraph cites."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.inline(self.rawtext, self.text, classes=["cited"])], []


class LedgerRole(SphinxRole):
    """A result of any chapter, by name and format: ``{ledger}`line-test-r2:.2f```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name, _, spec = self.text.partition(":")
        needs_ledger(self.env)
        return [ledger_value("", "", name=name, spec=spec)], []


def needs_ledger(env: Any) -> None:
    env.mlfa_ledger_pages = getattr(env, "mlfa_ledger_pages", set()) | {env.docname}


class Before(SphinxDirective):
    """The box "Before you start", which adds what the page takes to read and to run."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        box = nodes.admonition(classes=["before"])
        box += nodes.title("", "Before you start")
        self.state.nested_parse(self.content, self.content_offset, box)
        box += page_cost()
        return [box]


class Scoreboard(SphinxDirective):
    """A table of models with their scores from the ledger, a row each: ``key | name | where``."""

    has_content = True
    option_spec: ClassVar = {"caption": directives.unchanged_required, "name": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        needs_ledger(self.env)
        rows = []
        for line in self.content:
            if not line.strip():
                continue
            key, name, where = (part.strip() for part in line.split("|"))
            link, _ = self.state.inline_text(where, self.lineno)
            values = [ledger_value("", "", name=f"{key}-{score}", spec=spec) for score, spec in SCORES]
            rows.append([nodes.Text(name), *values, link])
        table = make_table("scoreboard", ["Model", *SCORE_HEADERS, "Page"], rows)
        parsed, messages = self.state.inline_text(self.options["caption"], self.lineno)
        title = nodes.title("", "")
        title += [*parsed, *messages]
        table.insert(0, title)
        self.set_source_info(table)
        self.add_name(table)
        return [table]


class BookClaims(SphinxDirective):
    """The list of everything that the book claims, chapter by chapter."""

    def run(self) -> list[nodes.Node]:
        needs_ledger(self.env)
        return [book_claims()]


def minutes_to_read(text: str) -> int:
    """Minutes to read a page's source: its words, and the cells at half that pace per line."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    code = re.findall(r"^(```+)\{code-cell\}.*?^\1", text, flags=re.S | re.M)
    prose = re.sub(r"^(```+)\{code-cell\}.*?^\1\s*$", "", text, flags=re.S | re.M)
    return max(1, math.ceil(len(prose.split()) / WORDS_A_MINUTE + 0.5 * len(code)))


def fill_in(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the values of this build in the places that the directives left."""
    entries = getattr(app.env, "mlfa_ledger", [])
    for node in list(doctree.findall(ledger_value)):
        try:
            text = format_value(value_of(entries, node["name"]), node["spec"])
        except KeyError:
            LOGGER.warning("the ledger has no result named %r", node["name"], location=docname, type="mlfa")
            text = "?"
        node.replace_self(nodes.inline("", text, classes=["ledger-value"]))
    for node in list(doctree.findall(page_cost)):
        run = getattr(app.env, "mlfa_runs", {}).get(docname)
        node.replace_self(nodes.paragraph("", _cost(app, docname, run), classes=["page-cost"]))
    for node in list(doctree.findall(book_claims)):
        node.replace_self(_claims(app, docname, entries))


def _cost(app: Sphinx, docname: str, run: dict[str, float] | None) -> str:
    with open(app.env.doc2path(docname), encoding="utf-8") as source:
        minutes = minutes_to_read(source.read())
    text = f"About {minutes} minutes to read"
    if run:
        text += f"; the cells ran in {run['seconds']:.0f} seconds"
        if run.get("peak_mb"):
            text += f" and {run['peak_mb']:.0f} MB of memory"
        text += " when this page was built"
    return text + "."


def _claims(app: Sphinx, docname: str, entries: list[dict[str, Any]]) -> list[nodes.Node]:
    import mlfa.ledger as ledger

    content: list[nodes.Node] = []
    chapters = list(dict.fromkeys(entry["chapter"] for entry in entries))
    for chapter in chapters:
        title = app.env.titles[chapter].astext()
        uri = app.builder.get_relative_uri(docname, chapter)
        heading = nodes.paragraph(classes=["claims-chapter"])
        strong = nodes.strong()
        strong += nodes.reference("", title, refuri=uri, internal=True)
        heading += strong
        content.append(heading)
        claims = [e for e in entries if e["chapter"] == chapter and e["kind"] == "claim"]
        results = [e for e in entries if e["chapter"] == chapter and e["kind"] == "result"]
        if claims:
            rows = []
            for entry in claims:
                link = nodes.reference("", entry["sentence"], refuri=f"{uri}#claim-{entry['name']}", internal=True)
                evidence = "; ".join(f"{k.replace('_', ' ')} = {ledger.show(v)}" for k, v in entry["evidence"].items())
                rows.append([link, nodes.Text(evidence)])
            content.append(make_table("ledger-table", ["Claim", "Evidence of this build"], rows))
        if results:
            rows = [[nodes.literal("", e["name"]), nodes.Text(ledger.show(e["value"]))] for e in results]
            content.append(make_table("ledger-table", ["Result", "Value in this build"], rows))
    return content


def check_alt_texts(app: Sphinx, doctree: nodes.document) -> None:
    """Every image says in words what it shows."""
    for image in doctree.findall(nodes.image):
        alt = image.get("alt", "").strip()
        if not alt or alt == image.get("uri") or "/" in alt.split(" ")[0]:
            LOGGER.warning("an image has no alt text: %s", image.get("uri"), location=image, type="mlfa")


def setup(app: Sphinx) -> None:
    for node in (ledger_value, page_cost, book_claims):
        app.add_node(node)
    app.add_role("cited", CitedRole())
    app.add_role("ledger", LedgerRole())
    app.add_directive("before", Before)
    app.add_directive("scoreboard", Scoreboard)
    app.add_directive("book-claims", BookClaims)
    app.connect("doctree-read", check_alt_texts)
    app.connect("doctree-resolved", fill_in)
