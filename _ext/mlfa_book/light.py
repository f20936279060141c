"""Light pages: one style sheet, only the scripts and icons that a page uses, images that load when they are needed.

A page asks nothing of another host and weighs less than a megabyte, most of it figures.
"""

from __future__ import annotations

import base64
import io
import logging
import os
import posixpath
import re
import shutil
import struct
from pathlib import Path
from typing import Any

import tinycss2
from docutils import nodes
from fontTools import subset
from fontTools.ttLib import TTFont
from lxml import etree
from sphinx.application import Sphinx
from sphinx.builders.html._assets import _CascadingStyleSheet, _JavaScript

HERE = Path(__file__).parent
SHEET = "site.css"
KATEX = "katex"
# The fonts of nearly every formula: asked for at once, so that a line does not move when they arrive.
FIRST_FONTS = ["KaTeX_Main-Regular", "KaTeX_Math-Italic"]
# Scripts that do something only where the page has something for them to do it to.
NEEDS = {
    "clipboard.min.js": r'class="highlight',
    "copybutton.js": r'class="highlight',
    "design-tabs.js": r'class="[^"]*\bsd-tab-set\b',
    "togglebutton.js": r'class="[^"]*(?<![\w-])(toggle|dropdown)(?![\w-])',
}
# Inline scripts that feed a deferred file which the theme's switched-off parts would read.
UNUSED_SETTINGS = ("DOCUMENTATION_OPTIONS.pagename", "DOCUMENTATION_OPTIONS.search_as_you_type")
UNUSED_FILES = ["scripts/fontawesome.js", "scripts/fontawesome.js.LICENSE.txt"]
# Names that a script puts together from parts.
MADE_BY_SCRIPTS = ("bs-", "tooltip", "popover")
ICON_RULE = re.compile(r'((?:\.fa-[\w-]+::?before,?)+)\{content:"([^"]*)"\}')
ICON_FONTS = {"solid": ("Free", 900), "regular": ("Free", 400), "brands": ("Brands", 400)}
URL = re.compile(r"""url\((["']?)(?!data:|#|/|\w+:)([^)"']+)\1\)""")
COORDINATES = re.compile(r'(\s(?:d|x|y|points)=")([^"]*)')
NUMBER = re.compile(r"-?\d+\.\d+(?![\de])")
IMAGE = re.compile(r"<img\b[^>]*>")
# Names, punctuation and spaces have the color of the code around them: a third of a long page's elements.
PLAIN_CODE = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')


def prepare(app: Sphinx, config: Any) -> None:
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    config.templates_path.append(str(HERE / "templates"))


# Style sheets and icons


def read_sheet(static: Path, name: str) -> str:
    """A style sheet with what it imports, without comments, its addresses as seen from the static folder."""
    path = static / name
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S).replace('@charset "UTF-8";', "")
    folder = posixpath.dirname(name)

    def moved(match: re.Match[str]) -> str:
        return f"url({posixpath.normpath(posixpath.join(folder, match[2]))})"

    def imported(match: re.Match[str]) -> str:
        return read_sheet(static, posixpath.normpath(posixpath.join(folder, match[1])))

    text = URL.sub(moved, text)
    text = re.sub(r"""@import\s*["']([^"']+)["'];""", imported, text)
    return re.sub(r"\n\s*", "\n", text).strip() + "\n"


def one_sheet(static: Path, sheets: list[_CascadingStyleSheet]) -> str:
    """The theme's, the formulas' and the book's style sheets in the order in which the theme would load them."""
    theme = read_sheet(static, "styles/theme.css") + read_sheet(static, "styles/pydata-sphinx-theme.css")
    # A browser takes the first font format that it knows, and all know woff2.
    katex = re.sub(r',url\([^)]*\) format\("(?:woff|truetype)"\)', "", read_sheet(static, f"{KATEX}/katex.min.css"))
    parts = [without_icons(theme), katex]
    for sheet in sheets:
        text = read_sheet(static, os.fspath(sheet.filename).removeprefix("_static/"))
        media = sheet.attributes.get("media")
        parts.append(f"@media {media} {{\n{text}}}\n" if media and media != "all" else text)
    return "".join(parts)


def used_names(html: Path) -> set[str]:
    """The classes and ids of all pages, and every word of the scripts, which may set a class later."""
    found: set[str] = set()
    for path in html.rglob("*.html"):
        for names in re.findall(r"""\b(?:class|id)=["']([^"']*)["']""", path.read_text(encoding="utf-8")):
            found.update(names.split())
    for path in (html / "_static").rglob("*.js"):
        found.update(re.findall(r"[\w-]+", path.read_text(encoding="utf-8")))
    return found


