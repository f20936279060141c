"""Mends the theme's pages so that everyone can use them: names, landmarks, headers, ids.

The theme and the extensions write markup that assistive technology stumbles over. Each finished page passes
through `improve` on its way to the disk. What a script must do in the browser is in ``_static/access.js``.
"""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx

# Roles that ARIA 1.2 gave up: the list around them already says what they are.
GONE_ROLES = ("doc-biblioentry", "doc-endnote")


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
    page = BeautifulSoup(html, "html.parser")
    _landmarks(page)
    _names(page)
    _tables(page)
    _ids(page)
    for entry in page.find_all(role=GONE_ROLES):
        # In a list that says so it is an item; elsewhere the element says enough by itself.
        if entry.parent and entry.parent.get("role") == "list":
            entry["role"] = "listitem"
        else:
            del entry["role"]
    return str(page)


def _landmarks(page: BeautifulSoup) -> None:
    """All that a reader meets lies in a named region, and the skip link has somewhere to land."""
    sidebar = page.find(id="pst-primary-sidebar")
    if sidebar:  # else the book's title is in no region
        sidebar["role"], sidebar["aria-label"] = "region", "Book"
    main = page.find("main")
    if main:
        main["tabindex"] = "-1"  # so that the skip link moves the focus, not only the view


def _names(page: BeautifulSoup) -> None:
    """What can be pressed is called what is written on it."""
    for button in page.select("button.search-button-field[aria-label], details > summary[aria-label]"):
        if button.get_text(strip=True):
            del button["aria-label"]
    for icon in page.select("button.theme-switch-button [title]"):
        del icon["title"]  # the icon's title would be a second name, beside the button's own
    for summary in page.select("li > details > summary"):
        link = summary.parent.parent.find("a", recursive=False)
        if link and not summary.get_text(strip=True):  # the arrow in the sidebar
            summary["aria-label"] = f"Pages below {link.get_text(strip=True)}"
    for link in page.select("a.headerlink[title]"):
        link["aria-label"] = link["title"]
    for dialog, name in (("pst-search-dialog", "Search"), ("pst-primary-sidebar-modal", "Book contents")):
        element = page.find("dialog", id=dialog)
        if element:
            element["aria-label"] = name
    element = page.find("dialog", id="pst-secondary-sidebar-modal")
    if element:
        element["aria-label"] = "Page contents"


def _tables(page: BeautifulSoup) -> None:
    """Header cells say what they head; an empty one heads nothing and is a plain cell."""
    for table in page.select("table.indextable"):
        table["role"] = "presentation"  # the index is a list that Sphinx sets in columns
    for cell in page.find_all("th"):
        if not cell.get_text(strip=True) and not cell.find("img"):
            cell.name = "td"
            del cell["scope"]
        elif not cell.get("scope"):
            cell["scope"] = "col" if cell.find_parent("thead") else "row"


def _ids(page: BeautifulSoup) -> None:
    """An id names one element: of several with the same one, the first keeps it."""
    seen: set[str] = set()
    for element in page.find_all(id=True):
        if element["id"] in seen and isinstance(element, Tag):
            del element["id"]
        seen.add(element.get("id", ""))


def mend_pages(app: Sphinx) -> None:
    """Let every page that the templates render pass through `improve`."""
    if app.builder.format != "html":
        return
    render = app.builder.templates.render

    def render_and_improve(template: str, context: dict[str, Any]) -> str:
        text = render(template, context)
        return improve(text) if template.endswith(".html") else text

    app.builder.templates.render = render_and_improve


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", mend_pages)
