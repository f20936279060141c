"""Start a program on several processes of this machine, as `torchrun` does."""

import argparse
import gc
import os
import runpy
import signal
import subprocess
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import mlfa
from mlfa.book.checks import check_count


@dataclass(frozen=True)
class Ran:
    """What became of a program.

    Attributes
    ----------
    code : int
        0 if all of its processes ended well.
    words : str
        What they printed, errors too.
    """

    code: int
    words: str


def run_together(
    program: str | os.PathLike,
    *arguments: object,
    processes: int = 2,
    restarts: int = 0,
    seconds: float = 300,
    settings: dict[str, str] | None = None,
) -> Ran:
    """Run a program's processes to their end, or end them when time is up.

    Parameters
    ----------
    program : path-like
        A Python file.
    *arguments
        What it finds in `sys.argv`.
    processes : int
        How many.
    restarts : int
        When one dies, all are ended and start again, so many times at the most.
    seconds : float
        How long it may take.
    settings : dict of str, optional
        Variables of its environment, beside those of this process.

    Returns
    -------
    Ran
        How it ended.

    Raises
    ------
    TimeoutError
        If it took longer. None of its processes is left.
    """
    check_count("processes", processes)
    for room in ("training", "scale"):
        # A build runs a page again when a file changed that the page has read. The
        # processes read theirs unseen.
        for path in sorted((Path(mlfa.__file__).parent / room).glob("*.py")):
            path.read_bytes()
    command = [sys.executable, "-m", "mlfa.scale.launching"]
    command += [f"--processes={processes}", f"--restarts={restarts}"]
    child = subprocess.Popen(
        [*command, os.fspath(program), *map(str, arguments)],
        env={**os.environ, **(settings or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # so that all of them can be ended at once
    )
    try:
        words, _ = child.communicate(timeout=seconds)
    except BaseException as error:
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        child.kill()
        words, _ = child.communicate()
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        raise TimeoutError(f"not done after {seconds:g} s:\n{words}") from error
    return Ran(child.returncode, words)


def launch(
    program: str, arguments: Sequence[str], *, processes: int, restarts: int = 0
) -> None:
    """What `torchrun` does, with processes that share the memory of the libraries.

    Parameters
    ----------
    program : str
        A Python file, or the name of a module behind "-m ".
    arguments : sequence of str
        What it finds in `sys.argv`.
    processes, restarts : int
        As in `run_together`.
    """
    import torch
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    torch.set_num_threads(1)
    import_all_of_torch()
    config = LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=processes,
        run_id=uuid.uuid4().hex,
        rdzv_backend="c10d",
        rdzv_endpoint="localhost:0",  # any port that is free
        local_addr="localhost",
        max_restarts=restarts,
        monitor_interval=0.1,
        # Copies of this process, which has PyTorch in its memory already. A card cannot
        # be shared in this way.
        start_method="fork" if _may_fork() else "spawn",
    )
    elastic_launch(config, _run)(program, list(arguments))


def import_all_of_torch() -> None:
    """Import also what PyTorch imports when an optimizer is made for the first time.

    It takes as long as the rest. Processes that are copied from this one need not.
    """
    import torch

    weights = [torch.zeros(1, requires_grad=True)]
    torch.optim.SGD(weights, lr=0.1, fused=True)
    # The garbage collector writes to all that it looks at, and what is written to is no
    # longer shared.
    gc.freeze()


def _may_fork() -> bool:
    import torch

    return sys.platform == "linux" and not torch.cuda.is_available()


def _run(program: str, arguments: list[str]) -> None:
    if program.startswith("-m "):
        sys.argv = [program, *arguments]
        runpy.run_module(program[3:], run_name="__main__", alter_sys=True)
    else:
        sys.argv = [program, *arguments]
        sys.path.insert(0, os.path.dirname(os.path.abspath(program)))
        runpy.run_path(program, run_name="__main__")


def _main(words: Sequence[str]) -> int:
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError

    parser = argparse.ArgumentParser(prog="python -m mlfa.scale.launching")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--restarts", type=int, default=0)
    parser.add_argument("program")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    asked = parser.parse_args(words)
    counts = {"processes": asked.processes, "restarts": asked.restarts}
    try:
        launch(asked.program, asked.arguments, **counts)
    except ChildFailedError as error:
        rank, failure = error.get_first_failure()
        print(f"process {rank} ended with {failure.exitcode}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
