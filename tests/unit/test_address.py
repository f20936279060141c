"""The book's addresses: from CI, from git, or none; never a made-up one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from mlfa_book import address  # noqa: E402


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["MLFA_SITE_URL", "REPOSITORY", "SERVER_URL", "REF_NAME", "BASE_REF"]
    for name in names:
        monkeypatch.delenv(name if name.startswith("MLFA") else f"GITHUB_{name}", raising=False)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "a book"
    root.mkdir()
    (root / "page.md").write_text("# Page\n")
    git(root, "init", "-q", "-b", "trunk")
    git(root, "add", ".")
    git(root, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "First")
    return root


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("remote", "web", "site"),
    [
        ("git@github.com:Someone/book.git", "https://github.com/Someone/book", "https://someone.github.io/book/"),
        ("https://github.com/someone/book", "https://github.com/someone/book", "https://someone.github.io/book/"),
        ("https://me:secret@github.com/a/b.git", "https://github.com/a/b", "https://a.github.io/b/"),
        ("ssh://git@github.com/a/b.git", "https://github.com/a/b", "https://a.github.io/b/"),
        ("https://github.com/a/a.github.io", "https://github.com/a/a.github.io", "https://a.github.io/"),
        ("https://gitlab.com/group/sub/b.git", "https://gitlab.com/group/sub/b", None),
        ("/srv/git/book.git", None, None),
        ("../book", None, None),
    ],
)
def test_a_remote_tells_the_addresses(repository: Path, remote: str, web: str | None, site: str | None) -> None:
    git(repository, "remote", "add", "origin", remote)
    assert address.repository_url(repository) == web
    assert address.site_url(repository) == site


def test_without_a_remote_there_is_no_address(repository: Path) -> None:
    assert address.repository_url(repository) is None
    assert address.site_url(repository) is None
    assert address.repository_branch(repository) == "main"


def test_without_git_there_is_nothing(tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(repository, copy, ignore=shutil.ignore_patterns(".git"))
    assert (address.repository_url(copy), address.site_url(copy), address.commit(copy)) == (None, None, None)
    monkeypatch.setenv("PATH", "")
    assert (address.repository_url(repository), address.commit(repository)) == (None, None)


def test_a_repository_around_the_book_is_not_the_books(repository: Path) -> None:
    git(repository, "remote", "add", "origin", "https://github.com/other/project")
    inner = repository / "vendor" / "book"
    inner.mkdir(parents=True)
    assert address.repository_url(inner) is None
    assert address.commit(inner) is None


def test_ci_decides_over_the_remote(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(repository, "remote", "add", "origin", "https://github.com/someone/book")
    monkeypatch.setenv("GITHUB_REPOSITORY", "Fork/Book")
    monkeypatch.setenv("GITHUB_REF_NAME", "topic")
    assert address.repository_url(repository) == "https://github.com/Fork/Book"
    assert address.site_url(repository) == "https://fork.github.io/Book/"
    assert address.repository_branch(repository) == "topic"
    monkeypatch.setenv("GITHUB_REF_NAME", "12/merge")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    assert address.repository_branch(repository) == "main"


def test_the_site_can_be_named(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "fork/book")
    monkeypatch.setenv("MLFA_SITE_URL", "https://example.org/ml")
    assert address.site_url(repository) == "https://example.org/ml/"
    monkeypatch.setenv("MLFA_SITE_URL", "")
    assert address.site_url(repository) is None
    monkeypatch.setenv("MLFA_SITE_URL", "example.org")
    with pytest.raises(ValueError, match=r"MLFA_SITE_URL must be .* got 'example.org'"):
        address.site_url(repository)


def test_the_branch_is_one_that_the_remote_has(repository: Path, tmp_path: Path) -> None:
    copy = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(repository), str(copy)], check=True)
    assert address.repository_branch(copy) == "trunk"
    git(copy, "checkout", "-q", "-b", "only-here")
    assert address.repository_branch(copy) == "trunk"


def test_a_commit_says_when_files_differ(repository: Path) -> None:
    clean = address.commit(repository)
    assert clean is not None and len(clean.name) == 10 and clean.time > 0 and not clean.changed
    (repository / "page.md").write_text("# Other\n")
    assert address.commit(repository).changed
