"""Give every chapter a run: a stored one whose inputs are as they were, else a new one, several at a time.

A run says what it read (`watch`). It is stored with the digests of these files, and stands for the chapter as long
as they, the cells, the installed versions and the kernel's environment are the same. Nothing is guessed from code.
"""

import json
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from sphinx_ledger.chapters import Book
from sphinx_ledger.keys import digest, inputs_of, kernel_environment, path_of
from sphinx_ledger.store import Run, find_run, last_run, only_build, store


class ChapterError(Exception):
    """A chapter's cell failed."""


def cores() -> int:
    """Cores that this process may use, which a container can set below the machine's own."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_notebook(
    book: Book,
    notebook: NotebookNode,
    extra: Mapping[str, str] | None = None,
    manages: Callable[[AsyncKernelManager], None] | None = None,
) -> Run:
    """Execute a chapter in a kernel of its own.

    Parameters
    ----------
    book : Book
    notebook : NotebookNode
        As `Book.read` gives it; a copy is executed.
    extra : dict, optional
        Variables of the kernel beside those of the book, for an experiment: such a run is not to be stored.
    manages : function, optional
        Is given the manager of the kernel before it starts it.

    Raises
    ------
    CellExecutionError, CellTimeoutError, DeadKernelError
        If a cell fails, takes too long, or the kernel dies.
    """
    notebook = deepcopy(notebook)
    environment = {**kernel_environment(book), **(extra or {})}
    for name in ("IPYTHONDIR", "MPLCONFIGDIR"):
        Path(environment[name]).mkdir(parents=True, exist_ok=True)
    folder = book.path(notebook.metadata.docname).parent
    with tempfile.TemporaryDirectory() as name:
        trace = Path(name) / "trace.txt"
        manager = kernel_manager(book, Path(name), trace)
        if manages:
            manages(manager)
        seconds, peak_mb = execute(notebook, folder, manager, environment, book.options.timeout)
        inputs = inputs_of(book, str(Path(notebook.metadata.docname).parent), trace)
    return Run(notebook, seconds, peak_mb, datetime.now(UTC).isoformat(timespec="seconds"), inputs)


def execute(
    notebook: NotebookNode,
    folder: Path,
    manager: AsyncKernelManager,
    environment: Mapping[str, str],
    timeout: int,
) -> tuple[float, float | None]:
    """Execute a notebook in place, in `folder`; the seconds that it took, and the most memory of its kernel in MB."""
    peaks: list[float] = []

    def note_memory(**_: object) -> None:
        try:
            status = Path(f"/proc/{manager.provisioner.pid}/status").read_text()
        except OSError:
            return  # no such file system here: the peak stays unknown
        if match := re.search(r"VmHWM:\s+(\d+) kB", status):
            peaks.append(int(match[1]) / 1024)

    client = NotebookClient(
        notebook,
        km=manager,
        timeout=timeout,
        shell_timeout_interval=1,  # how soon it sees that a kernel is gone
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        on_cell_executed=note_memory,
    )
    start = time.perf_counter()
    client.execute(env=dict(environment), cleanup_kc=True)  # also a kernel whose manager came from here
    return time.perf_counter() - start, max(peaks, default=None)


def kernel_manager(book: Book, folder: Path, trace: Path) -> AsyncKernelManager:
    """A manager whose kernel is this Python, whatever kernels the reader has installed, watched from its first cell."""
    (folder / "python3").mkdir()
    watch = ["-m", "sphinx_ledger.watch", str(book.root), str(book.build), str(trace)]
    quiet = ["--IPKernelApp.log_level=40", "--HistoryManager.enabled=False"]
    spec = {
        "argv": [sys.executable, *watch, "-f", "{connection_file}", *quiet],
        "display_name": "Python 3",
        "language": "python",
    }
    (folder / "python3" / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    specs = KernelSpecManager(kernel_dirs=[str(folder)], ensure_native_kernel=False)
    # Sockets in a folder of the kernel's own, where there are such: a free port may be taken before the kernel has it.
    own = {"transport": "ipc", "ip": str(folder / "k")} if hasattr(socket, "AF_UNIX") else {}
    return AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=specs, connection_file=str(folder / "k.json"), **own
    )


def run_chapters(book: Book, docnames: Iterable[str], say: Callable[[str], None] = print) -> dict[str, Run]:
    """Give every chapter a run: a stored one where one fits, else by executing it.

    Raises
    ------
    ChapterError
        With the traceback of every chapter that failed.
    """
    with only_build(book, say):
        notebooks = {name: book.read(name) for name in docnames}
        runs = {name: run for name, notebook in notebooks.items() if (run := find_run(book, notebook, say))}
        missing = {name: notebook for name, notebook in notebooks.items() if name not in runs}
        if missing:
            shutil.rmtree(book.build / ".kernel" / "ipythondir", ignore_errors=True)
            runs |= _run_all(book, missing, say)
        return {name: runs[name] for name in notebooks}


def _run_all(book: Book, notebooks: Mapping[str, NotebookNode], say: Callable[[str], None]) -> dict[str, Run]:
    """Execute chapters side by side and store each as it ends, also when the build is stopped before the last."""
    runs: dict[str, Run] = {}
    failures: dict[str, str] = {}
    kernels: dict[str, AsyncKernelManager] = {}
    before = {name: last_run(book, name) for name in notebooks}
    expected = {name: run.get("seconds") for name, run in before.items()}
    # The longest first: short ones fill the cores at the end. Of those without a time, the last of a part are long.
    order = sorted(reversed(list(notebooks)), key=lambda name: -(expected[name] or 1e9))

    def one(name: str) -> Run:
        last = expected[name]
        say(f"running {name} ({f'{last:.0f} s the last time' if last else 'for the first time'})")
        began = time.time_ns()
        known = {n: digest(book, n) for n in before[name].get("inputs", {})}
        try:
            run = run_notebook(book, notebooks[name], manages=lambda manager: kernels.update({name: manager}))
        finally:
            kernels.pop(name, None)
        # A file that was written in the meantime may still say the same, as a stub does of other modules.
        written = [n for n in run.inputs if _changed_since(path_of(book, n), began)]
        if changed := [n for n in written if n not in known or known[n] != run.inputs[n]]:
            say(f"{changed[0]} changed while {name} ran: its run is not kept, the next build runs it again")
        else:
            store(book, run)
        return run

    with ThreadPoolExecutor(max_workers=cores()) as pool:
        jobs: dict[Future[Run], str] = {pool.submit(one, name): name for name in order}
        left = set(jobs)
        try:
            while left:
                done, left = wait(left, return_when=FIRST_COMPLETED)
                for job in done:
                    name = jobs[job]
                    try:
                        run = runs[name] = job.result()
                    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                        failures[name] = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
                    except Exception:
                        failures[name] = traceback.format_exc()
                    else:
                        peak = f", {run.peak_mb:.0f} MB" if run.peak_mb else ""
                        outlook = _outlook([jobs[other] for other in left], expected)
                        say(f"executed {name} in {run.seconds:.1f} s{peak}; {outlook}")
        except BaseException:
            # Ctrl-C, most often: nothing more begins, what runs ends now, what is done is stored.
            pool.shutdown(wait=False, cancel_futures=True)
            while not all(job.done() for job in jobs):  # also a kernel that is only about to start
                for manager in list(kernels.values()):
                    end(manager)
                time.sleep(0.1)
            raise
    if failures:
        raise ChapterError("\n\n".join(f"{book.path(name)} failed:\n{text}" for name, text in sorted(failures.items())))
    return runs


def end(manager: AsyncKernelManager) -> None:
    if manager.has_kernel and manager.provisioner.pid:
        with suppress(OSError):
            os.kill(manager.provisioner.pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def _changed_since(path: Path, moment: int) -> bool:
    return path.is_file() and path.stat().st_mtime_ns > moment


def _outlook(left: list[str], expected: Mapping[str, float | None]) -> str:
    """How many chapters are left, and for about how long if all ran before."""
    if not left:
        return "none left"
    times = [expected[name] for name in left]
    if None in times:
        return f"{len(left)} left"
    return f"{len(left)} left, at most {max(sum(times) / cores(), max(times)):.0f} s"
