"""The map of the book as cards: each page with a figure that its own run has drawn."""

import html
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from mlfa_site.light import slim_figure

SIZE = re.compile(r'<svg [^>]*?\bwidth="([\d.]+)pt" height="([\d.]+)pt"')


def picture_of(run: Any, figure: str) -> tuple[str, dict[str, str]]:
    """A figure of a run as SVG, and what its cell says of the image; a KeyError if there is none of this name."""
    for cell in run.notebook.cells:
        said = cell.metadata.get("mystnb", {})
        if said.get("figure", {}).get("name") == figure:
            drawn = [
                output.data["image/svg+xml"] for output in cell.outputs if "image/svg+xml" in output.get("data", {})
            ]
            return drawn[-1], said["image"]
    raise KeyError(figure)


class BookMap(SphinxDirective):
    """Cards, a line each: ``5. [](chapters/tabular/trees): what it is about | fig-trees-map``."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        grid = nodes.bullet_list(classes=["book-map"])
        root = "../" * self.env.docname.count("/")
        for line in filter(None, map(str.strip, self.content)):
            words, _, figure = (part.strip() for part in line.rpartition("|"))
            page = words.partition("](")[2].partition(")")[0].lstrip("/")
            try:
                svg, image = picture_of(self.env.app.ledger_runs[page], figure)
            except (KeyError, IndexError):
                raise self.error(f"the run of {page!r} has no figure {figure!r}") from None
            self.env.app.mlfa_cards[figure] = svg
            source, alt = f"{root}_static/map/{figure}.svg", html.escape(image["alt"])
            width, height = SIZE.search(svg).groups()
            size = f'width="{float(width):.0f}" height="{float(height):.0f}"'
            tag = f'<img src="{source}" alt="{alt}" {size} class="{image.get("classes", "")}" loading="lazy" />'
            parsed, messages = self.state.inline_text(words, self.lineno)
            grid += nodes.list_item("", nodes.raw("", tag, format="html"), nodes.paragraph("", "", *parsed), *messages)
        return [grid]


def write_pictures(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", "map")
    folder.mkdir(parents=True, exist_ok=True)
    for figure, svg in app.mlfa_cards.items():
        (folder / f"{figure}.svg").write_text(slim_figure(svg), encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.mlfa_cards = {}
    app.add_directive("map", BookMap)
    app.connect("build-finished", write_pictures)
