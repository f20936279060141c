"""The harness itself: it sees what a page asks of other hosts, what fails, and what its scripts say."""

import gzip
import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import browser as harness

BAD = """<!doctype html><html lang="en"><title>Bad</title><img src="missing.png" alt="">
<img src="https://example.org/far.png" alt=""><script>console.error("a loud error"); undefinedName();</script>"""


@pytest.fixture
def small_site(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "bad.html").write_text(BAD)
    icon = '<link rel="icon" href="data:,">'  # else the browser asks for /favicon.ico
    (tmp_path / "good.html").write_text(f'<!doctype html><html lang="en"><title>Good</title>{icon}<p>Fine.</p>')
    with harness.serve(tmp_path) as address:
        yield address


def test_a_bad_page_is_seen(browser: harness.Chromium, small_site: str) -> None:
    visit, own = harness.open_page(browser, small_site, "bad")
    own.close()
    assert visit.elsewhere == ["https://example.org/far.png"]
    assert visit.failed == [f"404 {small_site}/missing.png"]
    assert any("a loud error" in text for text in visit.errors)
    assert any("undefinedName" in text for text in visit.errors)


def test_a_good_page_is_quiet(browser: harness.Chromium, small_site: str) -> None:
    visit, own = harness.open_page(browser, small_site, "good")
    own.close()
    assert [url for url in visit.requests if "favicon" not in url] == [f"{small_site}/good.html"]
    assert visit.elsewhere == [] and visit.errors == [] and visit.failed == []


# --- Nothing hangs ----------------------------------------------------------------------------------------------

STUCK = {
    "as it loads": "<script>while (true) {}</script>",
    "afterwards": "<script>addEventListener('load', () => setTimeout(() => { while (true) {} }, 100));</script>",
}


