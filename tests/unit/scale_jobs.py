"""What the processes of test_scale.py do: started by torchrun, or forked with torchrun's variables."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.utils.data import DataLoader, IterableDataset, TensorDataset

import mlfa
from mlfa.images.flows import FlowBatches
from mlfa.scale.launching import import_all_of_torch
from mlfa.scale.rows import FileRows
from mlfa.training import trainer as training
from mlfa.training.layers import Dropout
from mlfa.training.mlp import MLP
from mlfa.training.schedules import one_cycle
from mlfa.training.trainer import Trainer

import_all_of_torch()  # for those that are forked from a process that has this module
RANK, SIZE = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))


def samples(n: int, dtype: torch.dtype = torch.float32) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(7)
    X = torch.randn(n, 8, generator=generator, dtype=dtype)
    return X, X[:, :1] * X[:, 1:2] + X[:, 2:3].sin()


def flat(model: nn.Module) -> torch.Tensor:
    return torch.cat([weight.detach().flatten() for weight in model.parameters()])


def make(n: int, batch_size: int, *, epochs: int = 5, seed: int = 0, dropout: float = 0.0, **settings) -> Trainer:
    """Adam, a cycle, gradients that are cut."""
    dtype = settings.pop("dtype", torch.float32)
    model = MLP(8, [32, 32], 1, dropout=dropout, generator=torch.Generator().manual_seed(0)).to(dtype)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, fused=True)
    cycle = one_cycle(optimizer, 0.01, epochs=epochs, n_samples=n, batch_size=batch_size)
    settings = {"scheduler": cycle, "scheduler_each_batch": True, "clip_norm": 1.0, "device": "cpu"} | settings
    return Trainer(model, settings.pop("loss", F.mse_loss), optimizer, **settings, seed=seed)


class Stream(IterableDataset):
    def __init__(self, n: int) -> None:
        self.n = n

    def __iter__(self):
        return iter(zip(*samples(self.n), strict=True))


def told(trainer: Trainer) -> dict:
    return {"weights": flat(trainer.model), "history": trainer.history, "best": trainer.best_epoch}


def battery(folder: Path) -> None:
    """All that is to be equal on one process and on two, as one program; results go to a file for each process."""
    all_of_it = 128 // SIZE
    found: dict[str, object] = {}

    for name, n, dtype in (("even", 1280, torch.float32), ("uneven", 1217, torch.float32), ("one", 1281, torch.float32),
                           ("double", 1217, torch.float64)):  # fmt: skip
        trainer = make(n, all_of_it, dtype=dtype)
        X, y = samples(n, dtype)
        trainer.fit((X, y), (X[:301], y[:301]), epochs=5, batch_size=all_of_it, keep_best=True, patience=4)
        found[name] = told(trainer) | {"steps": trainer.scheduler.last_epoch}

    X, y = samples(203)
    pairs = TensorDataset(X, y)
    order = torch.Generator().manual_seed(3)
    loaders = {
        "loader": DataLoader(pairs, batch_size=32 // SIZE, shuffle=True, generator=order),
        "dropping": DataLoader(pairs, batch_size=32 // SIZE, drop_last=True),
        "workers": DataLoader(pairs, batch_size=32 // SIZE, num_workers=1),
        "stream": DataLoader(Stream(203), batch_size=32 // SIZE),
        "rows": FileRows(folder / "X.npy", folder / "y.npy").loader(batch_size=32 // SIZE, seed=5),
    }
    for name, loader in loaders.items():
        trainer = make(203, 32 // SIZE, epochs=2).fit(loader, DataLoader(pairs, batch_size=50), epochs=2)
        found[name] = told(trainer)

    # A loss that comes with a plateau, and one process that lags behind.
    trainer = make(203, 32 // SIZE, scheduler_each_batch=False)
    trainer.scheduler = ReduceLROnPlateau(trainer.optimizer, patience=0)
    trainer.after_epoch = lambda trainer: time.sleep(0.2 * RANK)
    found["plateau"] = told(trainer.fit((X, y), (X, -y), epochs=4, batch_size=32 // SIZE))

    # A batch norm has other means on every process, and one set of running means at the end.
    model = nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), nn.Linear(8, 1))
    with torch.no_grad():
        for weight in model.parameters():
            weight.fill_(0.1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, fused=True)
    Trainer(model, F.mse_loss, optimizer, device="cpu", seed=0).fit((X, y), epochs=1, batch_size=32)
    found["norm"] = {"means": model[1].running_mean}

    # Layers that draw draw on every process for itself, and the same once more after a crash.
    layer, kept = Dropout(0.5, generator=torch.Generator().manual_seed(0)), []
    layer.register_forward_hook(lambda layer, X, out: kept.append((out[0] != 0).nonzero().flatten().tolist()))
    wide = nn.Sequential(nn.Linear(8, 64), layer, nn.Linear(64, 1))
    optimizer = torch.optim.SGD(wide.parameters(), lr=0.0, fused=True)
    Trainer(wide, F.mse_loss, optimizer, device="cpu", seed=0).fit((X, y), epochs=1, batch_size=32)
    found["masks"] = {"kept": kept[0]}

    batches = FlowBatches(torch.zeros(30, 1, 8, 8, dtype=torch.uint8), batch_size=8 // SIZE, seed=0)
    got = list(trainer.processes.batches(batches))
    found["flow"] = {"counts": [count for *_, count, _ in got], "X": [len(X) for X, *_ in got]}
    seen = [
        (X.flatten().tolist(), count) for X, _, count, _ in trainer.processes.batches((torch.arange(11), X[:11]), 4)
    ]
    found["seen"] = {"rows": seen}
    trainer.save(folder / f"by-{SIZE}-{RANK}.pt")
    torch.save(found, folder / f"found-{SIZE}-{RANK}.pt")


def crash(folder: Path, kill_in: int) -> None:
    """Train with a checkpoint after every epoch; process 1 is killed in a batch of its first life."""
    left = kill_in if RANK == 1 and os.environ["TORCHELASTIC_RESTART_COUNT"] == "0" else -1

    def loss(y_pred, y):
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return F.mse_loss(y_pred, y)

    path = folder / "run.pt"
    trainer = make(640, 32, loss=loss, dropout=0.2, after_epoch=lambda trainer: trainer.save(path)).resume(path)
    begun = len(trainer.history["train_loss"])
    trainer.fit(samples(640), epochs=5 - begun, batch_size=32)
    if trainer.processes.first:
        torch.save(told(trainer) | {"begun": begun}, folder / "end.pt")


def long(folder: Path) -> None:
    """Train until somebody interrupts; the processes write down who they are."""
    (folder / f"pid-{RANK}").write_text(str(os.getpid()), encoding="utf-8")
    path = folder / "run.pt"
    trainer = make(640, 8, epochs=5000, after_epoch=lambda trainer: trainer.save(path))
    trainer.fit(samples(640), epochs=5000, batch_size=8)


# --- what goes wrong in one of two processes that were forked; each says how it ended


def forked(what: str, folder: str, rank: int, settings: dict[str, str]) -> None:
    """One process: the error that it ends with is written to a file."""
    global RANK, SIZE
    os.environ.update(settings, RANK=str(rank))
    RANK, SIZE = rank, int(settings["WORLD_SIZE"])
    from mlfa.training import processes

    for name in ("JOIN_SECONDS", "WAIT_SECONDS"):
        setattr(processes, name, float(settings.get(f"MLFA_{name}", getattr(processes, name))))
    torch.set_num_threads(1)
    began, said = time.monotonic(), "fine"
    try:
        FAULTS[what](Path(folder))
    except BaseException as error:
        said = f"{type(error).__name__}: {error}"
    answer = {"said": said, "seconds": time.monotonic() - began}
    Path(folder, f"{what}-{rank}.json").write_text(json.dumps(answer), encoding="utf-8")
    os._exit(0 if said == "fine" else 1)


def train(trainer: Trainer | None = None, X_changed: float = 0.0) -> Trainer:
    trainer = trainer or make(64, 8, epochs=1)
    X, y = samples(64)
    X[40, 3] += X_changed
    return trainer.fit((X, y), epochs=1, batch_size=8)


def other_version(folder: Path) -> None:
    if RANK == 1:
        mlfa.__version__ = "9.9"
    train()


def other_rate_on_the_way(folder: Path) -> None:
    trainer = make(64, 8, epochs=3)

    def slower(trainer):
        if RANK == 1:
            trainer.clip_norm = 1e-3

    trainer.after_epoch = slower
    trainer.fit(samples(64), epochs=3, batch_size=8)


def other_order(folder: Path) -> None:
    X, y = samples(64)
    rows = torch.randperm(64, generator=torch.Generator().manual_seed(RANK))

    class Shuffled(IterableDataset):
        def __iter__(self):
            return iter([(X[row], y[row]) for row in rows])

    make(64, 8, epochs=1).fit(DataLoader(Shuffled(), batch_size=8), epochs=1)


def dies(folder: Path) -> None:
    def loss(y_pred, y):
        if RANK == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return F.mse_loss(y_pred, y)

    train(make(64, 8, epochs=1, loss=loss))


def sleeps(folder: Path) -> None:
    def loss(y_pred, y):
        if RANK == 1:
            time.sleep(60)
        return F.mse_loss(y_pred, y)

    train(make(64, 8, epochs=1, loss=loss))


def not_finite(folder: Path) -> None:
    def loss(y_pred, y):
        return F.mse_loss(y_pred, y) * (float("nan") if RANK == 1 else 1)

    train(make(64, 8, epochs=1, loss=loss))


def full_disk(folder: Path) -> None:
    path = folder / "run.pt"
    trainer = train()
    trainer.save(path)
    if RANK == 0:
        os.symlink("/dev/full", f"{path}.part")
    trainer.save(path)
    trainer.processes.mean(1.0, 1)  # the others wait for the first


def shares_a_file(folder: Path) -> None:
    """Only the first process has the checkpoint, as where two machines have no folder in common."""
    path = folder / f"only-{RANK}.pt"
    trainer = train()
    trainer.save(path)
    again = make(64, 8, epochs=1).resume(folder / f"only-{RANK}.pt")
    assert path.exists() == (RANK == 0) and again.history == trainer.history
    assert torch.equal(flat(again.model), flat(trainer.model))
    again.load(folder / "not-there.pt")


FAULTS = {
    "fine": lambda folder: train(),
    "other_data": lambda folder: train(X_changed=1e-3 * RANK),
    "other_seed": lambda folder: train(make(64, 8, epochs=1, seed=RANK)),
    "other_version": other_version,
    "other_rate_on_the_way": other_rate_on_the_way,
    "other_order": other_order,
    "dies": dies,
    "sleeps": sleeps,
    "not_finite": not_finite,
    "full_disk": full_disk,
    "shares_a_file": shares_a_file,
}

if __name__ == "__main__":
    torch.set_num_threads(1)
    training.wants_progress_bar = lambda: True
    what, folder, *numbers = sys.argv[1:]
    {"battery": battery, "crash": crash, "long": long}[what](Path(folder), *map(int, numbers))
