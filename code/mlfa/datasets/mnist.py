"""MNIST: 70,000 handwritten digits."""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlfa.book.checks import check_count
from mlfa.book.ledger import Sealed
from mlfa.datasets._files import DATA, DataFileError

if TYPE_CHECKING:
    from torch import Tensor

# The shipped files, and the digests of their uncompressed content.
FILES = {
    "MNIST/raw/train-images-idx3-ubyte.gz": (
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
    ),
    "MNIST/raw/train-labels-idx1-ubyte.gz": (
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
    ),
    "MNIST/raw/t10k-images-idx3-ubyte.gz": (
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
    ),
    "MNIST/raw/t10k-labels-idx1-ubyte.gz": (
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
    ),
}


@dataclass(frozen=True)
class Digits:
    """Images and their digits, in three parts.

    Attributes
    ----------
    train, validation : pairs (X, y) of tensors
        `X` of shape (n, 1, 28, 28), one byte a pixel from 0 (paper) to 255 (ink), and `y` of shape (n,),
        whole numbers from 0 to 9.
    test : Sealed
        The same pair of the test digits, once it is opened: ``X_test, y_test = digits.test.open("why")``.
    """

    train: tuple[Tensor, Tensor]
    validation: tuple[Tensor, Tensor]
    test: Sealed


def load_mnist(n_validation: int = 10_000, *, seed: int = 0) -> Digits:
    """The 60,000 digits to learn from, some of them set apart for validation, and the 10,000 test digits, sealed.

    Pixels stay bytes: as floats of eight bytes, the training images would take 376 MB a copy.

    Parameters
    ----------
    n_validation : int
        Number of digits, drawn at random from the 60,000, that go to the validation part.
    seed : int
        Draws them.

    Raises
    ------
    DataFileError
        If a shipped file is missing or was altered, or no folder can hold the unpacked files.

    References
    ----------
    [lecun1998gradient]
    """
    check_count("n_validation", n_validation)
    if n_validation >= 60_000:
        raise ValueError(
            "n_validation must leave some of the 60,000 digits to learn from, got"
            f" {n_validation}."
        )
    # Imported here, so that pages about tables do not load PyTorch with the data sets.
    import torch
    from torchvision.datasets import MNIST

    root = unpack_mnist()
    learn, test = MNIST(root, train=True), MNIST(root, train=False)
    order = torch.randperm(
        len(learn.data), generator=torch.Generator().manual_seed(seed)
    )
    parts = [
        (learn.data[rows, None], learn.targets[rows])
        for rows in (order[n_validation:], order[:n_validation])
    ]
    return Digits(*parts, Sealed("MNIST test digits", test.data[:, None], test.targets))


def unpack_mnist() -> Path:
    """Make sure that the unpacked files exist and are right, and return the folder that holds them.

    The package's own folder is tried first, then the folder named by the environment
    variable MLFA_CACHE, or the user's cache folder.
    """
    troubles = []
    for folder in (DATA, os.environ.get("MLFA_CACHE") or "~/.cache/mlfa"):
        try:
            root = Path(folder).expanduser()
            for name, sha256 in FILES.items():
                _unpack(DATA / name, (root / name).with_suffix(""), sha256)
        except DataFileError:
            raise  # another folder would not mend a file that was shipped broken
        except (
            OSError,
            RuntimeError,
        ) as error:  # RuntimeError: an account without a home folder
            troubles.append(f"{folder}: {error}")
        else:
            return root
    raise DataFileError(
        "No folder can hold the unpacked digits (55 MB). Name one by the environment"
        " variable MLFA_CACHE. " + " ".join(troubles)
    )


def _unpack(packed: Path, target: Path, sha256: str) -> None:
    """Write the uncompressed file, unless the right one is there already."""
    if target.is_file() and _digest(target) == sha256:
        return
    if not packed.is_file():
        raise DataFileError(
            f"The data file {packed} is missing. Restore it with `git checkout --"
            " code/mlfa/data`."
        )
    try:
        content = gzip.decompress(packed.read_bytes())
    except (EOFError, gzip.BadGzipFile, ValueError) as error:
        raise DataFileError(
            f"The data file {packed} is damaged ({error}). Restore it with `git"
            " checkout -- code/mlfa/data`."
        ) from None
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DataFileError(
            f"The data file {packed} is not the one that was shipped: its content has"
            f" the sha256 {found}, expected {sha256}. Restore it with `git checkout --"
            " code/mlfa/data`."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    # The file gets its name only when it is complete. Whoever is interrupted leaves nothing that
    # looks like it, and of two processes at once the later one replaces a file by its equal.
    handle, part = tempfile.mkstemp(
        dir=target.parent, prefix=target.name, suffix=".part"
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(
            part, 0o644
        )  # a temporary file is closed to others, a shared installation is not
        os.replace(part, target)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
