"""A pytest plugin: nbval gets its answers from the runs that made the pages, and executes nothing.

Load it after ``nbval_tolerance``. Each code cell of a notebook is answered with the outputs of the same cell in the
run that the build keeps, so that what a page shows is compared with what its notebook shows. `make nbval` leaves this
plugin out: then the same comparison is made with kernels.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from nbformat import NotebookNode
from nbval.plugin import IPyNbFile


class BuiltRun:
    """Stands for nbval's kernel: it answers each cell of a notebook, in order, with the outputs of a run."""

    def __init__(self, outputs: list[list[NotebookNode]]) -> None:
        self.cells = enumerate(outputs)
        self.messages: Iterator[dict[str, Any]] = iter(())

    def is_alive(self) -> bool:
        return True

    def execute_cell_input(self, cell_input: str, allow_stdin: bool) -> int:
        number, outputs = next(self.cells)
        contents = [(output.output_type, output) for output in outputs] + [("status", {"execution_state": "idle"})]
        parent = {"msg_id": number}
        self.messages = iter([{"msg_type": kind, "content": c, "parent_header": parent} for kind, c in contents])
        return number

    def await_reply(self, msg_id: int, timeout: float) -> None:
        """The answer is there."""

    def await_idle(self, parent_id: int, timeout: float) -> None:
        """Nothing runs."""

    def get_message(self, stream: str, timeout: float) -> dict[str, Any]:
        return next(self.messages)

    def stop(self) -> None:
        """Nothing runs."""


def built_run(notebook: IPyNbFile) -> BuiltRun:
    """What answers for a notebook: the run of its chapter, after the cell that installs, which prints nothing."""
    from sphinx_ledger.chapters import Book
    from sphinx_ledger.notebooks import is_install
    from sphinx_ledger.runs import find_run

    book = Book(notebook.config.rootpath)
    docname = book.docname(notebook.path)
    run = find_run(book, book.read(docname))
    if run is None:
        pytest.fail(f"{docname} is not built: run make book", pytrace=False)
    installing = [[] for cell in notebook.nb.cells if cell.cell_type == "code" and is_install(cell)]
    return BuiltRun([*installing, *(cell.outputs for cell in run.notebook.cells if cell.cell_type == "code")])


def pytest_collectstart(collector: pytest.Collector) -> None:
    if isinstance(collector, IPyNbFile):
        collector.setup = partial(_answer, collector)


def _answer(notebook: IPyNbFile) -> None:
    notebook.kernel = built_run(notebook)
