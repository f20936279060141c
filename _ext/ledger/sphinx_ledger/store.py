"""The stored runs: one file each, found by key and trusted only while every input is as it was."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import filelock
import nbformat
from nbformat import NotebookNode

from sphinx_ledger.chapters import Book, code_cells
from sphinx_ledger.keys import digest, key_of

KEPT = 4  # stored runs of one chapter: an edit that is taken back costs nothing


@dataclass
class Run:
    """An executed chapter.

    Attributes
    ----------
    notebook : NotebookNode
        With its outputs.
    seconds : float
        How long its cells took.
    peak_mb : float or None
        The most memory that its kernel held, where the system tells (on Linux).
    executed : str
        When it ended, as an ISO date and time in UTC.
    inputs : dict of str to (str or None)
        The digest of every file and listed folder that it read, by its name from the book's root; None for one that
        was looked for and not there.
    """

    notebook: NotebookNode
    seconds: float
    peak_mb: float | None
    executed: str
    inputs: dict[str, str | None] = field(default_factory=dict)


def store_of(book: Book, docname: str) -> Path:
    return book.build / ".runs" / docname


def find_run(book: Book, notebook: NotebookNode, say: Callable[[str], None] = print) -> Run | None:
    """The stored run of a chapter, if there is one with the same key and inputs. One that cannot be read is a miss."""
    key = key_of(book, notebook)
    for path in sorted(store_of(book, notebook.metadata.docname).glob(f"{key[:20]}-*.ipynb")):
        try:
            executed = nbformat.reads(path.read_text(encoding="utf-8"), 4)
            kept = executed.metadata["run"]
            run = Run(deepcopy(notebook), **{one.name: kept[one.name] for one in fields(Run)[1:]})
            take_outputs(run.notebook, executed)
        except Exception as error:  # whatever is wrong with a stored run, the chapter can run again
            say(f"{path.name} of {notebook.metadata.docname} cannot be read and counts as no run: {error!r}")
            continue
        if kept["key"] == key and all(digest(book, name) == known for name, known in run.inputs.items()):
            return run
    return None


def take_outputs(notebook: NotebookNode, executed: NotebookNode) -> None:
    """Give a chapter as it reads now the outputs of a run of the same code."""
    for cell, ran in zip(code_cells(notebook), code_cells(executed), strict=True):
        cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
    if "language_info" in executed.metadata:  # tells how to color the code
        notebook.metadata["language_info"] = executed.metadata["language_info"]


def store(book: Book, run: Run) -> None:
    """Keep a run; a file has its name only when it is whole, so that whoever is killed leaves no half of it."""
    notebook = deepcopy(run.notebook)
    key = key_of(book, notebook)
    kept = {name: value for name, value in asdict(run).items() if name != "notebook"}
    notebook.metadata["run"] = {**kept, "inputs": dict(run.inputs), "key": key}
    folder = store_of(book, notebook.metadata.docname)
    folder.mkdir(parents=True, exist_ok=True)
    inputs = hashlib.sha256(json.dumps(run.inputs, sort_keys=True).encode()).hexdigest()
    handle, part = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            # Not by nbformat, which sorts: the evidence of a claim is in an order that its author chose.
            json.dump(notebook, file, ensure_ascii=False, indent=1)
        os.replace(part, folder / f"{key[:20]}-{inputs[:20]}.ipynb")
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    for old in newest_first(folder)[KEPT:]:
        old.unlink()


def newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.ipynb"), key=lambda path: -path.stat().st_mtime_ns)


def last_run(book: Book, docname: str) -> dict[str, Any]:
    """What is noted of the last run of a chapter, with whatever code; empty if there is none."""
    for path in newest_first(store_of(book, docname)):
        with suppress(Exception):
            return dict(json.loads(path.read_text(encoding="utf-8"))["metadata"]["run"])
    return {}


@contextmanager
def only_build(book: Book, say: Callable[[str], None] = print) -> Iterator[None]:
    """Hold the book's lock: of two builds at once, the later one waits."""
    book.build.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(book.build / ".lock", is_singleton=True)  # one of this process may be inside another
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        say(f"another build is at work in {book.build}: this one waits until it has ended")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
