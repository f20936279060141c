"""The workflows are valid and careful, call the make targets, and the words of the book are spelt right."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
BIN = Path(sys.executable).parent


def read(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps(path: Path) -> list[dict]:
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def test_actionlint_finds_nothing() -> None:
    # Without shellcheck and pyflakes, which a machine may have or not.
    command = [str(BIN / "actionlint"), "-shellcheck=", "-pyflakes=", *map(str, WORKFLOWS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_finds_something(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text(WORKFLOWS[0].read_text(encoding="utf-8").replace("runs-on:", "runs-at:"), encoding="utf-8")
    done = subprocess.run([str(BIN / "actionlint"), "-shellcheck=", str(broken)], capture_output=True, text=True)
    assert done.returncode == 1 and "runs-at" in done.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_do_little_and_ends(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"} and workflow["concurrency"]["group"]
    assert all(job["timeout-minutes"] <= 180 for job in workflow["jobs"].values())
    assert "pull_request_target" not in path.read_text(encoding="utf-8")
    for step in steps(path):
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w/-]+@v\d+", step["uses"]), step["uses"]
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        if step.get("uses", "").startswith("actions/setup-python@"):
            wanted = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
            assert step["with"]["python-version"] in (wanted, "3.x")


def test_a_workflow_calls_what_a_reader_calls() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    called = [step["run"] for path in WORKFLOWS for step in steps(path) if "run" in step]
    assert "bash .ci/run" in called and (ROOT / ".ci" / "run").is_file()
    for line in called:
        assert line == "bash .ci/run" or line.startswith(("make ", "gh release create ")), line
        if line.startswith("make "):
            assert re.search(rf"^{line.split()[1]}:", makefile, flags=re.M), f"the Makefile has no target for `{line}`"


def codespell(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "codespell"), "--toml", "pyproject.toml", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")


def test_the_book_is_spelt_right() -> None:
    done = codespell()
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("folder", ["chapters", "code/mlfa", "_ext", "tests"])
def test_a_misspelling_is_found_anywhere(folder: str, tmp_path: Path) -> None:
    name = next((ROOT / folder).rglob("*.md" if folder == "chapters" else "*.py"))
    copy = tmp_path / name.name
    word = "re" + "cieve"  # in two parts, or it would be found here
    copy.write_text(name.read_text(encoding="utf-8") + f"\n# {word}\n", encoding="utf-8")
    done = codespell(str(copy))
    assert done.returncode != 0 and word in done.stdout
