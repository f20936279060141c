"""Make `.venv`, the environment in which the book is built and tested, unless the right one is there.

Run by make with the Python that is to be in it. It needs the standard library alone, and asks for this Python's version
before it imports what older ones lack.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

EXTRAS = ["book", "test"]
HOME, ASIDE = Path(".venv"), Path(".venv-old")
STAMP = HOME / "installed.json"
PROGRAM = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def check_python() -> None:
    """End with a sentence where this Python is not one of those that `requires-python` names."""
    text = Path("pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^requires-python = ">=3\.(\d+),<3\.(\d+)"$', text, flags=re.M)
    if not found:
        raise SystemExit('pyproject.toml needs a line of this form: requires-python = ">=3.11,<3.15"')
    first, beyond = (int(number) for number in found.groups())
    if not (3, first) <= sys.version_info[:2] < (3, beyond):
        version = ".".join(map(str, sys.version_info[:3]))
        raise SystemExit(
            f"This book needs Python 3.{first} to 3.{beyond - 1}, and {sys.executable} is {version}. "
            f"Name another: make PYTHON=python3.{first} ..."
        )


def wanted(constraints: str) -> dict:
    """All that decides what is installed, and nothing else: a word for the spelling checker moves no package."""
    import tomllib

    settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    project = settings["project"]
    pins = Path(constraints).read_text(encoding="utf-8").splitlines() if constraints else []
    return {
        "python": ".".join(map(str, sys.version_info[:3])),
        "folder": os.getcwd(),
        "build": settings["build-system"]["requires"],
        "packages": sum((project["optional-dependencies"][extra] for extra in EXTRAS), project["dependencies"]),
        "constraints": [line for line in pins if line and not line.startswith("#")],
    }


def installed() -> dict:
    """What the environment was made from; nothing where there is none, or its Python has gone."""
    try:
        return json.loads(STAMP.read_text(encoding="utf-8")) if PROGRAM.exists() else {}
    except (OSError, ValueError):
        return {}


def put_back() -> None:
    """Give the old environment its place again after a new one was not finished."""
    shutil.rmtree(HOME, ignore_errors=True)
    if ASIDE.exists():
        ASIDE.rename(HOME)


def make(want: dict, constraints: str) -> None:
    """Make the environment anew. The old one waits beside it, and comes back if anything goes wrong."""
    if HOME.exists():
        HOME.rename(ASIDE)
    try:
        # The file itself: where PYTHON lies in the old environment, its link has just moved.
        subprocess.run([os.path.realpath(sys.executable), "-m", "venv", str(HOME)], check=True)
        pip = [str(PROGRAM), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        limits = ["--constraint", constraints] if constraints else []
        subprocess.run([*pip, *limits, "--editable", f".[{','.join(EXTRAS)}]"], check=True)
        STAMP.write_text(json.dumps(want, indent=1), encoding="utf-8")
    except BaseException:
        put_back()
        raise
    shutil.rmtree(ASIDE, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--constraints", default="", help="file of exact versions; without it the newest are taken")
    parser.add_argument("--named", action="store_true", help="this Python is asked for, not just any")
    arguments = parser.parse_args()
    check_python()
    if ASIDE.exists() and not installed():
        put_back()  # a run was killed
    have, want = installed(), wanted(arguments.constraints)
    other = [key for key in want if have.get(key) != want[key] and (key != "python" or arguments.named or not have)]
    if not other:
        return
    shutil.rmtree(ASIDE, ignore_errors=True)
    reason = f" (changed: {', '.join(other)})" if have else ""
    print(f"Setting up .venv with Python {want['python']}; this takes a few minutes{reason}", flush=True)
    try:
        make(want, arguments.constraints)
    except subprocess.CalledProcessError as error:
        left = "The old one is back in its place and works as before." if HOME.exists() else "There was none before."
        raise SystemExit(f"No new environment: `{' '.join(error.cmd)}` ended with {error.returncode}. {left}") from None


if __name__ == "__main__":
    main()
