"""A book of two chapters, run once, with their notebooks."""

from __future__ import annotations

from pathlib import Path

import pytest

CHAPTER = """---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---
# A chapter

Words.
"""
CELLS = ['print("loss 0.8431 after 20 steps")', 'print("a word")\nprint("score 1,234.5")', "12.5"]
FIGURE = "---\nmystnb:\n  image: {alt: Nothing is shown.}\n  figure: {name: fig-one, caption: A caption.}\n---\n0"
OWN = 'import os\n\nos.environ.get("READERS_OWN", "unset")'
PROJECT = (
    '[project]\nname = "book"\nversion = "1"\n[project.urls]\nRepository = "https://github.com/a-reader/my.fork"\n'
)


def cells(*sources: str) -> str:
    return "".join(f"\n```{{code-cell}} python\n{source}\n```\n" for source in sources)


@pytest.fixture(scope="session")
def small_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a book whose chapters have a run and a notebook; take a copy to change something."""
    from sphinx_ledger.notebooks import main

    root = tmp_path_factory.mktemp("book")
    (root / "pages").mkdir()
    for name, text in {
        "_config.yml": "title: A book\n",
        "_toc.yml": "format: jb-book\nroot: index\nchapters: [{file: pages/one}, {file: pages/two}]\n",
        "index.md": "# A book\n",
        "pytest.ini": "[pytest]\n",
        "pyproject.toml": PROJECT,
        "pages/loaded.py": "two = 2\n",
        "pages/one.md": CHAPTER + cells(*CELLS, *CELLS),
        "pages/two.md": CHAPTER + cells(":load: loaded.py", FIGURE, OWN),
    }.items():
        (root / name).write_text(text, encoding="utf-8")
    assert main(root) == 0
    return root
