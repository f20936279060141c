"""Live figures: what the page has just computed or trained, in the reader's browser, without a kernel or a server.

A page hands arrays over with `mlfa.book.live.live_data` and places a figure with the directive `live`. The arrays
become a script beside the figure's own, and nothing of it is loaded before the figure comes near.
"""

import json
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinx_ledger import notebooks

LOGGER = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
FIGURES = sorted(path.stem for path in (STATIC / "live").glob("*.js") if path.stem not in ("live", "layers"))


def arrays_of(run: Any) -> dict[str, dict[str, Any]]:
    """What a run hands to live figures, by name."""
    outputs = [output for cell in run.notebook.cells for output in cell.get("outputs", [])]
    handed = [output.metadata["live"] for output in outputs if "live" in output.get("metadata", {})]
    return {each["name"]: each["arrays"] for each in handed}


class Live(SphinxDirective):
    """A live figure with its question: ``{live} FIGURE``, with the name of the arrays that it works on."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"data": directives.unchanged_required, "name": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        figure, data = self.arguments[0], self.options.get("data", "")
        run = self.env.app.ledger_runs.get(self.env.docname)
        if figure not in FIGURES:
            raise self.error(f"there is no live figure {figure!r}; there are {', '.join(FIGURES)}")
        if run is None or data not in arrays_of(run):
            raise self.error(f"the page's run hands no arrays by the name {data!r} to its live figures")
        self.assert_has_content()
        box = nodes.admonition(classes=["live-box"])
        box += nodes.title("", "Try it here")
        self.state.nested_parse(self.content, self.content_offset, box)
        self.add_name(box)
        stage = f'<div class="live" data-figure="{figure}" data-arrays="{data}">(It needs JavaScript.)</div>'
        box += nodes.raw("", stage, format="html")
        return [box]


def in_notebook(writer: notebooks.Markdown, argument: str, options: dict[str, str], body: list[str]) -> list[str]:
    return notebooks.quote("Try it", [*body, "", "(This page of the book's site has a figure for it.)"])


notebooks.DIRECTIVES["live"] = in_notebook


def configure(app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(STATIC))


def write_arrays(app: Sphinx, exception: Exception | None) -> None:
    """A script for each set of arrays: unlike a file of data, a page that is opened from disk may load it."""
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", "live")
    for run in app.ledger_runs.values():
        for name, arrays in arrays_of(run).items():
            text = f"live.arrays[{json.dumps(name)}] = {json.dumps(arrays)};\n"
            (folder / f"{name}.js").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.add_directive("live", Live)
    app.add_js_file("live/live.js")
    app.connect("config-inited", configure)
    app.connect("build-finished", write_arrays)
