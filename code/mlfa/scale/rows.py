"""Rows that stay in their files: a batch reads its own, and memory holds no more."""

import hashlib
import math
import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from mlfa.book.checks import check_count
from mlfa.training.files import complete_or_not_at_all

if TYPE_CHECKING:
    from torch.utils.data import DataLoader

WHOLE_DIGEST = 2**30  # bytes: of larger files, a digest reads a part


def write_rows(
    path: str | os.PathLike, parts: Iterable[np.ndarray], n_rows: int
) -> None:
    """Write an array that is larger than memory, a part after the other.

    Parameters
    ----------
    path : path-like
        A file for `numpy.load`; its name ends with ".npy".
    parts : iterable of ndarray of shape (n, ...)
        Rows, all of one type and shape.
    n_rows : int
        How many there are in all.

    Raises
    ------
    ValueError
        If a part has another type or shape, or there are more or fewer rows.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = os.path.join(folder.name, "X.npy")
    >>> write_rows(path, [np.ones((2, 3)), np.zeros((1, 3))], 3)
    >>> np.load(path).sum(axis=1)
    array([3., 3., 0.])
    """
    check_count("n_rows", n_rows)
    written, kind = 0, None
    with complete_or_not_at_all(path) as name, open(name, "wb") as file:
        for part in parts:
            if kind is None:
                kind = part.dtype, part.shape[1:]
                header = np.lib.format.header_data_from_array_1_0(part)
                header |= {"shape": (n_rows, *part.shape[1:]), "fortran_order": False}
                np.lib.format.write_array_header_2_0(file, header)
            if kind != (part.dtype, part.shape[1:]):
                raise ValueError(
                    f"all parts must be {kind}, got {(part.dtype, part.shape[1:])}."
                )
            file.write(np.ascontiguousarray(part).data)
            written += len(part)
        if written != n_rows:
            raise ValueError(f"parts must have {n_rows} rows, got {written}.")


class FileRows:
    """Samples in two files of equal length, for a DataLoader.

    Parameters
    ----------
    X, y : path-like
        Files that `numpy.save` or `write_rows` made.
    mapped : bool
        True to map the files into memory, which the system then fills and empties as it
        sees fit; False to read the rows of a batch and nothing else.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> X, y = (os.path.join(folder.name, name) for name in ("X.npy", "y.npy"))
    >>> np.save(X, np.arange(12.0).reshape(4, 3)), np.save(y, np.arange(4))
    (None, None)
    >>> for X_batch, y_batch in FileRows(X, y).loader(batch_size=3, seed=0):
    ...     print(tuple(X_batch.shape), y_batch.tolist())
    (3, 3) [2, 1, 0]
    (1, 3) [3]
    """

    def __init__(
        self, X: str | os.PathLike, y: str | os.PathLike, *, mapped: bool = False
    ) -> None:
        self.paths, self.mapped = (os.fspath(X), os.fspath(y)), mapped
        self.files = [_Rows(path) for path in self.paths]
        lengths = [file.shape[0] for file in self.files]
        if lengths[0] != lengths[1] or not lengths[0]:
            raise ValueError(
                f"X and y must have the same length, at least 1, got {lengths}."
            )
        self.n = lengths[0]

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, row: int) -> tuple[Any, Any]:
        X, y = self.__getitems__([row])
        return X[0], y[0]

    def __getitems__(self, rows: list[int]) -> tuple[Any, Any]:
        """A whole batch: what a DataLoader asks for, if it can."""
        import torch

        if self.mapped:
            values = [np.load(path, mmap_mode="r")[rows] for path in self.paths]
        else:
            values = [file.read(rows) for file in self.files]
        X, y = map(torch.from_numpy, values)
        return X, y

    def loader(
        self, *, batch_size: int, seed: int | None = None, n_workers: int = 0
    ) -> "DataLoader":
        """Batches for `Trainer.fit`; among several processes, each reads its own rows.

        Parameters
        ----------
        batch_size : int
            Rows a batch.
        seed : int, optional
            Chooses the order, another one in each epoch; without it, their own order.
        n_workers : int
            Processes that read ahead; 0 for none.

        Returns
        -------
        DataLoader
            After a crash, an epoch has the order that it would have had.
        """
        from torch.utils.data import DataLoader

        return DataLoader(
            self,
            batch_size=batch_size,
            sampler=Order(self.n, seed),
            num_workers=n_workers,
            collate_fn=_as_it_is,
        )

    def digest(self) -> str:
        """A short text that differs where the files differ.

        Of a file of more than a gigabyte, every so many megabytes are read.
        """
        told = hashlib.blake2b(digest_size=8)
        for path in self.paths:
            size = os.path.getsize(path)
            step = math.ceil(size / WHOLE_DIGEST) * 2**20
            told.update(f"{size} ".encode())
            with open(path, "rb") as file:
                for place in range(0, size, step):
                    file.seek(place)
                    told.update(file.read(2**20))
        return told.hexdigest()


