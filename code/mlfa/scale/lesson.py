"""A program that does not know on how many processes it runs: the page starts it."""

import argparse
import os
import signal
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn

from mlfa.datasets import load_california_housing
from mlfa.scoring.splitting import split_indices
from mlfa.training.mlp import MLP
from mlfa.training.schedules import one_cycle
from mlfa.training.trainer import Trainer


def main(words: Sequence[str] | None = None) -> None:
    """Train a network on some homes; write its weights and what it took.

    Parameters
    ----------
    words : sequence of str, optional
        The settings below, by default those that the program was started with.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--rows", type=int, default=1217)
    parser.add_argument("--hidden", type=int, nargs="+", default=[256, 256])
    parser.add_argument("--kill-at", type=int, help="batch in which one is killed")
    asked = parser.parse_args(words)
    torch.set_num_threads(1)

    housing = load_california_housing()
    split = split_indices(len(housing.y), seed=0)
    known = split.train[: asked.rows]
    middle, spread = housing.X[known].mean(axis=0), housing.X[known].std(axis=0)

    def tensors(rows: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        X = torch.from_numpy((housing.X[rows] - middle) / spread).float()
        y = torch.from_numpy(housing.y[rows]).float()
        return X.clamp(-5, 5), y[:, None]

    train, validation = tensors(known), tensors(split.validation)
    generator = torch.Generator().manual_seed(0)
    model = MLP(8, asked.hidden, 1, generator=generator)
    first_weights = flat(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, fused=True)
    sizes = {"n_samples": asked.rows, "batch_size": asked.batch_size}
    schedule = one_cycle(optimizer, 0.01, epochs=5, **sizes)
    checkpoint, marks = asked.out.with_suffix(".pt"), []

    def count_and_save(trainer: Trainer) -> None:
        marks.append(bytes_written())
        trainer.save(checkpoint)
        marks.append(bytes_written())

    trainer = Trainer(
        model,
        Killing(asked.kill_at),
        optimizer,
        scheduler=schedule,
        scheduler_each_batch=True,
        clip_norm=1.0,
        after_epoch=count_and_save,
        device="cpu",
        seed=0,
    )
    trainer.resume(checkpoint)
    begun = len(trainer.history["train_loss"])
    start = time.perf_counter()
    trainer.fit(train, validation, epochs=5 - begun, batch_size=asked.batch_size)
    seconds = time.perf_counter() - start
    steps = schedule.last_epoch // 5  # in an epoch
    sent = [after - before for before, after in pairwise(marks[1:-1])][::2]
    if trainer.processes.first:
        np.savez(
            asked.out,
            first_weights=first_weights,
            weights=flat(model),
            losses=trainer.history["train_loss"],
            validation=trainer.history["validation_loss"],
            begun=begun,
            seconds=seconds,
            steps=schedule.last_epoch,
            sent_a_step=np.array(sent) / steps,
        )


class Killing:
    """A loss that ends its process without a warning, once, as a crash would.

    Parameters
    ----------
    batch : int, optional
        In which batch of process 1, if it is the first start of the program.
    """

    def __init__(self, batch: int | None) -> None:
        second = os.environ.get("RANK") == "1"
        again = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") != "0"
        self.left = batch if second and not again else None

    def __call__(self, y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        if self.left is not None and y_pred.requires_grad:
            self.left -= 1
            if self.left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return nn.functional.mse_loss(y_pred, y)


def flat(model: nn.Module) -> np.ndarray:
    """All weights of a model in one row.

    Parameters
    ----------
    model : nn.Module
        Any model.
    """
    parts = [weight.detach().cpu().flatten() for weight in model.parameters()]
    return torch.cat(parts).numpy()


def bytes_written() -> int:
    """What this process has written so far, to files and to other processes.

    Linux counts it; elsewhere the answer is 0.
    """
    try:
        text = Path("/proc/self/io").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(text.split("wchar:")[1].split()[0])


if __name__ == "__main__":
    main()
