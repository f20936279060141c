"""The workflows are valid and careful, call the make targets, and the words of the book are spelt right."""

import re
import subprocess
import sys
import tomllib
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
    assert all(job["timeout-minutes"] < 360 for job in workflow["jobs"].values()), "GitHub ends them after six hours"
    assert "pull_request_target" not in path.read_text(encoding="utf-8")
    for step in steps(path):
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w/-]+@v\d+", step["uses"]), step["uses"]
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        if step.get("uses", "").startswith("actions/setup-python@"):
            wanted = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
            assert step["with"]["python-version"] in (wanted, "${{ matrix.python }}")


def test_the_weekly_job_tries_both_ends_of_what_is_promised() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    first, beyond = (int(number) for number in re.findall(r"3\.(\d+)", settings["project"]["requires-python"]))
    jobs = read(ROOT / ".github" / "workflows" / "weekly.yml")["jobs"]
    assert jobs["newest"]["strategy"]["matrix"]["python"] == [f"3.{first}", f"3.{beyond - 1}"]
    assert {"run": "bash .ci/run", "env": {"CONSTRAINTS": ""}} in jobs["newest"]["steps"]
    assert {"run": "make audit"} in jobs["audit"]["steps"]


def test_what_ran_is_kept_when_a_test_fails() -> None:
    book = read(ROOT / ".github" / "workflows" / "book.yml")["jobs"]["book"]["steps"]
    uses = [step.get("uses", step.get("run", "")).partition("@")[0] for step in book]
    restored, tested, saved = map(uses.index, ("actions/cache/restore", "bash .ci/run", "actions/cache/save"))
    assert restored < tested < saved and book[saved]["if"] == "always()"
    assert {step["with"]["path"] for step in (book[restored], book[saved])} == {"_build/.runs"}
    assert book[restored]["with"]["key"] == book[saved]["with"]["key"]


def test_a_workflow_calls_what_a_reader_calls() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    called = [step["run"] for path in WORKFLOWS for step in steps(path) if "run" in step]
    assert "bash .ci/run" in called and (ROOT / ".ci" / "run").is_file()
    for line in called:
        assert line == "bash .ci/run" or line.startswith(("make ", "gh release create ")), line
        if line.startswith("make "):
            assert re.search(rf"^{line.split()[1]}:", makefile, flags=re.M), f"the Makefile has no target for `{line}`"


def test_the_audit_has_all_that_takes_long() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    called = re.search(r"^audit:.*\n(?:\t.*\n)*?\t\$\(MAKE\) --keep-going (.+)$", makefile, flags=re.M)[1].split()
    assert sorted(called) == ["lighthouse", "links", "memory", "nbval", "release", "robust", "whole"]


def test_the_commands_of_the_readme_are_those_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"^\.PHONY: (.+)$", makefile, flags=re.M)[1].split())
    assert phony == set(re.findall(r"^([a-z]+):", makefile, flags=re.M))
    told = set(re.findall(r"`make ([a-z]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert told == phony - {"environment"}


def codespell(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "codespell"), "--toml", "pyproject.toml", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")


def test_the_book_is_spelt_right() -> None:
    done = codespell()
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_misspelling_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    word = "re" + "cieve"  # in two parts, or it would be found here
    page.write_text(f"What we {word}.\n", encoding="utf-8")
    done = codespell(str(page))
    assert done.returncode != 0 and word in done.stdout
