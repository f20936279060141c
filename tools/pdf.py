"""The whole book as one PDF, set by Chromium.

All pages become one document, so that page numbers run through and a link to another page
of the book is a link inside the PDF. It is printed twice: the first print tells on which
page everything is, the second has these numbers in its contents. pypdf adds the outline.
"""

import html
import mimetypes
import posixpath
import sys
from collections.abc import Container
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from mlfa_site import address
from mlfa_site.quiet import book_version, build_line, day
from sphinx_ledger.contents import read_contents

HERE = Path(__file__).parent
HOST = "http://book.invalid/"  # answered from the disk, by the function below
QUESTIONS = 10  # to print a whole book takes as long as so many questions to the browser may
PAGE_WIDTH = 650  # CSS pixels between the margins of A4 paper, see print.css
REMOVED = (
    ".headerlink, script, noscript, button, .toctree-wrapper, details.above-input, .thebe-launch-button, "
    ".cell_input .copybtn, link, .page-run"
)
# Formulas, tables and code that are wider than the paper are made smaller, not cut. All are
# measured before any is changed: the layout of a whole book is computed once, not each time.
FIT = """width => {
  const boxes = [...document.querySelectorAll('div.math, .katex-display, table, pre, .cell_output')];
  const ratios = new Map();
  for (const box of boxes) {
    const needed = Math.max(box.scrollWidth, box.getBoundingClientRect().width);
    const given = Math.min(width, box.parentElement.clientWidth || width);
    if (needed > given + 1) ratios.set(box, Math.max(0.4, given / needed));
  }
  for (const [box, ratio] of ratios) {
    let outer = box.parentElement;
    while (outer && !ratios.has(outer)) outer = outer.parentElement;
    if (!outer) box.style.zoom = ratio;
  }
}"""


# What reaches over the right margin all the same: it would be cut.
CUT = """width => [...document.querySelectorAll('pre, table, .katex-display, img, figure')]
  .filter(node => node.getBoundingClientRect().right > width + 2)
  .map(node => node.tagName + ' ' + node.textContent.trim().slice(0, 60))"""


@dataclass
class Section:
    """A heading of the contents: its depth (0: part, 1: page, 2: section), title and place in the document."""

    depth: int
    title: str
    target: str


def anchor(docname: str, name: str = "top") -> str:
    return f"{docname.replace('/', '-')}--{name}"


def load_article(site: Path, docname: str, known: set[str], published: str | None) -> Tag:
    """A page's article, with ids that are unique in the book and links that stay within it."""
    soup = BeautifulSoup((site / f"{docname}.html").read_text(encoding="utf-8"), "html.parser")
    article = soup.select_one("article.bd-article") or soup.select_one("article")
    if article is None:
        raise ValueError(f"{docname}.html must have an article, found none")
    for node in article.select(REMOVED):
        node.decompose()
    for details in article.select("details"):
        details["open"] = ""
    for node in article.find_all(id=True):
        if node.find_parent("svg") is None and node.name != "svg":
            node["id"] = anchor(docname, node["id"])
    for attribute in ("aria-labelledby", "aria-describedby", "for"):
        for node in article.find_all(attrs={attribute: True}):
            node[attribute] = " ".join(anchor(docname, name) for name in node[attribute].split())
    for link in article.find_all("a", href=True):
        link["href"] = inner_link(docname, link["href"], known, published)
        if not link["href"]:
            del link["href"]
    for image in article.find_all("img", src=True):
        del image["loading"]
        if not urlsplit(image["src"]).scheme:
            image["src"] = posixpath.normpath(posixpath.join(posixpath.dirname(docname), image["src"]))
    return article


def inner_link(docname: str, href: str, known: set[str], published: str | None) -> str:
    """Where a link of a page leads to in the PDF; empty if there is nowhere to go."""
    if urlsplit(href).scheme:
        return href
    url, fragment = urldefrag(href)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(docname), url)) if url else f"{docname}.html"
    name = target.removesuffix(".html")
    if name in known:
        return f"#{anchor(name, fragment or 'top')}"
    return urljoin(published, target) if published else ""


