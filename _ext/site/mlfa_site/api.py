"""The API reference: every public module from its docstrings, linked from the pages and back to them.

A page lists its modules in a fence ``{api}``, one a line, and ``{api-index}`` lists all such pages with their modules.
What a page imports or shows is linked in its text and its cells, and each entry names the pages that use it.

(sphinx-codeautolink does the second and third, too, but costs 29 s of processor time on this book's pages.)
"""

import inspect
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from sphinx_ledger.chapters import Book
from sphinx_ledger.contents import read_contents

PACKAGE = "mlfa"
API = "chapters/appendix/api"
FENCE = re.compile(r"^```\{api\}\n(.*?)^```$", flags=re.S | re.M)
INDEX = re.compile(r"^```\{api-index\}\n```$", flags=re.M)
# A key of the bibliography, as docstrings cite it.
KEY = re.compile(r"\[([a-z]+\d{4}\w*)\]")
# The code of a cell as a page shows it, and in it a name that is no attribute and no name of an argument.
CELL = re.compile(r'<div class="highlight-ipython3.*?</pre>', flags=re.S)
NAME = re.compile(r'(?<!<span class="o">\.</span>)<span class="n">(\w+)</span>(?!<span class="o">=</span>)')
# These are names of other things too, even on pages that use ours.
NOT_LINKED = frozenset({"figure", "forward", "predict", "result", "claim", "show", "State", "Data"})
SETTINGS: dict[str, Any] = {
    "autodoc_member_order": "bysource",
    "autodoc_preserve_defaults": True,
    "autodoc_typehints": "description",
    "autodoc_typehints_format": "short",
    "napoleon_google_docstring": False,
    "napoleon_custom_sections": [("Attributes", "params_style")],
    # The list of modules is chapters/appendix/api; a second one would lead nowhere else.
    "html_domain_indices": False,
    # Single backquotes in docstrings hold code.
    "default_role": "code",
}


def configure(app: Sphinx, config: Config) -> None:
    for name, value in SETTINGS.items():
        config[name] = value
    # This book's own package is documented, whichever one is installed.
    sys.path.insert(0, str(Path(app.srcdir) / "code"))


def listed_modules(text: str) -> list[str]:
    """The modules that a page's source documents."""
    return [name for fence in FENCE.findall(text) for name in fence.split()]


def checks(module: str) -> list[str]:
    """The names of an exercise's checks: objects, which autodoc takes only when they are named."""
    return [name for name, thing in vars(import_module(module)).items() if is_check(thing) and name[0] != "_"]


def is_check(thing: Any) -> bool:
    return any(kind.__name__ == "Check" for kind in type(thing).__mro__)


def section(module: str) -> str:
    """The source of what a page shows of a module."""
    lines = [f"## `{module}`", "", "```{eval-rst}", f".. automodule:: {module}", "   :members:", ""]
    for name in checks(module):
        lines += [f".. autodata:: {module}.{name}", "   :no-value:", ""]
    return "\n".join([*lines, "```", ""])


def index(book: Book) -> str:
    """The source of the list of all modules, page by page."""
    lines = []
    for page in (name for _, names in read_contents(book.root)[1] for name in names if name.startswith(f"{API}/")):
        lines += ["", f"**[](/{page})**", ""]
        for module in listed_modules(book.path(page).read_text(encoding="utf-8")):
            lines.append(f"- {{py:mod}}`{module}`: {inspect.getdoc(import_module(module)).splitlines()[0]}")
    return "\n".join(lines)


def write_fences(app: Sphinx, docname: str, source: list[str]) -> None:
    """Turn the fences into what autodoc reads."""
    if docname.startswith(API):
        text = FENCE.sub(lambda match: "\n".join(map(section, match[1].split())), source[0])
        source[0] = INDEX.sub(lambda _: index(app.ledger_book), text)


