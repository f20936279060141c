"""A chapter prints the same, bit for bit, on one core and on all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from sphinx_ledger.chapters import Book
from sphinx_ledger.runs import kernel_environment

BOOK = Book(Path(__file__).parents[2])
NAME = "chapters/tabular/networks"
PROGRAM = """
import os, sys
import nbformat
from nbclient import NotebookClient
if sys.argv[1] == "one":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
notebook = nbformat.read(sys.stdin, 4)
NotebookClient(notebook, timeout=600, resources={"metadata": {"path": os.getcwd()}}).execute()
for cell in notebook.cells:
    for output in cell.get("outputs", []):
        if output.output_type != "stream":
            data = output.data
            print(data.get("text/plain"), data.get("application/papermill.record/text/plain"))
        elif output.name == "stdout":
            print(output.text)
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores can be chosen on Linux only")
def test_the_number_of_cores_changes_nothing() -> None:
    # As on Binder: no variable of the build sets the number of threads.
    environment = {key: value for key, value in kernel_environment(BOOK).items() if not key.endswith("_NUM_THREADS")}
    chapter = nbformat.writes(BOOK.read(NAME))
    texts = []
    for cores in ("one", "all"):
        command, folder = [sys.executable, "-c", PROGRAM, cores], BOOK.path(NAME).parent
        done = subprocess.run(command, env=environment, input=chapter, capture_output=True, text=True, cwd=folder)
        assert done.returncode == 0, done.stderr
        texts.append(done.stdout)
    assert len(texts[0].splitlines()) > 30
    assert texts[0] == texts[1]
