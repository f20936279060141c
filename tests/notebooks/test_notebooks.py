"""The notebooks beside the chapters are there, current, executed and made of text."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import lru_cache
from io import StringIO
from pathlib import Path
from types import ModuleType
from unittest import mock

import nbformat
import pytest
from nbformat import NotebookNode

from sphinx_ledger.chapters import Book
from sphinx_ledger.notebooks import INSTALL_TAG, install_cell, main, path_of, problems

BOOK = Book(Path(__file__).parents[2])
CHAPTERS = BOOK.chapters()


@lru_cache
def read(name: str) -> NotebookNode:
    return nbformat.read(path_of(BOOK, name), 4)


def test_the_notebooks_are_current() -> None:
    assert problems(BOOK) == []


@pytest.fixture
def copy(small_book: Path, tmp_path: Path) -> Book:
    return Book(shutil.copytree(small_book, tmp_path / "book"))


def test_a_missing_notebook_is_found(copy: Book) -> None:
    path_of(copy, "pages/one").unlink()
    assert problems(copy) == ["pages/one.ipynb is missing"]


def test_an_orphan_is_found_and_left_to_its_owner(copy: Book, capsys: pytest.CaptureFixture) -> None:
    orphan = copy.root / "pages" / "deeper" / "left.ipynb"
    orphan.parent.mkdir()
    shutil.copy(path_of(copy, "pages/one"), orphan)
    assert problems(copy) == ["pages/deeper/left.ipynb has no chapter"]
    assert main(copy.root) == 1 and orphan.is_file()
    assert "pages/deeper/left.ipynb has no chapter: remove it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("pages/two.md", "Words.", "Other words."),
        ("pages/two.md", "A caption.", "Another."),
        ("pages/two.md", "Nothing is shown.", "A blank."),
        ("pages/two.md", "\n0\n", "\n0  # changed\n"),
        ("pages/two.md", "Words.", "```{code-cell} python\n1\n```"),
        ("pages/loaded.py", "two = 2", "two = 1 + 1"),
        ("pyproject.toml", "my.fork", "another"),
    ],
)
def test_a_stale_notebook_is_found(copy: Book, name: str, old: str, new: str) -> None:
    path = copy.root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert any(problem.startswith("pages/two.ipynb is stale") for problem in problems(copy))


def test_an_unexecuted_notebook_is_found(copy: Book) -> None:
    path = path_of(copy, "pages/one")
    notebook = nbformat.read(path, 4)
    notebook.cells[-1].execution_count = None
    nbformat.write(notebook, path)
    assert problems(copy) == ["pages/one.ipynb holds a cell that was not executed"]


def test_writing_again_changes_nothing(copy: Book, capsys: pytest.CaptureFixture) -> None:
    assert main(copy.root) == 0 and capsys.readouterr().out == ""


def test_what_has_no_markdown_is_named(copy: Book) -> None:
    with copy.path("pages/one").open("a", encoding="utf-8") as file:
        file.write("\n:::{figure} a.png\n:::\n")
    assert problems(copy) == ["pages/one.ipynb is stale: pages/one: no Markdown is known for the directive {figure}"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_outputs_are_text_and_say_nothing_of_the_machine(name: str) -> None:
    notebook = read(name)
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


def prose(name: str) -> Iterator[str]:
    """The text of a notebook, without code and formulas."""
    for cell in read(name).cells:
        if cell.cell_type == "markdown":
            yield re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", "", cell.source, flags=re.S)


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_a_viewer_cannot_render_is_written_out(name: str) -> None:
    for cell in read(name).cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"\{[\w:-]+\}`|^(:{3,}|`{3,})\{", cell.source, flags=re.M), cell.source
            assert "\n\n\n" not in cell.source and cell.source == cell.source.strip("\n")
    # Roles, fences, options, targets; keys of the bibliography; labels of equations, figures, exercises.
    leftovers = r"\{[\w:-]*\}|^:{2,}.*|^:\w+:.*|^\([\w-]+\)=|\[\w+\d{4}\w*\]|\b(?:eq|fig|tab|ex)-[a-z]+-\w+"
    assert [found for text in prose(name) for found in re.findall(leftovers, text, flags=re.M)] == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_links_open_what_is_there(name: str) -> None:
    folder = path_of(BOOK, name).parent
    targets = [target for text in prose(name) for target in re.findall(r"\]\(<?([^)>]+)", text)]
    assert targets or "/appendix/" in name
    for target in targets:
        assert re.match(r"https?://", target) or (target.endswith(".ipynb") and (folder / target).is_file()), target


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_figure_keeps_its_caption_and_its_description(name: str) -> None:
    text = "\n".join(prose(name))
    sources = [cell for cell in BOOK.read(name).cells if "figure" in cell.metadata.get("mystnb", {})]
    assert sources or "/appendix/" in name
    for number, cell in enumerate(sources, start=1):
        assert f"**Figure {number}.** " in text
        assert f"*In words: {cell.metadata['mystnb']['image']['alt']}*" in text
    numbers = {int(n) for n in re.findall(r"(?<!\*\*)Figure (\d+)(?! of )", text)}
    assert numbers <= set(range(1, len(sources) + 1))


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_first_cell_installs_and_is_collapsed(name: str) -> None:
    first, *others = read(name).cells
    assert first.source == install_cell(BOOK).source and first.outputs == []
    assert first.metadata["jupyter"]["source_hidden"] and first.metadata["cellView"] == "form"
    assert not [cell for cell in others if INSTALL_TAG in cell.metadata.get("tags", [])]
    counts = [cell.execution_count for cell in [first, *others] if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


def run_install(book: Book, colab: bool) -> tuple[list[str], BaseException | None]:
    """Run the first cell in an IPython shell, with pip and, if wanted, Colab's module replaced."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    asked: list[str] = []
    shell.register_magic_function(lambda line: asked.append(line), magic_name="pip")
    package = ModuleType("google")
    package.colab = ModuleType("google.colab")
    modules = {"google": package, "google.colab": package.colab} if colab else {"google.colab": None}
    with mock.patch.dict(sys.modules, modules), redirect_stdout(StringIO()) as shown:
        done = shell.run_cell(install_cell(book).source)
    assert colab or shown.getvalue() == ""
    return asked, done.error_in_exec or done.error_before_exec


