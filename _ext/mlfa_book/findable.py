"""What makes pages findable and shareable: descriptions, cards, canonical addresses, sitemap, robots, 404, licenses.

Two libraries were tried first. `sphinx-sitemap` lists only the pages that a build wrote, so an
incremental build loses the others. `sphinxext-opengraph` draws cards of another size with a logo
of its own, and keeps its figure in the pickled environment.
"""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.sax.saxutils import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from mlfa_book import address, cards
from mlfa_book.contents import read_contents

LONGEST = 160  # characters of a description that search engines show
LICENSES = {"LICENSE": "license-code.txt", "LICENSE-TEXT": "license-text.txt", "LICENSE-DATA": "license-data.txt"}
NOT_FOUND = """<h1>Page not found</h1>
<p>There is no page at this address. It may have been renamed. The table of contents lists all pages; the
<a href="search.html">search</a> looks through their text; the <a href="index.html">front page</a> tells what the
book is about.</p>
"""


def describe(doctree: nodes.document) -> str:
    """The page's first paragraph that is not in a box, table or figure, cut at a sentence or a word."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section | nodes.document):
            text = " ".join(paragraph.astext().split())
            if len(text) > 20:
                return shorten(text)
    return ""


def shorten(text: str, longest: int = LONGEST) -> str:
    """At most `longest` characters: whole sentences if they fill half of it, else whole words and an ellipsis."""
    if len(text) <= longest:
        return text
    ends = [match.end() for match in re.finditer(r"[.?!](?= )", text[: longest + 1])]
    if ends and ends[-1] >= longest / 2:
        return text[: ends[-1]]
    return text[:longest].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def configure(app: Sphinx, config: Config) -> None:
    """The site's address comes from the environment or git, unless _config.yml states one."""
    app.mlfa_site = config.html_baseurl = config.html_baseurl or address.site_url(app.srcdir) or ""


def part_of(root: str | Path, docname: str) -> str:
    """The caption of the part that a page belongs to; empty for the front page."""
    return next((caption for caption, pages in read_contents(root)[1] if docname in pages), "")


def page_url(app: Sphinx, docname: str) -> str:
    """A page's address on the published site; the front page's is the site's own."""
    return (
        app.mlfa_site if docname == app.config.root_doc else urljoin(app.mlfa_site, app.builder.get_target_uri(docname))
    )


def add_tags(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Description and Open Graph tags of a page, and the licenses under it."""
    title = re.sub(r"<[^>]*>", "", html.unescape(context.get("title") or app.config.html_title))
    others = {"search": "Search all pages of the book.", "404": "Page not found.", "genindex": "The index of the book."}
    text = describe(doctree) if doctree is not None else others.get(pagename, "")
    text = text or f"{title}, a page of the book {app.config.html_title}."
    site, part = app.mlfa_site, part_of(app.srcdir, pagename)
    tags = [("name", "description", text), ("property", "og:title", title), ("property", "og:description", text)]
    tags += [("property", "og:type", "website" if pagename == app.config.root_doc else "article")]
    tags += [("property", "og:site_name", app.config.html_title)]
    if site and doctree is not None:
        name = f"cards/{pagename.replace('/', '-')}.png"
        cards.draw(Path(app.outdir) / name, title, part, app.config.html_title)
        width, height = cards.SIZE
        tags += [("property", "og:url", page_url(app, pagename))]
        tags += [("property", "og:image", urljoin(site, name)), ("property", "og:image:width", str(width))]
        tags += [("property", "og:image:height", str(height)), ("property", "og:image:alt", f"{title}. {part}".strip())]
        tags += [("name", "twitter:card", "summary_large_image")]
    if pagename == app.config.root_doc and site:
        context["pageurl"] = page_url(app, pagename)  # one address for the front page, not two
    elif pagename == "404":
        context["pageurl"] = None  # it stands for any address
    written = "\n".join(f'<meta {key}="{name}" content="{html.escape(value)}" />' for key, name, value in tags)
    context["metatags"] = context.get("metatags", "") + "\n" + written + "\n"
    context["theme_extra_footer"] = license_line(context["pathto"])


def license_line(pathto: Any) -> str:
    """The licenses in one line, linked to the texts that lie on the site itself."""
    code, text, data = (pathto(name, 1) for name in LICENSES.values())
    return (
        f'<p class="licenses">Text and figures: <a href="{text}">CC BY 4.0</a>. '
        f'Code: <a href="{code}">MIT</a>. Data: <a href="{data}">their own licenses</a>.</p>'
    )


def not_found(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page that a server shows for an address that does not exist."""
    yield "404", {"title": "Page not found", "body": NOT_FOUND}, "page.html"


def absolute(text: str, base: str) -> str:
    """A page's relative addresses made absolute paths, so that it works however deep the wrong address was."""

    def whole(match: re.Match[str]) -> str:
        before, url = match.groups()
        return match[0] if re.match(r"#|/|[a-z][a-z0-9+.-]*:", url, flags=re.I) else f'{before}"{urljoin(base, url)}"'

    return re.sub(r'(\s(?:href|src|action|data-content_root|data-src)=)"([^"]*)"', whole, text)


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Write what belongs to the site as a whole."""
    if exception is not None or app.builder.format != "html":
        return
    out, site = Path(app.outdir), app.mlfa_site
    for source, target in LICENSES.items():
        path = Path(app.srcdir) / source
        if path.is_file():
            shutil.copyfile(path, out / target)
    missing = out / "404.html"
    if missing.is_file():
        base = urlsplit(site).path or "/"
        missing.write_text(absolute(missing.read_text(encoding="utf-8"), base), encoding="utf-8")
    robots = "User-agent: *\nAllow: /\n"
    sitemap = out / "sitemap.xml"
    if site:
        robots += f"Sitemap: {urljoin(site, 'sitemap.xml')}\n"
        pages = [page_url(app, name) for name in sorted(app.env.found_docs)]
        lines = [f"  <url><loc>{escape(url)}</loc></url>" for url in pages]
        head = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        sitemap.write_text("\n".join([head, *lines, "</urlset>"]) + "\n", encoding="utf-8")
    else:
        sitemap.unlink(missing_ok=True)
        shutil.rmtree(out / "cards", ignore_errors=True)
    (out / "robots.txt").write_text(robots, encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("config-inited", configure, priority=950)
    app.connect("html-page-context", add_tags)
    app.connect("html-collect-pages", not_found)
    app.connect("build-finished", finish, priority=900)
