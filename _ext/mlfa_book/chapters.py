"""Read a chapter's source and find everything that its run depends on."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import nbformat
import yaml
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode

from mlfa_book.contents import read_contents

PACKAGE = "mlfa"
# The only metadata of a cell that changes what its code does when it runs.
EXECUTION_METADATA = ("load",)
EXECUTION_TAGS = ("raises-exception", "skip-execution")


class Book:
    """Where the book is and how its chapters are read."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).resolve()
        self.package = self.root / "code" / PACKAGE
        self.cache = self.root / "_build" / ".jupyter_cache"
        config = yaml.safe_load((self.root / "_config.yml").read_text(encoding="utf-8"))
        self.reader = MdParserConfig(enable_extensions=set(config["parse"]["myst_enable_extensions"]))

    def path(self, docname: str) -> Path:
        return self.root / f"{docname}.md"

    def docname(self, path: Path) -> str:
        return path.resolve().relative_to(self.root).with_suffix("").as_posix()

    def chapters(self) -> list[str]:
        """Names of all pages with cells, those under `chapters/` in the order of the table of contents."""
        _, parts = read_contents(self.root)
        listed = [name for _, names in parts for name in names]
        return [name for name in listed if is_myst_markdown_notebook(self.path(name).read_text(encoding="utf-8"))]

    def read(self, docname: str, text: str | None = None) -> NotebookNode:
        """A chapter as an unexecuted notebook whose kernelspec carries the digest of what it depends on."""
        path = self.path(docname)
        text = path.read_text(encoding="utf-8") if text is None else text
        notebook = read_myst_markdown_notebook(text, config=self.reader, add_source_map=True, path=path)
        notebook.metadata.setdefault("kernelspec", {})["deps"] = self.digest(notebook)
        return notebook

    def digest(self, notebook: NotebookNode) -> str:
        """One digest of the modules and data a chapter uses and of the installed versions."""
        h = hashlib.sha256(installed_versions().encode())
        for path in self.dependencies(notebook):
            h.update(path.relative_to(self.root).as_posix().encode() + b"\0")
            h.update(hashlib.sha256(path.read_bytes()).digest())
        return h.hexdigest()[:16]

    def run_key(self, notebook: NotebookNode) -> str:
        """What decides whether a run can stand for this chapter: its code and its dependencies.

        Captions and other metadata of figures are left out: they do not change the run.
        """
        h = hashlib.sha256(json.dumps(notebook.metadata["kernelspec"], sort_keys=True).encode())
        for cell in notebook.cells:
            if cell.cell_type == "code":
                tags = [tag for tag in cell.metadata.get("tags", []) if tag in EXECUTION_TAGS]
                kept = {key: cell.metadata[key] for key in EXECUTION_METADATA if key in cell.metadata}
                h.update(json.dumps([cell.source, tags, kept], sort_keys=True).encode())
        return h.hexdigest()

    def dependencies(self, notebook: NotebookNode) -> list[Path]:
        """The package's files that a chapter's cells import, directly or not, and the data they name."""
        found: set[Path] = set()
        pending: list[Path] = []
        for cell in notebook.cells:
            if cell.cell_type == "code":
                pending += self._uses(_parse(cell.source), found)
        while pending:
            path = pending.pop()
            if path in found:
                continue
            found.add(path)
            if path.suffix == ".py":
                pending += self._uses(_parse(path.read_text(encoding="utf-8")), found)
        return sorted(found)

    def _uses(self, tree: ast.Module, found: set[Path]) -> list[Path]:
        """Files that a piece of code names: modules it imports and data files it mentions."""
        used: list[Path] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    used += self._module(alias.name, None)
            elif isinstance(node, ast.ImportFrom) and node.level:
                raise ValueError(f"{PACKAGE} must use absolute imports, found: {ast.unparse(node)}")
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    used += self._module(node.module, alias.name)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_file_name(node.value):
                data = self.package / "data" / node.value
                if data.is_file():
                    used.append(data)
        return [path for path in used if path not in found]

    def _module(self, module: str, name: str | None) -> list[Path]:
        """The files behind ``import module`` or ``from module import name``."""
        parts = module.split(".")
        if parts[0] != PACKAGE:
            return []
        base = self.package.joinpath(*parts[1:])
        used = [self.package / "__init__.py"]
        if base.with_suffix(".py").is_file():
            return [*used, base.with_suffix(".py")]
        init = base / "__init__.py"
        if not init.is_file():
            return used  # a misspelt module fails the cell that imports it
        if name is None or name == "*":
            return [*used, *base.rglob("*.py")] if base != self.package else used
        if (base / f"{name}.py").is_file() or (base / name / "__init__.py").is_file():
            return used + self._module(f"{module}.{name}", None)
        origin = _reexports(init.read_text(encoding="utf-8")).get(name) if base != self.package else None
        # An __init__ that only re-exports is looked through, so that a line added to it
        # for one chapter does not make the others run again.
        return used + (self._module(*origin) if origin else [init])


def _is_file_name(text: str) -> bool:
    return len(text) < 100 and "." in text and re.fullmatch(r"[\w./-]+", text) is not None


def _reexports(source: str) -> dict[str, tuple[str, str]]:
    """For an ``__init__`` of re-exports only: name -> (module, name there); else nothing."""
    names: dict[str, tuple[str, str]] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update({alias.asname or alias.name: (node.module, alias.name) for alias in node.names})
        elif isinstance(node, ast.Assign) and [getattr(t, "id", None) for t in node.targets] == ["__all__"]:
            continue
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            return {}
    return names


def _parse(source: str) -> ast.Module:
    lines = ["pass" if re.match(r"\s*[%!]", line) else line for line in source.splitlines()]
    try:
        return ast.parse("\n".join(lines))
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])  # the cell itself will fail and say why


@lru_cache(1)
def installed_versions() -> str:
    """Python's version and those of every distribution that a chapter's kernel can come to import."""
    pending, seen = [PACKAGE], {}
    while pending:
        name = re.split(r"[^\w.-]", pending.pop(), maxsplit=1)[0].lower().replace("_", "-")
        if name in seen:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        # The package's own version says nothing that its files do not.
        seen[name] = "" if name == PACKAGE else distribution.version
        pending += [line for line in distribution.requires or [] if "extra ==" not in line]
    return json.dumps([sys.version, sorted(seen.items())])


def to_text(notebook: NotebookNode) -> str:
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT)
