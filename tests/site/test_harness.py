"""The harness itself: it sees what a page asks of other hosts, what fails, and what its scripts say."""

from __future__ import annotations

import gzip
import subprocess
import sys
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


def test_a_bad_page_is_seen(browser, small_site: str) -> None:
    visit, own = harness.open_page(browser, small_site, "bad")
    own.close()
    assert visit.elsewhere == ["https://example.org/far.png"]
    assert visit.failed == [f"404 {small_site}/missing.png"]
    assert any("a loud error" in text for text in visit.errors)
    assert any("undefinedName" in text for text in visit.errors)


def test_a_good_page_is_quiet(browser, small_site: str) -> None:
    visit, own = harness.open_page(browser, small_site, "good")
    own.close()
    assert [url for url in visit.requests if "favicon" not in url] == [f"{small_site}/good.html"]
    assert visit.elsewhere == [] and visit.errors == [] and visit.failed == []


def test_text_is_packed_and_nothing_outside_is_served(small_site: str) -> None:
    request = urllib.request.Request(f"{small_site}/good.html", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert b"Fine." in gzip.decompress(answer.read())
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(f"{small_site}/%2e%2e/{Path(__file__).name}")
    assert missing.value.code == 404
    missing.value.close()


def test_the_theme_reaches_the_page(visit) -> None:
    for theme in harness.THEMES:
        page = visit("index", theme=theme).page
        assert page.evaluate("document.documentElement.dataset.theme") == theme


def test_a_missing_chromium_is_told_in_words(tmp_path: Path) -> None:
    program = Path(harness.__file__)
    environment = {"PATH": str(tmp_path), "MLFA_CHROMIUM": str(tmp_path / "none")}
    done = subprocess.run([sys.executable, str(program)], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "apt-get install chromium" in done.stdout


def test_every_page_of_the_contents_is_listed(tmp_path: Path) -> None:
    assert harness.PAGES[0] == "index"
    assert {"chapters/tabular/lines", "chapters/appendix/glossary"} <= set(harness.PAGES)
    assert len(harness.PAGES) == len(set(harness.PAGES))
    toc = tmp_path / "_toc.yml"
    toc.write_text("root: a\nparts:\n  - chapters:\n      - file: b\n        sections: [{file: c}]\n")
    assert harness.toc_pages(tmp_path) == ["a", "b", "c"]
