"""Where the book lives: its repository, branch, commit and site. The one place that knows.

Every answer comes from the environment (in CI), else from git, else it is None: a copy
without git, or a repository without a remote, gets no links rather than broken ones.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

GITHUB = "https://github.com"


@dataclass(frozen=True)
class Commit:
    """The commit a tree is at: its short name, its time (seconds since 1970), and whether files differ from it."""

    name: str
    time: int
    changed: bool


def repository_url(root: str | Path) -> str | None:
    """The repository's web address, such as ``https://github.com/OWNER/REPO``, or None if nobody knows.

    Parameters
    ----------
    root
        The book's folder. It counts as a repository only if it is the top of one.
    """
    if name := os.environ.get("GITHUB_REPOSITORY"):
        return f"{os.environ.get('GITHUB_SERVER_URL', GITHUB).rstrip('/')}/{name}"
    remotes = (_git(root, "remote") or "").split()
    if not remotes:
        return None
    remote = "origin" if "origin" in remotes else remotes[0]
    return _web_address(_git(root, "remote", "get-url", remote) or "")


def repository_branch(root: str | Path) -> str:
    """The branch or tag that links into the repository name.

    In CI the one that is built (for a pull request, the one it goes into). Else the branch
    that is checked out, if the remote has it, else the remote's first branch, else ``main``.
    """
    environment = os.environ
    if environment.get("GITHUB_REPOSITORY"):
        return environment.get("GITHUB_BASE_REF") or environment.get("GITHUB_REF_NAME") or "main"
    here = _git(root, "symbolic-ref", "--short", "--quiet", "HEAD")
    known = {
        line.partition("/")[2] for line in (_git(root, "branch", "-r", "--format=%(refname:short)") or "").split("\n")
    }
    if here and here in known:
        return here
    head = _git(root, "symbolic-ref", "--short", "--quiet", "refs/remotes/origin/HEAD")
    return head.partition("/")[2] if head else "main"


def site_url(root: str | Path) -> str | None:
    """The published site's address with a slash at its end, or None if nobody knows.

    ``MLFA_SITE_URL`` decides if it is set (empty: no address). Else it is where GitHub
    Pages puts the site of the repository.
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
    """The commit that the tree is at, or None without git (a downloaded archive, say)."""
    line = _git(root, "log", "-1", "--format=%h %ct", "--abbrev=10")
    if not line:
        return None
    name, time = line.split()
    return Commit(name, int(time), bool(_git(root, "status", "--porcelain", "--untracked-files=no")))


def _web_address(remote: str) -> str | None:
    """A remote's https address without credentials; None for a folder or an unknown form."""
    if match := re.fullmatch(r"(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+):(?!/)(.+)", remote):  # git@host:owner/name.git
        host, path = match[1], match[2]
    else:
        parts = urlsplit(remote)
        if parts.scheme not in ("http", "https", "ssh", "git") or not parts.hostname:
            return None
        host, path = parts.hostname, parts.path
    path = path.strip("/").removesuffix(".git")
    return f"https://{host}/{path}" if path.count("/") >= 1 else None


def _git(root: str | Path, *arguments: str) -> str | None:
    """What git prints, or None: no git, no repository, or a repository around the book and not of it."""

    def run(*words: str) -> str | None:
        try:
            done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, timeout=30)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    top = run("rev-parse", "--show-toplevel")
    return run(*arguments) if top and Path(top).resolve() == Path(root).resolve() else None
