"""Every page can be found, shared, cited and left: descriptions, cards, 404, sitemap, quiet line, search."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from PIL import Image

import browser as harness
from test_pipeline import MiniBook

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from mlfa_book import cards, quiet  # noqa: E402
from mlfa_book.findable import absolute, shorten  # noqa: E402

TOC = harness.toc_pages()
SITE = "https://example.org/a/book/"


@pytest.fixture(scope="session")
def pages(site: str) -> dict[str, BeautifulSoup]:
    return {name: parse(harness.HTML / f"{name}.html") for name in TOC}


def parse(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def meta(page: BeautifulSoup, name: str) -> str | None:
    tag = page.find("meta", attrs={"name": name}) or page.find("meta", attrs={"property": name})
    return tag["content"] if tag else None


# On the book as it is


@pytest.mark.parametrize("name", TOC)
def test_a_page_describes_itself(pages: dict[str, BeautifulSoup], name: str) -> None:
    page = pages[name]
    text = meta(page, "description")
    assert text and 20 <= len(text) <= 160
    assert "\n" not in text and "<" not in text and "\\" not in text and "$" not in text, text
    assert len(page.find_all("meta", attrs={"name": "description"})) == 1
    assert meta(page, "og:description") == text
    assert meta(page, "og:title") and "<" not in meta(page, "og:title")


def test_descriptions_differ(pages: dict[str, BeautifulSoup]) -> None:
    texts = [meta(page, "description") for page in pages.values()]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("name", TOC)
def test_a_page_says_how_it_was_made(pages: dict[str, BeautifulSoup], name: str) -> None:
    (line,) = pages[name].select("article .page-run")
    text = " ".join(line.get_text().split())
    assert "Book version" in text
    runs = "Last executed: " in text
    assert runs == (pages[name].select_one("article div.cell") is not None)
    if runs:
        for library in ("Python 3.", "NumPy ", "scikit-learn ", "PyTorch "):
            assert library in text


@pytest.mark.parametrize("name", TOC)
def test_licenses_stand_under_a_page(pages: dict[str, BeautifulSoup], name: str) -> None:
    links = pages[name].select(".licenses a")
    assert [link.get_text() for link in links] == ["CC BY 4.0", "MIT", "their own licenses"]
    for link in links:
        assert (harness.HTML / name).parent.joinpath(link["href"]).is_file()


def test_previous_and_next_go_through_the_book(visit: Callable[..., harness.Visit], site: str) -> None:
    opened = visit(TOC[0])
    walked = [TOC[0]]
    for _ in TOC[1:]:
        link = opened.page.locator("a.right-next")
        assert link.count() == 1, f"{walked[-1]} has no link to the next page"
        link.click()
        opened.page.wait_for_load_state("load")
        walked.append(urlsplit(opened.page.url).path.strip("/").removesuffix(".html"))
    assert walked == TOC
    assert opened.page.locator("a.right-next").count() == 0
    opened.page.locator("a.left-prev").click()
    opened.page.wait_for_load_state("load")
    assert opened.page.url == f"{site}/{TOC[-2]}.html"
    assert not opened.failed and not opened.errors


def test_search_finds_pages_by_their_words(visit: Callable[..., harness.Visit]) -> None:
    opened = visit("search.html?q=boosting")
    opened.page.wait_for_selector("#search-results li a", timeout=20_000)
    hits = [a.get_attribute("href") for a in opened.page.locator("#search-results li a").all()]
    assert any("trees.html" in hit for hit in hits), hits
    assert not opened.failed and not opened.errors and not opened.elsewhere


def test_search_says_when_nothing_is_found(visit: Callable[..., harness.Visit]) -> None:
    opened = visit("search.html?q=xylophonist")
    opened.page.wait_for_function("document.querySelector('#search-results').innerText.includes('did not match')")
    assert opened.page.locator("#search-results li a").count() == 0


def test_the_site_has_an_icon_and_robots(pages: dict[str, BeautifulSoup]) -> None:
    for name, page in pages.items():
        icon = page.find("link", rel="icon")
        assert (harness.HTML / name).parent.joinpath(icon["href"]).is_file()
    assert (harness.HTML / "robots.txt").read_text().startswith("User-agent: *\nAllow: /\n")


def test_no_address_has_an_empty_host(pages: dict[str, BeautifulSoup]) -> None:
    for page in pages.values():
        links = [link["href"] for link in page.find_all("link", rel="canonical")]
        links += [value for name in ("og:url", "og:image") if (value := meta(page, name)) is not None]
        for link in links:
            assert urlsplit(link).scheme in ("http", "https") and urlsplit(link).netloc, link


@pytest.mark.parametrize("theme", harness.THEMES)
def test_a_missing_page_is_told_at_any_depth(tmp_path: Path, browser: object, site: str, theme: str) -> None:
    # The site lies at the base path that its 404 page was built for.
    base = parse(harness.HTML / "404.html").html["data-content_root"]
    host = tmp_path / "host"
    place = host / base.strip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(harness.HTML, target_is_directory=True) if base != "/" else host.symlink_to(harness.HTML)
    with served(host, place) as address:
        for wrong in ("nothing", "chapters/tabular/nothing", "a/b/c/d/nothing"):
            opened, context = harness.open_page(
                browser, address, f"{base.lstrip('/')}{wrong}.html", theme, harness.PHONE
            )
            assert opened.page.title().startswith("Page not found")
            assert [line for line in opened.failed if not line.endswith(f"{wrong}.html")] == []
            assert opened.page.evaluate("getComputedStyle(document.querySelector('.bd-article')).fontFamily") != ""
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= harness.PHONE[0]
            opened.page.locator(".bd-article a", has_text="front page").click()
            opened.page.wait_for_load_state("load")
            assert opened.page.url == f"{address}{base}index.html"
            context.close()


def served(host: Path, place: Path) -> object:
    """Serve a folder whose 404 page is that of the site in it."""
    if place != host and not (host / "404.html").exists():
        shutil.copy(harness.HTML / "404.html", host)
    return harness.serve(host)


# On a small book, with an address and without


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniBook]:
    book = MiniBook(tmp_path_factory.mktemp("address") / "book")
    for path in ROOT.glob("LICENSE*"):
        shutil.copy(path, book.root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFA_SITE_URL", SITE)
        book.executed(book.build("-W"))
    yield book


def test_with_an_address_pages_are_canonical_and_have_cards(addressed: MiniBook) -> None:
    html = addressed.root / "_build" / "html"
    for name in ("index", "one", "two"):
        page = parse(html / f"{name}.html")
        url = SITE if name == "index" else f"{SITE}{name}.html"
        assert [link["href"] for link in page.find_all("link", rel="canonical")] == [url]
        assert meta(page, "og:url") == url
        image = meta(page, "og:image")
        assert image == f"{SITE}cards/{name}.png"
        path = html / image.removeprefix(SITE)
        assert path.stat().st_size < 60_000
        assert Image.open(path).size == (1200, 630)
        assert meta(page, "og:image:width") == "1200"


def test_with_an_address_there_is_a_sitemap(addressed: MiniBook) -> None:
    html = addressed.root / "_build" / "html"
    root = ElementTree.parse(html / "sitemap.xml").getroot()
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    assert [node.text for node in root.findall("s:url/s:loc", spaces)] == [SITE, f"{SITE}one.html", f"{SITE}two.html"]
    assert f"Sitemap: {SITE}sitemap.xml" in (html / "robots.txt").read_text()


def test_404_uses_absolute_paths_under_the_base(addressed: MiniBook) -> None:
    page = parse(addressed.root / "_build" / "html" / "404.html")
    urls = [tag[key] for key in ("href", "src") for tag in page.find_all(attrs={key: True})]
    local = [url for url in urls if not urlsplit(url).scheme and not url.startswith("#")]
    assert local and all(url.startswith("/a/book/") for url in local), local
    assert not page.find_all("link", rel="canonical")


def test_without_an_address_nothing_is_made_up(addressed: MiniBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFA_SITE_URL", "")
    assert addressed.executed(addressed.build("-W")) == set(), "an address runs no cell"
    html = addressed.root / "_build" / "html"
    assert not (html / "sitemap.xml").exists() and "Sitemap" not in (html / "robots.txt").read_text()
    for name in ("index", "one", "two", "404"):
        text = (html / f"{name}.html").read_text()
        assert "canonical" not in text and "og:url" not in text and "og:image" not in text and "example.org" not in text
    # And the address comes back without a clean build.
    monkeypatch.setenv("MLFA_SITE_URL", SITE)
    addressed.build("-W")
    assert meta(parse(html / "one.html"), "og:url") == f"{SITE}one.html"


def test_two_builds_from_one_cache_are_the_same(addressed: MiniBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFA_SITE_URL", SITE)
    html = addressed.root / "_build" / "html"
    seen = []
    for _ in range(2):
        shutil.rmtree(html)
        shutil.rmtree(addressed.root / "_build" / ".doctrees")
        assert addressed.executed(addressed.build("-W")) == set()
        seen.append({path.name: path.read_text(encoding="utf-8") for path in html.glob("*.html")})
    assert seen[0] == seen[1]


# The pieces


def test_a_run_of_an_old_cache_is_of_unknown_time() -> None:
    assert quiet.run_line({"seconds": 2.0, "peak_mb": None}).startswith("Last executed: unknown; 2 s. Python")
    run = {"seconds": 2.4, "peak_mb": 100.2, "executed": "2026-03-01T04:05:06+00:00"}
    assert quiet.run_line(run).startswith("Last executed: 1 March 2026, 04:05 UTC; 2 s, 100 MB of memory at most.")


def test_descriptions_end_at_a_sentence_or_a_word() -> None:
    assert shorten("Short.") == "Short."
    assert shorten("One two three. Four five six seven.", 20) == "One two three."
    assert shorten("Onetwothreefour five sixseven eight", 20) == "Onetwothreefour…"
    assert len(shorten("word " * 100)) <= 160


def test_only_relative_addresses_become_absolute() -> None:
    text = '<a href="x.html">x</a><a href="#y"></a><a href="https://z/"></a><img src="a/b.png"><a href="/c"></a>'
    assert absolute(text, "/d/") == (
        '<a href="/d/x.html">x</a><a href="#y"></a><a href="https://z/"></a><img src="/d/a/b.png"><a href="/c"></a>'
    )
    assert absolute(absolute(text, "/d/"), "/d/") == absolute(text, "/d/")


@pytest.mark.parametrize("name", TOC)
def test_the_card_of_every_page_is_small_and_readable(
    tmp_path: Path, pages: dict[str, BeautifulSoup], name: str
) -> None:
    path = tmp_path / "card.png"
    title = meta(pages[name], "og:title")
    cards.draw(path, title, "Part II: Images", "Machine Learning: Fundamentals and Architectures")
    first = path.read_bytes()
    assert len(first) < 60_000 and Image.open(path).size == cards.SIZE
    # The title stays within its picture: the right edge is ground.
    edge = Image.open(path).convert("RGB").crop((1160, 0, 1200, 300))
    assert edge.getextrema() == Image.new("RGB", (1, 1), cards.GROUND).getextrema()
    cards.draw(path, title, "Part II: Images", "Machine Learning: Fundamentals and Architectures")
    assert path.read_bytes() == first
