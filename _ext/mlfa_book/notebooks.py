"""Make the notebook beside each chapter: loaded code inline, text outputs only, stable ids.

    python -m mlfa_book.notebooks

The same file serves Binder, Colab and nbval. What a notebook viewer cannot render,
roles and directives of the book, is written out as plain Markdown.
"""

from __future__ import annotations

import ast
import hashlib
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

from mlfa_book.chapters import Book, to_text
from mlfa_book.execution import run_chapters
from mlfa_book.ledger import format_value
from mlfa_book.pages import SCORE_HEADERS, SCORES, minutes_to_read

GLUED = "application/papermill.record/text/plain"
KEPT_MIMES = ("text/plain", GLUED)
KEPT_METADATA = ("tags", "nbval")
EQUATION = r"^\$\$ *\(([\w-]+)\) *$"
TABLE = r"^:name: *(tab-[\w-]+)"
FIGURE = r"^  figure:[^\n]*?\bname: *([\w-]+)"
HIDDEN_TAGS = {"hide-input", "hide-cell", "exercise-solution"}
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
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if GLUED in output.get("data", {}):
                found[output["metadata"]["scrapbook"]["name"]] = ast.literal_eval(output["data"][GLUED])
    return found


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


def repository(book: Book) -> str:
    """The address that a notebook on Colab installs the package from, or "": `Repository` in pyproject.toml.

    Unlike a launch button, which is made anew by every build, a notebook is committed. So the address is not that of
    the machine that wrote it: else two people's notebooks would differ, and a fork's pull request would carry the fork.
    """
    path = book.root / "pyproject.toml"
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"] if path.is_file() else {}
    return project.get("urls", {}).get("Repository", "").rstrip("/").removesuffix(".git")


def install_cell(book: Book) -> NotebookNode:
    """The first cell of every notebook, already executed: it prints nothing where there is nothing to install."""
    source = INSTALL.format(repository=repository(book)).rstrip("\n")
    # JupyterLab collapses the one, Colab the other.
    metadata = {"tags": [INSTALL_TAG], "jupyter": {"source_hidden": True}, "cellView": "form"}
    return nbformat.v4.new_code_cell(source, metadata=metadata, execution_count=1)


def is_install(cell: NotebookNode) -> bool:
    return INSTALL_TAG in cell.metadata.get("tags", [])


def bibliography(book: Book) -> BibliographyData:
    path = book.root / "references.bib"
    return _parse(path.read_text(encoding="utf-8") if path.is_file() else "")


@lru_cache(4)
def _parse(text: str) -> BibliographyData:
    return parse_string(text, "bibtex")


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
    """The labels of a page's equations or figures with their numbers."""
    return {label: number for number, label in enumerate(re.findall(pattern, source, flags=re.M), start=1)}


