"""MNIST: 70,000 handwritten digits."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlfa.book.ledger import Sealed
from mlfa.datasets._files import read_checked

if TYPE_CHECKING:
    from torch import Tensor

FILES = {
    "MNIST/raw/train-images-idx3-ubyte.gz": (
        "0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971"
    ),
    "MNIST/raw/train-labels-idx1-ubyte.gz": (
        "1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203"
    ),
    "MNIST/raw/t10k-images-idx3-ubyte.gz": (
        "1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be"
    ),
    "MNIST/raw/t10k-labels-idx1-ubyte.gz": (
        "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b"
    ),
}


@dataclass(frozen=True)
class Digits:
    """Images and their digits, in three parts.

    Attributes
    ----------
    train, validation : pairs (X, y) of tensors
        `X` of shape (n, 1, 28, 28), one byte a pixel from 0 (paper) to 255 (ink), and
        `y` of shape (n,), whole numbers from 0 to 9.
    test : Sealed
        The same pair of the test digits, once it is opened:
        ``X_test, y_test = digits.test.open("the final score of the network")``.
    """

    train: tuple[Tensor, Tensor]
    validation: tuple[Tensor, Tensor]
    test: Sealed


def load_mnist(*, seed: int, n_validation: int = 10_000) -> Digits:
    """60,000 digits to learn from, some of them for validation, and 10,000 to test.

    Pixels stay bytes: as floats of eight bytes, the training images would take 376 MB
    a copy.

    Parameters
    ----------
    seed : int
        Draws the digits for validation.
    n_validation : int
        How many of the 60,000 go to the validation part.

    Raises
    ------
    DataFileError
        If a shipped file is missing or was altered.

    References
    ----------
    [lecun1998gradient]

    Examples
    --------
    >>> digits = load_mnist(seed=0)
    >>> X_train, y_train = digits.train
    >>> X_train.shape, X_train.dtype, len(digits.test)
    (torch.Size([50000, 1, 28, 28]), torch.uint8, 10000)
    """
    # Imported here, so that pages about tables do not load PyTorch with the data sets.
    import torch

    if not 0 < n_validation < 60_000:
        raise ValueError(
            "n_validation must leave some of the 60,000 digits to learn from, got"
            f" {n_validation}."
        )
    X, y, X_test, y_test = (torch.from_numpy(_read_idx(name)) for name in FILES)
    X, X_test = X[:, None], X_test[:, None]  # (n, 1, 28, 28)
    y, y_test = y.long(), y_test.long()  # (n,)
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(seed))
    validation, train = order[:n_validation], order[n_validation:]
    return Digits(
        (X[train], y[train]),
        (X[validation], y[validation]),
        Sealed("MNIST test digits", X_test, y_test),
    )


def _read_idx(name: str) -> np.ndarray:
    """The bytes of an IDX file in their shape.

    The fourth byte is the number of axes; the sizes follow, four bytes each, the
    largest byte first; then come the values.
    """
    content = bytearray(gzip.decompress(read_checked(name, FILES[name])))
    n_axes = content[3]
    shape = np.frombuffer(content, ">u4", count=n_axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * n_axes).reshape(shape)
