"""The API reference: every public module from its docstrings, linked from the pages and back to them.

A page lists its modules in a fence ``{api}``, one a line. `{api-index}` lists all such pages with their modules.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from nbformat import NotebookNode
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from mlfa_book.arguments import complete
from mlfa_book.chapters import PACKAGE, Book, _parse, _reexports

API = "chapters/appendix/api"
FENCE = re.compile(r"^```\{api\}\n(.*?)^```$", flags=re.S | re.M)
INDEX = re.compile(r"^```\{api-index\}\n```$", flags=re.M)
# A key of the bibliography, as docstrings cite it.
KEY = re.compile(r"\[([a-z]+\d{4}\w*)\]")
# Names of one plain word could mean anything: they are linked only on pages that use them.
PLAIN_WORD = re.compile(r"[a-z]+\d?|[A-Z]+|[A-Z][a-z]+")
# These are names of other things too, even on pages that use ours.
NOT_LINKED = frozenset({"figure", "forward", "predict", "result", "claim", "show", "State", "Data"})
# Types of other libraries, whose documents are not at hand without a network.
EXTERNAL = re.compile(r"(?:collections\.abc|pandas|pathlib|tqdm|np)\..*|Tensor|ndarray")
SETTINGS: dict[str, Any] = {
    "autodoc_member_order": "bysource",
    "autodoc_preserve_defaults": True,
    "autodoc_typehints_format": "short",
    "napoleon_google_docstring": False,
    # Types of parameters are sentences here ("ndarray of shape (n,)"), not names to look up.
    "napoleon_use_param": False,
    "napoleon_use_rtype": False,
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


def module_path(package: Path, module: str) -> Path:
    base = package.joinpath(*module.split(".")[1:])
    return base.with_suffix(".py") if base.with_suffix(".py").is_file() else base / "__init__.py"


@lru_cache(1024)
def _public(source: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    functions, checks = [], []
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            functions.append(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            if isinstance(node.value.func, ast.Name) and node.value.func.id == "Check":
                checks += [target.id for target in node.targets]
    return tuple(n for n in functions if n[0] != "_"), tuple(n for n in checks if n[0] != "_")


def public_names(path: Path) -> tuple[str, ...]:
    """Functions and classes that a module defines, and the checks of its exercises."""
    functions, checks = _public(path.read_text(encoding="utf-8"))
    return functions + checks


def write_fences(app: Sphinx, docname: str, source: list[str]) -> None:
    """Turn the fences into what autodoc reads."""
    if not docname.startswith(API):
        return
    package = app.mlfa_book.package

    def section(module: str) -> str:
        lines = [f"## `{module}`", "", "```{eval-rst}", f".. automodule:: {module}", "   :members:", ""]
        for name in _public(module_path(package, module).read_text(encoding="utf-8"))[1]:
            lines += [f".. autodata:: {module}.{name}", "   :no-value:", ""]
        return "\n".join([*lines, "```", ""])

    def index() -> str:
        lines = []
        for path in sorted(app.mlfa_book.root.glob(f"{API}/*.md"), key=lambda path: _place(app, path)):
            text = path.read_text(encoding="utf-8")
            lines += ["", f"**[]({path.relative_to(app.mlfa_book.path(API).parent).with_suffix('').as_posix()})**", ""]
            for module in listed_modules(text):
                doc = ast.get_docstring(ast.parse(module_path(package, module).read_text(encoding="utf-8"))) or ""
                lines.append(f"- {{py:mod}}`{module}`: {doc.splitlines()[0]}")
        return "\n".join(lines)

    source[0] = FENCE.sub(lambda match: "\n".join(section(name) for name in match[1].split()), source[0])
    source[0] = INDEX.sub(lambda _: index(), source[0])


def _place(app: Sphinx, path: Path) -> int:
    """Where a page stands in the table of contents."""
    return (app.mlfa_book.root / "_toc.yml").read_text(encoding="utf-8").find(f"{API}/{path.stem}\n")


def outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> set[str]:
    """The API pages are read again when any module changed, told by content and not by date."""
    here = Path(__file__).parent
    h = hashlib.sha256(b"".join((here / name).read_bytes() for name in ("api.py", "arguments.py")))
    for path in sorted(app.mlfa_book.package.rglob("*.py")):
        h.update(path.relative_to(app.mlfa_book.root).as_posix().encode() + path.read_bytes())
    known, env.mlfa_api_digest = getattr(env, "mlfa_api_digest", None), h.hexdigest()
    return set() if known == env.mlfa_api_digest else {name for name in env.all_docs if name.startswith(API)}


def cite(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Complete a docstring: sources become links to the bibliography, and no argument is left out."""
    if what == "data" and type(obj).__name__ == "Check":
        hints = len(obj.mistakes)
        lines[:] = [f"Checks {obj.name}. Knows {hints} {'mistake' if hints == 1 else 'mistakes'}."]
    elif what in ("function", "class", "method", "exception"):
        complete(name, obj, lines)
    place = next((i for i, line in enumerate(lines) if line.strip() == "References"), len(lines))
    lines[place:] = [KEY.sub(r":cite:t:`\1`", line) for line in lines[place:]]


