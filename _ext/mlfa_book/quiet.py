"""The quiet line at the foot of every page: when and with what it ran, and from which commit it was built."""

from __future__ import annotations

import html
import os
import platform
import re
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from mlfa_book import address

LIBRARIES = {"numpy": "NumPy", "scikit-learn": "scikit-learn", "torch": "PyTorch"}


def book_version(root: Path) -> str:
    """The version that the package's source states."""
    text = (root / "code" / "mlfa" / "__init__.py").read_text(encoding="utf-8")
    if found := re.search(r'^__version__ = "([^"]+)"', text, flags=re.M):
        return found[1]
    raise ValueError('code/mlfa/__init__.py must state the version as __version__ = "..."')


def day(time: float) -> str:
    """Seconds since 1970 as a date in words, in UTC, whatever the machine's language is."""
    moment = datetime.fromtimestamp(time, UTC)
    months = "January February March April May June July August September October November December".split()
    return f"{moment.day} {months[moment.month - 1]} {moment.year}"


def build_line(root: Path, link: bool = True) -> str:
    """From what the page was built, as HTML: version and commit with the commit's date.

    It names no hour of the build, so that two builds of one commit are the same.
    """
    text = f"Book version {html.escape(book_version(root))}"
    if source := address.commit(root):
        name = f"<code>{source.name}</code>"
        url = address.repository_url(root)
        if link and url:
            name = f'<a href="{html.escape(url)}/commit/{source.name}">{name}</a>'
        text += f", commit {name} of {day(source.time)}"
        if source.changed:
            text += ", with changes that are not committed"
    elif epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        text += f", of {day(int(epoch))}"
    return text + "."


def run_line(run: dict[str, Any]) -> str:
    """When a chapter's cells ran, how long, in how much memory and with which versions."""
    executed = run.get("executed")
    when = f"{day(datetime.fromisoformat(executed).timestamp())}, {executed[11:16]} UTC" if executed else "unknown"
    peak = f", {run['peak_mb']:.0f} MB of memory at most" if run.get("peak_mb") else ""
    # The digest of a run includes the installed versions: a run that is used ran with these.
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{name} {metadata.version(package)}" for package, name in LIBRARIES.items()]
    return f"Last executed: {when}; {run['seconds']:.0f} s{peak}. {', '.join(versions)}."


def add_line(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the line under the article."""
    if doctree is None or "body" not in context:
        return
    run = getattr(app.env, "mlfa_runs", {}).get(pagename)
    lines = ([run_line(run)] if run else []) + [app.mlfa_build_line]
    context["body"] += f'<p class="page-run">{" ".join(lines)}</p>\n'


def prepare(app: Sphinx) -> None:
    app.mlfa_build_line = build_line(app.mlfa_book.root)


def rewrite(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Every page names the commit and the site: all are written again (not run) when one of them changed."""
    state = (app.mlfa_build_line, app.config.html_baseurl)
    changed = state != getattr(env, "mlfa_build_state", None)
    env.mlfa_build_state = state
    return set(env.all_docs) if changed else set()


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", prepare)
    app.connect("env-updated", rewrite)
    app.connect("html-page-context", add_line)
