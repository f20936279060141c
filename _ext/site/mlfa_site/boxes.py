"""Boxes and tables of this book's pages: what pages cost, how models compare; and what they are in a notebook."""

import math
import re
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from sphinx_ledger import notebooks
from sphinx_ledger.ledger import format_value
from sphinx_ledger.pages import ledger_value
from sphinx_ledger.tables import make_table

LOGGER = logging.getLogger(__name__)
CELL = r"^(```+)\{code-cell\}.*?^\1\s*$"
WORDS_A_MINUTE = 150  # slower than a novel's 230: formulas and code are read too
# Header, name and format of each score. A notebook leaves the seconds out: they are the machine's, not the model's.
SCORES = [
    ("Test RMSE", "test-rmse", ".3f"),
    ("Test R²", "test-r2", ".3f"),
    ("Parameters", "parameters", ""),
    ("Seconds", "seconds", ".1f"),
]


class page_cost(nodes.paragraph):
    """How long a page takes to read and to run."""


class CitedRole(SphinxRole):
    """A fact taken from a source that the same paragraph cites."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.inline(self.rawtext, self.text, classes=["cited"])], []


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
        rows = []
        for key, name, where in scoreboard_rows(self.content):
            link, _ = self.state.inline_text(where, self.lineno)
            values = [ledger_value(self.env.app, f"{key}-{score}", spec, self.env.docname) for _, score, spec in SCORES]
            rows.append([nodes.Text(name), *values, link])
        table = make_table("scoreboard", ["Model", *(header for header, _, _ in SCORES), "Page"], rows)
        parsed, messages = self.state.inline_text(self.options["caption"], self.lineno)
        table.insert(0, nodes.title("", "", *parsed, *messages))
        self.set_source_info(table)
        self.add_name(table)
        return [table]


class PageCosts(SphinxDirective):
    """A table of what every page with cells takes, without options: ``{page-costs}``.

    MyST-NB's own ``{nb-exec-table}`` tells the seconds, and neither the memory nor the minutes to read, which a reader
    asks for who chooses a page or a machine; nor does it have a sum.
    """

    def run(self) -> list[nodes.Node]:
        rows, total = [], [0.0, 0.0]
        for name, run in self.env.app.ledger_runs.items():
            link, _ = self.state.inline_text(f"[](/{name})", self.lineno)
            minutes = reading_minutes(self.env.app, name)
            peak = f"{run.peak_mb:,.0f}" if run.peak_mb else "not measured"
            rows.append([link, *map(nodes.Text, (f"{minutes}", f"{run.seconds:.0f}", peak))])
            total = [total[0] + minutes, total[1] + run.seconds]
        sums = [nodes.Text(f"{number:,.0f}") for number in total]
        rows.append([nodes.strong("", "all, one after the other"), *sums, nodes.Text("")])  # memory does not add up
        return [make_table("page-costs", ["Page", "Minutes to read", "Seconds to run", "Peak memory (MB)"], rows)]


def scoreboard_rows(lines: list[str]) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in lines if line.strip()]


def minutes_to_read(text: str) -> int:
    """Minutes to read what a page shows before anything is unfolded: its words, and half a minute for each cell.

    Of a solution the reader sees the title, and of a cell that checks, a sentence.
    """
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    text = re.sub(r"^(```+)\{solution-start\}.*?^\1\{solution-end\}", "", text, flags=re.S | re.M)
    text = re.sub(r"^(:::+)\{admonition\}[^\n]*\n:class: dropdown\n.*?^\1\n", "", text, flags=re.S | re.M)  # an answer
    cells = [match[0] for match in re.finditer(CELL, text, flags=re.S | re.M)]
    checks = sum(bool(re.search(r"^:?tags:.*\bchecked\b", cell, flags=re.M)) for cell in cells)
    words = len(re.sub(CELL, "", text, flags=re.S | re.M).split())
    return max(1, math.ceil(words / WORDS_A_MINUTE + 0.5 * (len(cells) - checks) + checks / 6))


def reading_minutes(app: Sphinx, docname: str) -> int:
    return minutes_to_read(Path(app.env.doc2path(docname)).read_text(encoding="utf-8"))


def tell_costs(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Say in each box what the page takes to read, and what its run took."""
    for node in list(doctree.findall(page_cost)):
        text = f"About {reading_minutes(app, docname)} minutes to read, without the solutions"
        if run := app.ledger_runs.get(docname):
            memory = f" and {run.peak_mb:.0f} MB of memory" if run.peak_mb else ""
            text += f"; the cells ran in {run.seconds:.0f} seconds{memory} when this page was built"
        node.replace_self(nodes.paragraph("", f"{text}.", classes=["page-cost"]))


def check_alt_texts(app: Sphinx, doctree: nodes.document) -> None:
    """Every image says in words what it shows."""
    for image in doctree.findall(nodes.image):
        alt = image.get("alt", "").strip()
        if not alt or alt == image.get("uri") or "/" in alt.split(" ")[0]:
            LOGGER.warning("an image has no alt text: %s", image.get("uri"), location=image, type="mlfa")


# In a notebook


def before(writer: notebooks.Markdown, argument: str, options: dict[str, str], body: list[str]) -> list[str]:
    minutes = minutes_to_read(writer.source)
    return notebooks.quote("Before you start", [*body, "", f"About {minutes} minutes to read, without the solutions."])


def scoreboard(writer: notebooks.Markdown, argument: str, options: dict[str, str], body: list[str]) -> list[str]:
    columns = [column for column in SCORES if column[1] != "seconds"]
    headers = ["Model", *(header for header, _, _ in columns), "Page"]
    rows = [headers, ["---"] * len(headers)]
    for key, name, where in scoreboard_rows(body):
        scores = [format_value(writer.values[f"{key}-{score}"], spec) for _, score, spec in columns]
        rows.append([name, *scores, where])
    number = notebooks.labels(notebooks.TABLE, writer.source)[options["name"]]
    caption = re.sub(r" *\bSeconds [^.]*\.", "", options["caption"])  # a column that is left out
    return [*(f"| {' | '.join(row)} |" for row in rows), "", f"**Table {number}.** {caption}"]


def table(writer: notebooks.Markdown, argument: str, options: dict[str, str], body: list[str]) -> list[str]:
    number = notebooks.labels(notebooks.TABLE, writer.source)[options["name"]]
    return [*body, "", f"**Table {number}.** {argument}"]


notebooks.DIRECTIVES |= {"before": before, "scoreboard": scoreboard, "table": table}
notebooks.ROLES["cited"] = lambda writer, text: text


def setup(app: Sphinx) -> None:
    app.add_node(page_cost)
    app.add_role("cited", CitedRole())
    app.add_directive("before", Before)
    app.add_directive("scoreboard", Scoreboard)
    app.add_directive("page-costs", PageCosts)
    app.connect("doctree-read", check_alt_texts)
    app.connect("doctree-resolved", tell_costs)
