"""Text and figures can be read in both themes: text at 4.5:1, large text and lines at 3:1 against what lies behind.

The looks of text are those that a visit noted. The colors of figures are read from the files of the built site. The
style sheet turns line art over in the dark theme; what that filter makes of a color is computed here, and compared with
what the browser paints.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

import browser as harness
from pages import soup
from visits import CHOOSE, COLORS, LOOKED, LOOKS, SETTLED, UNFOLD, Record, axe, violations

TEXT, LARGE, LINE = 4.5, 3.0, 3.0
INVERT = 0.9  # as in _static/book.css: invert(0.9) hue-rotate(180deg)


def turned_over(rgb: np.ndarray) -> np.ndarray:
    """Colors in 0..1, shape (..., 3), after ``invert(0.9) hue-rotate(180deg)`` of CSS (Filter Effects, level 1)."""
    inverted = INVERT - (2 * INVERT - 1) * np.asarray(rgb, dtype=float)
    cos = -1.0  # of 180 degrees; the sine is 0
    luma = np.array([0.213, 0.715, 0.072])
    rotate = luma + cos * (np.eye(3) - luma)
    return np.clip(inverted @ rotate.T, 0, 1)


def luminance(rgb: np.ndarray) -> np.ndarray:
    """Relative luminance of WCAG 2 of colors in 0..1, shape (..., 3)."""
    rgb = np.asarray(rgb, dtype=float)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrast(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Contrast ratio of WCAG 2, from 1 to 21."""
    one, other = luminance(a) + 0.05, luminance(b) + 0.05
    return np.maximum(one, other) / np.minimum(one, other)


def over(rgb: np.ndarray, alpha: np.ndarray | float, ground: np.ndarray) -> np.ndarray:
    """A color with its opacity on a ground."""
    return np.asarray(alpha)[..., None] * rgb + (1 - np.asarray(alpha)[..., None]) * ground


# --- Text -------------------------------------------------------------------------------------------------------


def faint(looks: list[dict[str, Any]]) -> list[str]:
    """The looks of text that cannot be read."""
    found = []
    for look in looks:
        # As WCAG has it: 18 points, or 14 and bold.
        large = look["size"] >= 24 or (look["size"] >= 18.66 and look["weight"] >= 700)
        needed = LARGE if large else TEXT
        ratio = float(contrast(np.array(look["front"]), np.array(look["back"])))
        if look["picture"]:
            found.append(f"{look['where']}: it lies on a picture, whose colors are not known")
        elif ratio < needed:
            found.append(f"{look['where']}: {look['size']:g} pixels at {ratio:.2f}:1, needed are {needed}")
    return found


def test_all_text_can_be_read(record: Record) -> None:
    assert all(len(looks) > 5 for looks in record.looks.values())
    assert {theme: found for theme, looks in record.looks.items() if (found := faint(looks))} == {}


@pytest.mark.parametrize("theme", harness.THEMES)
def test_we_and_axe_would_find_a_pale_word_of_text_of_code_and_of_a_formula(visit: Any, theme: str) -> None:
    page = visit("chapters/tabular/lines", theme=theme).page
    pale = {"light": "#aaa", "dark": "#555"}[theme]
    page.evaluate(UNFOLD)
    page.evaluate(SETTLED)
    page.evaluate(f"document.querySelector('main p').style.color = '{pale}'")
    page.evaluate(f"[...document.querySelectorAll('main pre span.kn')].at(-1).style.color = '{pale}'")
    formulas = "[...document.querySelectorAll('main .katex-html')].filter(formula => formula.textContent.length > 5)"
    page.evaluate(f"{formulas}.at(-1).style.color = '{pale}'")
    ours = faint(page.evaluate(LOOKS))
    theirs = violations(axe(page, COLORS, part=LOOKED))
    for found, formula in ((ours, '<span class="m'), (theirs, '<span class="katex')):
        for tag in ("<p", '<span class="kn"', formula):
            assert any(text.removeprefix("color-contrast: ").startswith(tag) for text in found), tag


def test_the_look_of_a_text_is_what_is_painted(browser: harness.Chromium) -> None:
    page = browser.new_page()
    page.set_content(
        """<body style="background: rgb(0 0 255)"><div style="background: rgb(255 0 0 / 50%); opacity: 0.5">
        <p style="color: rgb(0 255 0 / 50%); font: bold 20px serif">half</p></div>
        <p style="background: linear-gradient(red, blue); opacity: 0.9">picture</p><p hidden>hidden</p></body>"""
    )
    half, picture = page.evaluate(LOOKS)
    page.context.close()
    assert (half["size"], half["weight"], half["picture"], picture["picture"]) == (20, 700, False, True)
    # Of the box, half covers the blue ground and half of the box shows: red at a quarter. Of that, green covers half.
    np.testing.assert_allclose(half["back"], [0.25, 0, 0.75])
    np.testing.assert_allclose(half["front"], [0.125, 0.25, 0.625])
    assert len(faint([half, picture])) == 2


