"""On the built pages: first uses are linked, definitions are the glossary's, and the API reference is whole."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from mlfa_book import api, terms  # noqa: E402
from mlfa_book.chapters import Book  # noqa: E402

HTML = ROOT / "_build" / "html"
CHAPTERS = Book(ROOT).chapters()
API_PAGES = sorted(path.stem for path in (ROOT / "chapters" / "appendix" / "api").glob("*.md"))
# What the extension leaves alone, as it looks on the page.
SKIPPED = (
    "a, h1, h2, h3, h4, h5, h6, dt, code, pre, script, style, thead, caption, summary, svg, .math, .cell_input, "
    ".cell_output, .page-cost, .admonition-title, .caption-number, .rubric, .term-definition, .footnote"
)


@lru_cache
def page(name: str) -> BeautifulSoup:
    path = HTML / f"{name}.html"
    if not path.exists():
        pytest.fail("the book is not built: run `make test`, or `make book` first")
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


@lru_cache
def glossary() -> dict[str, tuple[str, str]]:
    """Term -> (id, definition), as the glossary's page shows them."""
    found = {}
    for item in page("chapters/appendix/glossary").select("dl.glossary dt"):
        for link in item.select("a"):
            link.extract()
        definition = " ".join(item.find_next_sibling("dd").get_text().split())
        found[" ".join(item.get_text().split())] = (item["id"], definition)
    return found


def pieces(node: Tag) -> Iterator[NavigableString | Tag]:
    """The texts that may hold a link, and the links to terms, in reading order."""
    for child in node.children:
        if isinstance(child, Tag):
            if child.name == "a" and "term-link" in child.get("class", []):
                yield child
            elif not child.css.match(SKIPPED):
                yield from pieces(child)
        elif type(child) is NavigableString:
            yield child


def test_the_glossary_is_read() -> None:
    assert len(glossary()) > 100


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_first_use_of_every_term_is_linked(name: str) -> None:
    ids = {identifier: term for term, (identifier, _) in glossary().items()}
    matcher, linked, missing = terms.Matcher(glossary()), set(), []
    for piece in pieces(page(name).select_one("article")):
        if isinstance(piece, Tag):
            linked.add(ids[unquote(piece["href"].partition("#")[2])])
            continue
        for start, end, term in matcher.find(str(piece)):
            if term not in linked and term not in terms.ORDINARY:
                missing.append((term, str(piece)[max(0, start - 30) : end + 30]))
                linked.add(term)
    assert len(linked) >= 3
    assert not missing


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_definition_is_the_glossarys(name: str) -> None:
    definitions = {identifier: text for identifier, text in glossary().values()}
    soup = page(name)
    links = soup.select("article a.term-link")
    for link in links:
        target = soup.find(id=link["aria-describedby"])
        assert target["role"] == "tooltip" and target.has_attr("popover")
        assert target.get_text() == definitions[unquote(link["href"].partition("#")[2])]
    shown = [tag["id"] for tag in soup.select(".term-definition")]
    assert len(set(shown)) == len(shown)
    assert set(shown) == {link["aria-describedby"] for link in links}
    assert not soup.select("a.std-term:not(.term-link), a:not(.term-link) > .std-term")


@pytest.mark.parametrize("name", ["chapters/appendix/glossary", "chapters/appendix/bibliography"])
def test_lists_of_references_are_left_alone(name: str) -> None:
    assert not page(name).select("a.term-link, .term-definition")


# ---- the API reference -----------------------------------------------------------------------------------------------


@lru_cache
def entries() -> dict[str, Tag]:
    """Full name -> its entry on one of the API pages."""
    found = {}
    for name in API_PAGES:
        for item in page(f"chapters/appendix/api/{name}").select("dl.py > dt[id]"):
            assert item["id"] not in found, f"{item['id']} has two entries"
            found[item["id"]] = item.parent
    return found


def public() -> Iterator[tuple[str, object]]:
    package = ROOT / "code" / "mlfa"
    for path in sorted(package.rglob("*.py")):
        if not path.stem.startswith("_"):
            module = ".".join(path.relative_to(package.parent).with_suffix("").parts)
            for name in api.public_names(path):
                yield f"{module}.{name}", getattr(importlib.import_module(module), name)


def test_everything_public_has_an_entry_that_tells_its_arguments() -> None:
    found = entries()
    untold = []
    for full, thing in public():
        assert full in found, f"{full} is in no API page"
        if inspect.isfunction(thing):
            words = set(re.findall(r"\w+", found[full].find("dd").get_text()))
            untold += [f"{full}: {name}" for name in inspect.signature(thing).parameters if name not in words]
    assert not untold


