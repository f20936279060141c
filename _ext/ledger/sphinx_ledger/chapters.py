"""Where a book is, what its `_config.yml` asks of this extension, and its chapters as notebooks."""

from dataclasses import dataclass, field, fields
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import yaml
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode

from sphinx_ledger.contents import read_pages


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@dataclass(frozen=True)
class Options:
    """The settings of a book, under `sphinx: config: ledger:` in its `_config.yml`; all may be left out.

    Attributes
    ----------
    pythonpath : list of str
        Folders of the book from which its chapters import.
    environment : dict of str to str
        Variables for the kernels, beside those of `runs.ENVIRONMENT`.
    passed : list of str
        Names of variables that a kernel may have from whoever builds the book. They must not change a result.
    derived : list of str
        Patterns of files that a run makes or checks by itself, such as unpacked data: they are no inputs.
    timeout : int
        Seconds that one cell may take.
    trials : str
        A file of trials of the claims (`trials`), whose counts stand in the list of claims.
    undecided : list of str
        Patterns of files that decide no claim, such as those that draw: a change leaves the trials as they are.
    undecided_tags : list of str
        Tags of cells that decide no claim. A cell that claims something counts whatever its tags.
    """

    pythonpath: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    passed: list[str] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)
    timeout: int = 3600  # a busy or slow machine is no reason to fail
    trials: str = ""
    undecided: list[str] = field(default_factory=list)
    undecided_tags: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, given: dict[str, Any]) -> Self:
        known = [option.name for option in fields(cls)]
        if unknown := sorted(set(given) - set(known)):
            raise ValueError(f"the option ledger in _config.yml knows {', '.join(known)}; got {', '.join(unknown)}.")
        return cls(**given)


class Book:
    """A book in the folder `root`; what is made of it goes into the folder `build`."""

    def __init__(self, root: str | Path, build: str | Path | None = None) -> None:
        self.root = Path(root).resolve()
        self.build = Path(build).resolve() if build else self.root / "_build"
        self.config = yaml.safe_load((self.root / "_config.yml").read_text(encoding="utf-8")) or {}
        sphinx = self.config.get("sphinx") or {}
        self.options = Options.read((sphinx.get("config") or {}).get("ledger") or {})
        extensions = (self.config.get("parse") or {}).get("myst_enable_extensions")
        self.reader = MdParserConfig(enable_extensions=set(extensions)) if extensions else MdParserConfig()

    def path(self, docname: str) -> Path:
        return self.root / f"{docname}.md"

    def docname(self, path: Path) -> str:
        return path.resolve().relative_to(self.root).with_suffix("").as_posix()

    @cached_property
    def pages(self) -> dict[str, str]:
        """The pages in the order of the table of contents, each by the name of its file."""
        return {f"{name}.md": name for name in read_pages(self.root)}

    def chapters(self) -> list[str]:
        """Names of all pages with cells, in the order of the table of contents."""
        markdown = [name for name in self.pages.values() if self.path(name).is_file()]
        return [name for name in markdown if is_myst_markdown_notebook(self.path(name).read_text(encoding="utf-8"))]

    def read(self, docname: str) -> NotebookNode:
        """A chapter as a notebook that was not executed, with loaded files in the place of their names."""
        path = self.path(docname)
        text = path.read_text(encoding="utf-8")
        notebook = read_myst_markdown_notebook(text, config=self.reader, add_source_map=True, path=path)
        notebook.metadata["docname"] = docname
        return notebook

    def is_derived(self, name: str) -> bool:
        """Whether a file, named from the book's root, is made from chapters and their runs, as their notebooks are."""
        path = self.root / name
        if path.suffix == ".ipynb" and path.with_suffix(".md").is_file():
            return True
        return any(fnmatch(name, pattern) for pattern in self.options.derived)
