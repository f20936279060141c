"""What makes pages findable and shareable: the libraries' settings that follow from the site's address, and licenses.

sphinxext-opengraph describes each page and draws its card, sphinx-sitemap lists the pages, sphinx-notfound-page
writes the page for an address that does not exist.
"""

import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

from mlfa_site import address

LICENSES = {"LICENSE": "license-code.txt", "LICENSE-TEXT": "license-text.txt", "LICENSE-DATA": "license-data.txt"}
NOT_FOUND = """<h1>Page not found</h1>
<p>There is no page at this address. It may have been renamed. The table of contents lists all pages; the
<a href="{base}search.html">search</a> looks through their text; the <a href="{base}index.html">front page</a> tells
what the book is about.</p>
"""


def configure(app: Sphinx, config: Config) -> None:
    """The site's address comes from the environment or pyproject.toml, unless _config.yml states one."""
    site = config.html_baseurl = config.html_baseurl or address.site_url(app.srcdir) or ""
    config.ogp_site_url = site
    config.ogp_site_name = config.html_title
    config.ogp_social_cards = {"enable": bool(site)}  # without an address no page could name its card
    config.notfound_urls_prefix = base = urlsplit(site).path or "/"
    config.notfound_context = {"title": "Page not found", "body": NOT_FOUND.format(base=base)}


def settle(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """No page says where it is without the site's address, and the one for a wrong address is nowhere."""
    if doctree is not None and not app.config.html_baseurl:
        context["metatags"] = re.sub(r'<meta property="og:url".*\n', "", context["metatags"])
    if pagename == "404":
        context |= {"content_root": app.config.notfound_urls_prefix, "pageurl": None}


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Write what belongs to the site as a whole."""
    if exception is not None or app.builder.format != "html":
        return
    out, site = Path(app.outdir), app.config.html_baseurl
    for source, target in LICENSES.items():
        if (path := Path(app.srcdir, source)).is_file():  # a small book of the tests has none
            shutil.copyfile(path, out / target)
    where = f"Sitemap: {urljoin(site, 'sitemap.xml')}\n" if site else ""
    (out / "robots.txt").write_text(f"User-agent: *\nAllow: /\n{where}", encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("config-inited", configure, priority=300)
    app.connect("html-page-context", settle, priority=900)
    app.connect("build-finished", finish)