def words(node: Tag) -> str:
    """A heading's text, its formulas once and not as MathML and again as TeX."""
    copy = BeautifulSoup(str(node), "html.parser")
    for hidden in copy.select(".katex-mathml"):
        hidden.decompose()
    return " ".join(copy.get_text().split())


def combine(root: Path, site: Path, only: Container[str] | None = None) -> tuple[str, list[Section]]:
    """The book, or some pages, as one HTML document with places for the page numbers, and its headings."""
    front, parts = read_contents(root)
    parts = [(caption, [name for name in names if only is None or name in only]) for caption, names in parts]
    parts = [("", [front]), *parts]
    known = {name for _, names in parts for name in names}
    published = address.site_url(root)
    sections: list[Section] = []
    pages: list[str] = []
    rules: list[str] = []
    for caption, names in parts:
        for i, docname in enumerate(names):
            article = load_article(site, docname, known, published)
            title = words(article.find("h1"))
            if caption and i == 0:
                sections.append(Section(0, caption, anchor(docname)))
            sections.append(Section(1, title, anchor(docname)))
            for heading in article.select("h2"):
                holder = heading.find_parent(id=True)
                if holder is not None:
                    sections.append(Section(2, words(heading), holder["id"]))
            kind = f"p{len(pages)}"
            shown = title.replace("\\", "\\\\").replace('"', '\\"')
            rules.append(f'@page {kind} {{ @top-right {{ content: "{shown}"; }} }}')
            label = f'<p class="part-label">{html.escape(caption)}</p>' if caption else ""
            pages.append(
                f'<section class="book-page" id="{anchor(docname)}" style="page: {kind}">{label}{article}</section>'
            )
    soup = BeautifulSoup((site / f"{front}.html").read_text(encoding="utf-8"), "html.parser")
    title = words(soup.find("h1"))
    head = [str(tag) for tag in soup.head.find_all("link", rel="stylesheet")]
    style = (HERE / "print.css").read_text(encoding="utf-8") + "\n".join(rules)
    document = "\n".join(
        [
            '<!DOCTYPE html><html lang="en" data-theme="light" data-mode="light"><head><meta charset="utf-8">',
            f"<title>{html.escape(title)}</title>",
            *head,
            f"<style>{style}</style></head><body>",
            cover(root, title),
            contents(sections),
            '<main class="bd-content">',
            *pages,
            "</main></body></html>",
        ]
    )
    return document, sections


def cover(root: Path, title: str) -> str:
    name, _, rest = title.partition(": ")
    return (
        f'<section class="book-cover"><h1>{html.escape(name)}<span>{html.escape(rest)}</span></h1>'
        f"<p>An executable textbook: every figure and number was computed when the book was built.</p>"
        f'<p class="cover-build">{build_line(root)}</p>'
        '<p class="cover-build">Text and figures: CC BY 4.0. Code: MIT. '
        "Code that the site folds, such as that which draws figures, is not printed here.</p></section>"
    )


def contents(sections: list[Section]) -> str:
    lines = [
        f'<li class="depth-{s.depth}"><a href="#{s.target}"><span class="entry">{html.escape(s.title)}</span>'
        + (f'<span class="folio">@@{s.target}@@</span>' if s.depth else "")
        + "</a></li>"
        for s in sections
    ]
    return '<section class="book-contents"><h1>Contents</h1><ul>' + "\n".join(lines) + "</ul></section>"


def answer(route: Any, site: Path, document: str, failed: list[str]) -> None:
    """Give the browser the document and the site's files; note what is not there or lies elsewhere."""
    name = urlsplit(route.request.url).path.lstrip("/")
    path = site / name
    if not route.request.url.startswith(HOST):
        failed.append(route.request.url)
        route.abort()
    elif name == "":
        route.fulfill(body=document, content_type="text/html; charset=utf-8")
    elif path.is_file():
        route.fulfill(body=path.read_bytes(), content_type=mimetypes.guess_type(name)[0] or "application/octet-stream")
    else:
        failed.append(name)
        route.fulfill(status=404, body="")


