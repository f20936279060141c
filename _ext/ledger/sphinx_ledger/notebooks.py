"""Make the notebook beside each chapter: loaded code inline, text outputs only, stable ids.

    python -m sphinx_ledger.notebooks [FOLDER OF THE BOOK]

The same file serves Binder, Colab and nbval. What a notebook viewer cannot render, roles and
directives, is written out as plain Markdown. A book adds its own to `ROLES` and `DIRECTIVES`.
"""

import ast
import hashlib
import importlib
import os
import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from pybtex.database import BibliographyData, Entry, parse_string
from pybtex.richtext import Text

from sphinx_ledger.chapters import Book, code_cells
from sphinx_ledger.contents import read_contents
from sphinx_ledger.ledger import format_value
from sphinx_ledger.records import GLUE_PREFIX
from sphinx_ledger.runs import run_chapters

GLUED = GLUE_PREFIX + "text/plain"
KEPT_MIMES = ("text/plain", GLUED)
KEPT_METADATA = ("tags", "nbval")
# How a page names what it numbers: by a label, in the header of a figure's cell, as an option of a table.
EQUATION = r"^\$\$ *\(([\w-]+)\) *$"
FIGURE = r"^ +figure:(?:(?:.*\b|(?:\n {4}.*)*\n {4} *)name: *([\w-]+))"
TABLE = r"^:name: *(tab-[\w-]+)"
# A directive, outermost first: its fence, name, argument, options and body.
FENCE = r"^(:{3,}|`{3,})\{([\w:-]+)\} *(.*)\n((?::[\w-]+:.*\n)*)((?:.*\n)*?)\1 *$"
HIDDEN_TAGS = {"hide-input", "hide-cell", "exercise-solution"}
TITLES = {"note": "Note", "tip": "Tip", "important": "Important", "warning": "Warning", "seealso": "See also"}
INSTALL_TAG = "install-on-colab"
INSTALL = """\
# @title Install the book's package (on Colab only; anywhere else this cell does nothing)
try:
    import google.colab
except ImportError:
    pass  # not on Colab: the package is here already
else:
    REPOSITORY = "{repository}"  # as in https://github.com/OWNER/NAME
    if not REPOSITORY:
        raise RuntimeError(
            "This notebook was not told where its book is. In your browser's address, OWNER/NAME follow /github/. "
            "Show the code of this cell, write https://github.com/OWNER/NAME into REPOSITORY, and run the cell again."
        )
    %pip install --quiet git+{{REPOSITORY}}
"""


def results(notebook: NotebookNode) -> dict[str, Any]:
    """The glued values of an executed notebook, by name."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    glued = [output for output in outputs if GLUED in output.get("data", {})]
    return {output.metadata.scrapbook.name: ast.literal_eval(output.data[GLUED]) for output in glued}


def text_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """What of a cell's outputs is text, without times."""
    kept = []
    for output in outputs:
        if output.output_type == "stream":
            kept.append(nbformat.v4.new_output("stream", name=output.name, text=output.text))
            continue
        data = {mime: output.data[mime] for mime in KEPT_MIMES if mime in output.get("data", {})}
        if data:
            metadata = {"scrapbook": output.metadata["scrapbook"]} if GLUED in data else {}
            count = {"execution_count": output.execution_count} if output.output_type == "execute_result" else {}
            kept.append(nbformat.v4.new_output(output.output_type, data=data, metadata=metadata, **count))
    return kept


def install_cell(book: Book) -> NotebookNode | None:
    """The first cell of every notebook, as executed: it prints nothing where there is nothing to install.

    On Colab it installs the project in the book's folder from `Repository` of its pyproject.toml. Unlike a launch
    button, which is made anew by every build, a notebook is committed. So the address is not that of the machine that
    wrote it: else two people's notebooks would differ, and a fork's pull request would carry the fork.
    A book without a project needs no such cell: None.
    """
    path = book.root / "pyproject.toml"
    project = tomllib.loads(path.read_text(encoding="utf-8")).get("project") if path.is_file() else None
    if project is None:
        return None
    repository = project.get("urls", {}).get("Repository", "").rstrip("/").removesuffix(".git")
    # JupyterLab collapses the one, Colab the other.
    metadata = {"tags": [INSTALL_TAG], "jupyter": {"source_hidden": True}, "cellView": "form"}
    source = INSTALL.format(repository=repository).rstrip("\n")
    return nbformat.v4.new_code_cell(source, metadata=metadata, execution_count=1)


