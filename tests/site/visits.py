"""One visit to a page, in which all is noted that tests ask of every page: the fixture `record` gives it.

The page is loaded once. It is then seen wide, as wide as a phone and narrow, in both themes, with all that it folds
away unfolded.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from axe_playwright_python.base import AXE_SCRIPT

from browser import DESKTOP, NARROW, PHONE, THEMES, Chromium, open_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"label-content-name-mismatch": {"enabled": True}}}
# The rules whose answer depends on the theme take axe-core nine tenths of its time: they are asked of a few elements of
# each look. On every page, the looks of text and the lines under links are judged instead.
COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
BUT_COLORS = {**ALL, "rules": ALL["rules"] | {rule: {"enabled": False} for rule in COLORS["runOnly"]["values"]}}

# Everything that a page folds away, unfolded: what is hidden cannot be checked.
UNFOLD = """() => {
    document.querySelectorAll('main details').forEach(details => { details.open = true; });
    document.querySelectorAll('.toggle-hidden button.toggle-button').forEach(button => button.click());
}"""
# Code has thousands of words, a formula hundreds of boxes, and axe-core looks at each of them: they become plain text.
FEWER_WORDS = """() => document.querySelectorAll('pre span, .katex-html, math').forEach(part => {
    if (!part.closest('pre')) part.textContent = part.textContent;
    else if (!part.querySelector('a')) part.replaceWith(part.textContent);
})"""
# The rows of a table of the ledger are alike, and there are a thousand: axe-core sees the first ones of each.
FEWER_ROWS = """() => document.querySelectorAll('table.ledger-table').forEach(table =>
    [...table.rows].slice(5).forEach(row => row.remove()))"""
# All that moves is at rest, after so many frames that scripts which look at each frame are done on a slow machine.
# (What a browser leaves out of its layout does not move, and waits for ever.)
SETTLED = """async () => {
    const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));
    for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
    await wait(100);
    await Promise.race([wait(400), Promise.allSettled(document.getAnimations().map(one => one.finished))]);
}"""
# Ask for the images that wait for the reader to come, and wait for all of them: those that do not show.
LOAD_ALL = """async () => {
    const images = [...document.querySelectorAll('main img')];
    for (const image of images) image.loading = 'eager';
    await Promise.all(images.map(image => image.decode().catch(() => null)));
    return images.filter(image => !image.naturalWidth).map(image => image.src);
}"""
BYTES = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((sum, entry) => sum + entry.transferSize, 0)"""
# The theme as the reader's switch leaves it, without the time that colors take to change.
CHOOSE = """theme => {
    const still = document.createElement('style');
    still.textContent = '*, ::before, ::after { transition: none !important; }';
    document.head.append(still);
    document.documentElement.dataset.mode = document.documentElement.dataset.theme = theme;
}"""

# The distinct looks of the text that is shown: its color and what lies behind it, as they are painted, and its size.
# Three elements of each look are left in `window.looked`.
LOOKS = """() => {
    window.looked = [];
    const styles = new Map(), looks = new Map();
    const color = text => {
        const numbers = text.match(/-?[\\d.]+(?:e-?\\d+)?/g)?.map(Number);
        const scale = text.startsWith('color(srgb ') ? 255 : 1;
        if (!numbers || !/^(rgba?|color)\\(/.test(text) || (text.startsWith('color(') && scale === 1))
            throw new Error(`a color that is not understood: ${text}`);
        const [red, green, blue, alpha = 1] = numbers;
        return [red * scale / 255, green * scale / 255, blue * scale / 255, alpha];
    };
    const style = element => {
        if (!styles.has(element)) {
            const {backgroundColor, backgroundImage, opacity} = getComputedStyle(element);
            const picture = backgroundImage !== 'none';
            styles.set(element, {ground: color(backgroundColor), opacity: +opacity, picture});
        }
        return styles.get(element);
    };
    // Colors are multiplied by their opacity here, so that one laid over another is a sum.
    const multiplied = ([red, green, blue, alpha]) => [red * alpha, green * alpha, blue * alpha, alpha];
    const over = (front, back) => front.map((value, k) => value + (1 - front[3]) * back[k]);
    const painted = (element, text) => {
        let [front, back, picture] = [multiplied(text), [0, 0, 0, 0], false];
        for (let outer = element; outer && back[3] < 1; outer = outer.parentElement) {
            const {ground, opacity, picture: drawn} = style(outer);
            picture ||= drawn;
            back = over(back, multiplied(ground)).map(value => value * opacity);
            front = over(front, multiplied(ground)).map(value => value * opacity);
        }
        return [over(front, [1, 1, 1, 1]), over(back, [1, 1, 1, 1]), picture];
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const seen = new Set(), unseen = '.katex-mathml, .visually-hidden, svg, :disabled';
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (seen.has(element) || !texts.currentNode.data.trim()) continue;
        seen.add(element);
        if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
        const box = element.getBoundingClientRect();
        if (box.width <= 1 || box.height <= 1 || element.closest(unseen)) continue;
        const own = getComputedStyle(element);
        const [front, back, picture] = painted(element, color(own.color));
        const look = {front: front.slice(0, 3), back: back.slice(0, 3), picture,
            size: parseFloat(own.fontSize), weight: +own.fontWeight};
        const key = JSON.stringify(look);
        if (!looks.has(key)) looks.set(key, {...look, where: element.outerHTML.slice(0, 150), count: 0});
        if (++looks.get(key).count <= 3) looked.push(element.closest('.katex-html') ?? element);
    }
    return [...looks.values()].map(({count, ...look}) => look);
}"""
# What `LOOKS` left, with each formula as one word: of single letters axe-core cannot say whether they are text.
LOOKED = """looked.map(element => {
    if (element.matches('.katex-html')) element.textContent = element.textContent;
    return element;
})"""
# Links in running text that only a color tells from it.
BARE_LINKS = """() => [...document.querySelectorAll('article :is(p, li, dd, td, figcaption) a[href]:not(.headerlink)')]
    .filter(link => link.checkVisibility() && link.textContent.trim()
        && [link, ...link.querySelectorAll('*')].every(part => getComputedStyle(part).textDecorationLine === 'none'))
    .map(link => link.outerHTML.slice(0, 150))"""
