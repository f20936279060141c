"""What Binder builds: repo2docker accepts it, its versions are the book's, and none of them is for a graphics card."""

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
BINDER = ROOT / "binder"


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {name.lower(): version for name, _, version in (line.partition("==") for line in lines) if version}


def requirements() -> list[str]:
    lines = (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def dockerfile() -> str:
    """The recipe that repo2docker makes of this repository, without building it."""
    # Started from here, so that no settings of another folder are read. It needs no Docker for this.
    command = [str(Path(sys.executable).with_name("jupyter-repo2docker")), "--no-build", "--debug", "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_repo2docker_accepts_it(dockerfile: str) -> None:
    assert re.search(r"^FROM ", dockerfile, flags=re.M)
    installs, runs = dockerfile.find('-r "binder/requirements.txt"'), dockerfile.find("RUN ./binder/postBuild")
    copies = dockerfile.find(" src/ ${REPO_DIR}/")
    assert 0 < copies < installs < runs, "constraints.txt has to be there before anything is installed by it"


def test_python_is_the_one_that_the_versions_were_tried_with() -> None:
    name, _, version = (BINDER / "runtime.txt").read_text(encoding="utf-8").strip().partition("-")
    assert name == "python" and Version(version) >= Version("3.11")


def test_every_version_comes_from_the_one_list() -> None:
    lines = requirements()
    assert "--constraint ../constraints.txt" in lines
    named = [Requirement(line) for line in lines if not line.startswith("-")]
    assert {r.name for r in named} == {"torch", "torchvision", "jupyterlab", "jupyterlab-myst", "dask", "distributed"}
    for requirement in named:
        pin = pins()[requirement.name.replace("-", "_") if requirement.name == "jupyterlab-myst" else requirement.name]
        # The list allows what is asked for, and only the CPU builds are asked for by a version of their own.
        wanted = str(requirement.specifier)
        assert wanted == (f"=={pin}+cpu" if requirement.name.startswith("torch") else "")
        assert Version(f"{pin}+cpu") in Requirement(f"{requirement.name}=={pin}").specifier


def test_nothing_for_a_graphics_card_is_asked_for() -> None:
    assert not [name for name in pins() if name.startswith(("nvidia", "cuda", "triton"))]
    assert "--extra-index-url https://download.pytorch.org/whl/cpu" in requirements()


def test_the_package_comes_with_its_data() -> None:
    script = BINDER / "postBuild"
    text = script.read_text(encoding="utf-8")
    assert text.startswith("#!/bin/bash\n") and "set -eu" in text
    assert re.search(r"^python -m pip install .*--constraint constraints\.txt .*--editable \.$", text, flags=re.M)
    listed = subprocess.run(["git", "ls-files", "-s", "binder/postBuild"], cwd=ROOT, capture_output=True, text=True)
    assert listed.stdout.startswith("100755") or script.stat().st_mode & stat.S_IXUSR
