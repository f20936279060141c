"""A program that trains on a file in little memory, and says in how much."""

import argparse
import json
import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from mlfa.scale.launching import import_all_of_torch
from mlfa.scale.rows import FileRows
from mlfa.training.mlp import MLP
from mlfa.training.trainer import Trainer

MB = 2**20
WAYS = ("loaded", "mapped", "read")


def main(words: Sequence[str] | None = None) -> None:
    """Train in each way on each set; print the memory that it took beside the imports.

    Parameters
    ----------
    words : sequence of str, optional
        The settings below, by default those that the program was started with.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", type=Path, nargs="+", help="with X.npy and y.npy")
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=WAYS)
    parser.add_argument("--limit", type=int, help="MB: the last once more, with less")
    asked = parser.parse_args(words)
    torch.set_num_threads(1)
    # A process for each, so that none has what another one left. Where processes can be
    # copied, PyTorch is imported only once.
    import_all_of_torch()
    start = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    jobs = [(folder, way, None) for folder in asked.folders for way in asked.ways]
    if asked.limit:
        jobs += [(asked.folders[-1], way, asked.limit) for way in asked.ways]
    for job in jobs:
        one = start.Process(target=measure, args=job)
        one.start()
        one.join()


def measure(folder: Path, way: str, limit: int | None) -> None:
    """Train for one epoch, and print the largest memory beside that of the imports.

    Parameters
    ----------
    folder : Path
        Holds X.npy and y.npy.
    way : str
        "loaded" reads all at first, "mapped" maps the files, "read" reads each batch.
    limit : int, optional
        Megabytes beside the imports, no more.
    """
    rows = FileRows(folder / "X.npy", folder / "y.npy", mapped=way == "mapped")
    model = MLP(rows[0][0].numel(), [16], 1, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, fused=True)
    trainer = Trainer(model, nn.functional.mse_loss, optimizer, device="cpu", seed=0)
    # Steps on few rows: what PyTorch sets up once is no memory of the data.
    trainer.fit(rows.__getitems__(list(range(256))), epochs=1, batch_size=256)
    told = {"folder": folder.name, "way": way, "limit": limit}
    before = peak_memory()
    if limit:
        limit_memory(limit)
    try:
        if way == "loaded":
            X, y = (torch.from_numpy(np.load(path)) for path in rows.paths)
            trainer.fit((X, y), epochs=1, batch_size=256)
        else:
            trainer.fit(rows.loader(batch_size=256, seed=0), epochs=1)
        told["loss"] = trainer.history["train_loss"][-1]
    except (MemoryError, RuntimeError) as error:
        told["error"] = type(error).__name__
    told["mb"] = (peak_memory() - before) / MB
    print(json.dumps(told), flush=True)


def peak_memory() -> int:
    """The most bytes of memory that this process ever had."""
    if sys.platform == "linux":
        text = Path("/proc/self/status").read_text(encoding="ascii")
        return int(text.split("VmHWM:")[1].split()[0]) * 1024
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def limit_memory(mb: int) -> None:
    """Let the system refuse what goes beyond so many MB more than there are now.

    It counts what a process writes to, not the files that it maps to read. Only Linux
    knows such a limit.

    Parameters
    ----------
    mb : int
        Megabytes more than now.
    """
    import resource

    text = Path("/proc/self/status").read_text(encoding="ascii")
    now = int(text.split("VmData:")[1].split()[0]) * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (now + mb * MB, now + mb * MB))


if __name__ == "__main__":
    main()
