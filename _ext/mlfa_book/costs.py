"""A table of what every page with cells costs: minutes to read, and seconds and memory of this build."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from mlfa_book.pages import minutes_to_read
from mlfa_book.tables import make_table

HEADERS = ["Page", "Minutes to read", "Seconds to run", "Peak memory (MB)"]


class page_costs(nodes.General, nodes.Element):
    """The place of the table, which is known only when all chapters ran."""


class PageCosts(SphinxDirective):
    """The table, without options: ``{page-costs}``."""

    def run(self) -> list[nodes.Node]:
        self.env.mlfa_costs_pages = getattr(self.env, "mlfa_costs_pages", set()) | {self.env.docname}
        return [page_costs()]


def fill_in(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for node in list(doctree.findall(page_costs)):
        node.replace_self(costs_table(app, docname))


def costs_table(app: Sphinx, docname: str) -> nodes.table:
    """A row for each page that ran, in the order of the book, and their sum; memory does not add up."""
    rows, minutes, seconds, peaks = [], [], [], []
    for name, run in app.env.mlfa_runs.items():
        minutes.append(minutes_to_read(Path(app.env.doc2path(name)).read_text(encoding="utf-8")))
        seconds.append(run["seconds"])
        peaks.append(run.get("peak_mb") or 0.0)
        title = app.env.titles[name].astext()
        link = nodes.reference("", title, refuri=app.builder.get_relative_uri(docname, name), internal=True)
        rows.append([link, *map(nodes.Text, (f"{minutes[-1]}", f"{seconds[-1]:.0f}", shown_memory(peaks[-1])))])
    total = (f"{sum(minutes):,}", f"{sum(seconds):,.0f}", shown_memory(max(peaks, default=0.0)) + " at most")
    rows.append([nodes.strong("", "all, one after the other"), *map(nodes.Text, total)])
    return make_table("page-costs", HEADERS, rows)


def shown_memory(megabytes: float) -> str:
    """Memory is noted on Linux only."""
    return f"{megabytes:,.0f}" if megabytes else "not measured"


def rewrite(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """The page is written again in every build: a run or a text of any other page may have changed."""
    return getattr(env, "mlfa_costs_pages", set())


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    getattr(env, "mlfa_costs_pages", set()).discard(docname)


def setup(app: Sphinx) -> None:
    app.add_node(page_costs)
    app.add_directive("page-costs", PageCosts)
    app.connect("doctree-resolved", fill_in)
    app.connect("env-updated", rewrite)
    app.connect("env-purge-doc", forget)
