"""Everyone can use every page: axe-core, names and captions, keyboard, a narrow screen, paper."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

import browser as harness
from mlfa_site.access import improve
from pages import soup
from visits import (
    BARE_LINKS,
    BUT_COLORS,
    COLORS,
    FEWER_ROWS,
    FEWER_WORDS,
    LOOKED,
    LOOKS,
    NAMELESS,
    SCROLLING_CODE,
    SETTLED,
    UNFOLD,
    WIDE,
    Record,
    axe,
    resize,
    violations,
)

Visit = Callable[..., harness.Visit]


def test_axe_finds_nothing(record: Record) -> None:
    assert record.violations == []


def test_a_link_in_a_text_is_underlined(record: Record) -> None:
    assert record.bare_links == []


def painted(look: dict[str, Any]) -> tuple[str, str]:
    """The color of a text and that behind it, as axe-core writes them."""
    front, back = ("#" + "".join(f"{round(255 * part):02x}" for part in look[key]) for key in ("front", "back"))
    return front, back


@pytest.mark.parametrize("theme", harness.THEMES)
@pytest.mark.parametrize("name", harness.TEMPLATES)
def test_axe_sees_the_colors_that_we_judge_and_finds_nothing(visit: Visit, name: str, theme: str) -> None:
    page = visit(name, theme=theme).page
    page.evaluate(UNFOLD)
    page.evaluate(FEWER_ROWS)
    for size in (harness.PHONE, harness.DESKTOP):
        resize(page, size)
        ours = {painted(look) for look in page.evaluate(LOOKS)}
        results = axe(page, COLORS, "passes", part=LOOKED)
        assert violations(results) == []
        judged = [node for rule in results["passes"] if rule["id"] == "color-contrast" for node in rule["nodes"]]
        data = [check["data"] for node in judged for check in node["any"] if "fgColor" in (check["data"] or {})]
        assert data and {(one["fgColor"], one["bgColor"]) for one in data} <= ours
    page.evaluate(FEWER_WORDS)
    assert violations(axe(page, BUT_COLORS)) == []


def test_the_templates_hold_every_component() -> None:
    where: dict[str, set[str]] = {}
    for name in harness.PAGES:
        for element in soup(name).select("main :is(div, section, aside, nav, table, figure, details, dl, p, ul, form)"):
            for kind in element.get("class", []):
                where.setdefault(kind, set()).add(name)
    # What is on one or two pages only is no component of the book's.
    common = {kind: names for kind, names in where.items() if len(names) > 2}
    assert len(common) > 50
    assert {kind: names for kind, names in common.items() if not names & set(harness.TEMPLATES)} == {}


def test_axe_would_find_something(visit: Visit) -> None:
    page = visit("index").page
    page.evaluate("document.querySelector('main p').innerHTML += '<img src=x.png><button></button>'")
    page.evaluate("document.querySelector('main p a').style.textDecoration = 'none'")
    rules = {finding.split(":")[0] for finding in violations(axe(page))}
    assert {"image-alt", "button-name"} <= rules and len(page.evaluate(BARE_LINKS)) == 1


# --- What the page says -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", harness.PAGES)
def test_images_figures_and_tables_say_what_they_are(name: str) -> None:
    page = soup(name)
    for image in page.select("img"):
        alt = image.get("alt", "").strip()
        assert len(alt) >= 30 and " " in alt, f"an alt text that says nothing: {image}"
        assert Path(image["src"]).stem not in alt and not re.search(r"\.(svg|png)$", alt), image
    for figure in page.select("main figure"):
        caption = figure.find("figcaption")
        assert caption and re.match(r"Fig\. [\dA-Z]+", caption.get_text(strip=True)), f"no number: {figure.get('id')}"
        assert len(caption.get_text(strip=True)) > 30, f"no caption: {figure.get('id')}"
    for image in page.select("main .cell_output img"):
        assert image.find_parent("figure"), f"an image without caption and number: {image.get('alt')}"
    for table in page.select("main table:not([role=presentation])"):
        headers = table.select("th")
        assert headers, f"no header cells: {table.get_text(' ', strip=True)[:80]}"
        assert all(header.get("scope") in ("col", "row") for header in headers)
        assert all(header.get_text(strip=True) for header in headers), "a header cell is empty"
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids)), sorted({name for name in ids if ids.count(name) > 1})


# --- Keyboard ---------------------------------------------------------------------------------------------------

# The look of an element, and of what frames it: a focus must change some of it.
LOOK = """element => {
    const parts = [element, element.parentElement].map(part => {
        const style = getComputedStyle(part);
        return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow];
    });
    return JSON.stringify(parts);
}"""
INTERACTIVE = """() => [...document.querySelectorAll(
    'a[href], button, summary, input, select, textarea, [tabindex="0"]')].filter(element => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.height > 0 && !element.closest('dialog:not([open])') && !element.disabled
            && element.checkVisibility({ visibilityProperty: true });
    })"""


def walk(page: Any, most: int = 1000) -> list[dict[str, Any]]:
    """Press Tab until it comes round to where it began: what had the focus, in order, and whether it was seen."""
    page.evaluate(
        f"""() => {{
            document.activeElement.blur();
            window.everything = ({INTERACTIVE})();
            window.unfocused = everything.map({LOOK});
            window.met = [];
            document.addEventListener('focusin', event => {{
                const at = everything.indexOf(event.target);
                const style = getComputedStyle(event.target);
                const box = event.target.getBoundingClientRect();
                met.push({{at, text: event.target.outerHTML.slice(0, 120),
                    changed: at < 0 || ({LOOK})(event.target) !== unfocused[at],
                    shown: style.visibility !== 'hidden' && style.opacity !== '0' && box.width > 0}});
            }});
        }}"""
    )
    for count in range(1, most + 1):
        page.keyboard.press("Tab")
        if count % 20 == 0 and page.evaluate("met.slice(2).some(stop => stop.at === met[0].at)"):
            break
    return page.evaluate("met")


@pytest.mark.parametrize("name", ["index", "search", "chapters/tabular/lines", "chapters/appendix/glossary"])
@pytest.mark.parametrize("theme", harness.THEMES)
def test_tab_reaches_everything_and_is_seen(visit: Visit, name: str, theme: str) -> None:
    page = visit(name, theme=theme).page
    page.evaluate(UNFOLD)
    page.evaluate(SETTLED)
    met = walk(page)
    assert [stop["text"] for stop in met if not stop["changed"]] == [], "the focus is not seen"
    assert [stop["text"] for stop in met if not stop["shown"]] == [], "the focus is on something invisible"
    everything = page.evaluate("everything.map(element => element.outerHTML.slice(0, 120))")
    reached = {stop["at"] for stop in met}
    assert [text for at, text in enumerate(everything) if at not in reached] == [], "Tab does not reach all"


def test_the_skip_link_skips(visit: Visit) -> None:
    page = visit("chapters/tabular/lines").page
    page.keyboard.press("Tab")
    page.evaluate(SETTLED)
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_solution_opens_by_keyboard(visit: Visit, key: str) -> None:
    page = visit("chapters/tabular/lines").page
    button = page.locator(".solution button.toggle-button").first
    content = page.locator(".solution section").first
    assert "Solution" in button.get_attribute("aria-label")
    assert not content.is_visible() and button.get_attribute("aria-expanded") == "false"
    button.focus()
    page.keyboard.press(key)
    assert content.is_visible() and button.get_attribute("aria-expanded") == "true"
    page.keyboard.press(key)
    assert not content.is_visible()


@pytest.mark.parametrize("kind", ["details.hide:not(.quiet)", "details.quiet"])
def test_hidden_code_opens_by_keyboard(visit: Visit, kind: str) -> None:
    page = visit("chapters/tabular/lines").page
    page.locator(f"main {kind} > summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(f"main {kind}[open] pre").first.is_visible()


def test_the_theme_switches_by_keyboard(visit: Visit) -> None:
    page = visit("index", theme="light").page
    page.locator(".theme-switch-button:visible").first.focus()
    seen = set()
    for _ in range(3):  # light, dark, and as the system has it
        page.keyboard.press("Enter")
        page.evaluate(SETTLED)
        seen.add(page.evaluate("document.documentElement.dataset.theme"))
    assert seen == {"light", "dark"}
    assert page.evaluate("document.activeElement.matches('.theme-switch-button')"), "the focus is lost"


def test_search_opens_by_keyboard_and_finds(visit: Visit) -> None:
    page = visit("index").page
    page.locator(".search-button__button:visible").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('dialog[open] input')")
    page.keyboard.type("gradient")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("search"))
    page.locator("#search-results li a").first.wait_for()


def test_the_contents_open_by_keyboard_on_a_phone(visit: Visit) -> None:
    page = visit("chapters/tabular/lines", size=harness.PHONE).page
    button = page.locator(".primary-toggle:visible").first
    button.focus()
    page.keyboard.press("Enter")
    page.evaluate(SETTLED)
    assert page.evaluate("document.activeElement.closest('dialog[open]') !== null")
    assert page.locator("dialog[open] nav a").first.is_visible()
    assert violations(axe(page, part="document.querySelector('dialog[open]')")) == []
    page.keyboard.press("Escape")
    page.evaluate(SETTLED)
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("document.activeElement.classList.contains('primary-toggle')")


# --- Figures ----------------------------------------------------------------------------------------------------


def test_every_figure_can_be_enlarged(record: Record) -> None:
    assert len(record.buttons) == record.figures
    assert record.figures or record.name not in harness.CHAPTERS
    assert len(set(record.buttons)) == len(record.buttons), "two buttons of one name"


@pytest.mark.parametrize("theme", harness.THEMES)
@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_figure_opens_by_keyboard(visit: Visit, key: str, theme: str) -> None:
    page = visit("chapters/tabular/lines", theme=theme).page
    image = page.locator("main figure img").first
    width, alt = image.evaluate("image => [image.clientWidth, image.alt]")
    page.locator("button.figure-open").first.focus()
    page.keyboard.press(key)
    dialog = page.locator("dialog.figure-dialog")
    assert dialog.is_visible() and dialog.get_attribute("aria-label").startswith("Fig.")
    large = dialog.locator("img")
    assert large.get_attribute("alt") == alt
    assert large.evaluate("image => image.decode().then(() => image.clientWidth)") > width
    assert violations(axe(page, part="document.querySelector('dialog[open]')")) == []
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement === document.querySelector('button.figure-open')")


def test_a_figure_opens_by_a_click_and_closes(visit: Visit) -> None:
    page = visit("chapters/tabular/lines", size=harness.PHONE).page
    image = page.locator("main figure img").first
    image.click()
    large = page.locator("dialog.figure-dialog img")
    assert large.evaluate("image => image.clientWidth") > 1.5 * image.evaluate("image => image.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= harness.PHONE[0]
    page.get_by_role("button", name="Close").click()
    assert not page.locator("dialog.figure-dialog").is_visible()


# --- A narrow screen --------------------------------------------------------------------------------------------


def test_a_page_never_scrolls_sideways(record: Record) -> None:
    assert {width: found for width, found in record.wide.items() if found} == {}


def test_a_box_that_scrolls_has_a_name_and_the_keyboard_reaches_it(record: Record) -> None:
    assert {width: found for width, found in record.nameless.items() if found} == {}


def test_code_fits_between_both_sidebars(record: Record) -> None:
    assert record.scrolling_code == []


def test_there_is_room_for_88_characters_in_every_box_of_code(visit: Visit) -> None:
    page = visit("chapters/tabular/lines").page
    page.evaluate(UNFOLD)
    for count in (88, 120):
        line = "\n" + "m" * count
        page.evaluate("line => document.querySelectorAll('main pre').forEach(code => code.append(line))", line)
        assert bool(page.evaluate(SCROLLING_CODE)) == (count > 88)


def test_the_title_of_a_box_is_as_wide_as_the_box(visit: Visit) -> None:
    page = visit("index", size=(1920, 1000)).page
    widths = "boxes => boxes.map(box => box.clientWidth - box.querySelector('.admonition-title').offsetWidth)"
    assert set(page.locator("article div.admonition").evaluate_all(widths)) == {0}


def test_what_is_too_wide_would_be_found(visit: Visit) -> None:
    page = visit("index", size=harness.NARROW).page
    long = "<pre style='overflow: auto; width: 9rem'>" + "long " * 40 + "</pre><p style='width: 60rem'>wide</p>"
    # Looked at before the page's own script sees the box and names it.
    insert = "document.querySelector('main section').insertAdjacentHTML('beforeend', html)"
    wide, nameless = page.evaluate(f"html => {{ {insert}; return [({WIDE})(), ({NAMELESS})()]; }}", long)
    assert [text for text in wide if text.startswith('<p style="width: 60rem"')]
    assert [text for text in nameless if text.startswith('<pre style="overflow: auto')]


# --- Paper ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["chapters/tabular/lines", "chapters/tabular/networks", "chapters/appendix/notation"])
@pytest.mark.parametrize("theme", harness.THEMES)
def test_paper_is_clean(visit: Visit, name: str, theme: str) -> None:
    page = visit(name, theme=theme, size=(720, 1000)).page
    page.emulate_media(media="print")
    page.evaluate(SETTLED)
    shown = page.evaluate(
        """() => [...document.querySelectorAll('button, nav:not(#jb-print-toc nav), input, .bd-sidebar, .headerlink,' +
            ' dialog, .prev-next-footer')].filter(element => element.checkVisibility({ visibilityProperty: true })
                && element.getBoundingClientRect().height > 0).map(element => element.outerHTML.slice(0, 120))"""
    )
    assert shown == [], "paper has no use for it"
    folded = page.evaluate(
        """() => [...document.querySelectorAll('.solution section')].filter(part =>
            part.getBoundingClientRect().height < 10 || getComputedStyle(part).visibility !== 'visible').length"""
    )
    assert folded == 0, "a solution is not printed"
    cut = page.evaluate(
        """() => [...document.querySelectorAll('main pre')].filter(box =>
            box.checkVisibility() && (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1))
            .map(box => box.textContent.slice(0, 80))"""
    )
    assert cut == [], "code is cut at the edge of the paper"
    assert page.evaluate("document.documentElement.dataset.theme") == "light", "paper is white"
    page.emulate_media(media="screen")
    page.evaluate(SETTLED)
    assert page.evaluate("document.documentElement.dataset.theme") == theme


# --- The mending itself -----------------------------------------------------------------------------------------


def test_pages_are_mended() -> None:
    html = """<!DOCTYPE html>