class Markdown:
    """Writes a chapter's MyST as the Markdown that every notebook viewer shows."""

    def __init__(
        self, book: Book, docname: str, values: Mapping[str, Any], sources: BibliographyData | None = None
    ) -> None:
        self.book, self.docname, self.values = book, docname, values
        self.sources = sources or bibliography(book)
        self.source = book.path(docname).read_text(encoding="utf-8")
        self.equations, self.figures = labels(EQUATION, self.source), labels(FIGURE, self.source)
        self.chapters = book.chapters()
        self.exercises: dict[str, int] = {}

    def __call__(self, text: str) -> str:
        text = re.sub(r"^\(([\w-]+)\)=\n", "", text, flags=re.M)
        text = self._fences(text)
        text = re.sub(r"^\$\$ *\(([\w-]+)\) *$", lambda m: f"\\tag{{{self.equations[m[1]]}}}\n$$", text, flags=re.M)
        text = re.sub(r"(?<!!)\[([^\]]*)\]\(([\w/.-]+)\)", self._link, text)
        text = re.sub(r"\{([\w:]+)\}(`+)(.+?)\2", lambda m: self._role(m[1], " ".join(m[3].split())), text, flags=re.S)
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n")

    def _role(self, role: str, text: str) -> str:
        target = re.fullmatch(r"(.*?)\s*<(.*)>", text)
        title, label = (target[1], target[2]) if target else ("", text)
        if role in ("glue:text", "ledger"):
            name, _, spec = text.partition(":")
            return format_value(self.values[name], spec)
        writers: dict[str, Callable[[], str]] = {
            "eq": lambda: self._number(EQUATION, text, "({})"),
            "numref": lambda: (
                self._number(TABLE, label, "Table {}")
                if label.startswith("tab-")
                else self._number(FIGURE, label, "Figure {}")
            ),
            "cite": lambda: f"({self._cite(text, in_text=False)})",
            "cite:t": lambda: self._cite(text, in_text=True),
            "cite:p": lambda: f"({self._cite(text, in_text=False)})",
            "ref": lambda: title or f"“{text}”",
            "doc": lambda: title or f"“{text}”",
            "term": lambda: title or text,
            "cited": lambda: text,
            "math": lambda: f"${text}$",
        }
        if role in writers:
            return writers[role]()
        if role.startswith("py:") or role in ("func", "class", "mod", "meth"):
            return f"`{(title or text).lstrip('~')}`"
        raise ValueError(f"{self.docname}: no Markdown is known for the role {{{role}}}`{text}`")

    def _number(self, pattern: str, label: str, form: str) -> str:
        """The number of an equation or a figure, with its page when that is another one."""
        for name in [self.docname, *self.chapters]:
            source = self.source if name == self.docname else self.book.path(name).read_text(encoding="utf-8")
            numbers = labels(pattern, source)
            if label in numbers:
                number = form.format(numbers[label])
                return number if name == self.docname else f"{number} of {self._page(name)}"
        raise ValueError(f"{self.docname}: no equation, figure or table has the label {label!r}")

    def _page(self, docname: str, title: str = "") -> str:
        """A link to another page's notebook, or the page's title where it has none."""
        path = self.book.path(docname)
        heading = re.search(r"^# (.+)$", path.read_text(encoding="utf-8"), flags=re.M)
        title = title or (heading[1] if heading else path.stem)
        if docname not in self.chapters:
            return title
        beside = Path(os.path.relpath(path.with_suffix(".ipynb"), self.book.path(self.docname).parent)).as_posix()
        return f"[{title}]({beside})"

    def _cite(self, keys: str, in_text: bool) -> str:
        cited = [citation(self.sources.entries[key.strip()], in_text) for key in keys.split(",")]
        return (" and " if in_text and len(cited) == 2 else ", " if in_text else "; ").join(cited)

    def caption(self, cell: NotebookNode) -> str:
        """What stands below a figure: its number and caption, and in words what it shows."""
        about = cell.metadata.get("mystnb", {})
        figure, alt = about.get("figure", {}), about.get("image", {}).get("alt", "")
        lines = []
        if "caption" in figure:
            lines.append(f"**Figure {self.figures[figure['name']]}.** {self(figure['caption']).strip()}")
        if alt:
            lines.append(f"*In words: {alt.strip()}*")
        return "\n\n".join(lines)

    def _link(self, match: re.Match[str]) -> str:
        title, target = match.groups()
        if re.match(r"\w+:", target):
            return match[0]
        path = self.book.path(self.docname).parent / f"{target.removesuffix('.md')}.md"
        if not path.is_file():  # a label of the page itself
            return title or "this page"
        return self._page(self.book.docname(path), title)

    def _fences(self, text: str) -> str:
        """Directives, outermost first, as quotes, headings or tables."""
        lines, out, i = text.split("\n"), [], 0
        while i < len(lines):
            opening = re.match(r"^(:{3,}|`{3,})\{([\w:-]+)\} *(.*)$", lines[i])
            if not opening:
                out.append(lines[i])
                i += 1
                continue
            fence, name, argument = opening.groups()
            end = next(j for j in range(i + 1, len(lines)) if lines[j].rstrip() == fence)
            body = lines[i + 1 : end]
            options = {}
            while body and (option := re.match(r"^:([\w-]+): *(.*)$", body[0])):
                options[option[1]] = option[2]
                body = body[1:]
            out += self._directive(name, argument, options, self._fences("\n".join(body)).strip().split("\n"))
            i = end + 1
        return "\n".join(out)

    def _directive(self, name: str, argument: str, options: dict[str, str], body: list[str]) -> list[str]:
        if name in ("exercise", "exercise-start"):
            number = self.exercises.setdefault(options["label"], len(self.exercises) + 1)
            return [f"### Exercise {number}{': ' + argument if argument else ''}", "", *body]
        if name in ("solution", "solution-start"):
            number = self.exercises.get(argument, "")
            return [f"**Solution of exercise {number}.**", "", *body]
        if name in ("exercise-end", "solution-end"):
            return []
        if name == "math":
            return ["$$", *body, "$$"]
        if name == "scoreboard":
            number = labels(TABLE, self.source)[options["name"]]
            caption = re.sub(r" *\bSeconds [^.]*\.", "", options["caption"])  # a column that is left out
            return [*self._scoreboard(body), "", f"**Table {number}.** {caption}"]
        if name == "before":
            minutes = minutes_to_read(self.source)
            return self._quote("Before you start", [*body, "", f"About {minutes} minutes to read."])
        titles = {"admonition": argument, "seealso": "See also", "note": "Note", "dropdown": argument}
        titles |= {"tip": "Tip", "warning": "Warning", "important": "Important"}
        if name in titles:
            return self._quote(titles[name], body)
        raise ValueError(f"{self.docname}: no Markdown is known for the directive {{{name}}}")

    def _quote(self, title: str, body: list[str]) -> list[str]:
        return [f"> **{title}**", ">", *(f"> {line}".rstrip() for line in body)]

    def _scoreboard(self, rows: list[str]) -> list[str]:
        """The table without its seconds, which are the machine's and not the model's."""
        columns = [(score, spec) for score, spec in SCORES if score != "seconds"]
        headers = ["Model", *(h for h in SCORE_HEADERS if h != "Seconds"), "Page"]
        table = ["| " + " | ".join(headers) + " |", "|" + " --- |" * len(headers)]
        for row in filter(str.strip, rows):
            key, name, where = (part.strip() for part in row.split("|"))
            scores = [format_value(self.values[f"{key}-{score}"], spec) for score, spec in columns]
            table.append("| " + " | ".join([name, *scores, where]) + " |")
        return table


