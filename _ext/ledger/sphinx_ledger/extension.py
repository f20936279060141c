"""What the extension does in a build, in its order.

Every build starts with nothing but the stored runs: it reads and writes every page, into an empty folder. So no page
can be older than what it shows, whatever happened to the build before.
"""

import gc
import json
import shutil
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from myst_nb import sphinx_ as myst_nb
from myst_nb.core.execute.base import NotebookClientBase
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from sphinx_ledger import ledger, pages
from sphinx_ledger.chapters import Book, code_cells
from sphinx_ledger.runs import ChapterError, only_build, run_chapters
from sphinx_ledger.store import take_outputs

LOGGER = logging.getLogger(__name__)


def begin(app: Sphinx, config: Config) -> None:
    """Take the book for this build alone, and forget what other builds left."""
    # A build makes millions of objects that stay until its end: to look through them for garbage as often as Python
    # does by itself took a fifth of its time.
    gc.set_threshold(50_000, 20, 20)
    out = Path(app.outdir)
    try:
        book = app.ledger_book = Book(app.srcdir, out.parent)
    except ValueError as error:
        raise ExtensionError(str(error)) from None
    refuse_another_copy(book)
    app.ledger_lock = ExitStack()
    app.ledger_lock.enter_context(only_build(book, LOGGER.info))
    ours = out.parent.name == "_build" or (out / ".buildinfo").is_file()
    if out.is_dir() and any(out.iterdir()) and not ours:
        raise ExtensionError(
            f"{out} is no site that Sphinx made, and a build empties its folder: name another or remove it."
        )
    for folder in (out, Path(app.doctreedir), out.parent / "jupyter_execute"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
    # MyST-NB neither runs nor looks for anything: it shows the runs that `run` has ready.
    config.nb_execution_mode = "off"
    myst_nb.create_client = lambda notebook, path, nb_config, logger, *_: StoredRun(
        notebook, Path(path), nb_config, logger, app=app
    )


def refuse_another_copy(book: Book) -> None:
    """A book that keeps this extension is built by its own copy: an installed one would be found first."""
    name, loaded = __package__, Path(__file__).resolve().parents[1]
    folder = ((book.config.get("sphinx") or {}).get("local_extensions") or {}).get(name)
    if folder is None or (own := (book.root / folder).resolve()) == loaded:
        return
    raise ExtensionError(
        f"{name} was loaded from {loaded}, but this book keeps its own in {own} (local_extensions in _config.yml). "
        f"Remove the other copy, which is installed or named by PYTHONPATH, or build with PYTHONPATH={own}"
    )


class StoredRun(NotebookClientBase):
    """Hands MyST-NB the outputs of a chapter's run."""

    def start_client(self) -> None:
        app = self._kwargs["app"]
        run = app.ledger_runs.get(app.env.docname)
        if run is None:
            raise ExtensionError(f"{app.env.docname} has cells and is not in _toc.yml, so it was not run.")
        now, then = ([cell.source for cell in code_cells(each)] for each in (self.notebook, run.notebook))
        if now != then:
            raise ExtensionError(f"{app.env.docname} was changed while the book was built. Build it again.")
        take_outputs(self.notebook, run.notebook)
        self.exec_metadata = {
            "mtime": datetime.fromisoformat(run.executed).timestamp(),
            "runtime": run.seconds,
            "method": "cache",
            "succeeded": True,
            "error": None,
            "traceback": None,
        }


def run(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Execute what has no run, side by side, before the pages are read, and say what the runs did not confirm."""
    try:
        app.ledger_runs = run_chapters(app.ledger_book, app.ledger_book.chapters(), say=LOGGER.info)
        app.ledger_entries = ledger.collect({name: done.notebook for name, done in app.ledger_runs.items()})
    except (ChapterError, ledger.LedgerError) as error:
        raise ExtensionError(str(error)) from None
    for line in ledger.unconfirmed(app.ledger_entries):
        LOGGER.warning(line, type="ledger", subtype="claim")
    for line in ledger.reopened(app.ledger_entries):
        LOGGER.warning(line, type="ledger", subtype="opening")


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Write the ledger beside the pages, end with what was not confirmed, and let the next build begin."""
    app.ledger_lock.close()
    if exception is not None:
        return
    if app.builder.format == "html":
        text = json.dumps(ledger.public(app.ledger_entries), indent=1, ensure_ascii=False)
        (Path(app.outdir) / "ledger.json").write_text(text + "\n", encoding="utf-8")
    if words := ledger.closing_words(app.ledger_entries):
        LOGGER.info("\n%s", words)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_config_value("ledger", {}, "env", dict)
    pages.setup(app)
    app.connect("config-inited", begin, priority=100)
    app.connect("env-before-read-docs", run, priority=400)
    app.connect("build-finished", finish, priority=990)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