class _Rows:
    """Where the rows of a file begin, and how long each is."""

    def __init__(self, path: str) -> None:
        values = np.load(path, mmap_mode="r")
        if not (isinstance(values, np.memmap) and values.flags.c_contiguous):
            raise ValueError(f"{path} must hold one array, row after row.")
        self.path, self.shape, self.dtype = path, values.shape, values.dtype
        self.begin = values.offset
        self.size = values.itemsize * math.prod(values.shape[1:])

    def read(self, rows: list[int]) -> np.ndarray:
        batch = np.empty((len(rows), *self.shape[1:]), self.dtype)
        flat = batch.reshape(len(rows), -1).view(np.uint8)  # (rows, bytes)
        with open(self.path, "rb", buffering=0) as file:
            for place, row in enumerate(rows):
                file.seek(self.begin + row * self.size)
                if file.readinto(flat[place].data) != self.size:
                    raise OSError(f"{self.path} ends before row {row}: was it cut off?")
        return batch


class Order:
    """The rows in an order that a seed and the number of the epoch decide.

    No list of the rows is kept: the place of each is computed, by four rounds of a
    scrambler that can be undone, so that no two rows get one place. (As in a cipher of
    Feistel's kind; what falls beyond the last row is scrambled again.)

    Parameters
    ----------
    n : int
        How many rows.
    seed : int, optional
        Without one, rows come in their own order.

    Examples
    --------
    >>> sorted(Order(5, seed=0)), list(Order(5, seed=None))
    ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4])
    """

    def __init__(self, n: int, seed: int | None) -> None:
        self.n, self.seed, self.epoch = n, seed, 0

    def set_epoch(self, epoch: int) -> None:
        """Called by the trainer.

        Parameters
        ----------
        epoch : int
            The one that begins.
        """
        self.epoch = epoch

    def __len__(self) -> int:
        return self.n

    def __iter__(self) -> Iterator[int]:
        for start in range(0, self.n, 4096):
            rows = np.arange(start, min(start + 4096, self.n), dtype=np.uint64)
            yield from self._places(rows).tolist()

    def _places(self, rows: np.ndarray) -> np.ndarray:
        if self.seed is None:
            return rows
        rng = np.random.default_rng((self.seed, self.epoch))
        keys = rng.integers(2**63, size=4, dtype=np.uint64)
        places = self._scramble(rows, keys)
        while (beyond := places >= self.n).any():
            places[beyond] = self._scramble(places[beyond], keys)
        return places

    def _scramble(self, rows: np.ndarray, keys: np.ndarray) -> np.ndarray:
        """One to one on the numbers of twice `half` bits, which are not many more."""
        half = np.uint64(max(1, (self.n - 1).bit_length() + 1) // 2)
        mask = (np.uint64(1) << half) - np.uint64(1)
        left, right = rows >> half, rows & mask
        for key in keys:
            mixed = (right ^ key) * np.uint64(0x9E3779B97F4A7C15)  # modulo 2^64
            mixed = (mixed ^ mixed >> np.uint64(32)) * np.uint64(0xBF58476D1CE4E5B9)
            left, right = right, left ^ (mixed >> np.uint64(32)) & mask
        return left << half | right


def _as_it_is(batch: Any) -> Any:
    return batch
