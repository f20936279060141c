"""The notebooks beside the chapters are there, current, executed and made of text."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType
from unittest import mock

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from mlfa_book.chapters import Book  # noqa: E402
from mlfa_book.notebooks import INSTALL_TAG, install_cell, path_of, problems  # noqa: E402

CHAPTERS = Book(ROOT).chapters()


def test_the_notebooks_are_current() -> None:
    assert problems(Book(ROOT)) == []


@pytest.fixture
def copy(tmp_path: Path) -> Book:
    for name in ("chapters", "code", "_config.yml", "_toc.yml", "references.bib", "pyproject.toml"):
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
    next(cell for cell in notebook.cells[1:] if cell.cell_type == "code").execution_count = None
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


def prose(name: str) -> Iterator[str]:
    """The text of a notebook, without code and formulas."""
    for cell in nbformat.read(path_of(Book(ROOT), name), 4).cells:
        if cell.cell_type == "markdown":
            yield re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", "", cell.source, flags=re.S)


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_a_viewer_cannot_render_is_written_out(name: str) -> None:
    notebook = nbformat.read(path_of(Book(ROOT), name), 4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"\{[\w:-]+\}`|^(:{3,}|`{3,})\{", cell.source, flags=re.M), cell.source
            assert "\n\n\n" not in cell.source and cell.source == cell.source.strip("\n")
    # Roles, fences, options, targets; keys of the bibliography; labels of equations, figures, exercises.
    leftovers = r"\{[\w:-]*\}|^:{2,}.*|^:\w+:.*|^\([\w-]+\)=|\[\w+\d{4}\w*\]|\b(?:eq|fig|tab|ex)-[a-z]+-\w+"
    assert [found for text in prose(name) for found in re.findall(leftovers, text, flags=re.M)] == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_links_open_what_is_there(name: str) -> None:
    folder = path_of(Book(ROOT), name).parent
    targets = [target for text in prose(name) for target in re.findall(r"\]\(<?([^)>]+)", text)]
    assert targets or "/appendix/" in name
    for target in targets:
        assert re.match(r"https?://", target) or (target.endswith(".ipynb") and (folder / target).is_file()), target


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_figure_keeps_its_caption_and_its_description(name: str) -> None:
    book = Book(ROOT)
    text = "\n".join(prose(name))
    sources = [cell for cell in book.read(name).cells if "figure" in cell.metadata.get("mystnb", {})]
    assert sources or "/appendix/" in name
    for number, cell in enumerate(sources, start=1):
        assert f"**Figure {number}.** " in text
        assert f"*In words: {cell.metadata['mystnb']['image']['alt']}*" in text
    numbers = {int(n) for n in re.findall(r"(?<!\*\*)Figure (\d+)(?! of )", text)}
    assert numbers <= set(range(1, len(sources) + 1))


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_first_cell_installs_and_is_collapsed(name: str) -> None:
    first, *others = nbformat.read(path_of(Book(ROOT), name), 4).cells
    assert first.source == install_cell(Book(ROOT)).source and first.outputs == []
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


def with_urls(book: Book, urls: str) -> Book:
    """Write other addresses into the copy of pyproject.toml."""
    path = book.root / "pyproject.toml"
    text = re.sub(r"^\[project\.urls\]\n(?:.+\n)*", "", path.read_text(encoding="utf-8"), flags=re.M)
    path.write_text(f"{text}\n{urls}", encoding="utf-8")
    return book


HOME = '[project.urls]\nRepository = "https://github.com/a-reader/my.fork"\n'


def test_the_first_cell_does_nothing_elsewhere(copy: Book) -> None:
    assert run_install(with_urls(copy, HOME), colab=False) == ([], None)
    assert run_install(with_urls(copy, ""), colab=False) == ([], None)


def test_the_first_cell_installs_the_package_on_colab(copy: Book) -> None:
    assert run_install(with_urls(copy, HOME), colab=True) == (
        ["install --quiet git+https://github.com/a-reader/my.fork"],
        None,
    )


def test_without_an_address_the_first_cell_says_what_to_do(copy: Book) -> None:
    asked, error = run_install(with_urls(copy, ""), colab=True)
    assert asked == []
    assert isinstance(error, RuntimeError) and "https://github.com/OWNER/NAME into REPOSITORY" in str(error)


def test_another_address_makes_every_notebook_stale(copy: Book) -> None:
    found = problems(with_urls(copy, HOME.replace("my.fork", "another")))
    assert len(found) == len(CHAPTERS) and all("is stale" in problem for problem in found)


@pytest.mark.parametrize("name", CHAPTERS)
def test_loaded_code_is_inline(name: str) -> None:
    book = Book(ROOT)
    sources = [cell.source for cell in nbformat.read(path_of(book, name), 4).cells if cell.cell_type == "code"]
    loads = re.findall(r"^:load: (.+)$", book.path(name).read_text(encoding="utf-8"), flags=re.M)
    for load in loads:
        module = (book.path(name).parent / load).read_text(encoding="utf-8")
        assert module.rstrip("\n") in sources