def test_a_theme_that_is_chosen_later_looks_the_same(visit: Any) -> None:
    dark = visit("chapters/tabular/lines", theme="dark").page
    later = visit("chapters/tabular/lines", theme="light").page
    before = later.evaluate(LOOKS)
    later.evaluate(CHOOSE, "dark")
    assert dark.evaluate(LOOKS) == later.evaluate(LOOKS) != before


# --- Figures ----------------------------------------------------------------------------------------------------


def figures() -> dict[str, tuple[Path, bool]]:
    """Every figure that a page shows: its page and name, its file, and whether the dark theme turns it over."""
    found = {}
    for name in harness.PAGES:
        page = harness.HTML / f"{name}.html"
        if not page.exists():
            continue
        for image in soup(name).select("main figure img"):
            label = image.find_parent("figure").get("id", "figure")
            path = (page.parent / image["src"]).resolve()
            found[f"{name.split('/')[-1]}:{label}"] = (path, "invert-dark" in image.get("class", []))
    return found


FIGURES = figures()


@pytest.fixture(scope="module")
def sheet(browser: harness.Chromium) -> Iterator[Page]:
    """The page on which every figure is laid in turn: a new one for each takes six times as long."""
    page = browser.new_page(viewport={"width": 700, "height": 900})
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def grounds(site: str, browser: harness.Chromium) -> dict[str, np.ndarray]:
    """The page's ground in each theme, and the box that the dark theme lays behind figures it does not turn."""
    found = {}
    for theme in harness.THEMES:
        visit, own = harness.open_page(browser, site, "index", theme)
        color = visit.page.evaluate(
            """() => { const draw = new OffscreenCanvas(1, 1).getContext('2d');
                draw.fillStyle = getComputedStyle(document.body).backgroundColor; draw.fillRect(0, 0, 1, 1);
                return [...draw.getImageData(0, 0, 1, 1).data]; }"""
        )
        own.close()
        found[theme] = np.array(color[:3]) / 255
    return found


# In the browser: hide all text, then tell for each word its color and box, for each line of data its color.
READ = r"""() => {
    const svg = document.querySelector('svg');
    const color = value => {
        const match = /rgba?\(([^)]+)\)/.exec(value);
        return match ? match[1].split(/[ ,/]+/).map(Number).slice(0, 3) : null;
    };
    const paint = (value, alpha) => color(value) && alpha > 0 ? [...color(value), alpha] : null;
    const texts = [...svg.querySelectorAll('g[id^="text_"]')].map(group => {
        // A word may bring a box of its own, which is part of what lies behind it.
        const part = group.querySelector(':scope > g:not([id]) :is(use, path)') ?? group.querySelector('text') ?? group;
        const style = getComputedStyle(part), box = group.getBoundingClientRect();
        return {id: group.id, fill: color(style.fill), alpha: +style.fillOpacity * +getComputedStyle(group).opacity,
            box: [box.left, box.top, box.right, box.bottom]};
    });
    const data = ['line2d_', 'LineCollection_', 'patch_', 'QuadContourSet_'].map(id => `g[id^="${id}"]`).join(', ');
    const lines = [...svg.querySelectorAll(data)].filter(group =>
        !group.closest('[id^="matplotlib.axis_"], [id^="text_"], [id^="legend_"] > [id^="patch_"]')
    ).flatMap(group => [...group.querySelectorAll('path, use')].map(part => {
        const style = getComputedStyle(part);
        const drawn = parseFloat(style.strokeWidth) > 0;
        return {id: group.id, path: part.getAttribute('d') ?? '', hatched: /url/.test(style.fill),
            stroke: drawn ? paint(style.stroke, +style.strokeOpacity * +style.opacity) : null,
            // Filled contours are grounds, told apart by their hatching.
            fill: group.id.startsWith('Quad') ? null : paint(style.fill, +style.fillOpacity * +style.opacity)};
    }));
    return {texts, lines};
}"""


