"""The site alone: no other host, no console error, formulas and icons there at once, and little to load."""

import copy
import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import browser as harness
from browser import CHAPTERS, HTML, PAGES, TEMPLATES, WRITTEN, Visit
from pages import soup
from visits import ICONS, LOAD_ALL, Record

MAX_BYTES = 1_000_000


def test_a_page_asks_nothing_of_another_host(record: Record) -> None:
    assert (record.elsewhere, record.failed, record.errors, record.broken) == ([], [], [], [])


def test_a_page_is_light(record: Record) -> None:
    assert 10_000 < record.bytes < MAX_BYTES, f"{record.name} with all its figures: {record.bytes:,} bytes"


def test_icons_are_drawn(record: Record) -> None:
    assert record.icons == []


def test_an_image_and_an_icon_that_are_not_there_would_be_found(visit: Callable[..., Visit]) -> None:
    page = visit(CHAPTERS[0]).page
    assert page.evaluate(ICONS) == []
    page.add_style_tag(content=r".lost::before { content: '\10fffc' }")
    lost = "<img src='lost.svg' alt=''><i class='fa-solid lost'></i>"
    page.evaluate("html => document.querySelector('main p').insertAdjacentHTML('beforeend', html)", lost)
    assert page.evaluate(LOAD_ALL) == [page.url.rpartition("/")[0] + "/lost.svg"]
    assert [icon for icon in page.evaluate(ICONS) if "lost" in icon]


@pytest.mark.parametrize("name", WRITTEN)
def test_formulas_are_set_when_the_page_is_built(name: str) -> None:
    article = copy.copy(soup(name).select_one("article"))
    marked = article.select(".math")
    assert len(marked) == len(article.select(".math .katex-mathml math")) == len(article.select(".math .katex-html"))
    assert not article.select(".katex-error, .math > code")
    for node in article.select("code, pre, .katex"):
        node.decompose()
    assert not re.search(r"\\[([]|\\begin\{|\\(frac|mathbf|hat|sum)\b|\$[^$\n]*[\\_^{][^$\n]*\$", article.get_text())


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_page_is_whole_without_a_script(visit: Callable[..., Visit], name: str) -> None:
    page = visit(name, java_script_enabled=False)
    assert page.elsewhere == page.failed == []
    assert page.page.locator("main h1:visible, main h2:visible").count()
    formulas = page.page.locator("article .katex-html:visible")
    assert (formulas.count() > 0) == bool(soup(name).select("article .math"))
    if formulas.count():
        assert formulas.first.bounding_box()["width"] > 2
        assert "KaTeX_Main" in formulas.first.evaluate("node => getComputedStyle(node).fontFamily")


def test_the_fonts_of_formulas_come_from_the_site(visit: Callable[..., Visit]) -> None:
    page = visit("chapters/appendix/notation")
    fonts = page.page.evaluate("() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert {"KaTeX_Main", "KaTeX_Math"} <= {font.strip('"') for font in fonts}
    asked = [address for address in page.requests if re.search(r"katex.*\.(woff2?|ttf)\b", address)]
    assert asked and all(address.endswith(".woff2") for address in asked)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_link_to_an_equation_shows_its_number(name: str) -> None:
    page = soup(name)
    for link in page.select('a[href*="#equation-"]:not(.headerlink)'):
        target, _, mark = link["href"].partition("#")
        other = page if not target else soup((Path(name).parent / target).with_suffix("").as_posix())
        assert link.get_text() == other.find(id=mark).select_one(".eqno").get_text().rstrip("#¶")


def test_search_finds_pages_and_shows_a_formula_once(visit: Callable[..., Visit]) -> None:
    page = visit("search.html?q=gradient")
    first = page.page.locator("#search-results ul.search li a").first
    first.wait_for()
    page.page.locator("#search-results .context").first.wait_for()
    text = page.page.locator("#search-results").inner_text()
    assert not re.search(r"\\(mathbf|eta|frac|hat)\b", text)
    first.click()
    page.page.wait_for_load_state()
    assert "gradient" in page.page.locator("article").inner_text().lower()
    assert page.elsewhere == page.failed == page.errors == []


# The page for an address that is not there names its files by the site's address: it is for a web host only.
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.audit] * (name not in TEMPLATES)) for name in [*WRITTEN, "search"]]
)
def test_a_page_opens_from_a_file(browser: harness.Chromium, name: str) -> None:
    visit, context = harness.open_page(browser, HTML.as_uri(), f"{name}.html?q=gradient" if name == "search" else name)
    if name == "search":
        visit.page.locator("#search-results ul.search li a").first.click()
        visit.page.wait_for_load_state()
        assert "gradient" in visit.page.locator("article").inner_text().lower()
    assert visit.page.evaluate("document.fonts.size") > 0
    assert visit.page.evaluate(LOAD_ALL) == []
    context.close()
    assert visit.elsewhere == visit.failed == visit.errors == []


@pytest.mark.parametrize("name", WRITTEN)
def test_images_have_their_size_and_wait(name: str) -> None:
    for image in soup(name).select("article img"):
        assert int(image["width"]) > 0 and int(image["height"]) > 0, image
        assert image["decoding"] == "async", image
        assert image["loading"] in ("lazy", "eager"), image


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_only_what_it_uses(name: str) -> None:
    page = soup(name)
    assert len(page.find_all("link", rel="stylesheet")) == 1
    scripts = page.find_all("script", src=True)
    names = [Path(script["src"].split("?")[0]).name for script in scripts]
    assert len(names) == len(set(names)), "a script is loaded twice"
    assert not {"fontawesome.js", "tex-chtml.js"} & set(names)
    if name != "search":
        assert "searchindex.js" not in names
        late = [script["src"] for script in scripts if not (script.has_attr("defer") or script.get("type") == "module")]
        assert late == [], "scripts that hold up the page"


def test_no_figure_is_heavy() -> None:
    packed = {path.name: len(gzip.compress(path.read_bytes())) for path in (HTML / "_images").glob("*.svg")}
    assert packed
    assert {name: size for name, size in packed.items() if size > 100_000} == {}
    pixels = {path.name: path.stat().st_size for path in (HTML / "_images").glob("*.png")}
    assert {name: size for name, size in pixels.items() if size > 200_000} == {}
