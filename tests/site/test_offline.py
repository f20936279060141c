"""The site alone: no other host, no console error, formulas and icons there at once, and little to load."""

from __future__ import annotations

import base64
import gzip
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont

import browser as harness
from browser import CHAPTERS, HTML, PAGES, Visit
from mlfa_book import light

MAX_BYTES = 1_000_000
WRITTEN = [name for name in PAGES if name not in ("search", "genindex", "404")]

# Scroll through the page so that every lazy image is asked for, and wait for all of them.
LOAD_ALL = """async () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
        scrollTo(0, y);
        await new Promise(done => setTimeout(done, 20));
    }
    const images = [...document.querySelectorAll("main img")];
    await Promise.all(images.map(image => image.decode().catch(() => null)));
    return images.filter(image => !image.naturalWidth).map(image => image.src);
}"""
BYTES = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .reduce((sum, entry) => sum + entry.transferSize, 0)"""


def soup(name: str) -> BeautifulSoup:
    return BeautifulSoup((HTML / f"{name}.html").read_text(encoding="utf-8"), "lxml")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nothing_of_another_host(visit: Callable[..., Visit], name: str) -> None:
    page = visit(name)
    broken = page.page.evaluate(LOAD_ALL)
    page.settle()
    assert page.elsewhere == []
    assert page.failed == []
    assert page.errors == []
    assert broken == []
    weight = page.page.evaluate(BYTES)
    assert 10_000 < weight < MAX_BYTES, f"{name} with all its figures: {weight:,} bytes"


@pytest.mark.parametrize("name", WRITTEN)
def test_no_address_of_another_host_is_loaded(name: str) -> None:
    page = soup(name)
    loads = [tag.get("src") or tag.get("href") for tag in page.find_all(["script", "link", "img", "iframe", "video"])]
    here = [address for address in loads if address and not address.startswith("data:")]
    # A link to the page's own published address (canonical, social card) is not loaded.
    own = [tag.get("href") for tag in page.find_all("link", rel=["canonical", "license", "author", "me"])]
    assert [address for address in here if "//" in address and address not in own] == []


@pytest.mark.parametrize("name", WRITTEN)
def test_formulas_are_set_without_a_script(visit: Callable[..., Visit], name: str) -> None:
    page = visit(name, java_script_enabled=False)
    article = soup(name).select_one("article")
    marked = article.select(".math")
    assert len(marked) == len(article.select(".math .katex-mathml math")) == len(article.select(".math .katex-html"))
    assert not article.select(".katex-error, .math > code")
    for node in article.select("code, pre, .katex"):
        node.decompose()
    assert not re.search(r"\\[([]|\\begin\{|\\(frac|mathbf|hat|sum)\b|\$[^$\n]*[\\_^{][^$\n]*\$", article.get_text())
    if marked:
        shown = page.page.locator("article .katex-html:visible").first
        assert shown.bounding_box()["width"] > 2
        family = shown.evaluate("node => getComputedStyle(node).fontFamily")
        assert "KaTeX_Main" in family


def test_the_fonts_of_formulas_come_from_the_site(visit: Callable[..., Visit]) -> None:
    page = visit("chapters/appendix/notation")
    fonts = page.page.evaluate("() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert {"KaTeX_Main", "KaTeX_Math"} <= {font.strip('"') for font in fonts}
    asked = [address for address in page.requests if re.search(r"\.(woff2?|ttf)\b", address)]
    assert asked and all(address.endswith(".woff2") for address in asked)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_link_to_an_equation_shows_its_number(name: str) -> None:
    page = soup(name)
    for link in page.select('a[href*="#equation-"]:not(.headerlink)'):
        target, _, mark = link["href"].partition("#")
        other = page if not target else soup((Path(name).parent / target).with_suffix("").as_posix())
        assert link.get_text() == other.find(id=mark).select_one(".eqno").get_text().rstrip("#¶")


def sheet() -> str:
    return (HTML / "_static" / light.SHEET).read_text(encoding="utf-8")


def test_every_icon_has_its_rule_and_its_glyph() -> None:
    used = set()
    for name in PAGES:
        for icon in soup(name).select('[class*="fa-"]'):
            used.update(value for value in icon["class"] if value.startswith("fa-"))
    rules = dict(re.findall(r'\.(fa-[\w-]+):before\{content:"\\([0-9a-f]+)"\}', sheet()))
    not_pictures = {"fa-solid", "fa-regular", "fa-brands", "fa-lg", "fa-sm", "fa-fw", "fa-2x"}
    icons = used - not_pictures
    assert len(icons) >= 5
    assert icons <= set(rules)
    glyphs: set[int] = set()
    for data in re.findall(r"data:font/woff;base64,([^)]+)\)", sheet()):
        glyphs.update(TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap())
    assert {int(rules[icon], 16) for icon in icons} <= glyphs
    # The titles of boxes name theirs by number.
    named = dict(re.findall(r'--pst-icon-([\w-]+):\s*"([\ue000-\uf8ff])"', sheet()))
    numbers = {ord(letter) for name, letter in named.items() if name not in ("github", "gitlab", "bitbucket")}
    assert numbers and numbers <= glyphs


@pytest.mark.parametrize("theme", harness.THEMES)
def test_the_icons_of_the_header_are_drawn(visit: Callable[..., Visit], theme: str) -> None:
    page = visit(CHAPTERS[0], theme=theme)
    state = page.page.evaluate(
        """() => [...document.querySelectorAll(".bd-header-article i[class*='fa-']")]
            .filter(icon => icon.checkVisibility())
            .map(icon => { const style = getComputedStyle(icon, "::before"); return {
                name: icon.className, family: getComputedStyle(icon).fontFamily, content: style.content,
                width: icon.getBoundingClientRect().width }; })"""
    )
    assert len(state) >= 3
    for icon in state:
        assert "Font Awesome" in icon["family"], icon
        assert icon["content"] not in ("none", "normal", '""'), icon
        assert icon["width"] > 8, icon
    loaded = "() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family).join()"
    assert "Font Awesome" in page.page.evaluate(loaded)


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


def test_the_search_button_leads_to_results(visit: Callable[..., Visit]) -> None:
    page = visit(CHAPTERS[0])
    page.page.keyboard.press("Control+k")
    field = page.page.locator("#pst-search-dialog input")
    field.fill("forest")
    field.press("Enter")
    page.page.locator("#search-results ul.search li a").first.wait_for()
    assert page.errors == []


def test_pages_and_search_work_from_a_file(browser: harness.Browser) -> None:
    context = browser.new_context()
    page, errors = context.new_page(), []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((HTML / f"{CHAPTERS[0]}.html").as_uri())
    assert page.evaluate("async () => { await document.fonts.ready; return document.fonts.size }") > 0
    assert page.locator(".katex-html:visible").count() > 0
    page.goto((HTML / "search.html").as_uri() + "?q=gradient")
    result = page.locator("#search-results ul.search li a").first
    result.wait_for()
    result.click()
    page.wait_for_load_state()
    assert "gradient" in page.locator("article").inner_text().lower()
    assert errors == []
    context.close()


@pytest.mark.parametrize("name", WRITTEN)
def test_images_have_their_size_and_wait(name: str) -> None:
    for image in soup(name).select("article img"):
        assert int(image["width"]) > 0 and int(image["height"]) > 0, image
        assert image["decoding"] == "async", image
        assert image["loading"] in ("lazy", "eager"), image


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_only_what_it_uses(name: str) -> None:
    page = soup(name)
    sheets = [link["href"] for link in page.find_all("link", rel="stylesheet")]
    assert len(sheets) == 1 and f"/{light.SHEET}" in sheets[0]
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