def read(page: Page, path: Path) -> tuple[dict[str, Any], np.ndarray]:
    """The words and lines of an SVG, and its picture without words, as colors with opacity in 0..1."""
    page.set_content(f'<body style="margin:0">{path.read_text(encoding="utf-8").partition("?>")[2]}')
    content = page.evaluate(READ)
    page.add_style_tag(content='svg g[id^="text_"] > :not([id]) { visibility: hidden }')
    shot = page.locator("svg").screenshot(omit_background=True)
    return content, np.asarray(Image.open(io.BytesIO(shot)).convert("RGBA")) / 255


def problems(content: dict[str, Any], picture: np.ndarray, ground: np.ndarray, turn: bool) -> list[str]:
    """What cannot be read on this ground."""
    paint = turned_over if turn else np.asarray
    found = []
    for text in content["texts"]:
        if not text["fill"]:
            continue
        left, top, right, bottom = (round(v) for v in text["box"])
        behind = picture[max(top, 0) : bottom, max(left, 0) : right].reshape(-1, 4)
        if not len(behind):
            continue
        # A word crosses grid lines and edges; what lies behind most of it is its ground.
        back = np.median(over(paint(behind[:, :3]), behind[:, 3], ground), axis=0)
        front = over(paint(np.array(text["fill"][:3]) / 255), text["alpha"], back)
        ratio = contrast(front, back)
        if ratio < TEXT:
            found.append(f"{text['id']}: {text['fill'][:3]} has {ratio:.2f}:1, text needs {TEXT}")
    # An area is told by its edge or by its inside; a faint hatching may have an edge of its own, along the same path.
    best: dict[str, tuple[float, str]] = {}
    for k, line in enumerate(content["lines"]):
        if line["hatched"]:
            continue
        for color in (line["stroke"], line["fill"]):
            if color:
                ratio = float(contrast(over(paint(np.array(color[:3]) / 255), color[3], ground), ground))
                say = f"{line['id']}: {color} has {ratio:.2f}:1, a line needs {LINE}"
                key = line["path"] or str(k)
                best[key] = max(best.get(key, (0.0, "")), (ratio, say))
    found += [say for ratio, say in best.values() if ratio < LINE]
    return sorted(set(found))


def test_the_book_has_figures() -> None:
    assert len(FIGURES) > 50
    assert all(turn for _, turn in FIGURES.values()), "the dark theme shows line art on a pale box"
    assert all(path.suffix == ".svg" for path, _ in FIGURES.values())


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_can_be_read(sheet: Page, grounds: dict[str, np.ndarray], figure: str) -> None:
    path, turn = FIGURES[figure]
    content, picture = read(sheet, path)
    assert content["texts"] or content["lines"] or "<image" in path.read_text(encoding="utf-8")
    found = {
        theme: bad
        for theme, ground in grounds.items()
        if (bad := problems(content, picture, ground, turn and theme == "dark"))
    }
    assert found == {}


def test_the_filter_is_computed_as_the_browser_paints_it(browser: harness.Chromium) -> None:
    colors = np.array([[0, 0, 0], [1, 1, 1], [0, 0.447, 0.698], [0.835, 0.369, 0], [0.722, 0.722, 0.722]])
    style = re.search(r"filter: (invert[^;]+);", (harness.ROOT / "_static" / "book.css").read_text()).group(1)
    page = browser.new_page(viewport={"width": 200, "height": 100})
    boxes = "".join(
        f'<div style="width:20px;height:20px;background:rgb({r:.0f} {g:.0f} {b:.0f})"></div>'
        for r, g, b in 255 * colors
    )
    page.set_content(f'<body style="margin:0"><div style="filter:{style}">{boxes}</div>')
    shot = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")) / 255
    page.close()
    painted = np.array([shot[20 * k + 10, 10] for k in range(len(colors))])
    np.testing.assert_allclose(turned_over(np.round(255 * colors) / 255), painted, atol=2.5 / 255)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast(np.zeros(3), np.ones(3)) == pytest.approx(21)
    grey = np.full(3, 0x76 / 255)
    assert contrast(grey, np.ones(3)) == pytest.approx(4.54, abs=0.01)


def test_what_cannot_be_read_is_found() -> None:
    pale = {"stroke": [230, 230, 0, 1], "fill": None, "hatched": False, "id": "line2d_1", "path": ""}
    faint = {"fill": [150, 150, 150], "alpha": 1, "box": [0, 0, 4, 4], "id": "text_1"}
    nothing = np.zeros((8, 8, 4))
    found = problems({"texts": [faint], "lines": [pale]}, nothing, np.ones(3), turn=False)
    assert len(found) == 2 and "text_1" in found[1] and "line2d_1" in found[0]
