"""The small book, built once and copied for each test."""

import shutil
from pathlib import Path

import pytest
from small_book import HERE, SmallBook, executed


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built") / "a ünïversal book"
    shutil.copytree(HERE / "book", root)
    assert executed(SmallBook(root).build("-W", "--keep-going")) == {"one", "two"}
    return root


@pytest.fixture
def book(built: Path, tmp_path: Path) -> SmallBook:
    """A copy of the built book, in another folder."""
    shutil.copytree(built, tmp_path / "copy")
    return SmallBook(tmp_path / "copy")
