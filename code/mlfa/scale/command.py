"""Train a model of the book on somebody's own data: `python -m mlfa.scale`.

With `--processes 2` the program starts itself twice, and the two train together. It may
be started by `torchrun` too, as `torchrun ... -m mlfa.scale ...`, on several machines.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from mlfa.scale.options import (
    TREES,
    CommandError,
    check_options,
    make_parser,
    settle,
)


def main(words: Sequence[str]) -> int:
    """Run the command; the answer is its exit code.

    Parameters
    ----------
    words : sequence of str
        What stands behind `python -m mlfa.scale`.
    """
    asked = make_parser().parse_args(words)
    try:
        asked = settle(asked)
        check_options(asked)
        return _run(words, asked)
    except (CommandError, OSError, ValueError, FloatingPointError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except RuntimeError as error:  # known without PyTorch by its name alone
        if type(error).__name__ != "ProcessesError":
            raise
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        saved = getattr(asked, "checkpoint", None)
        kept = saved is not None and saved.exists()
        told = f"{saved} has the last whole epoch" if kept else "nothing kept"
        print(f"\nstopped: {told}", file=sys.stderr)
        return 130


def _run(words: Sequence[str], asked: argparse.Namespace) -> int:
    """Read the data, then train in this process or start several of it."""
    started = "TORCHELASTIC_RUN_ID" in os.environ or "RANK" in os.environ
    if asked.model in TREES and started:
        raise CommandError(f"{asked.model} needs no torchrun: start it by python alone")
    from mlfa.scale.tasks import read_task

    # What is wrong with the data is said once, before anything is started again.
    task = read_task(asked)
    if asked.model in TREES:
        from mlfa.scale.train_trees import train_trees

        lines = train_trees(asked, task)
    else:
        from mlfa.scale.resuming import check_beginning
        from mlfa.training.processes import n_processes

        count = n_processes() if started else asked.processes
        check_beginning(asked, task, count)
        if count > 1 and not started:
            return _start(words, asked)
        from mlfa.scale.train_network import train_network

        lines = train_network(asked, task)
    for line in lines:
        print(line, flush=True)
    return 0


def _start(words: Sequence[str], asked: argparse.Namespace) -> int:
    """Several of this process."""
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError

    from mlfa.scale.launching import launch

    counts = {"processes": asked.processes, "restarts": asked.restarts}
    try:
        launch("-m mlfa.scale", words, **counts)
    except ChildFailedError as error:
        rank, failure = error.get_first_failure()
        print(f"error: process {rank} ended with {failure.exitcode}", file=sys.stderr)
        return 1
    except SignalException as stop:
        raise KeyboardInterrupt from stop
    return 0
