"""Read 70,000 handwritten digits, and set 10,000 of them apart for validation."""

import atexit
import gzip
import shutil
import tempfile
from functools import cache
from pathlib import Path

from mlfa.datasets import _files
from shared.task import Task

PIXELS, LABELS = 1_567_298_545, 267_236  # sums over the 60,000 digits
TASK = Task(
    title="read the digits",
    score="share of images and labels that are right in type, shape and sum",
    plain="none: what a tutorial writes is the library's call",
    library="torchvision.datasets.MNIST, from files that are unpacked already",
    note="The book unpacks the files and compares their digests in this time; torchvision finds them unpacked.",
)


@cache
def unpacked() -> Path:
    """A folder as torchvision keeps it."""
    root = Path(tempfile.mkdtemp(prefix="mlfa-bench-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    (root / "MNIST" / "raw").mkdir(parents=True)
    for packed in (_files.DATA / "MNIST" / "raw").glob("*.gz"):
        (root / "MNIST" / "raw" / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
    return root


def data(seed):
    return unpacked()


def book():
    import torch  # noqa: F401  imported by load_mnist

    from mlfa.datasets.mnist import load_mnist

    def read(root, seed):
        digits = load_mnist(seed=seed)
        return *digits.train, *digits.validation

    return read


def library():
    import torch
    from torchvision.datasets import MNIST

    def read(root, seed):
        learn, _ = MNIST(root, train=True), MNIST(root, train=False)
        order = torch.randperm(len(learn), generator=torch.Generator().manual_seed(seed))
        train, validation = order[10_000:], order[:10_000]
        X, y = learn.data[:, None], learn.targets
        return X[train], y[train], X[validation], y[validation]

    return read


def score(data, answer):
    import torch

    X, y, X_val, y_val = answer
    types = (X.dtype, X_val.dtype) == (torch.uint8,) * 2, (y.dtype, y_val.dtype) == (torch.int64,) * 2
    shapes = X.shape == (50_000, 1, 28, 28) and X_val.shape == (10_000, 1, 28, 28), len(y) + len(y_val) == 60_000
    sums = X.sum().item() + X_val.sum().item() == PIXELS, y.sum().item() + y_val.sum().item() == LABELS
    return sum(map(all, zip(types, shapes, sums, strict=True))) / 2
