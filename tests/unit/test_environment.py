"""`.venv` is made anew exactly when what decides it changed, and a failure leaves the old one at work."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "1"
requires-python = ">=3.11,<3.15"
dependencies = []

[project.optional-dependencies]
book = []
test = []

[tool.codespell]
ignore-words-list = "one"
"""
# What pip asks of a build backend, without anything to install first: a wheel that needs what the project names.
BACKEND = r"""
import tomllib, zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    with open("pyproject.toml", "rb") as file:
        needs = tomllib.load(file)["project"]["dependencies"]
    head = ["Metadata-Version: 2.1", "Name: tiny", "Version: 1", "Provides-Extra: book", "Provides-Extra: test"]
    files = {
        "tiny.py": "",
        "tiny-1.dist-info/METADATA": "\n".join(head + [f"Requires-Dist: {need}" for need in needs]) + "\n",
        "tiny-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "tiny-1.dist-info/RECORD": "",
    }
    with zipfile.ZipFile(f"{folder}/tiny-1-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return "tiny-1-py3-none-any.whl"
"""


class Tiny:
    """A project that needs nothing, on a machine without a network."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.python = root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.stamp = root / ".venv" / "installed.json"
        (root / "backend.py").write_text(BACKEND, encoding="utf-8")
        self.write(PROJECT)

    def write(self, project: str) -> None:
        (self.root / "pyproject.toml").write_text(project, encoding="utf-8")

    def make(self, *options: str) -> tuple[int, str]:
        """The exit code of the program that make calls, and all its words."""
        settings = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
        done = subprocess.run(
            [sys.executable, str(ROOT / "tools" / "environment.py"), *options],
            cwd=self.root,
            env={**settings, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull},
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    def works(self) -> bool:
        return subprocess.run([str(self.python), "-c", "import tiny"], cwd=self.python.parent).returncode == 0


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The project with its environment, made once; each test leaves both as they were."""
    project = Tiny(tmp_path_factory.mktemp("a project"))
    code, words = project.make()
    assert code == 0 and words.startswith("Setting up .venv with Python 3."), words
    assert project.works()
    return project


def test_what_decides_nothing_moves_nothing(tiny: Tiny) -> None:
    before = tiny.stamp.stat().st_mtime_ns
    tiny.write(PROJECT.replace('"one"', '"one,two"') + "\n# a remark\n")
    (tiny.root / "constraints.txt").write_text("# only a remark\n", encoding="utf-8")
    assert tiny.make("--named") == (0, "")
    assert tiny.make("--constraints", "constraints.txt") == (0, "")
    assert tiny.stamp.stat().st_mtime_ns == before
    tiny.write(PROJECT)


@pytest.mark.parametrize(
    ("change", "options", "named"),
    [
        (("dependencies = []", 'dependencies = ["is-not-there"]'), [], "packages"),
        (("", ""), ["--constraints", "pins.txt"], "constraints"),
    ],
    ids=["packages", "constraints"],
)
def test_without_a_network_the_old_environment_stays(tiny: Tiny, change: tuple, options: list, named: str) -> None:
    (tiny.root / "pins.txt").write_text("tiny==2\n", encoding="utf-8")
    stamp = tiny.stamp.read_text(encoding="utf-8")
    tiny.write(PROJECT.replace(*change, 1))
    code, words = tiny.make(*options)
    assert code == 1 and f"(changed: {named})" in words and "Traceback" not in words
    assert re.search(r"No new environment: `.*pip install .*` ended with 1\. The old one is back", words), words
    assert tiny.works() and tiny.stamp.read_text(encoding="utf-8") == stamp
    assert not (tiny.root / ".venv-old").exists()
    tiny.write(PROJECT)
    assert tiny.make() == (0, "")


def test_another_python_is_noticed_if_it_is_asked_for(tiny: Tiny) -> None:
    made = json.loads(tiny.stamp.read_text(encoding="utf-8"))
    tiny.stamp.write_text(json.dumps({**made, "python": "3.10.0"}), encoding="utf-8")
    assert tiny.make() == (0, ""), "any Python will do"
    code, words = tiny.make("--named")
    assert code == 0 and "(changed: python)" in words
    assert json.loads(tiny.stamp.read_text(encoding="utf-8")) == made and tiny.works()


def test_a_killed_run_is_made_good(tiny: Tiny) -> None:
    # As a kill leaves them: the old one aside, the new one without its stamp.
    (tiny.root / ".venv").rename(tiny.root / ".venv-old")
    (tiny.root / ".venv" / "bin").mkdir(parents=True)
    assert tiny.make() == (0, "")
    assert tiny.works() and not (tiny.root / ".venv-old").exists()


@pytest.mark.parametrize("promised", [">=3.6,<3.9", ">=3.40,<3.42"])
def test_a_python_outside_of_the_range_is_refused_in_words(tiny: Tiny, promised: str) -> None:
    tiny.write(PROJECT.replace(">=3.11,<3.15", promised))
    code, words = tiny.make()
    first, beyond = re.findall(r"3\.(\d+)", promised)
    assert code == 1 and f"needs Python 3.{first} to 3.{int(beyond) - 1}, and {sys.executable} is 3." in words
    assert f"make PYTHON=python3.{first}" in words and "Traceback" not in words
    tiny.write(PROJECT)


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize(
    "page",
    ["README.md", "CONTRIBUTING.md", "index.md", "chapters/appendix/run-it-yourself.md", "tools/release.py"],
)
def test_the_promised_range_is_the_one_that_pip_and_make_keep(page: str) -> None:
    first, beyond = (int(number) for number in re.findall(r"3\.(\d+)", project()["requires-python"]))
    text = (ROOT / page).read_text(encoding="utf-8").replace("`", "")
    assert f"Python 3.{first} to 3.{beyond - 1}" in text
    assert not re.search(r"Python 3\.\d+ or (newer|later)", text)


def test_the_constraints_lie_in_the_declared_ranges() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.lower().replace("_", "-").split("==") for line in lines if line and not line.startswith("#"))
    for group in (project()["dependencies"], *project()["optional-dependencies"].values()):
        for requirement in map(Requirement, group):
            assert pins[requirement.name.lower()] in requirement.specifier, requirement


def test_this_python_is_one_of_those_promised() -> None:
    assert SpecifierSet(project()["requires-python"]).contains(".".join(map(str, sys.version_info[:3])))


@pytest.mark.parametrize(("chosen", "named"), [(["PYTHON=python3.12"], True), ([], False)])
def test_make_tells_a_chosen_python_from_its_own_default(chosen: list[str], named: bool) -> None:
    settings = {key: value for key, value in os.environ.items() if key != "PYTHON" and not key.startswith("MAKE")}
    command = ["make", "--dry-run", "environment", *chosen]
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=True)
    assert "tools/environment.py" in done.stdout and ("--named" in done.stdout) == named
