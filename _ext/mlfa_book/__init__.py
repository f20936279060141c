"""The book's Sphinx extension: chapters that run when they must, and a ledger that cannot be stale."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from mlfa_book import (
    access,
    api,
    bibliography,
    costs,
    findable,
    formulas,
    launch,
    ledger,
    light,
    pages,
    quiet,
    terms,
)
from mlfa_book.chapters import Book
from mlfa_book.execution import KERNEL_ENVIRONMENT, ChapterError, run_chapters

LOGGER = logging.getLogger(__name__)


def configure(app: Sphinx, config: Config) -> None:
    """Let MyST-NB read the runs from the book's own cache, wherever the build was started."""
    app.mlfa_book = Book(app.srcdir)
    config.nb_execution_mode = "cache"
    config.nb_execution_cache_path = str(app.mlfa_book.cache)
    config.nb_execution_raise_on_error = True
    # A page that is saved while the build runs is executed by MyST-NB: in the same way.
    os.environ.update(KERNEL_ENVIRONMENT)


def outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> set[str]:
    """Pages whose source, modules, data or installed versions changed, told by content and not by date."""
    book, known = app.mlfa_book, getattr(env, "mlfa_states", {})
    env.mlfa_digests = {name: book.read(name).metadata["kernelspec"]["deps"] for name in book.chapters()}
    extension = digest_of(Path(__file__).parent)  # every page is made by it
    env.mlfa_states = {
        name: digest_of(Path(env.doc2path(name))) + env.mlfa_digests.get(name, "") + extension
        for name in env.found_docs
    }
    # Sphinx copies style sheets only when it writes a page: a changed one makes the front page outdated.
    env.mlfa_states[app.config.root_doc] += digest_of(book.root / "_static")
    return {name for name, state in env.mlfa_states.items() if known.get(name) != state} & set(env.all_docs)


def digest_of(path: Path) -> str:
    """One digest of a file, or of all files of a folder, without what Python compiled."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    contents = [file.read_bytes() for file in files if file.is_file() and "__pycache__" not in file.parts]
    return hashlib.sha256(b"".join(hashlib.sha256(content).digest() for content in contents)).hexdigest()


def run(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Execute what has no run yet, side by side, before the pages are read."""
    try:
        runs = run_chapters(app.mlfa_book, app.mlfa_book.chapters(), say=LOGGER.info)
        entries = ledger.collect({name: done.notebook for name, done in runs.items()})
    except (ChapterError, ledger.LedgerError) as error:
        raise ExtensionError(str(error)) from None
    app.mlfa_ledger_changed = entries != getattr(env, "mlfa_ledger", None)
    env.mlfa_ledger = entries
    env.mlfa_runs = {
        name: {"seconds": done.seconds, "peak_mb": done.peak_mb, "executed": done.executed}
        for name, done in runs.items()
    }


def add_digest(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the digest of what a chapter depends on where the cache looks for it."""
    if docname in app.env.mlfa_digests:
        deps = app.env.mlfa_digests[docname]
        source[0] = source[0].replace("kernelspec:\n", f'kernelspec:\n  deps: "{deps}"\n', 1)


def rewrite(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Pages that show the ledger are written again when it changed."""
    return getattr(env, "mlfa_ledger_pages", set()) if app.mlfa_ledger_changed else set()


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    getattr(env, "mlfa_ledger_pages", set()).discard(docname)


def write_ledger(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        entries = ledger.public(app.env.mlfa_ledger)
        path = Path(app.outdir) / "ledger.json"
        path.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    pages.setup(app)
    launch.setup(app)
    costs.setup(app)
    terms.setup(app)
    api.setup(app)
    bibliography.setup(app)
    findable.setup(app)
    quiet.setup(app)
    access.setup(app)
    formulas.setup(app)
    light.setup(app)
    app.connect("config-inited", configure, priority=900)
    app.connect("env-get-outdated", outdated)
    app.connect("env-before-read-docs", run)
    app.connect("env-purge-doc", forget)
    app.connect("source-read", add_digest)
    app.connect("env-updated", rewrite)
    app.connect("build-finished", write_ledger)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