def resolve(app: Sphinx, env: BuildEnvironment, node: Any, contnode: nodes.Element) -> nodes.Element | None:
    """Types in signatures: ours by their last name, those of other libraries without a link."""
    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"]
    objects = env.domaindata["py"]["objects"]
    ours = [full for full in objects if full.startswith(f"{PACKAGE}.") and full.endswith(f".{target}")]
    if len(ours) == 1:
        entry = objects[ours[0]]
        return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, contnode, ours[0])
    return contnode if EXTERNAL.fullmatch(target) else None


# ---- who uses what ------------------------------------------------------------------------------------------------


def used_names(book: Book, notebook: NotebookNode) -> tuple[set[str], set[str]]:
    """Full names that a page shows with their code, and those that its cells import."""
    shown: set[str] = set()
    imported: set[str] = set()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if "load" in cell.metadata:
            # The paths of `:load:` start at the page; only what lies in the package counts.
            tail = re.search(rf"(?:^|/){PACKAGE}/(.+)\.py$", cell.metadata["load"])
            if tail:
                module = f"{PACKAGE}.{tail[1].replace('/', '.')}"
                shown |= {f"{module}.{name}" for name in public_names(module_path(book.package, module))}
            continue
        tree = _parse(cell.source)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE:
                imported |= {origin(book.package, node.module, alias.name) for alias in node.names}
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.split(".")[0] == PACKAGE:
                        name = alias.asname or alias.name
                        imported |= {
                            origin(book.package, alias.name, use.attr)
                            for use in ast.walk(tree)
                            if isinstance(use, ast.Attribute) and ast.unparse(use.value) == name
                        }
    return shown, imported


def origin(package: Path, module: str, name: str) -> str:
    """The full name of a thing where it is defined, looking through re-exports."""
    path = module_path(package, module)
    if path.name == "__init__.py" and path.is_file():
        home = _reexports(path.read_text(encoding="utf-8")).get(name)
        if home:
            return origin(package, *home)
    return f"{module}.{name}"