@pytest.mark.parametrize("when", STUCK)
def test_a_page_that_stands_still_is_named_and_the_next_one_opens(
    browser: harness.Chromium, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    (tmp_path / "stuck.html").write_text(f"<!doctype html><title>Stuck</title>{STUCK[when]}")
    (tmp_path / "good.html").write_text("<!doctype html><title>Good</title>")
    asked = []

    def question(name: str) -> str:
        asked.append(name)
        visit, own = harness.open_page(browser, site, name)
        visit.page.wait_for_timeout(500)
        title = visit.page.evaluate("document.title")
        own.close()
        return title

    with harness.serve(tmp_path) as site:
        with monkeypatch.context() as patch:
            patch.setattr(browser, "limit", 3)
            with pytest.raises(harness.NoAnswer, match=r"^stuck: Chromium did not answer within 3 seconds$"):
                browser.ask("stuck", lambda: question("stuck"))
        assert browser.ask("good", lambda: question("good")) == "Good"
    assert asked == ["stuck", "stuck", "good"], "a new browser gets one more chance"


def test_a_browser_that_answers_the_second_time_is_no_failure(
    browser: harness.Chromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = iter([STUCK["as it loads"], "<title>Recovered</title>"])

    def question() -> str:
        page = browser.new_page()
        try:
            page.set_content(next(pages))
            return page.title()
        finally:
            page.context.close()
            monkeypatch.undo()

    monkeypatch.setattr(browser, "limit", 3)
    assert browser.ask("a page", question) == "Recovered"


STUCK_TEST = """
import pytest

@pytest.fixture(autouse=True)
def short(browser, request, monkeypatch):
    if request.node.name == "test_stuck":
        monkeypatch.setattr(browser, "limit", 1)

def test_stuck(browser):
    browser.new_page().evaluate("() => { while (true) {} }")

def test_next(browser):
    assert browser.new_page().evaluate("1 + 1") == 2
"""


def test_a_test_that_waits_for_the_browser_without_end_fails_by_name(tmp_path: Path) -> None:
    shutil.copy(Path(harness.__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_it.py").write_text(STUCK_TEST)
    paths = os.pathsep.join(str(harness.ROOT / name) for name in ("tests/site", "_ext/ledger"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    assert "NoAnswer: test_stuck: Chromium did not answer within 3 seconds" in done.stdout
    assert "1 failed, 1 passed" in done.stdout


STANDS_STILL = """
import time

def stand_still():
    time.sleep(3600)

def test_stands():
    stand_still()

def test_next():
    pass
"""


def test_a_test_that_stands_still_is_ended_with_its_name_and_the_stacks(tmp_path: Path) -> None:
    """By the settings of `pyproject.toml`, with smaller limits, in a worker as `make test` has them."""
    settings = tomllib.loads((harness.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]
    assert 60 <= settings["ini_options"]["faulthandler_timeout"] < settings["ini_options"]["timeout"] <= 1800
    (tmp_path / "test_it.py").write_text(STANDS_STILL)
    command = [sys.executable, "-m", "pytest", "-p", "xdist.plugin", "-p", "pytest_timeout", "-p", "no:cacheprovider"]
    command += ["-c", str(harness.ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), str(tmp_path)]
    limits = ["-n", "1", "-o", "faulthandler_timeout=1", "--timeout", "2"]
    quick = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # others take seconds to load, in every worker
    done = subprocess.run([*command, *limits], env=quick, capture_output=True, text=True, timeout=300)
    said = done.stdout + done.stderr
    assert "crashed while running 'test_it.py::test_stands'" in said and "1 failed, 1 passed" in said, said
    assert re.search(r'Thread .*\n(  File .*\n)*  File ".*test_it.py", line 5 in stand_still\n', said), said


# --- What it serves, and what it says ---------------------------------------------------------------------------


def test_text_is_packed_and_nothing_outside_is_served(small_site: str) -> None:
    request = urllib.request.Request(f"{small_site}/good.html", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert b"Fine." in gzip.decompress(answer.read())
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(f"{small_site}/%2e%2e/{Path(__file__).name}")
    assert missing.value.code == 404
    missing.value.close()


def test_a_missing_chromium_is_told_in_words(tmp_path: Path) -> None:
    program = Path(harness.__file__)
    environment = {"PATH": str(tmp_path), "MLFA_CHROMIUM": str(tmp_path / "none")}
    done = subprocess.run([sys.executable, str(program)], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "apt-get install chromium" in done.stdout


def test_a_site_that_cannot_be_tested_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "_build" / "html"
    for name, value in {"ROOT": tmp_path, "OWN": site, "HTML": site, "PAGES": ["index"]}.items():
        monkeypatch.setattr(harness, name, value)
    assert "is not built" in harness.why_not_current()
    site.mkdir(parents=True)
    (site / "ledger.json").write_text("[]")
    assert "lacks the page index" in harness.why_not_current()
    names = ("_build/html/index.html", "_config.yml", "_toc.yml", "references.bib", "index.md")
    for path in (tmp_path / name for name in names):
        path.write_text("")
        os.utime(path, (0, 0))
    assert harness.why_not_current() is None
    code = tmp_path / "code" / "mlfa" / "trees.py"
    code.parent.mkdir(parents=True)
    code.write_text("")
    os.utime(site / "ledger.json", (1, 1))
    assert "older than code/mlfa/trees.py" in harness.why_not_current()
    monkeypatch.setattr(harness, "OWN", tmp_path / "another")  # as with MLFA_SITE
    assert harness.why_not_current() is None


def test_every_page_of_the_contents_is_listed(tmp_path: Path) -> None:
    assert harness.PAGES[0] == "index"
    assert {"chapters/tabular/lines", "chapters/appendix/glossary"} <= set(harness.PAGES)
    assert len(harness.PAGES) == len(set(harness.PAGES))
    toc = tmp_path / "_toc.yml"
    toc.write_text("root: a\nparts:\n  - chapters:\n      - file: b\n        sections: [{file: c}]\n")
    assert harness.toc_pages(tmp_path) == ["a", "b", "c"]