def prune(rules: list[Any], used: set[str]) -> str:
    """The rules that can apply to a page: those whose classes and ids are all used somewhere."""
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [selector for selector in _split(rule.prelude) if _applies(selector, used)]
            if selectors:
                names = ",".join(tinycss2.serialize(selector).strip() for selector in selectors)
                kept.append(f"{names}{{{tinycss2.serialize(rule.content).strip()}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports") and rule.content is not None:
            inner = prune(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), used)
            if inner:
                kept.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{\n{inner}\n}}")
        else:
            kept.append(rule.serialize())
    return "\n".join(kept)


def _split(prelude: list[Any]) -> list[list[Any]]:
    selectors: list[list[Any]] = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def _applies(selector: list[Any], used: set[str]) -> bool:
    # What stands in :not(...) and its like is not looked into: such a rule stays.
    for before, token in zip([None, *selector], selector, strict=False):
        name = token.value if token.type == "hash" or (token.type == "ident" and before == ".") else None
        if name and name not in used and not name.startswith(MADE_BY_SCRIPTS):
            return False
    return True


def icon_codes(theme: str) -> dict[str, int]:
    """The code point of every icon of the theme's style sheet, by its class."""
    codes = {}
    for names, content in ICON_RULE.findall(theme):
        code = int(content[1:], 16) if re.fullmatch(r"\\[0-9a-f]{2,}", content) else ord(content[-1])
        codes.update({name: code for name in re.findall(r"\.(fa-[\w-]+?):", names)})
    return codes


def without_icons(theme: str) -> str:
    theme = ICON_RULE.sub("", theme)
    return re.sub(r"@font-face\{[^}]*Font Awesome[^}]*\}", "", theme)


def icon_sheet(static: Path, used: set[str], sheet: str) -> str:
    """Rules and fonts for the icons that pages name by class or a style sheet by number, cut out of the theme's own."""
    codes = icon_codes(read_sheet(static, "styles/pydata-sphinx-theme.css"))
    wanted = {name: codes[name] for name in sorted(used & set(codes))}
    rules = [f'.{name}:before{{content:"\\{code:x}"}}' for name, code in wanted.items()]
    named = {int(code, 16) for code in re.findall(r"\\([ef][0-9a-f]{3})\b", sheet)}
    named |= {ord(letter) for letter in re.findall("[\ue000-\uf8ff]", sheet)}
    families = [name for name in ICON_FONTS if name == "solid" or f"fa-{name}" in used]
    for name in families:
        family, weight = ICON_FONTS[name]
        path = static / "vendor" / "fontawesome" / "webfonts" / f"fa-{name}-{weight}.ttf"
        data = cut_font(path, set(wanted.values()) | named)
        if data:
            source = f"data:font/woff;base64,{base64.b64encode(data).decode()}"
            rules.append(
                f'@font-face{{font-family:"Font Awesome 6 {family}";font-style:normal;font-weight:{weight};'
                f'font-display:block;src:url({source}) format("woff")}}'
            )
    return "\n".join(rules) + "\n"


def cut_font(path: Path, codes: set[int]) -> bytes:
    """The glyphs of some code points as a font of their own (woff: fontTools writes it without other packages)."""
    options = subset.Options(flavor="woff", hinting=False, layout_features=[], name_IDs=[], notdef_outline=False)
    font = TTFont(path, recalcTimestamp=False)
    codes = codes & set(font.getBestCmap())
    if not codes:
        return b""
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def used_icons(html: Path) -> set[str]:
    """The icon classes that a page or one of the scripts names."""
    files = [*html.rglob("*.html"), *(html / "_static").rglob("*.js")]
    return {name for path in files for name in re.findall(r"(?<![\w-])fa-[a-z0-9-]+", path.read_text("utf-8"))}


# Images


def image_size(path: Path) -> tuple[int, int] | None:
    """Width and height in CSS pixels, read from a PNG's header or an SVG's first element."""
    if path.suffix == ".png":
        with path.open("rb") as file:
            return struct.unpack(">II", file.read(24)[16:24])
    if path.suffix == ".svg":
        _, root = next(etree.iterparse(str(path), events=("start",), huge_tree=True))
        units = {"pt": 4 / 3, "px": 1, "in": 96, "": 1}
        sides = [re.fullmatch(r"([\d.]+)(pt|px|in|)", root.get(side, "")) for side in ("width", "height")]
        if all(sides):
            return tuple(round(float(m[1]) * units[m[2]]) for m in sides)
        box = root.get("viewBox", "").replace(",", " ").split()
        if len(box) == 4:
            return round(float(box[2])), round(float(box[3]))
    return None


