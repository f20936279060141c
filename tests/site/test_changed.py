"""`make check` tests the pages that changed since they passed, and no others."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pathlib, pytest

@pytest.mark.parametrize("name", ["one", "two"])
def test_page(name):
    assert "bad" not in pathlib.Path(f"_build/html/{name}.html").read_text()

def test_of_no_page():
    assert False
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "_build" / "html").mkdir(parents=True)
    for name, text in {"_build/html/one.html": "1", "_build/html/two.html": "2", "test_pages.py": TESTS}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "pytest.ini").touch()
    return tmp_path


def check(book: Path, *options: str) -> tuple[int, str]:
    """The exit code of a session, and which tests passed and failed in it."""
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "changed", "-p", "no:cacheprovider", *options]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=book, env=environment, capture_output=True, text=True)
    return done.returncode, " ".join(sorted(re.findall(r"^(?:PASSED|FAILED) \S+\[\w+\]", done.stdout, flags=re.M)))


ONE, TWO = "PASSED test_pages.py::test_page[one]", "PASSED test_pages.py::test_page[two]"


@pytest.mark.parametrize("options", [[], ["-p", "xdist", "-n", "2"]], ids=["one process", "workers"])
def test_what_passed_is_not_asked_again_until_it_changes(book: Path, options: list[str]) -> None:
    assert check(book, *options) == (0, f"{ONE} {TWO}")
    assert check(book, *options) == (0, "")
    page = book / "_build" / "html" / "two.html"
    page.write_text("bad", encoding="utf-8")
    failed = (1, TWO.replace("PASSED", "FAILED"))
    assert check(book, *options) == failed
    assert check(book, *options) == failed, "what failed is asked again"
    page.write_text("good", encoding="utf-8")
    assert check(book, *options) == (0, TWO)


def test_a_changed_test_is_asked_again(book: Path) -> None:
    check(book)
    (book / "test_pages.py").write_text(TESTS.replace("bad", "worse"), encoding="utf-8")
    assert check(book) == (0, f"{ONE} {TWO}")


def test_a_changed_helper_asks_all_of_its_tests_again(book: Path) -> None:
    (book / "visits.py").write_text("WAIT = 1\n", encoding="utf-8")
    (book / "test_else.py").write_text("", encoding="utf-8")
    check(book)
    (book / "test_else.py").write_text("# another test is no helper\n", encoding="utf-8")
    assert check(book) == (0, "")
    (book / "visits.py").write_text("WAIT = 2\n", encoding="utf-8")
    assert check(book) == (0, f"{ONE} {TWO}")


def test_an_interrupted_session_is_not_remembered(book: Path) -> None:
    stopping = TESTS.replace(
        "def test_page(name):", "def test_page(name):\n    if name == 'two': raise KeyboardInterrupt"
    )
    (book / "test_pages.py").write_text(stopping, encoding="utf-8")
    assert check(book)[0] == 2
    assert not (book / "_build" / ".passed.json").exists()
