"""Run the chapters that need it, several at a time, into the cache that MyST-NB reads."""

from __future__ import annotations

import os
import re
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from mlfa_book.chapters import Book

# One thread a kernel: sums are added in one order on every machine, and the cores
# are used by running chapters side by side. MLFA_BUILD silences progress bars.
KERNEL_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    # Large pages for large tensors: a page of the usual size costs a trip to the system for
    # each 4 kB that a step touches first. It changes no number; a large CNN learns 25 % faster.
    "THP_MEM_ALLOC_ENABLE": "1",
    # Memory that a step gives back stays with the process (bytes; glibc reads them): without, every step
    # of the U-Net asked the system for the same blocks again.
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "134217728",
    "MLFA_BUILD": "1",
    # A reader's own choice, such as Agg on a server, would leave every page without its figures.
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
TIMEOUT = 3600  # seconds for one cell: a busy or slow machine is no reason to fail


class ChapterError(Exception):
    """One or more chapters did not run to their end."""


@dataclass(frozen=True)
class Run:
    """An executed chapter and what it took."""

    notebook: NotebookNode
    seconds: float
    peak_mb: float | None
    executed: str | None = None  # when it ended, in UTC; runs of old caches do not say


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_notebook(notebook: NotebookNode, folder: Path, environment: Mapping[str, str] = KERNEL_ENVIRONMENT) -> Run:
    """Execute a copy of a notebook in `folder` and note its time and its kernel's peak memory.

    The kernel sees the variables of this process and those of `environment`.
    """
    peaks: list[float] = []

    def note_memory(**_: object) -> None:
        pid = getattr(getattr(client.km, "provisioner", None), "pid", None)
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return  # no such file system here: the peak stays unknown
        if match := re.search(r"VmHWM:\s+(\d+) kB", status):
            peaks.append(int(match[1]) / 1024)

    notebook = deepcopy(notebook)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        extra_arguments=["--IPKernelApp.log_level=40"],
        on_cell_executed=note_memory,
    )
    start = time.perf_counter()
    client.execute(env={**os.environ, **environment})
    seconds = time.perf_counter() - start
    return Run(notebook, seconds, max(peaks, default=None), datetime.now(UTC).isoformat(timespec="seconds"))


def find_run(book: Book, notebook: NotebookNode) -> Run | None:
    """The cached run of a chapter, if there is one of the same code and dependencies."""
    cache = get_cache(str(book.cache))
    try:
        record = cache.match_cache_notebook(notebook)
    except KeyError:
        key = book.run_key(notebook)
        records = [r for r in cache.list_cache_records() if (r.data or {}).get("run_key") == key]
        if not records:
            return None
        record = records[-1]
        _store(book, _graft(notebook, cache.get_cache_bundle(record.pk).nb), record.uri, record.data)
    executed = _graft(notebook, cache.get_cache_bundle(record.pk).nb)
    return Run(executed, record.data["execution_seconds"], record.data.get("peak_mb"), record.data.get("executed"))


def _graft(notebook: NotebookNode, executed: NotebookNode) -> NotebookNode:
    """The chapter as it reads now, with the outputs of a run of the same code."""
    grafted = deepcopy(notebook)
    code = [cell for cell in grafted.cells if cell.cell_type == "code"]
    for cell, run in zip(code, executed.cells, strict=True):
        cell.outputs, cell.execution_count = run.outputs, run.execution_count
    if "language_info" in executed.metadata:  # tells how to color the code
        grafted.metadata["language_info"] = executed.metadata["language_info"]
    return grafted


def _store(book: Book, notebook: NotebookNode, uri: str, data: dict) -> None:
    get_cache(str(book.cache)).cache_notebook_bundle(
        CacheBundleIn(notebook, uri, data=data), check_validity=False, overwrite=True
    )


def run_chapters(book: Book, docnames: Iterable[str], say: Callable[[str], None] = print) -> dict[str, Run]:
    """Give every chapter a run: from the cache where one fits, else by executing it.

    Raises
    ------
    ChapterError
        With the traceback of every chapter that failed.
    """
    book.cache.mkdir(parents=True, exist_ok=True)
    notebooks = {name: book.read(name) for name in docnames}
    runs = {name: run for name, notebook in notebooks.items() if (run := find_run(book, notebook))}
    missing = [name for name in notebooks if name not in runs]
    failures: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=cores()) as pool:
        # The last pages of a part take the longest. Started first, they leave short ones to fill the cores at the end.
        jobs = {pool.submit(run_notebook, notebooks[name], book.path(name).parent): name for name in reversed(missing)}
        for job in as_completed(jobs):
            name = jobs[job]
            try:
                run = runs[name] = job.result()
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                failures[name] = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
                continue
            except Exception:
                failures[name] = traceback.format_exc()
                continue
            peak = f", {run.peak_mb:.0f} MB" if run.peak_mb else ""
            say(f"executed {name} in {run.seconds:.1f} s{peak}")
            data = {"execution_seconds": run.seconds, "peak_mb": run.peak_mb, "executed": run.executed}
            data["run_key"] = book.run_key(notebooks[name])
            _store(book, run.notebook, str(book.path(name)), data)
    if failures:
        raise ChapterError("\n\n".join(f"{book.path(name)} failed:\n{text}" for name, text in sorted(failures.items())))
    return {name: runs[name] for name in notebooks}
