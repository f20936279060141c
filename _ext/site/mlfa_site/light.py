"""Light pages: one style sheet, a font of the icons in it, the scripts that a page uses, images when they are needed.

A page asks nothing of another host and weighs less than a megabyte, most of it figures.
"""

import os
import posixpath
import re
from pathlib import Path
from typing import Any

import imagesize
from docutils import nodes
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.config import Config

# Scripts that do something only where the page has something for them to do it to.
NEEDS = {
    "claims.js": r'class="[^"]*\bledger-table\b',
    "clipboard.min.js": r'class="highlight',
    "copybutton.js": r'class="highlight',
    "live.js": r'class="live"',
    "design-tabs.js": r'class="[^"]*\bsd-tab-set\b',
    "togglebutton.js": r'class="[^"]*(?<![\w-])(toggle|dropdown)(?![\w-])',
}
# Inline scripts that feed a deferred file which the theme's switched-off parts would read.
UNUSED_SETTINGS = ("DOCUMENTATION_OPTIONS.pagename", "DOCUMENTATION_OPTIONS.search_as_you_type")
THEME = ("basic.css", "styles/pydata-sphinx-theme.css")
URL = re.compile(r"""url\(["']?(?!data:|#|/|\w+:)([^)"']+)["']?\)""")
ICON_RULE = re.compile(r'((?:\.fa-[\w-]+::?before,?)+)\{content:"[^"]*"\}')
UNUSED_FILES = ("*/*.map", "scripts/fontawesome.js", "vendor/fontawesome/webfonts/*.woff2")
COORDINATES = re.compile(r'(\s(?:d|x|y|points)=")([^"]*)')
NUMBER = re.compile(r"-?\d+\.\d+(?![\de])")
IMAGE = re.compile(r"<img\b[^>]*>")
# Names, punctuation and spaces have the color of the code around them: a third of a long page's elements.
PLAIN_CODE = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')


def configure(app: Sphinx, config: Config) -> None:
    config.templates_path.insert(0, str(Path(__file__).parent / "templates"))  # before the theme's


def one_sheet(static: Path, names: list[str], icons: set[str]) -> str:
    """Style sheets as one in the static folder, without the rules of icons that no page shows."""

    def read(name: str) -> str:
        folder = posixpath.dirname(name)
        text = (static / name).read_text(encoding="utf-8").replace('@charset "UTF-8";', "")
        return URL.sub(lambda match: f"url({posixpath.normpath(posixpath.join(folder, match[1]))})", text)

    sheet = "\n".join(map(read, names))
    return ICON_RULE.sub(lambda rule: rule[0] if icons & set(re.findall(r"fa-[\w-]+?(?=:)", rule[1])) else "", sheet)


def cut_icons(fonts: Path, sheet: str) -> str:
    """The sheet with icon fonts that hold the icons which it names: they weigh a fiftieth of the theme's."""
    codes = {int(code, 16) for code in re.findall(r"\\([ef][0-9a-f]{3})\b", sheet)}
    codes |= {ord(letter) for letter in re.findall("[\ue000-\uf8ff]", sheet)}
    for path in fonts.glob("*.ttf"):
        font = TTFont(path, recalcTimestamp=False)
        cutter = Subsetter(Options(hinting=False, layout_features=[], notdef_outline=False))
        cutter.populate(unicodes=codes)
        cutter.subset(font)
        font.save(path)
    return re.sub(r'url\([^)]*webfonts/[^)]*\) format\("woff2"\),', "", sheet)


def light_images(body: str, sources: dict[str, Path]) -> str:
    """Give every image its size, so that nothing moves when it comes, and let those below wait."""

    def tag(match: re.Match[str]) -> str:
        text = match[0].rstrip("/> ")
        source = re.search(r'\bsrc="([^"]+)"', text)
        path = sources.get(posixpath.basename(source[1])) if source else None
        added = ['loading="lazy"', 'decoding="async"']
        if path and path.is_file() and not re.search(r"\bwidth=", text):
            width, height = imagesize.get(path)
            added += [f'width="{width:.0f}"', f'height="{height:.0f}"'] if width > 0 else []
        return " ".join([text, *(new for new in added if f" {new.split('=')[0]}=" not in text)]) + " />"

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


def scripts(files: list[Any], body: str, thebe: bool) -> list[Any]:
    """The scripts that a page uses, each once."""
    kept: list[Any] = []
    for script in files:
        name, inline = posixpath.basename(os.fspath(script.filename or "")), script.attributes.get("body") or ""
        needed = NEEDS.get("togglebutton.js" if "toggle" in inline[:20] else name)
        live = name == "sphinx-thebe.js" or "THEBE_JS_URL" in inline
        if script in kept or inline.startswith(UNUSED_SETTINGS) or (live and not thebe):
            continue
        if not needed or re.search(needed, body):
            kept.append(script)
    return kept


def lighten(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document) -> None:
    """The last word on what a page loads."""
    sheets = sorted(context["css_files"], key=lambda sheet: sheet.priority)
    names = [os.fspath(sheet.filename).removeprefix("_static/") for sheet in sheets]
    app.mlfa_sheets = list(dict.fromkeys([*THEME, *names]))
    context["css_files"] = []
    body, draw = context.get("body", ""), context["js_tag"]
    context["script_files"] = scripts(context["script_files"], body, bool(context.get("use_thebe")))

    def deferred(script: Any) -> str:
        """No script holds up the page. (On the search page, scripts that are not deferred call the others.)"""
        tag = re.sub(r'\basync="[^"]*" ?', "", draw(script))
        later = " src=" in tag and 'type="module"' not in tag and pagename != "search"
        return tag.replace("<script", '<script defer="defer"', 1) if later else tag

    context["js_tag"] = deferred
    if body:
        sources = {name: Path(app.srcdir, source) for source, name in app.builder.images.items()}
        context["body"] = PLAIN_CODE.sub(r"\1", light_images(body, sources))


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Leave out what no page loads, and of the figures what nobody sees."""
    if exception is not None or app.builder.format != "html":
        return
    html = Path(app.outdir)
    for path in [path for pattern in UNUSED_FILES for path in (html / "_static").glob(pattern)]:
        path.unlink()
    files = [*html.rglob("*.html"), *(html / "_static").rglob("*.js")]
    icons = {icon for path in files for icon in re.findall(r"\bfa-[\w-]+", path.read_text(encoding="utf-8"))}
    sheet = one_sheet(html / "_static", app.mlfa_sheets, icons)
    sheet = cut_icons(html / "_static" / "vendor" / "fontawesome" / "webfonts", sheet)
    (html / "_static" / "site.css").write_text(sheet, encoding="utf-8")
    for path in (html / "_images").glob("*.svg"):
        path.write_text(slim_figure(path.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("config-inited", configure)
    app.connect("html-page-context", lighten, priority=1000)
    app.connect("build-finished", finish, priority=900)