<html><body><div id="pst-primary-sidebar"><a href="#">Book</a></div><main id="main-content">
<table><thead><tr><th></th><th>score</th></tr></thead><tbody><tr><th>line</th><td>1</td></tr></tbody></table>
<details><summary aria-label="Toggle hidden content">Show code</summary></details>
<p id="a">1 &lt; 2</p><p id="a">second</p><div role="list"><div role="doc-biblioentry">x</div></div>
<pre>  two  spaces\n\n&amp;&nbsp;</pre></main></body></html>"""
    page = BeautifulSoup(improve(html), "lxml")
    assert page.find(id="pst-primary-sidebar")["role"] == "region"
    assert page.find("main")["tabindex"] == "-1"
    assert [(cell.name, cell.get("scope")) for cell in page.select("tr > *")] == [
        ("td", None),
        ("th", "col"),
        ("th", "row"),
        ("td", None),
    ]
    assert not page.find("summary").get("aria-label")
    assert [p.get("id") for p in page.find_all("p")] == ["a", None] and page.p.text == "1 < 2"
    assert not page.find(role="doc-biblioentry") and page.find(role="listitem").text == "x"
    assert page.pre.text == "  two  spaces\n\n&\xa0"
    assert improve(html).startswith("<!DOCTYPE html>")
    assert improve(improve(html)) == improve(html)
