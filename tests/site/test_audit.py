"""What `make audit` holds against a page, and that it runs the version of Lighthouse that it names."""

import json
import os
import sys
import time

import psutil
import pytest

from audit import audit

GOOD = {
    "page": "index",
    "device": "mobile",
    "performance": 90,
    "accessibility": 100,
    "best-practices": 95,
    "seo": 95,
    "bytes": 999_999,
    "requests": 9,
    "error": None,
    "lost": [],
}


def test_a_page_within_the_limits() -> None:
    assert audit.below(GOOD) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("performance", 89),
        ("accessibility", 99),
        ("best-practices", 94),
        ("seo", 94),
        ("bytes", 1_000_000),
        ("error", "The page did not load."),
    ],
)
def test_what_falls_short_is_named(name: str, value: object) -> None:
    short = audit.below({**GOOD, name: value})
    assert len(short) == 1
    assert name in short[0] or str(value) in short[0].replace(",", "")


def test_lighthouse_is_pinned() -> None:
    wanted = json.loads((audit.HERE / "package.json").read_text())["dependencies"]["lighthouse"]
    locked = json.loads((audit.HERE / "package-lock.json").read_text())["packages"]["node_modules/lighthouse"]
    assert wanted == locked["version"]
    assert locked["integrity"].startswith("sha512-")


# Says one result, and then nothing, as does the browser that it started: its number stands in for the requests.
STUCK = """
import json, subprocess, sys, time
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
print(json.dumps({**json.loads(sys.argv[1]), "requests": subprocess.Popen(sleep).pid}), flush=True)
time.sleep(600)
"""


def test_lighthouse_that_stands_still_is_ended_with_its_browser(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "node", lambda: [sys.executable, "-c", STUCK, json.dumps(GOOD)])
    monkeypatch.setattr(audit, "WAIT", 5)
    start = time.monotonic()
    with pytest.raises(RuntimeError, match=r"^index: Lighthouse ended with \S+ after 1 results, or by us"):
        audit.measure(["index"])
    assert time.monotonic() - start < 60
    process = int(capsys.readouterr().out.split("|")[-2])
    assert process != os.getpid()
    assert not psutil.pid_exists(process) or psutil.Process(process).status() == psutil.STATUS_ZOMBIE
