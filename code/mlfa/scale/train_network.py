"""Train a network with a file to go on with, on one process or on many."""

import argparse
import os

import torch

from mlfa.scale.models import make_model
from mlfa.scale.resuming import note_beginning
from mlfa.scale.tasks import Task
from mlfa.training.schedules import one_cycle
from mlfa.training.trainer import Trainer


def train_network(asked: argparse.Namespace, task: Task) -> list[str]:
    """Train, or go on, to the last epoch; the first process says how it went.

    Parameters
    ----------
    asked : Namespace
        From `mlfa.scale.options.settle`.
    task : Task
        What to learn.

    Returns
    -------
    list of str
        Lines with the scores of the test part; none from the other processes.
    """
    torch.set_num_threads(max(1, torch.get_num_threads() // asked.processes))
    trainer = _make_trainer(asked, task)
    first = trainer.processes.first
    again = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") != "0"
    if first and not again:
        note_beginning(asked, task, trainer.processes.size)
    trainer.processes.share(None)  # the others wait until an old file is away
    trainer.resume(asked.checkpoint)
    done = len(trainer.history["train_loss"])
    if first:
        for line in task.told:
            print(line)
        if done:
            print(f"going on after epoch {done}, from {asked.checkpoint}", flush=True)
    if done < asked.epochs:
        settings = {"epochs": asked.epochs - done, "batch_size": asked.batch_size}
        trainer.fit(task.train, task.validation, keep_best=True, **settings)
        # From here on the weights are those of the best epoch, in the file too.
        trainer.save(asked.checkpoint)
    return task.report(trainer.predict) if first else []


def _make_trainer(asked: argparse.Namespace, task: Task) -> Trainer:
    model, rate = make_model(asked, task), asked.learning_rate
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, fused=True)
    sizes = {"n_samples": len(task.train[0]), "batch_size": asked.batch_size}
    cycle = one_cycle(optimizer, rate, epochs=asked.epochs, **sizes)

    def save_and_tell(trainer: Trainer) -> None:
        trainer.save(asked.checkpoint)
        if trainer.processes.first:
            last = {name: v[-1] for name, v in trainer.history.items() if v}
            losses = ", ".join(f"{name} {value:.4g}" for name, value in last.items())
            epoch = len(trainer.history["train_loss"])
            print(f"epoch {epoch} of {asked.epochs}: {losses}", flush=True)

    return Trainer(
        model,
        task.loss,
        optimizer,
        scheduler=cycle,
        scheduler_each_batch=True,
        clip_norm=1.0,
        transform=task.transform,
        after_epoch=save_and_tell,
        precision=asked.precision,
        device=asked.device,
        seed=asked.seed,
    )
