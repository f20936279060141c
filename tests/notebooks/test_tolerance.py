"""The comparison of notebooks notices what it must and forgives only rounding."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from nbval_tolerance import Text

HERE = Path(__file__).parent
SOURCE = 'print("loss 0.8431 after 20 steps\\nscore 1,234.5")\n12.5'


def run_nbval(folder: Path, stream: str, value: str = "12.5", count: int | None = 1, **metadata: object) -> str | None:
    """Run nbval on a notebook of one cell with these reference outputs; None when it passes."""
    outputs = [nbformat.v4.new_output("stream", name="stdout", text=stream)] if stream else []
    outputs.append(nbformat.v4.new_output("execute_result", data={"text/plain": value}, execution_count=1))
    cell = nbformat.v4.new_code_cell(SOURCE, outputs=outputs, execution_count=count, metadata=metadata)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "one.ipynb")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *"-p nbval_tolerance --nbval --nbval-current-env".split(),
            "--color=no",
            "one.ipynb",
        ],
        env={**os.environ, "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        cwd=folder,
    )
    assert "1 passed" in done.stdout or "1 failed" in done.stdout or "error" in done.stdout.lower(), done.stdout
    return None if done.returncode == 0 else done.stdout


REFERENCE = "loss 0.8431 after 20 steps\nscore 1,234.5\n"


def test_the_same_outputs_pass(tmp_path: Path) -> None:
    assert run_nbval(tmp_path, REFERENCE) is None


def test_rounding_passes(tmp_path: Path) -> None:
    assert run_nbval(tmp_path, REFERENCE.replace("0.8431", "0.8432").replace("1,234.5", "1,234.6")) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [("0.8431", "0.8531"), ("loss", "gain"), ("score 1,234.5\n", ""), ("20", "21"), ("1,234.5", "1,244.5")],
    ids=["second digit", "a word", "a missing line", "a whole number", "a large number"],
)
def test_a_change_fails(tmp_path: Path, old: str, new: str) -> None:
    report = run_nbval(tmp_path, REFERENCE.replace(old, new))
    assert report is not None and "mismatch" in report


def test_a_changed_result_fails(tmp_path: Path) -> None:
    assert run_nbval(tmp_path, REFERENCE, value="13.5") is not None


def test_a_missing_output_fails(tmp_path: Path) -> None:
    assert run_nbval(tmp_path, "") is not None


def test_an_unexecuted_cell_fails(tmp_path: Path) -> None:
    report = run_nbval(tmp_path, REFERENCE, count=None)
    assert report is not None and "never executed" in report


def test_a_cell_may_set_its_tolerance_with_a_reason(tmp_path: Path) -> None:
    changed = REFERENCE.replace("0.8431", "0.8501")
    assert run_nbval(tmp_path, changed) is not None
    assert run_nbval(tmp_path, changed, nbval={"rtol": 0.02, "why": "another CPU rounds differently"}) is None
    assert run_nbval(tmp_path, changed, nbval={"rtol": 0.02}) is not None, "a tolerance needs its reason"


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("x 1.0000", "x 1.0005", True),
        ("x 1.000", "x 1.002", False),
        ("x 1e-3", "x 1.0001e-3", True),
        ("-0.5", "0.5", False),
        ("seed 3", "seed 4", False),
        ("v1.2 a", "v1.2 b", False),
        ("   0.5  10.0", " 0.5 10.0", True),
        ("nan", "0.5", False),
        ("0.5", "0.5 0.5", False),
        ("array([1., 2.])", "array([1., 2.1])", False),
    ],
)
def test_text(a: str, b: str, same: bool) -> None:
    assert (Text(a) == b) is same
    assert (Text(a) != b) is not same


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
