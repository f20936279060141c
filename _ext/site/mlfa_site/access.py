"""Mends the theme's pages so that everyone can use them: names, landmarks, headers, ids.

The theme and the extensions write markup that assistive technology stumbles over. Each finished page passes
through `improve` on its way to the disk. What a script must do in the browser is in ``_static/access.js``.
"""

import re
from functools import partial
from html import unescape
from typing import Any

from sphinx.application import Sphinx

# Start tags as Sphinx and the theme write them. (To parse a page and write it anew took a third of a build's time.)
INSIDE = r"""((?:[^<>"]|"[^"]*")*)>"""
TAG = re.compile(rf"<([a-z]\w*)\b{INSIDE}")
PRESSED = re.compile(rf"<(button|summary)\b{INSIDE}(.*?)</\1>", flags=re.S)
ARROW = re.compile(rf"(<a\b{INSIDE}([^<]*)</a><details[^>]*>)(<summary[^>]*>)(.*?</summary>)", flags=re.S)
HEAD = re.compile(r"<thead\b.*?</thead>", flags=re.S)
CELL = re.compile(rf"<th\b{INSIDE}(.*?)</th>", flags=re.S)
# What a page has at most once, by its id, and what it is called.
NAMES: dict[str, dict[str, str]] = {
    "pst-primary-sidebar": {"role": "region", "aria-label": "Book"},  # else the book's title is in no region
    "pst-search-dialog": {"aria-label": "Search"},
    "pst-primary-sidebar-modal": {"aria-label": "Book contents"},
    "pst-secondary-sidebar-modal": {"aria-label": "Page contents"},
}


def improve(html: str) -> str:
    """The same page with names, landmarks, header cells and ids in order.

    Parameters
    ----------
    html : str
        A whole page.

    Returns
    -------
    str
    """
    html = ARROW.sub(_name_arrow, PRESSED.sub(_name_pressed, html))
    # Header cells say what they head.
    html = HEAD.sub(lambda head: CELL.sub(partial(_mend_cell, "col"), head[0]), html)
    html = CELL.sub(partial(_mend_cell, "row"), html)
    seen: set[str] = set()
    return TAG.sub(lambda match: _mend_tag(match, seen), html)


def attribute(tag: str, name: str) -> str | None:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return found[1] if found else None


def put(tag: str, name: str, value: str | None) -> str:
    """A start tag with another value of an attribute, or without it."""
    tag = re.sub(rf'\s{name}="[^"]*"', "", tag)
    return tag if value is None else re.sub(r"(\s*/?>)$", lambda end: f' {name}="{value}"{end[0]}', tag)


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html)).strip()


def _mend_tag(match: re.Match[str], seen: set[str]) -> str:
    """What needs no look at anything but a start tag."""
    tag, name = match[0], match[1]
    if name == "main":
        tag = put(tag, "tabindex", "-1")  # so that the skip link moves the focus, not only the view
    elif name == "a" and "headerlink" in tag and (title := attribute(tag, "title")):
        tag = put(tag, "aria-label", title)
    elif name == "table" and "indextable" in tag:
        tag = put(tag, "role", "presentation")  # the index is a list that Sphinx sets in columns
    elif ' role="doc-biblioentry"' in tag:
        tag = put(tag, "role", "listitem")  # ARIA 1.2 gave the other up, and the list around it says what it is
    if ' id="' in tag and (own := attribute(tag, "id")):
        for key, value in NAMES.get(own, {}).items():
            tag = put(tag, key, value)
        if own in seen:  # an id names one element: of several with the same one, the first keeps it
            tag = put(tag, "id", None)
        seen.add(own)
    return tag


def _name_pressed(match: re.Match[str]) -> str:
    """What can be pressed is called what is written on it."""
    name, attributes, inside = match.groups()
    if "theme-switch-button" in attributes:  # an icon's title would be a second name, beside the button's own
        inside = TAG.sub(lambda tag: put(tag[0], "title", None), inside)
    elif words(inside) and (name == "summary" or "search-button-field" in attributes):
        attributes = put(attributes, "aria-label", None)
    return f"<{name}{attributes}>{inside}</{name}>"


def _name_arrow(match: re.Match[str]) -> str:
    """The arrow beside a link in the sidebar."""
    before, _, link, summary, inside = match.groups()
    return before + (summary if words(inside) else put(summary, "aria-label", f"Pages below {link}")) + inside


def _mend_cell(scope: str, match: re.Match[str]) -> str:
    """A header cell that says what it heads; an empty one heads nothing and is a plain cell."""
    attributes, inside = match.groups()
    if not words(inside) and "<img" not in inside:
        return f"<td{put(attributes, 'scope', None)}>{inside}</td>"
    return put(f"<th{attributes}>", "scope", attribute(attributes, "scope") or scope) + f"{inside}</th>"


def mend_pages(app: Sphinx) -> None:
    """Let every page that the templates render pass through `improve`."""
    if app.builder.format != "html":
        return
    render = app.builder.templates.render

    def render_and_improve(template: str, context: dict[str, Any]) -> str:
        text = render(template, context)
        return improve(text) if text.lstrip().startswith("<!DOCTYPE") else text

    app.builder.templates.render = render_and_improve


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", mend_pages)
