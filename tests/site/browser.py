"""A real browser on the built site: finds Chromium, serves the pages, opens one and records what it does.

Tests of the site use the fixtures `site` and `visit` of conftest.py, and parametrize over `PAGES`.
Run as a program, it says where Chromium is, or how to install it.
"""

from __future__ import annotations

import gzip
import mimetypes
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

sys.path.insert(0, str(Path(__file__).parents[2] / "_ext"))

from mlfa_book.contents import read_contents

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"
THEMES = ("light", "dark")
DESKTOP, PHONE, NARROW = (1280, 900), (390, 844), (320, 640)

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name but the local server's has an address: what the page asks of another host is recorded, and fails.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
INSTALL = (
    "The tests of the site need Chromium, and none is on the PATH. Install it: on Debian or Ubuntu "
    "`apt-get install chromium`, elsewhere Chrome or Chromium from its maker; if it is in an unusual place, "
    "set MLFA_CHROMIUM to the program's path."
)


def find_chromium() -> str | None:
    """The path of the system's Chromium or Chrome, or None."""
    named = os.environ.get("MLFA_CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next((path for name in CHROMIUM if (path := shutil.which(name) or shutil.which(f"/usr/bin/{name}"))), None)


def toc_pages(root: Path = ROOT) -> list[str]:
    """The names of all pages of the table of contents, without ending, the front page first."""
    front, parts = read_contents(root)
    return [front, *(name for _, names in parts for name in names)]


# Every page a reader can come to; those that Sphinx or the extension makes count when the build made them.
PAGES = toc_pages() + [name for name in ("search", "genindex", "404") if (HTML / f"{name}.html").exists()]
CHAPTERS = [name for name in toc_pages() if name.startswith("chapters/") and "/appendix/" not in name]


def why_not_current() -> str | None:
    """Why the built site cannot be tested, or None: it is missing, or a source is newer than it."""
    stamp = HTML / "ledger.json"  # the last file that every build writes
    if not stamp.exists():
        return f"The book is not built: {stamp.parent} has no site. Run `make book` first (`make test` does)."
    sources = [ROOT / name for name in ("_config.yml", "_toc.yml", "references.bib", "index.md")]
    for folder, pattern in (("chapters", "*.md"), ("_static", "*"), ("_ext", "*.py"), ("code", "*.py")):
        sources += [path for path in (ROOT / folder).rglob(pattern) if path.is_file()]
    built = stamp.stat().st_mtime
    newer = sorted(str(path.relative_to(ROOT)) for path in sources if path.stat().st_mtime > built)
    if newer:
        return f"The built site is older than {', '.join(newer[:3])}. Run `make book` first (`make test` does)."
    missing = [name for name in toc_pages() if not (HTML / f"{name}.html").exists()]
    if missing:
        return f"The built site lacks the page {missing[0]}. Run `make clean` and `make book`."
    return None


@lru_cache(maxsize=512)
def _packed(path: Path, _changed: float) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


def _handler(root: Path) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Files of one folder, text ones packed as a web host packs them."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = unquote(urlsplit(self.path).path).lstrip("/")
            path = (root / name).resolve()
            if path.is_dir():
                path /= "index.html"
            status = HTTPStatus.OK
            if not path.is_relative_to(root) or not path.is_file():
                path, status = root / "404.html", HTTPStatus.NOT_FOUND
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            text = kind.startswith("text/") or kind.split("/")[-1] in ("javascript", "json", "svg+xml", "xml")
            packed = text and "gzip" in self.headers.get("Accept-Encoding", "")
            if not path.is_file():
                body, kind, packed = b"not found", "text/plain", False
            else:
                body = _packed(path, path.stat().st_mtime) if packed else path.read_bytes()
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "max-age=600")
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A browser that leaves a page drops its connections: that is no error of the server.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve(root: Path = HTML) -> Iterator[str]:
    """Serve a folder on a free port of this machine.

    Parameters
    ----------
    root : Path
        The folder.

    Yields
    ------
    str
        The address, without a slash at its end.
    """
    server = _Server(("127.0.0.1", 0), _handler(root.resolve()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def launch(*flags: str) -> Iterator[Browser]:
    """Start the system's Chromium, for as long as the block runs."""
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        raise FileNotFoundError(INSTALL)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """An open page and what it did: `page` is Playwright's, the lists grow while it is used.

    Attributes
    ----------
    page : Page
    requests : list of str
        Every address asked for, on the site's own host.
    elsewhere : list of str
        Every address asked for on another host. All of them fail.
    failed : list of str
        Own addresses that did not answer, or with a status of 400 or more.
    errors : list of str
        Errors on the console and exceptions that no script caught.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Wait until fonts are there, math is set (if a script sets it) and the page was drawn."""
        self.page.evaluate(
            """async () => {
                await document.fonts.ready;
                if (window.MathJax && window.MathJax.startup) await window.MathJax.startup.promise;
                await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            }"""
        )


def open_page(
    browser: Browser,
    site: str,
    name: str,
    theme: str = "light",
    size: tuple[int, int] = DESKTOP,
    **context: Any,
) -> tuple[Visit, BrowserContext]:
    """Open a page of the site in a fresh profile.

    Parameters
    ----------
    browser : Browser
        A running browser.
    site : str
        The address of the site, as `serve` gives it.
    name : str
        The page's name without ending, as in `PAGES`; a query or fragment may follow: ``"search.html?q=tree"``.
    theme : {"light", "dark"}
        The reader's choice in the theme switch, and the system's wish.
    size : (int, int)
        Width and height of the window in pixels.
    **context
        Further options of Playwright's ``new_context``, such as ``java_script_enabled=False``.
    """
    own = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=theme, reduced_motion="reduce", **context
    )
    choose = f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}');"
    own.add_init_script(f"if (location.protocol === 'http:') {{ {choose} }}")
    visit = Visit(own.new_page())

    def on_request(request: Any) -> None:
        if not request.url.startswith(("data:", "blob:", "about:")):
            (visit.requests if request.url.startswith(f"{site}/") else visit.elsewhere).append(request.url)

    def on_response(response: Any) -> None:
        if response.status >= 400:
            visit.failed.append(f"{response.status} {response.url}")

    def on_failed(request: Any) -> None:
        # Playwright reports what the page itself gave up (it left, it has it already) as ERR_ABORTED.
        if request.url.startswith(f"{site}/") and request.failure != "net::ERR_ABORTED":
            visit.failed.append(f"{request.failure} {request.url}")

    def on_console(message: Any) -> None:
        if message.type == "error":
            visit.errors.append(f"{message.text} ({message.location.get('url', '')})")

    own.on("request", on_request)
    own.on("response", on_response)
    own.on("requestfailed", on_failed)
    visit.page.on("websocket", lambda socket: visit.elsewhere.append(socket.url))
    visit.page.on("console", on_console)
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    path, mark, rest = name.partition("#") if "#" in name else name.partition("?")
    path = path if path.endswith((".html", "/")) else f"{path}.html"
    visit.page.goto(f"{site}/{path}{mark}{rest}", wait_until="load")
    if context.get("java_script_enabled", True):
        visit.settle()
    return visit, own


def main() -> int:
    path = find_chromium()
    print(path or INSTALL)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
