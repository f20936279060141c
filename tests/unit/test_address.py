"""The book's addresses: from CI, from pyproject.toml, or none; never a made-up one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from mlfa_site import address


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ["MLFA_SITE_URL", *(f"GITHUB_{name}" for name in ("REPOSITORY", "SERVER_URL", "REF_NAME", "BASE_REF"))]:
        monkeypatch.delenv(name, raising=False)


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
    ("stated", "web", "site"),
    [
        ("https://github.com/Someone/book.git", "https://github.com/Someone/book", "https://someone.github.io/book/"),
        ("https://github.com/a/a.github.io/", "https://github.com/a/a.github.io", "https://a.github.io/"),
        ("https://gitlab.com/group/sub/b", "https://gitlab.com/group/sub/b", None),
    ],
)
def test_the_project_states_its_repository(tmp_path: Path, stated: str, web: str, site: str | None) -> None:
    assert address.repository_url(tmp_path) is None and address.site_url(tmp_path) is None
    (tmp_path / "pyproject.toml").write_text(f'[project]\n[project.urls]\nRepository = "{stated}"\n')
    assert (address.repository_url(tmp_path), address.site_url(tmp_path)) == (web, site)
    assert address.repository_branch() == "main"


def test_a_workflow_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nurls = { Repository = "https://github.com/a/book" }\n')
    monkeypatch.setenv("GITHUB_REPOSITORY", "Fork/Book")
    monkeypatch.setenv("GITHUB_REF_NAME", "topic")
    assert address.repository_url(tmp_path) == "https://github.com/Fork/Book"
    assert address.site_url(tmp_path) == "https://fork.github.io/Book/"
    assert address.repository_branch() == "topic"
    monkeypatch.setenv("GITHUB_REF_NAME", "12/merge")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    assert address.repository_branch() == "main"


def test_the_site_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "fork/book")
    monkeypatch.setenv("MLFA_SITE_URL", "https://example.org/ml")
    assert address.site_url(tmp_path) == "https://example.org/ml/"
    monkeypatch.setenv("MLFA_SITE_URL", "")
    assert address.site_url(tmp_path) is None
    monkeypatch.setenv("MLFA_SITE_URL", "example.org")
    with pytest.raises(ValueError, match=r"MLFA_SITE_URL must be .* got 'example.org'"):
        address.site_url(tmp_path)


def test_a_commit_says_when_files_differ(repository: Path) -> None:
    clean = address.commit(repository)
    assert clean is not None and len(clean.name) == 10 and clean.time > 0 and not clean.changed
    (repository / "page.md").write_text("# Other\n")
    assert address.commit(repository).changed


def test_without_a_repository_of_its_own_there_is_no_commit(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = repository / "vendor" / "book"
    inner.mkdir(parents=True)
    copy = shutil.copytree(repository, tmp_path / "copy", ignore=shutil.ignore_patterns(".git"))
    assert address.commit(inner) is None and address.commit(copy) is None
    monkeypatch.setenv("PATH", "")
    assert address.commit(repository) is None
