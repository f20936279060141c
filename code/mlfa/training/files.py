"""Files that are whole or not there, whatever happens while they are written."""

import errno
import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlfa.training.processes import Alone


class BrokenFileError(ValueError):
    """A file that was cut off, or that is none of a trainer."""


@contextmanager
def complete_or_not_at_all(path: str | os.PathLike) -> Iterator[str]:
    """A name to write to; the file gets its real name when all of it is on the disk.

    Parameters
    ----------
    path : path-like
        The real name. A file that has it stays as it was until then.

    Yields
    ------
    str
        The name to write to. After an error or an interrupt, no such file is left.

    Raises
    ------
    OSError
        If it could not be written, as on a full disk.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> with complete_or_not_at_all(Path(folder.name, "a")) as part:
    ...     size = Path(part).write_text("all of it")
    >>> [file.name for file in Path(folder.name).iterdir()]
    ['a']
    """
    part = f"{path}.part"
    try:
        try:
            yield part
            with open(part, "rb+") as file:  # a power cut must not leave an empty file
                os.fsync(file.fileno())
            os.replace(part, path)
        except RuntimeError as error:  # PyTorch's own word for what a disk refuses
            raise OSError(
                f"{path} could not be written, is the disk full? If there was such a"
                f" file, it is as it was. ({error})"
            ) from error
    except BaseException:
        with suppress(OSError):
            os.remove(part)
        raise


@contextmanager
def whole_file(path: str | os.PathLike, processes: "Alone") -> Iterator[Any]:
    """A file that one process reads for all, or a word on what is wrong with it.

    Parameters
    ----------
    path : path-like
        The file. On other machines than that of the first process it need not exist.
    processes : Alone or Together
        Who needs it.

    Yields
    ------
    file or path
        What can be read.

    Raises
    ------
    BrokenFileError
        If the file is cut off.
    """
    source: Any = path
    if processes.size > 1:
        content = None
        if processes.first:
            try:
                content = Path(path).read_bytes()
            except OSError as error:
                content = error
        content = processes.share(content)
        if isinstance(content, OSError):
            raise content
        source = io.BytesIO(content)
    elif not os.path.exists(path):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    words = f"{path} is no whole file of a trainer: was it cut off while it was copied?"
    if not zipfile.is_zipfile(
        source
    ):  # what torch.save writes: its end says what it has
        raise BrokenFileError(words)
    if source is not path:
        source.seek(0)
    try:
        yield source
    except (RuntimeError, EOFError) as error:
        raise BrokenFileError(words) from error