# Whatever reaches beyond the window, and lies in no box that scrolls, hides from a reader or moves the page.
# (A drawing cuts off what lies beyond its frame; so does KaTeX the bar of every root, which is far too long:
# `hide-tail`.)
WIDE = """() => {
    const wide = [...document.querySelectorAll('main *')].filter(element => {
        const box = element.getBoundingClientRect();
        if (box.width < 2 || box.height < 2 || box.right <= innerWidth + 1) return false;
        if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
        for (let outer = element.parentElement; outer && outer.tagName !== 'MAIN'; outer = outer.parentElement)
            if (['auto', 'scroll'].includes(getComputedStyle(outer).overflowX)
                && outer.getBoundingClientRect().right <= innerWidth + 1) return false;
        return getComputedStyle(element).position !== 'fixed'
            && !element.closest('.katex-mathml, .katex .hide-tail, svg *');
    }).map(element => element.outerHTML.slice(0, 150));
    const page = document.documentElement.scrollWidth;
    return page > innerWidth ? [`the page is ${page} pixels wide`, ...wide] : wide;
}"""
# Code of cells that is wider than its box.
SCROLLING_CODE = """() => [...document.querySelectorAll('main .cell_input pre')]
    .filter(code => code.scrollWidth > code.clientWidth && code.checkVisibility())
    .map(code => code.textContent.split('\\n').sort((a, b) => b.length - a.length)[0])"""
# Boxes that scroll sideways, and that the keyboard does not reach or that have no name.
NAMELESS = """() => [...document.querySelectorAll('main *')].filter(box =>
    ['auto', 'scroll'].includes(getComputedStyle(box).overflowX) && box.scrollWidth > box.clientWidth + 1
    && box.clientHeight > 0 && box.checkVisibility({ visibilityProperty: true })
    && !(box.tabIndex === 0 && box.getAttribute('role') && box.getAttribute('aria-label'))
).map(box => box.outerHTML.slice(0, 150))"""
# Icons that are shown and not drawn: no letter, or one that the font does not have.
ICONS = """() => {
    const canvas = new OffscreenCanvas(40, 40).getContext('2d', { willReadFrequently: true });
    const missing = String.fromCodePoint(0x10fffd);
    const drawing = (letter, style) => {
        canvas.clearRect(0, 0, 40, 40);
        canvas.font = `${style.fontWeight} 32px ${style.fontFamily}`;
        canvas.fillText(letter, 4, 34);
        return canvas.getImageData(0, 0, 40, 40).data.join();
    };
    const known = new Map();
    const drawn = style => {
        const key = [style.content, style.fontWeight, style.fontFamily].join();
        const letter = style.content.replace(/^"|"$/g, '');
        if (!known.has(key))
            known.set(key, letter !== 'none' && drawing(letter, style) !== drawing(missing, style));
        return known.get(key);
    };
    const icons = [...document.querySelectorAll('[class*="fa-"]')].map(icon => [icon, '::before']);
    const titles = [...document.querySelectorAll('main .admonition-title')].map(title => [title, '::after'])
        .filter(([title, part]) => getComputedStyle(title, part).content !== 'none');
    return [...icons, ...titles].filter(([element, part]) =>
        element.checkVisibility({ visibilityProperty: true }) && !drawn(getComputedStyle(element, part))
    ).map(([element]) => element.outerHTML.slice(0, 150));
}"""
FIGURES = "() => document.querySelectorAll('main figure img, main .cell_output img').length"
BUTTONS = "() => [...document.querySelectorAll('main button.figure-open')].map(one => one.getAttribute('aria-label'))"


