"""The launch buttons open the notebook beside a chapter, in the repository of the build, or are not there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup

from browser import open_page, serve
from test_pipeline import ROOT, MiniBook

sys.path.insert(0, str(ROOT / "_ext"))

from mlfa_book.chapters import Book
from mlfa_book.launch import Repository, buttons

FORK = "https://github.com/a-reader/my.fork"
GIVEN = ("GITHUB_", "MLFA_JUPYTERHUB")


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def test_a_host_gets_only_the_buttons_that_work_with_it() -> None:
    def offered(url: str, hub: str | None = None) -> set[str]:
        launch = buttons(Repository(url, "main"), hub).get("launch_buttons", {})
        return set(launch) - {"notebook_interface"}

    assert offered(FORK) == {"binderhub_url", "colab_url", "thebe"}
    assert offered("https://gitlab.com/owner/book") == {"binderhub_url"}
    assert offered("https://git.example.org/owner/book") == set()
    assert offered("https://git.example.org/owner/book", "https://hub.example.org") == {"jupyterhub_url"}
    assert buttons(None, "https://hub.example.org") == {}


class LaunchBook(MiniBook):
    """A small book in a repository of its own, whose page `one` has a notebook beside it."""

    def create(self) -> None:
        super().create()
        config = self.root / "_config.yml"  # the pages of the small book lie at its root
        config.write_text(
            config.read_text(encoding="utf-8").replace("chapters/**/*.ipynb", "*.ipynb"), encoding="utf-8"
        )
        nbformat.write(
            nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("beside")]), self.root / "one.ipynb"
        )
        git(self.root, "init", "-q")

    def build_with(self, **variables: str) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(GIVEN)}
        done = subprocess.run(
            [str(Path(sys.executable).with_name("jupyter-book")), "build", str(self.root), "-W", "--keep-going", "-n"],
            env={**kept, **variables, "PYTHONPATH": str(self.root / "code")},
            cwd=self.root,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def links(self, page: str) -> dict[str, str]:
        """The launch buttons of a page, by their text; a button without an address has an empty one."""
        found = BeautifulSoup(self.html(page), "lxml").select(".dropdown-launch-buttons .dropdown-item")
        return {button.get_text(strip=True): button.get("href", "") for button in found}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> LaunchBook:
    return LaunchBook(tmp_path_factory.mktemp("launch") / "book")


def test_in_a_workflow_the_buttons_open_its_repository(book: LaunchBook) -> None:
    book.build_with(
        GITHUB_REPOSITORY="a-reader/my.fork",
        GITHUB_SERVER_URL="https://github.com",
        GITHUB_REF_NAME="main",
        MLFA_JUPYTERHUB="https://hub.example.org/",
    )
    links = book.links("one")
    assert set(links) == {"Binder", "Colab", "JupyterHub", "Live Code"}
    assert links["Binder"] == "https://mybinder.org/v2/gh/a-reader/my.fork/main?urlpath=lab/tree/one.ipynb"
    assert links["Colab"] == "https://colab.research.google.com/github/a-reader/my.fork/blob/main/one.ipynb"
    hub = urlsplit(links["JupyterHub"])
    assert (hub.netloc, hub.path) == ("hub.example.org", "/hub/user-redirect/git-pull")
    assert parse_qs(hub.query) == {"repo": [FORK], "branch": ["main"], "urlpath": ["lab/tree/my.fork/one.ipynb"]}
    assert book.links("index") == {}, "a page without cells has nothing to launch"
    page = book.html("one")
    assert 'repo: "a-reader/my.fork"' in page and 'ref: "main"' in page
    assert "text/x-thebe-config" not in book.html("index")
    assert "beside" in (book.root / "_build" / "html" / "_sources" / "one.ipynb").read_text(encoding="utf-8")


def test_thebe_is_fetched_when_it_is_asked_for_and_not_before(book: LaunchBook, browser) -> None:
    book.build_with(GITHUB_REPOSITORY="a-reader/my.fork")
    with serve(book.root / "_build" / "html") as site:
        visit, context = open_page(browser, site, "one")
        visit.page.wait_for_load_state("networkidle")
        assert visit.elsewhere == []
        visit.page.evaluate("initThebeSBT()")
        visit.page.wait_for_timeout(500)
        assert [urlsplit(url).path.split("@")[0] for url in visit.elsewhere] == ["/thebe"]
        # What Thebe will look for when it is there.
        assert visit.page.evaluate("document.querySelectorAll(`${thebe_selector} ${thebe_selector_input}`).length") == 1
        context.close()


@pytest.mark.parametrize("remote", ["git@github.com:a-reader/my.fork.git", "https://github.com/a-reader/my.fork.git"])
def test_on_a_desk_the_buttons_open_the_remote(book: LaunchBook, remote: str) -> None:
    git(book.root, "remote", "add", "origin", remote)
    try:
        book.build_with()
        links = book.links("two")
    finally:
        git(book.root, "remote", "remove", "origin")
    assert set(links) == {"Binder", "Colab", "Live Code"}
    assert links["Colab"].startswith("https://colab.research.google.com/github/a-reader/my.fork/blob/main/two.")


def test_without_an_address_there_are_no_buttons(book: LaunchBook) -> None:
    book.build_with()
    for page in ("index", "one", "two"):
        assert book.links(page) == {}
        html = book.html(page)
        assert "initThebeSBT" not in html and "text/x-thebe-config" not in html
        assert "mybinder" not in html and "colab" not in html and "binder-examples" not in html


def test_every_chapter_has_the_notebook_that_its_buttons_open() -> None:
    book = Book(ROOT)
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "chapters"], capture_output=True, text=True).stdout
    committed = set(listed.split()) or {p.relative_to(ROOT).as_posix() for p in (ROOT / "chapters").rglob("*.ipynb")}
    missing = [name for name in book.chapters() if f"{name}.ipynb" not in committed]
    assert missing == [], "write them with `make notebooks`, and commit them"
