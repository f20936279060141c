"""The launch buttons are those that work with the repository's host, and every chapter has the notebook they open."""

import subprocess
from pathlib import Path

from mlfa_site.launch import launchers
from sphinx_ledger.chapters import Book

ROOT = Path(__file__).parents[2]


def test_a_host_gets_only_the_buttons_that_work_with_it() -> None:
    def offered(host: str, hub: str | None = None) -> set[str]:
        return set(launchers(f"https://{host}/owner/book", hub))

    assert offered("github.com") == {"binderhub_url", "colab_url", "thebe"}
    assert offered("gitlab.com") == {"binderhub_url"}
    assert offered("git.example.org") == set()
    assert offered("git.example.org", "https://hub.example.org") == {"jupyterhub_url"}


def test_every_chapter_has_the_notebook_that_its_buttons_open() -> None:
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "chapters"], capture_output=True, text=True).stdout
    committed = set(listed.split()) or {p.relative_to(ROOT).as_posix() for p in (ROOT / "chapters").rglob("*.ipynb")}
    missing = [name for name in Book(ROOT).chapters() if f"{name}.ipynb" not in committed]
    assert missing == [], "write them with `make notebooks`, and commit them"