def axe(
    page: Page, rules: dict[str, Any] = ALL, *kinds: str, part: str = "document"
) -> dict[str, list[dict[str, Any]]]:
    """What axe-core says of a page or a part: all violations, and all results of the other kinds that are named."""
    if page.evaluate("() => !('axe' in window)"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(f"axe.run({part}, {json.dumps(rules | {'resultTypes': ['violations', *kinds]})})")


def violations(results: dict[str, list[dict[str, Any]]]) -> list[str]:
    """What axe-core finds: the rule, where, and why."""
    return [
        f"{rule['id']}: {node['html'][:160]}: {' '.join(node['failureSummary'].split())[:200]}"
        for rule in results["violations"]
        for node in rule["nodes"]
    ]


def resize(page: Page, size: tuple[int, int]) -> None:
    """Make the window another size, and let the page's scripts take note of it."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(SETTLED)


@dataclass
class Record:
    """What a visit found. The lists hold what is wrong; an empty one means that nothing is.

    Attributes
    ----------
    name : str
        The page.
    elsewhere, failed, errors : list of str
        As in `browser.Visit`.
    broken : list of str
        Images that are not shown.
    icons : list of str
        Icons that are shown and not drawn.
    bytes : int
        What a first visit loads, with every figure, packed as a web host packs it.
    figures, buttons : int, list of str
        How many figures there are, and the names of the buttons that enlarge them.
    violations : list of str
        What axe-core finds on a phone: all rules but those of colors.
    bare_links : list of str
        Links in running text that are not underlined, in one theme or the other.
    looks : dict
        Theme -> the distinct looks of text, wide and on a phone.
    wide, nameless : dict
        Width of the window -> what reaches beyond it, and boxes that scroll out of the keyboard's reach.
    scrolling_code : list of str
        The longest lines of code that scrolls sideways on a wide screen.
    """

    name: str
    elsewhere: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    icons: list[str] = field(default_factory=list)
    bytes: int = 0
    figures: int = 0
    buttons: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    bare_links: list[str] = field(default_factory=list)
    looks: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {theme: [] for theme in THEMES})
    wide: dict[int, list[str]] = field(default_factory=dict)
    nameless: dict[int, list[str]] = field(default_factory=dict)
    scrolling_code: list[str] = field(default_factory=list)


def take(browser: Chromium, site: str, name: str) -> Record:
    """Visit a page of a site and note everything about it.

    Parameters
    ----------
    browser : Chromium
        A running browser.
    site : str
        The address of the site.
    name : str
        The page's name without ending.
    """
    visit, context = open_page(browser, site, name)
    try:
        return _look_at(visit.page, Record(name, visit.elsewhere, visit.failed, visit.errors))
    finally:
        context.close()


def _look_at(page: Page, record: Record) -> Record:
    page.evaluate(UNFOLD)
    record.broken = page.evaluate(LOAD_ALL)
    record.bytes, record.icons = page.evaluate(BYTES), page.evaluate(ICONS)
    record.figures, record.buttons = page.evaluate(FIGURES), page.evaluate(BUTTONS)
    for size in (NARROW, PHONE, DESKTOP):
        resize(page, size)
        record.wide[size[0]], record.nameless[size[0]] = page.evaluate(WIDE), page.evaluate(NAMELESS)
        for theme in THEMES if size != NARROW else ():
            page.evaluate(CHOOSE, theme)
            record.looks[theme] += page.evaluate(LOOKS)
            record.bare_links += page.evaluate(BARE_LINKS)
    record.scrolling_code = page.evaluate(SCROLLING_CODE)
    # Once: these rules depend on no theme. The templates, which hold every component, are asked on a wide screen, too.
    page.evaluate(FEWER_ROWS)
    page.evaluate(FEWER_WORDS)
    page.evaluate(CHOOSE, "light")
    resize(page, PHONE)
    record.violations = violations(axe(page, BUT_COLORS))
    return record
