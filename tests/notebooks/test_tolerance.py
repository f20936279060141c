"""The comparison of notebooks notices what it must and forgives only rounding, with kernels and without."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from nbval_tolerance import Text

HERE = Path(__file__).parent
MODES = pytest.mark.parametrize("plugins", ["", "-p build_runs"], ids=["kernels", "runs"])


@pytest.fixture
def book(small_book: Path, tmp_path: Path) -> Path:
    return shutil.copytree(small_book, tmp_path / "book")


def nbval(book: Path, plugins: str) -> str:
    """What nbval says of a book's notebooks, none of which passes as a whole."""
    command = f"-m pytest -p nbval_tolerance {plugins} --nbval --nbval-current-env --color=no pages"
    paths = os.pathsep.join([str(HERE), str(HERE.parents[1] / "_ext" / "ledger")])
    environment = {**os.environ, "PYTHONPATH": paths, "READERS_OWN": "a variable that no kernel of a build sees"}
    done = subprocess.run([sys.executable, *command.split()], env=environment, capture_output=True, text=True, cwd=book)
    assert done.returncode != 0, done.stdout
    return done.stdout + done.stderr


def edit(path: Path, *changes: tuple[int, str, str]) -> None:
    """Change reference outputs of a notebook: number of the cell, old text, new text."""
    notebook = nbformat.read(path, 4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, old, new in changes:
        [output] = code[number].outputs
        holder, key = (output, "text") if "text" in output else (output.data, "text/plain")
        assert old in holder[key]
        holder[key] = holder[key].replace(old, new)
    nbformat.write(notebook, path)


@MODES
def test_a_change_fails_and_rounding_passes(book: Path, plugins: str) -> None:
    second_digit, a_word, a_missing_line = (1, "0.8431", "0.8531"), (2, "a word", "one word"), (5, "a word\n", "")
    rounding = (4, "0.8431", "0.8432")
    edit(book / "pages" / "one.ipynb", second_digit, a_word, rounding, a_missing_line)
    report = nbval(book, plugins)
    assert re.findall(r"^FAILED pages/one.ipynb::Cell (\d)", report, flags=re.M) == ["1", "2", "5"], report
    failures, _ = report.split("short test summary info")  # which tells them once more where CI is set
    assert "3 failed, 8 passed" in report and failures.count("mismatch 'stdout'") == 3, report


@MODES
def test_a_stale_or_missing_notebook_fails(book: Path, plugins: str) -> None:
    chapter = book / "pages" / "one.md"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace("# A chapter", "# The chapter"), encoding="utf-8")
    (book / "pages" / "two.ipynb").unlink()
    report = nbval(book, plugins)
    assert "pages/one.ipynb is stale" in report and "pages/two.ipynb is missing" in report and "passed" not in report


def test_a_page_that_was_not_built_fails(book: Path) -> None:
    shutil.rmtree(book / "_build")
    report = nbval(book, "-p build_runs")
    assert "pages/one is not built: run make book" in report and "passed" not in report


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("x 1.0000", "x 1.0005", True),
        ("x 1.000", "x 1.002", False),
        ("x 1e-3", "x 1.0001e-3", True),
        ("1,234.5", "1,234.6", True),
        ("1,234.5", "1,244.5", False),
        ("-0.5", "0.5", False),
        ("seed 3", "seed 4", False),
        ("v1.2 a", "v1.2 b", False),
        ("a 1.5\nb 2.5", "a 1.5", False),
        ("   0.5  10.0", " 0.5 10.0", True),
        ("nan", "0.5", False),
        ("0.5", "0.5 0.5", False),
        ("array([1., 2.])", "array([1., 2.1])", False),
    ],
)
def test_text(a: str, b: str, same: bool) -> None:
    assert (Text(a) == b) is same
    assert (Text(a) != b) is not same


def test_a_cell_may_set_its_tolerance() -> None:
    setting = {"rtol": 0.02, "why": "another CPU rounds differently"}
    assert Text.within("loss 0.8431 at 100", setting) == "loss 0.8501 at 101"
    assert Text.within("loss 0.8431 at 100", setting) != "loss 0.8701 at 100"
    assert Text.within("loss 0.8431 at 100", {}) != "loss 0.8501 at 100"
    with pytest.raises(ValueError, match=r"must say why, got nbval: .*rtol"):
        Text.within("loss 0.8431 at 100", {"rtol": 0.02})


def test_dots_that_stand_for_more_are_no_number() -> None:
    assert Text("rows 1, 2, ... of ten .") == Text("rows 1, 2, ... of ten .")
    assert Text("a, ...") != Text("b, ...") and Text("a 2.5...") == Text("a 2.5001...")


def test_a_full_stop_is_no_number() -> None:
    assert Text("'4 and 9 (14 times).'").parts() == (["'4 and 9 (14 times).'"], [])


def test_the_size_of_a_figure_is_two_numbers() -> None:
    reference, other = Text("<Figure size 540x157.5 with 1 Axes>"), "<Figure size 540x178.75 with 1 Axes>"
    assert reference != other
    reference.rtol = 0.2
    assert reference == other
    assert reference != "<Figure size 640x157.5 with 1 Axes>"
    assert reference != "<Figure size 540x178.75 with 2 Axes>"