def collect(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Find out which page uses what; pages that show it are written again when it changed."""
    if not any(name.startswith(API) for name in env.all_docs):
        app.mlfa_uses, app.mlfa_names = {}, {}
        return set()
    book = app.mlfa_book
    app.mlfa_uses = {name: used_names(book, book.read(name)) for name in book.chapters()}
    app.mlfa_names = candidates(env, book.package)
    uses = hashlib.sha256(repr([(k, sorted(a), sorted(b)) for k, (a, b) in app.mlfa_uses.items()]).encode()).hexdigest()
    names = hashlib.sha256(repr(sorted((k, sorted(v)) for k, v in app.mlfa_names.items())).encode()).hexdigest()
    known, env.mlfa_api_state = getattr(env, "mlfa_api_state", (None, None)), (uses, names)
    if known[1] != names:
        return set(env.all_docs)
    return set() if known[0] == uses else {name for name in env.all_docs if name.startswith(API)}


def candidates(env: BuildEnvironment, package: Path) -> dict[str, set[str]]:
    """What each written name can mean: the name alone, `Class.method`, or with the module before it."""
    found: dict[str, set[str]] = defaultdict(set)
    for full, entry in env.domaindata["py"]["objects"].items():
        if not full.startswith(f"{PACKAGE}.") or entry.aliased:
            continue
        found[full].add(full)
        parts = full.split(".")
        if entry.objtype in ("function", "class", "exception", "data"):
            found[parts[-1]].add(full)
        elif entry.objtype == "method":
            found[".".join(parts[-2:])].add(full)
    for path in sorted(package.rglob("__init__.py")):
        module = ".".join([PACKAGE, *path.parent.relative_to(package).parts])
        for name, home in _reexports(path.read_text(encoding="utf-8")).items() if path.parent != package else ():
            found[f"{module}.{name}"].add(origin(package, *home))
    return dict(found)


def meaning(text: str, names: dict[str, set[str]], used: Iterable[str]) -> str | None:
    """The one public thing that a piece of inline code names on a page, if there is exactly one."""
    text = text.removesuffix("()")
    if text in NOT_LINKED:
        return None
    possible = names.get(text, set())
    here = possible & set(used)
    if len(here) == 1:
        return next(iter(here))
    return next(iter(possible)) if len(possible) == 1 and not PLAIN_WORD.fullmatch(text) else None


def link_code(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link inline code that names a public thing to its entry, at its first use on a page."""
    if not app.mlfa_names or app.builder.format != "html":
        return
    objects = app.env.domaindata["py"]["objects"]
    shown, imported = app.mlfa_uses.get(docname, (set(), set()))
    linked: set[str] = set()
    for node in list(doctree.findall(nodes.literal)):
        full = meaning(node.astext(), app.mlfa_names, shown | imported)
        if full is None or full not in objects or full in linked or _inside_link_or_heading(node):
            continue
        entry = objects[full]
        if entry.docname == docname and _own_entry(node, full):
            continue
        linked.add(full)
        uri = f"{app.builder.get_relative_uri(docname, entry.docname)}#{entry.node_id}"
        reference = nodes.reference("", "", internal=True, refuri=uri, classes=["api-link"])
        node.replace_self(reference)
        reference += node


def _inside_link_or_heading(node: nodes.Node) -> bool:
    kinds = (nodes.reference, nodes.title, nodes.rubric, addnodes.desc_signature)
    while node.parent is not None:
        node = node.parent
        if isinstance(node, kinds) or {"cell_input", "cell_output"} & set(node.get("classes", [])):
            return True
    return False


def _own_entry(node: nodes.Node, full: str) -> bool:
    """True inside of the entry of the very thing that is named."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, addnodes.desc) and full in node[0].get("ids", []):
            return True
    return False


def add_uses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Under each entry, the pages that show its code or import it."""
    if not docname.startswith(API):
        return
    pages = defaultdict(list)
    for page, (shown, imported) in app.mlfa_uses.items():
        for full in shown | imported:
            pages[full].append((page, full in shown))
    for entry in list(doctree.findall(addnodes.desc)):
        full = next(iter(entry[0].get("ids", [])), "")
        if full not in pages:
            continue
        line = nodes.paragraph(classes=["used-in"])
        line += nodes.Text("Used in: ")
        for number, (page, shown) in enumerate(pages[full]):
            uri = app.builder.get_relative_uri(docname, page)
            line += [nodes.Text(", ")] if number else []
            line += nodes.reference("", app.env.titles[page].astext(), refuri=uri, internal=True)
            line += [nodes.Text(" (with its code)")] if shown else []
        line += nodes.Text(".")
        entry[-1] += line


def name_toggles(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
    """Say what the arrow in the sidebar opens: the theme draws it without a name."""
    draw = context.get("generate_toctree_html")
    if draw is None:
        return

    def draw_with_names(*arguments: Any, **options: Any) -> Any:
        drawn = draw(*arguments, **options)
        soup = drawn if isinstance(drawn, Tag) else BeautifulSoup(drawn or "", "html.parser")
        for summary in soup.select("li > details > summary"):
            link = summary.parent.parent.find("a", recursive=False)
            if link and not summary.get_text(strip=True):
                summary["aria-label"] = f"Pages below {link.get_text(strip=True)}"
        return drawn if isinstance(drawn, Tag) or not drawn else str(soup)

    context["generate_toctree_html"] = draw_with_names


def setup(app: Sphinx) -> None:
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx.ext.napoleon")
    app.connect("config-inited", configure, priority=900)
    app.connect("source-read", write_fences)
    app.connect("env-get-outdated", outdated)
    app.connect("autodoc-process-docstring", cite, priority=400)  # before napoleon takes the sections apart
    app.connect("missing-reference", resolve)
    app.connect("env-updated", collect)
    app.connect("doctree-resolved", link_code, priority=710)
    app.connect("doctree-resolved", add_uses, priority=720)
    app.connect("html-page-context", name_toggles, priority=900)  # after the theme