def generate(book: Book, docname: str, executed: NotebookNode, values: Mapping[str, Any]) -> NotebookNode:
    """The notebook of a chapter, from its source and an executed notebook of the same cells."""
    markdown = Markdown(book, docname, values)
    ran = [cell for cell in executed.cells if cell.cell_type == "code" and not is_install(cell)]
    cells, count = [install_cell(book)], 0
    for cell in book.read(docname).cells:
        if cell.cell_type == "markdown":
            if text := markdown(cell.source):
                cells.append(nbformat.v4.new_markdown_cell(text))
        else:
            if count >= len(ran):
                raise ValueError(f"{docname} has more cells than its executed notebook")
            metadata = {key: cell.metadata[key] for key in KEPT_METADATA if key in cell.metadata}
            if HIDDEN_TAGS & set(metadata.get("tags", [])):
                metadata["jupyter"] = {"source_hidden": True}
            new = nbformat.v4.new_code_cell(cell.source.rstrip("\n"), metadata=metadata)
            new.outputs = text_outputs(ran[count].outputs)
            count += 1
            # Cells ran from top to bottom, after the one that installs.
            new.execution_count = None if ran[count - 1].execution_count is None else count + 1
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
    notebook = nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )
    nbformat.validate(notebook)
    return notebook


def path_of(book: Book, docname: str) -> Path:
    return book.path(docname).with_suffix(".ipynb")


def problems(book: Book) -> list[str]:
    """What is wrong with the notebooks as they lie beside the chapters, without executing anything."""
    found, chapters = [], book.chapters()
    present = {path for path in (book.root / "chapters").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts}
    wanted = {path_of(book, name) for name in chapters}
    found += [f"{book.docname(path)}.ipynb has no chapter" for path in sorted(present - wanted)]
    found += [f"{book.docname(path)}.ipynb is missing" for path in sorted(wanted - present)]
    notebooks = {name: nbformat.read(path_of(book, name), 4) for name in chapters if path_of(book, name) in present}
    values = {key: value for notebook in notebooks.values() for key, value in results(notebook).items()}
    for name, notebook in notebooks.items():
        if any(cell.cell_type == "code" and cell.execution_count is None for cell in notebook.cells):
            found.append(f"{name}.ipynb holds a cell that was not executed")
        try:
            fresh = generate(book, name, notebook, values)
        except (KeyError, ValueError) as error:
            found.append(f"{name}.ipynb is stale: {error}")
            continue
        if [(c.id, c.source, c.metadata) for c in fresh.cells] != [
            (c.id, c.source, c.metadata) for c in notebook.cells
        ]:
            found.append(f"{name}.ipynb is stale: its cells are not those of {name}.md")
    return found


def main() -> int:
    book = Book(Path(__file__).parents[2])
    runs = run_chapters(book, book.chapters())
    values = {key: value for run in runs.values() for key, value in results(run.notebook).items()}
    for name, run in runs.items():
        path, text = path_of(book, name), to_text(generate(book, name, run.notebook, values)) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(book.root)}")
    for path in (book.root / "chapters").rglob("*.ipynb"):
        if book.docname(path) not in runs and ".ipynb_checkpoints" not in path.parts:
            path.unlink()
            print(f"removed {path.relative_to(book.root)}, which has no chapter")
    return 0


if __name__ == "__main__":
    sys.exit(main())
