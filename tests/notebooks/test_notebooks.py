"""The notebooks beside the chapters are there, current, executed and made of text."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from mlfa_book.chapters import Book  # noqa: E402
from mlfa_book.notebooks import path_of, problems  # noqa: E402

CHAPTERS = Book(ROOT).chapters()


def test_the_notebooks_are_current() -> None:
    assert problems(Book(ROOT)) == []


@pytest.fixture
def copy(tmp_path: Path) -> Book:
    for name in ("chapters", "code", "_config.yml", "_toc.yml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path)
    return Book(tmp_path)


def test_a_missing_notebook_is_found(copy: Book) -> None:
    path_of(copy, CHAPTERS[0]).unlink()
    assert problems(copy)[0] == f"{CHAPTERS[0]}.ipynb is missing"


def test_an_orphan_is_found(copy: Book) -> None:
    shutil.copy(path_of(copy, CHAPTERS[0]), copy.root / "chapters" / "images.ipynb")
    assert problems(copy) == ["chapters/images.ipynb has no chapter"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("## Summary", "## In short"),
        ("begin()", "begin()  # changed"),
        ("## Exercises", "## Exercises\n\n```{code-cell} python\n1\n```"),
    ],
)
def test_a_stale_notebook_is_found(copy: Book, old: str, new: str) -> None:
    path = copy.path(CHAPTERS[0])
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert len(found := problems(copy)) == 1 and f"{CHAPTERS[0]}.ipynb is stale" in found[0]


def test_a_changed_module_makes_the_notebook_stale(copy: Book) -> None:
    module = copy.package / "standardizing.py"
    module.write_text(module.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert any("tables.ipynb is stale" in problem for problem in problems(copy))


def test_an_unexecuted_notebook_is_found(copy: Book) -> None:
    path = path_of(copy, CHAPTERS[0])
    notebook = nbformat.read(path, 4)
    next(cell for cell in notebook.cells if cell.cell_type == "code").execution_count = None
    nbformat.write(notebook, path)
    assert problems(copy) == [f"{CHAPTERS[0]}.ipynb holds a cell that was not executed"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_outputs_are_text_and_say_nothing_of_the_machine(name: str) -> None:
    notebook = nbformat.read(path_of(Book(ROOT), name), 4)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type in ("stream", "display_data", "execute_result")
            assert set(output.get("data", {})) <= {"text/plain", "application/papermill.record/text/plain"}
            assert output.get("name") != "stderr", output.text
            text = json.dumps(output)
            assert not re.search(r"0x[0-9a-f]{6,}|/home/|/root/|/tmp/|/work/|\d\d:\d\d:\d\d|\.venv", text), text


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_a_viewer_cannot_render_is_written_out(name: str) -> None:
    notebook = nbformat.read(path_of(Book(ROOT), name), 4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"\{[\w:-]+\}`|^(:{3,}|`{3,})\{", cell.source, flags=re.M), cell.source


@pytest.mark.parametrize("name", CHAPTERS)
def test_loaded_code_is_inline(name: str) -> None:
    book = Book(ROOT)
    sources = [cell.source for cell in nbformat.read(path_of(book, name), 4).cells if cell.cell_type == "code"]
    loads = re.findall(r"^:load: (.+)$", book.path(name).read_text(encoding="utf-8"), flags=re.M)
    for load in loads:
        module = (book.path(name).parent / load).read_text(encoding="utf-8")
        assert module.rstrip("\n") in sources
