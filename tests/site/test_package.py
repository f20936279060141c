"""The wheel carries its data and the kernel's side of the ledger, and works anywhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_wheel_works_anywhere(tmp_path: Path) -> None:
    copy = tmp_path / "a copy"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name in ("code", "_ext/ledger"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("*.egg-info", "__pycache__", "_build"))
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    subprocess.run([*pip, str(copy)], check=True, cwd=tmp_path)
    (wheel,) = tmp_path.glob("mlfa-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "site")
    # With the kernel's side of the ledger, which chapters import, and without tests and what was unpacked.
    wanted = {"mlfa/data/california_housing.csv.gz", "mlfa/plotting/__init__.pyi", "sphinx_ledger/records.py"}
    assert wanted <= names
    assert {re.split("[-/]", name)[0] for name in names} == {"mlfa", "sphinx_ledger"}
    assert not [name for name in names if "test" in name or name.endswith("-ubyte")]
    program = (
        "import mlfa.datasets as d; from mlfa.book.ledger import claim; print(d.__file__); "
        "print(d.load_california_housing().X.shape)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "site") in done.stdout and "(20640, 8)" in done.stdout