def print_document(browser: Any, site: Path, document: str) -> bytes:
    """Let Chromium print a document whose relative addresses are files of the site; it is ended if it stands still."""
    with browser.limited("the PDF", QUESTIONS):
        data, cut, failed = _print(browser, site, document)
    if cut:
        raise ValueError(f"the PDF would cut at its right margin: {'; '.join(cut)}")
    if failed:
        raise ValueError(f"the book asks for what is not there: {', '.join(sorted(set(failed)))}")
    return data


def _print(browser: Any, site: Path, document: str) -> tuple[bytes, list[str], list[str]]:
    """A document as a PDF, what it cuts, and what it asked for in vain."""
    page = browser.new_page(viewport={"width": PAGE_WIDTH, "height": 1000}, color_scheme="light")
    failed: list[str] = []
    page.set_default_timeout(300_000)
    page.route("**/*", lambda route: answer(route, site, document, failed))
    page.emulate_media(media="print", color_scheme="light")
    page.goto(HOST, wait_until="load")
    page.evaluate("() => document.fonts.ready.then(() => null)")
    page.evaluate("() => Promise.all([...document.images].map(image => image.decode().catch(() => null)))")
    page.evaluate(FIT, PAGE_WIDTH)
    cut = page.evaluate(CUT, PAGE_WIDTH)
    data = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=False)
    page.close()
    return data, cut, failed


def page_numbers(data: bytes, sections: list[Section]) -> dict[str, int]:
    """On which page, counted from 1, each heading is."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(data))
    places = reader.named_destinations
    missing = [s.title for s in sections if s.target not in places and f"/{s.target}" not in places]
    if missing:
        raise ValueError(f"the PDF has no place for the headings {missing[:5]}")
    return {
        s.target: reader.get_destination_page_number(places.get(s.target) or places[f"/{s.target}"]) + 1
        for s in sections
    }


def make_pdf(root: Path, site: Path, target: Path, browser: Any = None, only: Container[str] | None = None) -> Path:
    """Print the built book into one PDF, in which nothing is cut at a margin.

    Parameters
    ----------
    root
        The book's folder.
    site
        The built site.
    target
        The PDF file to write.
    browser
        A running browser of Playwright's; without one, the system's Chromium is started.
    only
        The names of the pages to print, besides the front page; all if not given.
    """
    from pypdf import PdfWriter

    from release import release_time

    # The tests of the site know how to start the system's browser.
    sys.path.insert(0, str(root / "tests" / "site"))
    from browser import launch

    document, sections = combine(root, site, only)
    with nullcontext(browser) if browser else launch() as running:
        numbers: dict[str, int] = {}
        for _ in range(2):
            text = document
            for section in sections:
                text = text.replace(f"@@{section.target}@@", str(numbers.get(section.target, 100)))
            data = print_document(running, site, text)
            before, numbers = numbers, page_numbers(data, sections)
        if before != numbers:
            raise ValueError("the contents of the PDF do not settle: its page numbers moved in the second print")
    writer = PdfWriter(clone_from=BytesIO(data))
    parents: dict[int, Any] = {}
    for section in sections:
        parent = next((parents[d] for d in range(section.depth - 1, -1, -1) if d in parents), None)
        item = writer.add_outline_item(title=section.title, page_number=numbers[section.target] - 1, parent=parent)
        parents = {depth: p for depth, p in parents.items() if depth < section.depth} | {section.depth: item}
    when = datetime.fromtimestamp(release_time(root), UTC).strftime("D:%Y%m%d%H%M%SZ")
    writer.metadata = {
        "/Title": sections[0].title,
        "/Author": "The authors of the book",
        "/Subject": f"Version {book_version(root)}, {day(release_time(root))}",
        "/CreationDate": when,
        "/ModDate": when,
        "/Producer": "Chromium and pypdf",
    }
    writer.page_mode = "/UseOutlines"
    writer.pdf_header = "%PDF-1.7"
    target.parent.mkdir(parents=True, exist_ok=True)
    writer.write(target)
    return target
