"""The pages of the built site as trees, each parsed once in a process."""

import gc
from functools import lru_cache
from pathlib import Path

from bs4 import BeautifulSoup

from browser import HTML

# Trees are kept, and made of a million objects: do not look through them for garbage all the time.
gc.set_threshold(50_000, 20, 20)


@lru_cache
def tree(path: Path) -> BeautifulSoup:
    """The file of a page, shared by all who ask for it: take a copy (``copy.copy``) to change something."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def soup(name: str) -> BeautifulSoup:
    """The page of the built site with this name, as in ``browser.PAGES``; it is shared, too."""
    return tree(HTML / f"{name}.html")
