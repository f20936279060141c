"""The quiet line under a page that ran, and under the front page: when and with what, and from which commit."""

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

from mlfa_site import address

LIBRARIES = {"numpy": "NumPy", "scikit-learn": "scikit-learn", "torch": "PyTorch"}
MONTHS = "January February March April May June July August September October November December".split()


def book_version(root: Path) -> str:
    """The version that the package's source states."""
    text = (root / "code" / "mlfa" / "__init__.py").read_text(encoding="utf-8")
    if found := re.search(r'^__version__ = "([^"]+)"', text, flags=re.M):
        return found[1]
    raise ValueError('code/mlfa/__init__.py must state the version as __version__ = "..."')


def day(time: float) -> str:
    """Seconds since 1970 as a date in words, in UTC, whatever the machine's language is."""
    moment = datetime.fromtimestamp(time, UTC)
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def build_line(root: Path) -> str:
    """From what the book was built, as HTML: version and commit with the commit's date, and no hour of the build."""
    text = f"Book version {html.escape(book_version(root))}"
    if source := address.commit(root):
        name = f"<code>{source.name}</code>"
        if url := address.repository_url(root):
            name = f'<a href="{html.escape(url)}/commit/{source.name}">{name}</a>'
        text += f", commit {name} of {day(source.time)}"
        text += ", with changes that are not committed" if source.changed else ""
    elif epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        text += f", of {day(int(epoch))}"
    return text + "."


def run_line(run: Any) -> str:
    """When a chapter's cells ran, how long, in how much memory and with which versions."""
    when = f"{day(datetime.fromisoformat(run.executed).timestamp())}, {run.executed[11:16]} UTC"
    peak = f", {run.peak_mb:.0f} MB of memory at most" if run.peak_mb else ""
    # A run is used again only with the versions that it ran with.
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{name} {metadata.version(package)}" for package, name in LIBRARIES.items()]
    return f"Last executed: {when}; {run.seconds:.0f} s{peak}. {', '.join(versions)}."


def add_line(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the line under the article. The commit stands on the front page alone: it changes with every edit."""
    lines = [run_line(app.ledger_runs[pagename])] if pagename in app.ledger_runs else []
    lines += [build_line(app.ledger_book.root)] if pagename == app.config.root_doc else []
    if lines:
        context["body"] += f'<p class="page-run">{" ".join(lines)}</p>\n'


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", add_line)
