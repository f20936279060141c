"""On the built pages: first uses are linked, definitions are the glossary's, and the API reference is whole."""

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import NavigableString, Tag
from playwright.sync_api import Page

from browser import CHAPTERS, HTML, Chromium
from mlfa_site import api, terms
from pages import soup

ROOT = Path(__file__).parents[2]
API_PAGES = sorted(path.stem for path in (ROOT / "chapters" / "appendix" / "api").glob("*.md"))
# What the extension leaves alone, as it looks on the page.
SKIPPED = (
    "a, h1, h2, h3, h4, h5, h6, dt, code, pre, script, style, thead, caption, summary, svg, .math, .cell_input, "
    ".cell_output, .page-cost, .admonition-title, .caption-number, .rubric, .term-definition, .footnote"
)


@lru_cache
def glossary() -> dict[str, tuple[str, str]]:
    """Term -> (id, definition), as the glossary's page shows them; where a term is explained is no part of it."""
    found = {}
    for item in soup("chapters/appendix/glossary").select("dl.glossary dt"):
        definition = " ".join(item.find_next_sibling("dd").p.get_text().split())
        words = [text for text in item.strings if not text.find_parent("a")]
        found[" ".join("".join(words).split())] = (item["id"], definition)
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


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_first_use_of_every_term_is_linked(name: str) -> None:
    ids = {identifier: term for term, (identifier, _) in glossary().items()}
    matcher, linked, missing = terms.Matcher(glossary()), set(), []
    for piece in pieces(soup(name).select_one("article")):
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
    page = soup(name)
    links = page.select("article a.term-link")
    for link in links:
        target = page.find(id=link["aria-describedby"])
        assert target["role"] == "tooltip" and target.has_attr("popover")
        assert target.get_text() == definitions[unquote(link["href"].partition("#")[2])]
    shown = [tag["id"] for tag in page.select(".term-definition")]
    assert len(set(shown)) == len(shown)
    assert set(shown) == {link["aria-describedby"] for link in links}
    assert not page.select("a.std-term:not(.term-link), a:not(.term-link) > .std-term")


@pytest.mark.parametrize("name", ["chapters/appendix/glossary", "chapters/appendix/bibliography"])
def test_lists_of_references_are_left_alone(name: str) -> None:
    assert not soup(name).select("a.term-link, .term-definition")


# ---- the API reference -----------------------------------------------------------------------------------------------


@lru_cache
def entries() -> dict[str, Tag]:
    """Full name -> its entry on one of the API pages."""
    found = {}
    for name in API_PAGES:
        for item in soup(f"chapters/appendix/api/{name}").select("dl.py > dt[id]"):
            assert item["id"] not in found, f"{item['id']} has two entries"
            found[item["id"]] = item.parent
    return found


def public() -> Iterator[str]:
    """The full names of the functions, classes and checks that the package's modules define."""
    package = ROOT / "code"
    for path in sorted((package / "mlfa").rglob("*.py")):
        module = import_module(".".join(path.relative_to(package).with_suffix("").parts))
        for name, thing in vars(module).items():
            own = (getattr(thing, "__module__", "") == module.__name__ and callable(thing)) or api.is_check(thing)
            if own and name[0] != "_" and path.stem[0] != "_":
                yield f"{module.__name__}.{name}"


def test_everything_public_has_an_entry(site: str) -> None:
    assert [full for full in public() if full not in entries()] == []


def test_entries_lead_to_the_pages_that_use_them(site: str) -> None:
    entry = entries()["mlfa.series.measures.autocorrelation"]
    line = entry.select_one(".used-in")
    assert line.get_text().startswith("Used in: ") and "(with its code)" in line.get_text()
    assert any(link["href"].endswith("time-series/order.html") for link in line.select("a"))
    assert entries()["mlfa.plotting.series.series_panels"].select_one(".used-in a")
    # A source in a docstring leads to the bibliography.
    assert entry.select_one('a[href*="bibliography.html#"]')


def test_most_of_the_package_is_used_in_a_page() -> None:
    used = [full for full in public() if entries()[full].select_one(".used-in")]
    assert len(used) > 0.7 * len(list(public()))


def test_code_leads_to_its_entry(site: str) -> None:
    counted = {"text": 0, "cells": 0}
    for name in CHAPTERS:
        links = soup(name).select("article a.api-link")
        for link in links:
            full = link["href"].partition("#")[2]
            assert full in entries() and full.endswith(link.get_text().removesuffix("()")), f"{name}: {link}"
        in_text = [link["href"] for link in links if not link.find_parent("pre")]
        assert len(set(in_text)) == len(in_text), f"{name}: only the first mention is linked"
        counted["text"] += len(in_text)
        counted["cells"] += len(links) - len(in_text)
    assert counted["text"] > 15 and counted["cells"] > 500, counted


def test_the_arrow_in_the_sidebar_says_what_it_opens() -> None:
    toggles = soup("index").select("nav li > details > summary")
    assert "Pages below The API of mlfa" in {toggle["aria-label"] for toggle in toggles}
    assert all(toggle["aria-label"].startswith("Pages below ") for toggle in toggles)


# ---- in a browser ----------------------------------------------------------------------------------------------------

PAGE = (HTML / "chapters" / "time-series" / "order.html").as_uri()


@pytest.fixture(scope="module", params=["mouse", "touch"])
def tab(request: pytest.FixtureRequest, browser: Chromium) -> Iterator[Page]:
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