def is_install(cell: NotebookNode) -> bool:
    return INSTALL_TAG in cell.metadata.get("tags", [])


@lru_cache(4)
def bibliography(book: Book) -> BibliographyData:
    """Every source of the files that `_config.yml` names."""
    names = book.config.get("bibtex_bibfiles") or []
    return parse_string("\n".join((book.root / name).read_text(encoding="utf-8") for name in names), "bibtex")


def citation(entry: Entry, in_text: bool) -> str:
    """A source as author and year, linked to where it can be read: ``[Rosenblatt (1958)](https://doi.org/...)``."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [str(Text.from_latex(" ".join(person.prelast_names + person.last_names))) for person in people]
    who = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
    who = who or str(Text.from_latex(entry.fields.get("organization") or entry.fields["title"]))
    year = entry.fields.get("year", "")
    text = f"{who} ({year})" if in_text and year else ", ".join(filter(None, [who, year]))
    doi, url = entry.fields.get("doi"), entry.fields.get("url")
    url = f"https://doi.org/{doi}" if doi else url
    return f"[{text}](<{url}>)" if url else text


def labels(pattern: str, source: str) -> dict[str, int]:
    """The labels of a page's equations, figures or tables with their numbers."""
    return {label: number for number, label in enumerate(re.findall(pattern, source, flags=re.M), start=1)}


class Markdown:
    """Writes a chapter's MyST as the Markdown that every notebook viewer shows."""

    def __init__(self, book: Book, docname: str, values: Mapping[str, Any]) -> None:
        self.book, self.docname, self.values = book, docname, values
        self.source = book.path(docname).read_text(encoding="utf-8")
        self.sources = bibliography(book)
        self.chapters = book.chapters()
        self.exercises: dict[str, int] = {}

    def __call__(self, text: str) -> str:
        text = re.sub(r"^\(([\w-]+)\)=\n", "", text, flags=re.M)
        text = re.sub(FENCE, self._directive, text, flags=re.M)
        text = re.sub(EQUATION, lambda m: self.number(EQUATION, m[1], "\\tag{{{}}}\n$$"), text, flags=re.M)
        text = re.sub(r"(?<!!)\[([^\]]*)\]\(([\w/.-]+)\)", self._link, text)
        text = re.sub(r"\{([\w:]+)\}(`+)(.+?)\2", lambda m: self._role(m[1], " ".join(m[3].split())), text, flags=re.S)
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n")

    def _role(self, role: str, text: str) -> str:
        if role not in ROLES:
            raise ValueError(f"{self.docname}: no Markdown is known for the role {{{role}}}`{text}`")
        return ROLES[role](self, text)

    def value(self, text: str) -> str:
        """A value of the ledger from a name and a format."""
        name, _, spec = text.partition(":")
        return format_value(self.values[name], spec)

    def number(self, pattern: str, label: str, form: str) -> str:
        """The number of an equation, a figure or a table, with its page when that is another one."""
        for name in [self.docname, *self.chapters]:
            if number := labels(pattern, self.book.path(name).read_text(encoding="utf-8")).get(label):
                return form.format(number) + ("" if name == self.docname else f" of {self._page(name)}")
        raise ValueError(f"{self.docname}: no equation, figure or table has the label {label!r}")

    def cite(self, keys: str, in_text: bool = False) -> str:
        cited = [citation(self.sources.entries[key.strip()], in_text) for key in keys.split(",")]
        if in_text:
            return (" and " if len(cited) == 2 else ", ").join(cited)
        return f"({'; '.join(cited)})"

    def caption(self, cell: NotebookNode) -> str:
        """What stands below a figure: its number and caption, and in words what it shows."""
        about, lines = cell.metadata.get("mystnb", {}), []
        if caption := about.get("figure", {}).get("caption"):
            number = self.number(FIGURE, about["figure"].get("name"), "Figure {}")
            lines.append(f"**{number}.** {self(caption)}")
        if alt := about.get("image", {}).get("alt"):
            lines.append(f"*In words: {alt.strip()}*")
        return "\n\n".join(lines)

    def _page(self, docname: str, title: str = "") -> str:
        """A link to another page's notebook, or the page's title where it has none."""
        path = self.book.path(docname)
        heading = re.search(r"^# (.+)$", path.read_text(encoding="utf-8"), flags=re.M)
        title = title or (heading[1] if heading else path.stem)
        beside = os.path.relpath(path_of(self.book, docname), self.book.path(self.docname).parent)
        return f"[{title}]({Path(beside).as_posix()})" if docname in self.chapters else title

    def _link(self, match: re.Match[str]) -> str:
        title, target = match.groups()
        if re.match(r"\w+:", target):
            return match[0]
        path = self.book.path(self.docname).parent / f"{target.removesuffix('.md')}.md"
        if not path.is_file():  # a label of the page itself
            return title or "this page"
        return self._page(self.book.docname(path), title)

    def _directive(self, match: re.Match[str]) -> str:
        _, name, argument, head, body = match.groups()
        if name not in DIRECTIVES:
            raise ValueError(f"{self.docname}: no Markdown is known for the directive {{{name}}}")
        options = dict(re.findall(r"^:([\w-]+): *(.*)$", head, flags=re.M))
        lines = re.sub(FENCE, self._directive, body, flags=re.M).strip().split("\n")
        return "\n".join(DIRECTIVES[name](self, argument, options, lines))