def test_entries_lead_to_the_pages_that_use_them() -> None:
    entry = entries()["mlfa.series.autocorrelation"]
    line = entry.select_one(".used-in")
    assert line.get_text().startswith("Used in: ") and "(with its code)" in line.get_text()
    assert any(link["href"].endswith("time-series/order.html") for link in line.select("a"))
    assert entries()["mlfa.plotting.series.series_panels"].select_one(".used-in a")
    # A source in a docstring leads to the bibliography.
    assert entry.select_one('a[href*="bibliography.html#"]')


def test_most_of_the_package_is_used_in_a_page() -> None:
    used = [full for full, _ in public() if entries()[full].select_one(".used-in")]
    assert len(used) > 0.7 * len(list(public()))


def test_code_that_is_named_in_the_text_leads_to_its_entry() -> None:
    links = [link for name in CHAPTERS for link in page(name).select("article a.api-link")]
    assert len(links) > 15
    for link in links:
        full = link["href"].partition("#")[2]
        assert full in entries()
        assert full.endswith(link.get_text().removesuffix("()"))
    for name in CHAPTERS:
        targets = [link["href"] for link in page(name).select("article a.api-link")]
        assert len(set(targets)) == len(targets), "only the first use is linked"


def test_the_arrow_in_the_sidebar_says_what_it_opens() -> None:
    toggles = page("index").select("nav li > details > summary")
    assert "Pages below The API of mlfa" in {toggle["aria-label"] for toggle in toggles}
    assert all(toggle["aria-label"].startswith("Pages below ") for toggle in toggles)


# ---- in a browser ----------------------------------------------------------------------------------------------------

PAGE = (HTML / "chapters" / "time-series" / "order.html").as_uri()


@pytest.fixture(scope="module", params=["mouse", "touch"])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    touch = request.param == "touch"
    size = {"width": 360, "height": 700} if touch else {"width": 1200, "height": 800}
    context = browser.new_context(viewport=size, has_touch=touch, is_mobile=touch, service_workers="block")
    opened = context.new_page()
    opened.touch = touch
    opened.route(
        "**/*", lambda r: r.continue_() if r.request.url.startswith(("file:", "data:", "blob:")) else r.abort()
    )
    yield opened
    context.close()


@pytest.fixture
def order(tab: Page) -> Page:
    tab.goto(PAGE)
    return tab


def definition(tab: Page, number: int = 1):
    link = tab.locator("article a.term-link").nth(number)
    return link, tab.locator(f"[id='{link.get_attribute('aria-describedby')}']")


def test_nothing_is_shown_before_it_is_asked_for(order: Page) -> None:
    assert order.locator(".term-definition:visible").count() == 0
    order.emulate_media(media="print")
    assert order.locator(".term-definition:visible").count() == 0
    order.emulate_media(media="screen")


def test_focus_shows_and_escape_hides(order: Page) -> None:
    link, box = definition(order)
    link.focus()
    assert box.is_visible()
    order.keyboard.press("Escape")
    assert not box.is_visible()
    assert link.evaluate("link => link === document.activeElement"), "the focus stays where it was"
    link.evaluate("link => link.blur()")
    link.focus()
    assert box.is_visible()
    definition(order, 2)[0].focus()
    assert not box.is_visible() and order.locator(".term-definition:visible").count() == 1


def test_the_box_stays_within_the_window(order: Page) -> None:
    width = order.evaluate("document.documentElement.clientWidth")
    for number in range(0, order.locator("article a.term-link").count(), 5):
        link, box = definition(order, number)
        link.focus()
        rectangle = box.bounding_box()
        assert rectangle["x"] >= 0 and rectangle["x"] + rectangle["width"] <= width
    assert order.evaluate("document.documentElement.scrollWidth") <= width


def test_the_pointer_shows_keeps_and_hides(order: Page) -> None:
    if order.touch:
        link, box = definition(order)
        link.tap()
        assert box.is_visible() and order.url == PAGE, "the first tap shows the definition"
        order.locator("article h1").tap()
        assert not box.is_visible()
        link.tap()
        link.tap()
        order.wait_for_url("**/glossary.html#*")
        return
    link, box = definition(order)
    link.hover()
    box.wait_for(state="visible")
    box.hover()
    order.wait_for_timeout(400)
    assert box.is_visible(), "the pointer may rest on the definition"
    order.mouse.move(5, 5)
    box.wait_for(state="hidden")
    link.hover()
    box.wait_for(state="visible")
    order.keyboard.press("Escape")
    assert not box.is_visible(), "Escape takes it away without moving the pointer"


@pytest.mark.parametrize("name", ["../api", *API_PAGES])
def test_long_names_do_not_widen_a_phone(tab: Page, name: str) -> None:
    tab.set_viewport_size({"width": 320, "height": 700})
    tab.goto((HTML / "chapters" / "appendix" / "api" / f"{name}.html").as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
