"""A pytest plugin for `make check`: of the tests that have one subject, those whose subject is not as it last passed.

Load it with ``-p changed``. The subject of a test that has a page of the built site among its parameters is this page;
that of a test of the core is the core, tests and all. The test file and the helpers beside it are part of the subject:
how a page is visited decides what a test sees of it. Other tests are left to `make test`.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

import pytest

CORE = Path("_ext", "ledger")


@cache
def digest(*paths: Path) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in paths)).hexdigest()


def subject(item: pytest.Item) -> tuple[str, str] | None:
    """What a test is about, by its name, and a digest of how it is now."""
    root = item.config.rootpath
    if item.path.is_relative_to(root / CORE):
        files = [path for path in (root / CORE).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        return CORE.as_posix(), digest(*sorted(files))
    for value in item.callspec.params.values() if hasattr(item, "callspec") else ():
        page = root / "_build" / "html" / f"{value}.html"
        if isinstance(value, str) and page.is_file():
            helpers = [path for path in item.path.parent.glob("*.py") if not path.name.startswith("test_")]
            return f"{value} by {item.path.name}", digest(page, item.path, *sorted(helpers))
    return None


class Changed:
    """Chooses the tests, and remembers which subjects passed all of theirs."""

    def __init__(self, record: Path) -> None:
        self.record = record
        self.passed: dict[str, str] = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
        self.seen: dict[str, str] = {}
        self.failed: set[str] = set()

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        kept, left = [], []
        for item in items:
            found = subject(item)
            if found and self.passed.get(found[0]) != found[1]:
                item.user_properties.append(("subject", list(found)))
                kept.append(item)
            else:
                left.append(item)
        items[:] = kept
        config.hook.pytest_deselected(items=left)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        found = dict(report.user_properties).get("subject")
        if found:
            self.seen[found[0]] = found[1]
            if report.failed:
                self.failed.add(found[0])

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        # A worker saw some tests only, and an interrupted session not all.
        finished = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if finished and not hasattr(session.config, "workerinput"):
            fresh = {name: as_is for name, as_is in self.seen.items() if name not in self.failed}
            self.record.write_text(json.dumps(self.passed | fresh, indent=1), encoding="utf-8")
        # That nothing changed is no failure.
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            session.exitstatus = pytest.ExitCode.OK


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Changed(config.rootpath / "_build" / ".passed.json"))
