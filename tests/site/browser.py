"""A real browser on the built site: finds Chromium, serves the pages, opens one and records what it does.

Tests of the site use the fixtures `site`, `visit` and `record` of conftest.py, and parametrize over `PAGES`.
Run as a program, it says where Chromium is, or how to install it.
"""

from __future__ import annotations

import gzip
import mimetypes
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

import psutil

from sphinx_ledger.contents import read_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

T = TypeVar("T")
W = TypeVar("W", "BrowserContext", "Page")
ROOT = Path(__file__).parents[2]
OWN = ROOT / "_build" / "html"
# MLFA_SITE names another built copy of the book, which is then tested as it is.
HTML = Path(os.environ.get("MLFA_SITE") or OWN).resolve()
THEMES = ("light", "dark")
DESKTOP, PHONE, NARROW = (1280, 900), (390, 844), (320, 640)
# Both are generous, for slow machines: seconds for a wait of Playwright's, and for all that a visit to a page takes.
WAIT, LIMIT = 120.0, 180.0

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
    return read_pages(root)


# Every page a reader can come to: those of the contents, and those that the build makes of itself.
WRITTEN = toc_pages()
PAGES = [*WRITTEN, "search", "genindex", "404"]
CHAPTERS = [name for name in WRITTEN if name.startswith("chapters/") and "/appendix/" not in name]
# Together they hold every component that a page can have.
TEMPLATES = [
    "index",
    "chapters/tabular/trees",
    "chapters/tabular/classes",
    "chapters/images/convolution",
    "chapters/appendix/glossary",
    "chapters/appendix/api/images",
    "chapters/appendix/api/training",
    "chapters/appendix/claims",
    "chapters/appendix/bibliography",
    "search",
    "404",
]


def why_not_current() -> str | None:
    """Why the built site cannot be tested, or None: it or a page is missing, or a source is newer than it."""
    stamp = HTML / "ledger.json"  # the last file that a build writes, and every build writes it
    if not stamp.exists():
        return f"The book is not built: {HTML} has no site. Run `make book` first (`make test` does)."
    missing = [name for name in PAGES if not (HTML / f"{name}.html").exists()]
    if missing:
        return f"The built site lacks the page {missing[0]}. Run `make book` first (`make test` does)."
    if HTML != OWN.resolve():
        return None
    sources = [ROOT / name for name in ("_config.yml", "_toc.yml", "references.bib", "index.md")]
    sources += (ROOT / "chapters").rglob("*.md")
    for folder in ("_static", "_ext/ledger/sphinx_ledger", "_ext/site/mlfa_site", "code/mlfa"):
        sources += [path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"]
    built = stamp.stat().st_mtime
    newer = sorted(path.relative_to(ROOT).as_posix() for path in sources if path.stat().st_mtime > built)
    if newer:
        return f"The built site is older than {', '.join(newer[:3])}. Run `make book` first (`make test` does)."
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


class NoAnswer(Exception):
    """Chromium stood still and was ended."""


def _with_limits(waiting: W) -> W:
    """The same context or page. One that does not load is left to the clock of `limited`, if there is one."""
    waiting.set_default_timeout(1000 * WAIT)
    waiting.set_default_navigation_timeout(2000 * LIMIT)
    return waiting


class Chromium:
    """The system's Chromium, whose every wait ends.

    Playwright waits without end for a page that stands still: `evaluate` knows no limit. Here a clock in a thread
    of its own ends the whole browser, so that every call which waits for it fails. The next page starts a new one.
    `limit` is how many seconds one question to the browser may take.
    """

    def __init__(self, playwright: Playwright, *flags: str) -> None:
        self.limit = LIMIT
        self._launch = partial(playwright.chromium.launch, executable_path=find_chromium(), args=[*FLAGS, *flags])
        self._browser: Browser | None = None
        self._process = 0

    def _running(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._launch()
            processes = self._browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
            self._process = next(process["id"] for process in processes if process["type"] == "browser")
        return self._browser

    def new_context(self, **options: Any) -> BrowserContext:
        """A fresh profile; the options are Playwright's."""
        return _with_limits(self._running().new_context(**options))

    def new_page(self, **options: Any) -> Page:
        """A page in a profile of its own; the options are Playwright's."""
        return _with_limits(self._running().new_page(**options))

    def close(self) -> None:
        if self._browser is not None:
            self._browser.close()

    @contextmanager
    def limited(self, name: str, questions: int = 1) -> Iterator[None]:
        """End the browser if the block takes longer than this many questions may: a `NoAnswer` with this name."""
        late, seconds = threading.Event(), questions * self.limit

        def end() -> None:
            late.set()
            with suppress(psutil.NoSuchProcess):
                psutil.Process(self._process).kill()

        clock = threading.Timer(seconds, end)
        clock.daemon = True
        clock.start()
        try:
            yield
        except Exception as error:
            if late.is_set():
                raise NoAnswer(f"{name}: Chromium did not answer within {seconds:g} seconds") from error
            raise
        finally:
            clock.cancel()

    def ask(self, name: str, question: Callable[[], T]) -> T:
        """The answer to a question about a page. A browser that does not answer is replaced once."""
        with suppress(NoAnswer), self.limited(name):
            return question()
        with self.limited(name):
            return question()


@contextmanager
def launch(*flags: str) -> Iterator[Chromium]:
    """Start the system's Chromium, for as long as the block runs."""
    from playwright.sync_api import sync_playwright

    if find_chromium() is None:
        raise FileNotFoundError(INSTALL)
    with sync_playwright() as playwright:
        browser = Chromium(playwright, *flags)
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
    browser: Chromium,
    site: str,
    name: str,
    theme: str = "light",
    size: tuple[int, int] = DESKTOP,
    **context: Any,
) -> tuple[Visit, BrowserContext]:
    """Open a page of the site in a fresh profile.

    Parameters
    ----------
    browser : Chromium
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
    try:
        visit.page.goto(f"{site}/{path}{mark}{rest}", wait_until="load")
        if context.get("java_script_enabled", True):
            visit.settle()
    except Exception:
        own.close()  # else a page that stands still goes on to take a processor for itself
        raise
    return visit, own


def main() -> int:
    path = find_chromium()
    print(path or INSTALL)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