def cite(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Say how much a check knows, and make sources of a docstring links to the bibliography."""
    lines[:] = [line.replace(", *", ", \\*") for line in lines]  # a shape such as (n, *sizes) is no emphasis
    if is_check(obj):
        hints = len(obj.mistakes)
        lines[:] = [f"Checks {obj.name}. Knows {hints} {'mistake' if hints == 1 else 'mistakes'}."]
    place = next((i for i, line in enumerate(lines) if line.strip() == "References"), len(lines))
    lines[place:] = [KEY.sub(r":cite:t:`\1`", line) for line in lines[place:]]


def resolve(app: Sphinx, env: BuildEnvironment, node: Any, contnode: nodes.Element) -> nodes.Element | None:
    """Types: ours by their last name; those of other libraries, and words about a type, without a link."""
    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"]
    objects = env.domaindata["py"]["objects"]
    ours = [full for full in objects if full.startswith(f"{PACKAGE}.") and full.endswith(f".{target}")]
    if len(ours) == 1:
        entry = objects[ours[0]]
        return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, contnode, ours[0])
    return contnode if node["reftype"] in ("class", "exc") and not target.startswith(f"{PACKAGE}.") else None


# Who uses what


def imports(source: str) -> Iterator[tuple[str, str]]:
    """Module and name of what a cell takes from the package."""
    for module, names in re.findall(rf"^from ({PACKAGE}[\w.]*) import (\([^)]*\)|.*)$", source, flags=re.M):
        yield from ((module, name) for name in re.findall(r"\w+", names))


def collect(app: Sphinx, env: BuildEnvironment) -> None:
    """For every page, the full names of what its cells import or show, and whether they show it, by its own name."""
    things = ("function", "class", "exception", "data")
    objects = env.domaindata["py"]["objects"]
    entries = [full for full, entry in objects.items() if entry.objtype in things and not entry.aliased]
    app.mlfa_uses = {}
    for page, run in app.ledger_runs.items():
        uses: dict[str, tuple[str, bool]] = {}
        for cell in run.notebook.cells:
            if loaded := re.search(rf"\b({PACKAGE}/.+)\.py$", cell.metadata.get("load", "")):
                module = loaded[1].replace("/", ".")
                for name in re.findall(r"^(?:def|class) (\w+)", cell.source, flags=re.M):
                    uses[name] = (f"{module}.{name}", True)
                continue
            for module, name in imports(cell.source) if cell.cell_type == "code" else ():
                # A package passes on what its modules define.
                for full in entries:
                    if full.startswith(f"{module}.") and full.endswith(f".{name}"):
                        uses.setdefault(name, (full, False))
        app.mlfa_uses[page] = {name: use for name, use in uses.items() if use[0] in objects}


def target(app: Sphinx, docname: str, full: str) -> str:
    entry = app.env.domaindata["py"]["objects"][full]
    return f"{app.builder.get_relative_uri(docname, entry.docname)}#{entry.node_id}"


def add_uses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Under each entry, the pages that show its code or import it."""
    for entry in doctree.findall(addnodes.desc):
        links: list[nodes.Node] = []
        for page, uses in app.mlfa_uses.items():
            for full, shown in uses.values():
                if full in entry[0].get("ids", []):
                    uri = app.builder.get_relative_uri(docname, page)
                    links += [nodes.Text(", " if links else "Used in: ")]
                    links += [nodes.reference("", app.env.titles[page].astext(), refuri=uri, internal=True)]
                    links += [nodes.Text(" (with its code)")] if shown else []
        if links:
            entry[-1] += nodes.paragraph("", "", *links, nodes.Text("."), classes=["used-in"])


def link_code(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link what a page imports or shows where its text first names it."""
    names = {name: full for name, (full, _) in app.mlfa_uses.get(docname, {}).items() if name not in NOT_LINKED}
    for node in list(doctree.findall(nodes.literal)):
        full = names.get(name := node.astext().removesuffix("()"))
        if full and not any(map(holds_no_link, ancestors(node))):
            del names[name]
            reference = nodes.reference("", "", internal=True, refuri=target(app, docname, full), classes=["api-link"])
            node.replace_self(reference)
            reference += node


def link_cells(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Link what a page imports or shows in each cell that uses it, at its first place."""
    uses = app.mlfa_uses.get(pagename, {})

    def cell(match: re.Match[str]) -> str:
        seen: set[str] = set()

        def link(name: re.Match[str]) -> str:
            if name[1] not in uses or name[1] in seen:
                return name[0]
            seen.add(name[1])
            return f'<a class="api-link" href="{target(app, pagename, uses[name[1]][0])}">{name[0]}</a>'

        return NAME.sub(link, match[0])

    if uses:
        context["body"] = CELL.sub(cell, context["body"])


def ancestors(node: nodes.Node) -> Iterator[nodes.Element]:
    while (node := node.parent) is not None:
        yield node


def holds_no_link(node: nodes.Element) -> bool:
    kinds = (nodes.reference, nodes.title, nodes.rubric, addnodes.desc_signature)
    return isinstance(node, kinds) or bool({"cell_input", "cell_output"} & set(node.get("classes", [])))


def setup(app: Sphinx) -> None:
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx.ext.napoleon")
    app.connect("config-inited", configure, priority=900)
    app.connect("source-read", write_fences)
    app.connect("autodoc-process-docstring", cite, priority=400)  # before napoleon takes the sections apart
    app.connect("missing-reference", resolve)
    app.connect("env-updated", collect)
    app.connect("doctree-resolved", link_code, priority=710)
    app.connect("doctree-resolved", add_uses, priority=720)
    app.connect("html-page-context", link_cells)