def test_the_first_cell_does_nothing_elsewhere(copy: Book) -> None:
    assert run_install(copy, colab=False) == ([], None)


def test_the_first_cell_installs_the_package_on_colab(copy: Book) -> None:
    assert run_install(copy, colab=True) == (["install --quiet git+https://github.com/a-reader/my.fork"], None)


def test_without_an_address_the_first_cell_says_what_to_do(copy: Book) -> None:
    (copy.root / "pyproject.toml").write_text('[project]\nname = "book"\n', encoding="utf-8")
    assert run_install(copy, colab=False) == ([], None)
    asked, error = run_install(copy, colab=True)
    assert asked == []
    assert isinstance(error, RuntimeError) and "https://github.com/OWNER/NAME into REPOSITORY" in str(error)


def test_a_book_without_a_project_installs_nothing(copy: Book) -> None:
    (copy.root / "pyproject.toml").unlink()
    assert install_cell(copy) is None
    assert main(copy.root) == 0
    assert "google.colab" not in path_of(copy, "pages/one").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CHAPTERS)
def test_loaded_code_is_inline(name: str) -> None:
    sources = [cell.source for cell in read(name).cells if cell.cell_type == "code"]
    loads = re.findall(r"^:load: (.+)$", BOOK.path(name).read_text(encoding="utf-8"), flags=re.M)
    for load in loads:
        module = (BOOK.path(name).parent / load).read_text(encoding="utf-8")
        assert module.rstrip("\n") in sources
