"""Every check tells right from wrong, and every known mistake gets its own hint."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import numpy as np
import pytest

from mlfa import exercises
from mlfa.exercises.grading import Check, Mistake

ROOT = Path(__file__).parents[2]
CHECKS = {name: getattr(exercises, name) for name in exercises.__all__}
MISTAKES = [(name, k) for name, check in CHECKS.items() for k in range(len(check.mistakes))]
NOTEBOOKS = sorted((ROOT / "chapters").rglob("*.ipynb"))
# The data sheets have cells and no exercises.
WITH_EXERCISES = [
    path for path in NOTEBOOKS if "\n## Exercises\n" in path.with_suffix(".md").read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", CHECKS)
def test_the_reference_passes(name: str) -> None:
    report = CHECKS[name](CHECKS[name].reference)
    assert report.passed and repr(report).startswith("Right."), report


@pytest.mark.parametrize("name", CHECKS)
def test_a_starter_fails(name: str) -> None:
    report = CHECKS[name](lambda *args: None)
    assert not report.passed and "returns nothing yet" in repr(report)


@pytest.mark.parametrize(("name", "k"), MISTAKES)
def test_each_mistake_gets_its_hint(name: str, k: int) -> None:
    check = CHECKS[name]
    report = check(check.mistakes[k].function)
    assert not report.passed
    assert report.hint == check.mistakes[k].hint and report.hint in repr(report)


@pytest.mark.parametrize("name", CHECKS)
def test_each_check_knows_several_mistakes(name: str) -> None:
    hints = [mistake.hint for mistake in CHECKS[name].mistakes]
    assert len(hints) >= 2 and len(set(hints)) == len(hints)


def test_grading_says_what_is_wrong() -> None:
    check = Check(
        "the double", lambda x: 2 * x, [(1.0,), (np.array([1.0, 2.0]),)], [Mistake("Once more.", lambda x: x)]
    )
    assert "Pass the function itself" in repr(check(3))
    assert "ZeroDivisionError" in repr(check(lambda x: x / 0 if np.isscalar(x) else x / 0 + {}[1]))
    assert "1 of 2 trials are right" in repr(check(lambda x: 2 * x if np.isscalar(x) else x[:1]))
    assert "should have shape (2,); yours has (1,)" in repr(check(lambda x: 2 * x if np.isscalar(x) else x[:1]))
    assert check(lambda x: x).hint == "Once more."
    assert check(lambda x: 3 * x).hint is None


def test_an_attempt_cannot_spoil_the_next_trial() -> None:
    case = np.array([1.0, 2.0])

    def spoils(x):
        x *= 2
        return x

    check = Check("the double", lambda x: 2 * x, [(case,), (case,)])
    assert check(spoils).passed and case.tolist() == [1.0, 2.0]


def exercise_cells(path: Path, tag: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, 4).cells if tag in cell.metadata.get("tags", [])]


def last_text(cell: nbformat.NotebookNode) -> str:
    return cell.outputs[-1].data["text/plain"]


@pytest.mark.parametrize("path", WITH_EXERCISES, ids=lambda path: path.stem)
def test_starters_fail_and_solutions_pass_on_the_page(path: Path) -> None:
    starters, solutions = exercise_cells(path, "exercise-starter"), exercise_cells(path, "exercise-solution")
    called = [ast.unparse(ast.parse(cell.source).body[-1]).split("(")[0] for cell in starters]
    assert len(starters) >= 2
    assert all(last_text(cell).startswith("Not yet.") for cell in starters)
    for name in called:
        matching = [cell for cell in solutions if f"\n{name}(" in cell.source]
        assert len(matching) == 1, f"{name} has no single solution in {path.name}"
        assert last_text(matching[0]).startswith("Right.")


def test_every_check_is_used_on_a_page() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS)
    assert not [name for name in CHECKS if f"{name}(" not in text]
