"""The wheel carries its data and works anywhere; the commands say what they need."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_a_wheel_works_anywhere(tmp_path: Path) -> None:
    copy = tmp_path / "a copy"
    command = ["cp", "-r", *(str(ROOT / name) for name in ("code", "pyproject.toml", "README.md", "LICENSE"))]
    copy.mkdir()
    subprocess.run([*command, str(copy)], check=True)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    subprocess.run([*pip, str(copy)], check=True, cwd=tmp_path)
    (wheel,) = tmp_path.glob("mlfa-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert "mlfa/data/california_housing.csv.gz" in archive.namelist()
        archive.extractall(tmp_path / "site")
    program = "import mlfa.datasets as d; print(d.__file__); print(d.load_california_housing().X.shape)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "site") in done.stdout and "(20640, 8)" in done.stdout


def test_the_constraints_lie_in_the_declared_ranges() -> None:
    from packaging.requirements import Requirement

    pins = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, _, version = line.partition("==")
            pins[name.lower().replace("_", "-")] = version
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *(r for group in project["optional-dependencies"].values() for r in group)]
    for requirement in map(Requirement, declared):
        assert pins[requirement.name.lower()] in requirement.specifier, requirement
    assert (pins["torch"], pins["torchvision"]) == ("2.14.1", "0.29.1")


def test_an_old_python_is_refused_in_words(tmp_path: Path) -> None:
    old = tmp_path / "old python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.0" && exit 0\nexit 1\n')
    old.chmod(0o755)
    done = subprocess.run(["make", "environment", f"PYTHON={old}"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0
    assert "needs Python 3.11 or newer, found Python 3.9.0" in done.stdout


@pytest.mark.parametrize("name", ["chapters/tabular/tables", "chapters/tabular/classes", "chapters/appendix/claims"])
def test_pages_name_no_other_host_for_what_they_need(name: str) -> None:
    page = ROOT / "_build" / "html" / f"{name}.html"
    if not page.exists():
        pytest.fail("the book is not built: run `make test`, or `make book` first")
    assert 'src="https://cdn' not in page.read_text(encoding="utf-8")
