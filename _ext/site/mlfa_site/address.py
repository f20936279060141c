"""Where the book lives: its repository, branch, commit and site. The one place that knows.

What is not stated is None, and a page then has no link rather than a broken one.
"""

import os
import re
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

GITHUB = "https://github.com"


@dataclass(frozen=True)
class Commit:
    """The commit a tree is at: its short name, its time (seconds since 1970), and whether files differ from it."""

    name: str
    time: int
    changed: bool


def repository_url(root: str | Path) -> str | None:
    """The repository's web address, such as ``https://github.com/OWNER/REPO``, or None.

    In GitHub Actions it is the repository that the workflow runs for, so that a fork's pages open the fork; elsewhere
    what pyproject.toml states as ``Repository`` in ``[project.urls]``.
    """
    if name := os.environ.get("GITHUB_REPOSITORY"):
        return f"{os.environ.get('GITHUB_SERVER_URL', GITHUB).rstrip('/')}/{name}"
    path = Path(root, "pyproject.toml")
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"] if path.is_file() else {}
    return project.get("urls", {}).get("Repository", "").rstrip("/").removesuffix(".git") or None


def repository_branch() -> str:
    """The branch or tag that links into the repository name; for a pull request, the one that it goes into."""
    return os.environ.get("GITHUB_BASE_REF") or os.environ.get("GITHUB_REF_NAME") or "main"


def site_url(root: str | Path) -> str | None:
    """The published site's address with a slash at its end, or None.

    ``MLFA_SITE_URL`` decides if it is set (empty: no address). Else it is where GitHub Pages puts the repository's.
    """
    given = os.environ.get("MLFA_SITE_URL")
    if given is not None:
        given = given.strip()
        if given and not re.fullmatch(r"https?://[^/\s]+(/\S*)?", given):
            raise ValueError(f"MLFA_SITE_URL must be an http(s) address such as https://host/book/, got {given!r}")
        return given.rstrip("/") + "/" if given else None
    repository = repository_url(root)
    if not repository or not repository.startswith(f"{GITHUB}/"):
        return None
    owner, name = repository.removeprefix(f"{GITHUB}/").split("/")[:2]
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def commit(root: str | Path) -> Commit | None:
    """The commit that the tree is at, or None: without git, or where only a folder around the book is a repository."""
    top = _git(root, "rev-parse", "--show-toplevel")
    line = _git(root, "log", "-1", "--format=%h %ct", "--abbrev=10")
    if not top or not line or Path(top).resolve() != Path(root).resolve():
        return None
    name, time = line.split()
    return Commit(name, int(time), bool(_git(root, "status", "--porcelain", "--untracked-files=no")))


def _git(root: str | Path, *arguments: str) -> str:
    """What git prints; nothing if it fails or is not there."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