def parts(text: str) -> tuple[str, str]:
    """The title and the target of a role's text: ``title <target>``, or the target alone."""
    match = re.fullmatch(r"(.*?)\s*<(.*)>", text)
    return (match[1], match[2]) if match else ("", text)


def quote(title: str, body: list[str]) -> list[str]:
    """A box, as a quote with a title."""
    return [f"> **{title}**", ">", *(f"> {line}".rstrip() for line in body)]


def _numref(writer: Markdown, text: str) -> str:
    label = parts(text)[1]
    pattern, form = (TABLE, "Table {}") if label.startswith("tab-") else (FIGURE, "Figure {}")
    return writer.number(pattern, label, form)


def _code(writer: Markdown, text: str) -> str:
    title, target = parts(text)
    return f"`{(title or target).lstrip('~')}`"


def _exercise(writer: Markdown, argument: str, options: dict[str, str], body: list[str]) -> list[str]:
    number = writer.exercises.setdefault(options["label"], len(writer.exercises) + 1)
    return [f"### Exercise {number}{': ' + argument if argument else ''}", "", *body]


def _solution(writer: Markdown, argument: str, options: dict[str, str], body: list[str]) -> list[str]:
    return [f"**Solution of exercise {writer.exercises.get(argument, '')}.**", "", *body]


# How a role is written, from the page's writer and the role's text.
ROLES: dict[str, Callable[[Markdown, str], str]] = {
    **dict.fromkeys(("glue:text", "ledger"), Markdown.value),
    **dict.fromkeys(("cite", "cite:p"), Markdown.cite),
    "cite:t": lambda writer, text: writer.cite(text, in_text=True),
    "eq": lambda writer, text: writer.number(EQUATION, text, "({})"),
    "numref": _numref,
    **dict.fromkeys(("ref", "doc"), lambda _, text: parts(text)[0] or f"“{text}”"),
    "term": lambda _, text: parts(text)[0] or text,
    **{f"{domain}{kind}": _code for domain in ("", "py:") for kind in ("class", "data", "func", "meth", "mod", "obj")},
    "math": lambda _, text: f"${text}$",
}
# How a directive is written, from the page's writer, the directive's argument, options and body, as lines.
DIRECTIVES: dict[str, Callable[[Markdown, str, dict[str, str], list[str]], list[str]]] = {
    **dict.fromkeys(("exercise", "exercise-start"), _exercise),
    **dict.fromkeys(("solution", "solution-start"), _solution),
    **dict.fromkeys(("exercise-end", "solution-end"), lambda *_: []),
    "math": lambda _, argument, options, body: ["$$", *body, "$$"],
    **dict.fromkeys(("admonition", "dropdown"), lambda _, argument, options, body: quote(argument, body)),
    **{name: lambda _, argument, options, body, title=title: quote(title, body) for name, title in TITLES.items()},
}