def light_images(body: str, sources: dict[str, Path]) -> str:
    """Give every image its size, so that nothing moves when it comes, and let those below wait."""

    def tag(match: re.Match[str]) -> str:
        text = match[0].rstrip("/> ")
        source = re.search(r'\bsrc="([^"]+)"', text)
        path = sources.get(posixpath.basename(source[1])) if source else None
        size = image_size(path) if path and path.is_file() else None
        added = [f'width="{size[0]}"', f'height="{size[1]}"'] if size and not re.search(r"\bwidth=", text) else []
        added += ['loading="lazy"'] if " loading=" not in text else []
        added += ['decoding="async"'] if " decoding=" not in text else []
        return " ".join([text, *added]) + " />"

    return IMAGE.sub(tag, body)


def slim_figure(svg: str) -> str:
    """A figure with coordinates to a hundredth of a point, without notes on how it was made: as it looks."""
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.S)
    # Not in a transform: there a small number is a scale.
    svg = COORDINATES.sub(lambda match: match[1] + NUMBER.sub(_rounded, match[2]), svg)
    return re.sub(r"\s*\n\s*", "\n", svg)


def _rounded(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


# Pages


def lighten(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document) -> None:
    """The last word on what a page loads."""
    if app.builder.format != "html":
        return
    static, body = Path(app.outdir) / "_static", context.get("body", "")
    sheets = sorted(context["css_files"], key=lambda sheet: sheet.priority)
    if not getattr(app, "mlfa_sheets", None):
        app.mlfa_sheets = sheets
        shutil.copytree(
            HERE / "assets" / KATEX, static / KATEX, ignore=shutil.ignore_patterns("*.js"), dirs_exist_ok=True
        )
        # Sphinx writes a digest of the sheet into every page. Two extensions copy theirs only at the end.
        there = [sheet for sheet in sheets if (static.parent / sheet.filename).is_file()]
        (static / SHEET).write_text(one_sheet(static, there), encoding="utf-8")
    context["css_files"] = [_CascadingStyleSheet(f"_static/{SHEET}")]
    context["script_files"] = scripts(context["script_files"], body, bool(context.get("use_thebe")), pagename)
    formulas = 'class="katex"' in body
    fonts = [f"_static/{KATEX}/fonts/{name}.woff2" for name in FIRST_FONTS if formulas]
    context["mlfa_fonts"] = [context["pathto"](font, 1) for font in fonts]
    if body:
        sources = {name: Path(app.srcdir) / source for source, name in app.builder.images.items()}
        context["body"] = PLAIN_CODE.sub(r"\1", light_images(body, sources))


def scripts(files: list[_JavaScript], body: str, thebe: bool, pagename: str) -> list[_JavaScript]:
    """The scripts that this page uses, each once, none of which holds up the page."""
    kept: list[_JavaScript] = []
    seen: set[tuple[str, str]] = set()
    for script in sorted(files, key=lambda script: script.priority):
        filename, inline = os.fspath(script.filename or ""), script.attributes.get("body") or ""
        name = posixpath.basename(filename)
        if (filename, inline) in seen or inline.startswith(UNUSED_SETTINGS):
            continue
        seen.add((filename, inline))
        if not thebe and (name == "sphinx-thebe.js" or "THEBE_JS_URL" in inline):
            continue
        needed = NEEDS.get("togglebutton.js" if "toggle" in inline[:20] else name)
        if needed and not re.search(needed, body):
            continue
        attributes = {key: value for key, value in script.attributes.items() if key != "async"}
        # The search page's own scripts are not deferred and call the others.
        if filename and pagename != "search" and attributes.get("type") != "module":
            attributes["defer"] = "defer"
        kept.append(_JavaScript(script.filename, priority=script.priority, **attributes))
    return kept


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Write the sheet with the icons, known when all pages are there, and leave out what no page loads."""
    if exception is not None or app.builder.format != "html" or not getattr(app, "mlfa_sheets", None):
        return
    html = Path(app.outdir)
    static = html / "_static"
    for path in [*(static / name for name in UNUSED_FILES), *static.rglob("*.map")]:
        path.unlink(missing_ok=True)
    for path in (html / "_images").glob("*.svg"):
        path.write_text(slim_figure(path.read_text(encoding="utf-8")), encoding="utf-8")
    rules = tinycss2.parse_stylesheet(one_sheet(static, app.mlfa_sheets), skip_comments=True, skip_whitespace=True)
    sheet = prune(rules, used_names(html)) + "\n"
    (static / SHEET).write_text(sheet + icon_sheet(static, used_icons(html), sheet), encoding="utf-8")
    shutil.rmtree(static / "vendor")


def setup(app: Sphinx) -> None:
    app.connect("config-inited", prepare)
    app.connect("html-page-context", lighten, priority=1000)
    app.connect("build-finished", finish, priority=900)
