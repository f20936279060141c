"""Train a model of the book on somebody's own table or images: `python -m mlfa.scale`.

With `--processes 2` the program starts itself twice, and the two train together. It may
be started by `torchrun` too, as `torchrun ... -m mlfa.scale ...`, on several machines.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EPILOG = """examples:
  python -m mlfa.scale table homes.csv --target price --text color
  python -m mlfa.scale images photos --size 64 64 --model cnn --processes 2
  torchrun --nproc-per-node 4 -m mlfa.scale images photos --size 64 64

The checkpoint is written after every epoch. The same command goes on where the last one
stopped. Of the rows, a fifth is kept for validation and a fifth for the test, which is
scored once, at the end; --group keeps rows together that belong together."""


class CommandError(Exception):
    """What somebody who typed a command can mend."""


@dataclass(frozen=True)
class Task:
    """What a model learns.

    Attributes
    ----------
    train, validation, test : pair of tensors
        Samples and targets.
    n_outputs : int
        Numbers to predict for a sample.
    loss : callable
        From predictions and targets to one number.
    floor : Tensor
        What a model would answer that has seen no sample: the mean of the targets, or
        the shares of the classes.
    transform : callable or None
        For the trainer.
    """

    train: tuple
    validation: tuple
    test: tuple
    n_outputs: int
    loss: Callable
    floor: Any
    transform: Callable | None = None


def make_parser() -> argparse.ArgumentParser:
    """The words that the command knows."""
    parser = argparse.ArgumentParser(
        prog="python -m mlfa.scale",
        description="Train a model of the book on a table or on a folder of images.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="table|images")
    table = kinds.add_parser("table", help="a CSV file whose first line names columns")
    table.add_argument("path", type=Path, help="the file")
    table.add_argument("--target", required=True, help="column to predict")
    table.add_argument("--text", nargs="+", default=[], help="columns of words")
    table.add_argument("--leave-out", nargs="+", default=[], help="columns not to use")
    table.add_argument("--group", help="column of persons, places...: none is parted")
    table.add_argument("--model", default="mlp", choices=["linear", "mlp"])
    images = kinds.add_parser("images", help="a folder with a folder for each class")
    images.add_argument("path", type=Path, help="the folder")
    images.add_argument("--size", type=int, nargs=2, metavar=("HEIGHT", "WIDTH"))
    images.add_argument("--channels", type=int, default=3, choices=[1, 3])
    images.add_argument("--model", default="cnn", choices=["linear", "mlp", "cnn"])
    for one in (table, images):
        one.add_argument("--hidden", type=int, nargs="*", default=[64], help="units")
        one.add_argument("--epochs", type=int, default=20, help="in all (%(default)s)")
        one.add_argument("--batch-size", type=int, default=64, help="of each process")
        one.add_argument("--learning-rate", type=float, default=0.003)
        one.add_argument("--seed", type=int, default=0)
        one.add_argument("--device", default="auto")
        one.add_argument(
            "--precision", default="float32", choices=["float32", "bfloat16"]
        )
        one.add_argument("--checkpoint", type=Path, default=Path("mlfa-run.pt"))
        one.add_argument("--new", action="store_true", help="do not go on with a file")
        one.add_argument("--processes", type=int, default=1, help="on this machine")
        one.add_argument(
            "--restarts", type=int, default=3, help="when one of them dies"
        )
    return parser


def main(words: Sequence[str]) -> int:
    """Run the command; the answer is its exit code.

    Parameters
    ----------
    words : sequence of str
        What stands behind `python -m mlfa.scale`.
    """
    asked = make_parser().parse_args(words)
    started = "TORCHELASTIC_RUN_ID" in os.environ or "RANK" in os.environ
    try:
        if asked.processes > 1 and not started:
            return _start(words, asked)
        return _train(asked)
    except (CommandError, OSError, ValueError, FloatingPointError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except RuntimeError as error:  # known without PyTorch by its name alone
        if type(error).__name__ != "ProcessesError":
            raise
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        saved = asked.checkpoint
        kept = f"{saved} has the last whole epoch" if saved.exists() else "nothing kept"
        print(f"\nstopped: {kept}", file=sys.stderr)
        return 130


def _start(words: Sequence[str], asked: argparse.Namespace) -> int:
    """Several of this process; what is wrong with the words is said before."""
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError

    from mlfa.scale.launching import launch

    _look(asked)
    # What is wrong with the data is said once, before anything is started again.
    _table(asked) if asked.kind == "table" else _images(asked)
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


def _look(asked: argparse.Namespace) -> None:
    """What can be seen to be wrong before any data is read."""
    if not asked.path.exists():
        raise CommandError(f"there is no {asked.path}")
    if asked.kind == "images" and not asked.path.is_dir():
        raise CommandError(f"{asked.path} must be a folder with one for each class")
    for name in ("epochs", "batch_size", "processes"):
        if getattr(asked, name) < 1:
            option = name.replace("_", "-")
            raise CommandError(f"--{option} must be at least 1")
    folder = asked.checkpoint.resolve().parent
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise CommandError(f"the checkpoint cannot be written to {folder}")


def _train(asked: argparse.Namespace) -> int:
    import torch

    from mlfa.training.schedules import one_cycle
    from mlfa.training.trainer import Trainer

    _look(asked)
    torch.set_num_threads(max(1, torch.get_num_threads() // asked.processes))
    task = _table(asked) if asked.kind == "table" else _images(asked)
    model = _model(asked, task)
    rate = asked.learning_rate
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, fused=True)
    cycle = one_cycle(
        optimizer,
        rate,
        epochs=asked.epochs,
        n_samples=len(task.train[0]),
        batch_size=asked.batch_size,
    )
    trainer = Trainer(
        model,
        task.loss,
        optimizer,
        scheduler=cycle,
        scheduler_each_batch=True,
        clip_norm=1.0,
        transform=task.transform,
        after_epoch=lambda trainer: _report(trainer, asked),
        precision=asked.precision,
        device=asked.device,
        seed=asked.seed,
    )
    first = trainer.processes.first
    if not asked.new or os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") != "0":
        trainer.resume(asked.checkpoint)
    done = len(trainer.history["train_loss"])
    if done and first:
        print(f"going on after epoch {done}, from {asked.checkpoint}", flush=True)
    if done < asked.epochs:
        settings = {"epochs": asked.epochs - done, "batch_size": asked.batch_size}
        trainer.fit(task.train, task.validation, keep_best=True, **settings)
    if first:
        X, y = task.test
        floor = task.floor.expand(len(y), *task.floor.shape)
        print(f"test loss: {float(task.loss(trainer.predict(X), y)):.4f}")
        print(f"test loss without looking: {float(task.loss(floor, y)):.4f}")
        if task.n_outputs > 1:
            wrong = (trainer.predict(X).argmax(dim=1) != y).float().mean()
            print(f"test images or rows in the wrong class: {float(wrong):.4f}")
    return 0


def _report(trainer: Any, asked: argparse.Namespace) -> None:
    trainer.save(asked.checkpoint)
    if trainer.processes.first:
        told = {name: values[-1] for name, values in trainer.history.items() if values}
        losses = ", ".join(f"{name} {value:.4g}" for name, value in told.items())
        epoch = len(trainer.history["train_loss"])
        print(f"epoch {epoch} of {asked.epochs}: {losses}", flush=True)


def _table(asked: argparse.Namespace) -> Task:
    """Holes filled, numbers scaled, words as zeros and ones: by the training rows."""
    import numpy as np
    import torch
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    from mlfa.datasets import read_table

    groups = [asked.group] if asked.group else []
    away = [*asked.leave_out, *(name for name in groups if name not in asked.text)]
    table = read_table(asked.path, asked.target, text=asked.text, leave_out=away)
    parts = _parts(len(table.y), asked, _column(asked))
    holes = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    numeric = [name for name in table.numeric if name not in groups]
    text = [name for name in table.text if name not in groups]
    words = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    prepare = make_column_transformer((holes, numeric), (words, text))
    prepare.fit(table.X.iloc[parts[0]])
    classes = len(table.class_names)
    known = table.y[parts[0]]
    middle, spread = (0, 1) if classes else (known.mean(), known.std() or 1)

    def tensors(rows: np.ndarray) -> tuple:
        X = torch.tensor(prepare.transform(table.X.iloc[rows]), dtype=torch.float32)
        if classes:
            return X, torch.tensor(table.y[rows])
        y = (table.y[rows] - middle) / spread
        return X, torch.tensor(y, dtype=torch.float32)[:, None]

    return _task(*map(tensors, parts), classes)


def _images(asked: argparse.Namespace) -> Task:
    from mlfa.datasets import read_image_folder
    from mlfa.images.pixels import to_floats

    size = tuple(asked.size) if asked.size else None
    images = read_image_folder(asked.path, channels=asked.channels, size=size)
    if len(images.class_names) < 2:
        raise CommandError(f"{asked.path} must hold at least two folders, one a class")
    parts = [(images.X[r], images.y[r]) for r in _parts(len(images.y), asked, None)]
    return _task(*parts, len(images.class_names), to_floats)


def _task(
    train: tuple,
    validation: tuple,
    test: tuple,
    classes: int,
    transform: Callable | None = None,
) -> Task:
    """Classes by cross-entropy, quantities by the squared error."""
    import torch
    from torch.nn import functional as F

    if classes:
        counts = torch.bincount(train[1], minlength=classes) + 1
        floor = (counts / counts.sum()).log()
        return Task(train, validation, test, classes, F.cross_entropy, floor, transform)
    floor = train[1].mean(dim=0)
    return Task(train, validation, test, 1, F.mse_loss, floor, transform)


def _parts(n: int, asked: argparse.Namespace, groups: Any) -> list:
    """Rows to train, to validate and to test with; those of a group are not parted."""
    import numpy as np

    from mlfa.scoring.splitting import split_indices

    if groups is None:
        return list(split_indices(n, seed=asked.seed))
    names, number = np.unique(groups, return_inverse=True)
    of_groups = split_indices(len(names), seed=asked.seed)
    return [np.flatnonzero(np.isin(number, part)) for part in of_groups]


def _column(asked: argparse.Namespace) -> Any:
    import pandas as pd

    if not asked.group:
        return None
    frame = pd.read_csv(asked.path, dtype=str, keep_default_na=False)
    if asked.group not in frame:
        raise CommandError(f"{asked.path} has no column {asked.group!r}")
    return frame[asked.group].to_numpy()


def _model(asked: argparse.Namespace, task: Task) -> Any:
    import torch
    from torch import nn

    from mlfa.images.cnn import CNN, ConvBlock
    from mlfa.training.mlp import MLP

    generator = torch.Generator().manual_seed(asked.seed)
    shape = tuple(task.train[0].shape[1:])
    if asked.model == "cnn":
        if min(shape[1:]) < 4:
            raise CommandError(f"images must have at least 4 by 4 pixels, got {shape}")
        blocks = [ConvBlock(16), ConvBlock(32)]
        return CNN(shape, blocks, asked.hidden, task.n_outputs, generator=generator)
    hidden = [] if asked.model == "linear" else asked.hidden
    n_inputs = task.train[0][0].numel()
    layers = MLP(n_inputs, hidden, task.n_outputs, generator=generator)
    return layers if len(shape) == 1 else nn.Sequential(nn.Flatten(), layers)