def generate(book: Book, docname: str, executed: NotebookNode, values: Mapping[str, Any]) -> NotebookNode:
    """The notebook of a chapter, from its source and an executed notebook of the same cells."""
    markdown = Markdown(book, docname, values)
    ran = iter([cell for cell in code_cells(executed) if not is_install(cell)])
    cells = list(filter(None, [install_cell(book)]))
    count = len(cells)
    for cell in book.read(docname).cells:
        if cell.cell_type == "markdown":
            if text := markdown(cell.source):
                cells.append(nbformat.v4.new_markdown_cell(text))
            continue
        run = next(ran, None)
        if run is None:
            raise ValueError(f"{docname} has more cells than its executed notebook")
        metadata = {key: cell.metadata[key] for key in KEPT_METADATA if key in cell.metadata}
        if HIDDEN_TAGS & set(metadata.get("tags", [])):
            metadata["jupyter"] = {"source_hidden": True}
        new = nbformat.v4.new_code_cell(cell.source.rstrip("\n"), metadata=metadata, outputs=text_outputs(run.outputs))
        # Cells ran from top to bottom, after the one that installs.
        count += 1
        new.execution_count = None if run.execution_count is None else count
        for output in new.outputs:
            if "execution_count" in output:
                output.execution_count = new.execution_count
        cells.append(new)
        if text := markdown.caption(cell):
            cells.append(nbformat.v4.new_markdown_cell(text))
    seen: dict[str, int] = {}
    for cell in cells:
        digest = hashlib.sha256(f"{cell.cell_type}\0{cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def path_of(book: Book, docname: str) -> Path:
    return book.path(docname).with_suffix(".ipynb")


def problems(book: Book) -> list[str]:
    """What is wrong with the notebooks as they lie beside the chapters, without executing anything."""
    import_extensions(book)
    chapters, found = book.chapters(), [f"{name}.ipynb has no chapter" for name in orphans(book)]
    found += [f"{name}.ipynb is missing" for name in chapters if not path_of(book, name).is_file()]
    notebooks = {name: nbformat.read(path, 4) for name in chapters if (path := path_of(book, name)).is_file()}
    values = {key: value for notebook in notebooks.values() for key, value in results(notebook).items()}
    for name, notebook in notebooks.items():
        if any(cell.execution_count is None for cell in code_cells(notebook)):
            found.append(f"{name}.ipynb holds a cell that was not executed")
        try:
            fresh = generate(book, name, notebook, values)
        except (KeyError, ValueError) as error:
            found.append(f"{name}.ipynb is stale: {error}")
            continue
        have, want = ([(c.id, c.source, c.metadata) for c in each.cells] for each in (notebook, fresh))
        if have != want:
            found.append(f"{name}.ipynb is stale: its cells are not those of {name}.md")
    return found


def orphans(book: Book) -> list[str]:
    """Notebooks in the folders of the chapters that no chapter made and that are no page of their own."""
    front, contents = read_contents(book.root)
    chapters, listed = book.chapters(), [front, *(name for _, names in contents for name in names)]
    known = {*chapters, *(name for name in listed if not book.path(name).is_file())}
    folders = {book.root / name.split("/")[0] for name in chapters if "/" in name}
    found = {path for folder in folders for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts}
    return sorted({book.docname(path) for path in found} - known)


def import_extensions(book: Book) -> None:
    """Import what the book extends Sphinx with, so that it registers its roles and directives."""
    for name, folder in ((book.config.get("sphinx") or {}).get("local_extensions") or {}).items():
        if (path := str(book.root / folder)) not in sys.path:
            sys.path.insert(0, path)
        importlib.import_module(name)


def main(root: str | Path = ".") -> int:
    """Write every notebook that changed, from the chapters' runs; an exit code of 1 says that one has no chapter."""
    book = Book(root)
    import_extensions(book)
    runs = run_chapters(book, book.chapters())
    values = {key: value for run in runs.values() for key, value in results(run.notebook).items()}
    for name, run in runs.items():
        path, text = path_of(book, name), nbformat.writes(generate(book, name, run.notebook, values)) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(book.root)}")
    for name in (left := orphans(book)):
        print(f"{name}.ipynb has no chapter: remove it, or name it in _toc.yml")
    return len(left) > 0


if __name__ == "__main__":
    # This file is now the module `__main__`; what a book registers goes to the one of this name.
    from sphinx_ledger import notebooks

    sys.exit(notebooks.main(*sys.argv[1:2]))
