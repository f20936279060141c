"""What the readers of your own files refuse, in words, so that they show how they read.

Nearly all of it would go on without an error, as a column, a row or a class less, or as
numbers that are wrong.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from csv import Error as CsvError
from pathlib import Path

import numpy as np
import pandas as pd

from mlfa.book.checks import check_count

PACKED = (b"PK", b"\xd0\xcf")  # how spreadsheets begin, new ones and old ones
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class TableError(ValueError):
    """A file is not the table that it was said to be."""


class FolderError(ValueError):
    """A folder does not hold the images that it was said to hold."""


# Tables


@contextmanager
def errors_of_text(path: Path, encoding: str) -> Iterator[None]:
    """Say what is wrong with a file that cannot be read as lines of cells."""
    try:
        yield
    except UnicodeDecodeError:
        start = path.read_bytes()[:2]
        likely = "utf-16" if start in UTF_16 else "cp1252"
        if start in PACKED or likely == encoding:
            remedy = "save it as CSV in UTF-8 with the program that made it"
        else:
            remedy = f"try encoding={likely!r}"
        raise TableError(f"{path} is not written in {encoding}: {remedy}.") from None
    except CsvError as error:
        raise TableError(
            f"{path} is not a table of separated values: {error}."
        ) from None


def check_lines(
    path: Path, separator: str, names: list[str], rows: list[list[str]]
) -> None:
    """Every column has a name of its own, and every row a cell for each."""
    if len(names) < 2:
        raise TableError(
            f"{path} must have several columns, got {names}: is the separator"
            f" {separator!r}?"
        )
    if "" in names or len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise TableError(
            "every column needs a name of its own, got"
            f" {', '.join(map(repr, twice or names))}."
        )
    if not rows:
        raise TableError(f"{path} has a first line with names and no rows.")
    wrong = pd.Series([len(row) != len(names) for row in rows])
    if wrong.any():
        raise TableError(
            f"{path} names {len(names)} columns; another number of cells is in"
            f" {_rows(wrong)}."
        )


def check_names(
    path: str | Path,
    names: list[str],
    target: str,
    text: Sequence[str],
    leave_out: Sequence[str],
) -> None:
    """The columns that are named are there, and something is left to predict from."""
    if unknown := [name for name in [target, *text, *leave_out] if name not in names]:
        raise TableError(
            f"{path} has no column {unknown[0]!r}; its columns are {', '.join(names)}."
        )
    if target in leave_out:
        raise TableError(f"target must not be left out, got {target!r} as both.")
    if set(names) == {target, *leave_out}:
        raise TableError(
            f"{path} has no column but the target {target!r}: there is nothing to"
            " predict it from."
        )


def check_decimals(column: pd.Series, decimal: str) -> None:
    """Not all decimals look like thousands: 1,140 may be a little more than one."""
    if decimal == ".":  # then a comma is refused, and a point is what it always is
        return
    sign = re.escape(decimal)
    marked = column[column.str.contains(sign, na=False)]
    if len(marked) and marked.str.fullmatch(rf"[+-]?[1-9]\d{{0,2}}{sign}\d{{3}}").all():
        raise TableError(
            f"column {column.name!r} holds {marked.iloc[0]!r}, and always three digits"
            f" after {decimal!r}: say thousands={decimal!r} with another `decimal` if"
            " it stands between thousands, or name another sign, such as"
            " thousands='.', if it separates the decimals."
        )


def check_numbers(column: pd.Series, numbers: pd.Series) -> None:
    """Every cell that is no hole was read as a finite number."""
    wrong = column.notna() & ~np.isfinite(numbers)
    if wrong.any():
        raise TableError(
            f"column {column.name!r} holds {column[wrong].iloc[0]!r} in {_rows(wrong)},"
            " which is no number. Add the column to `text` if it holds words, the"
            " value to `missing` if it marks a hole, set `decimal` if a comma separates"
            " the decimals, and `thousands` if a sign stands between thousands."
        )


def check_holes(X: pd.DataFrame, target: str) -> None:
    """Every column has a value, and every row an answer."""
    if empty := [name for name in X if X[name].isna().all()]:
        raise TableError(f"column {empty[0]!r} is empty: put it into `leave_out`.")
    if (holes := X[target].isna()).any():
        raise TableError(
            f"the target {target!r} is missing in {_rows(holes)}: a row without an"
            " answer can neither teach nor test."
        )


def _rows(where: pd.Series) -> str:
    """Row numbers as a person counts them below the line of names: the first is 1."""
    rows = np.flatnonzero(where) + 1
    shown = ", ".join(map(str, rows[:3])) + (", ..." if len(rows) > 3 else "")
    return f"row {shown}" if len(rows) == 1 else f"{len(rows)} rows ({shown})"


# Folders of images


def check_kind(channels: int, size: tuple[int, int] | None) -> None:
    """Channels that are known, and a size of two whole numbers."""
    if channels not in (1, 3):
        raise ValueError(f"channels must be 1 (gray) or 3 (color), got {channels!r}.")
    if size is None:
        return
    if np.shape(size) != (2,):
        raise ValueError(f"size must be a pair (height, width), got {size!r}.")
    for name, value in zip(("height", "width"), size, strict=True):
        check_count(f"the {name} of size", value)


def check_files(root: Path, files: dict[str, list[Path]]) -> None:
    """Two classes at least, each with images and no further folders."""
    if len(files) < 2:
        raise FolderError(
            f"{root} must hold a folder for each of at least two classes, found"
            f" {len(files)}."
        )
    for name, paths in files.items():
        if deeper := [path for path in paths if path.is_dir()]:
            raise FolderError(
                "images must lie directly in the folder of their class, found a folder"
                f" {deeper[0]}."
            )
        if not paths:
            raise FolderError(
                f"the folder {root / name} is empty: a class without images cannot be"
                " learned."
            )


def check_one_size(sizes: dict[Path, tuple[int, int]]) -> None:
    """All images are of one height and one width."""
    counts = Counter(sizes.values())
    if len(counts) > 1:
        examples = {size: path for path, size in reversed(sizes.items())}
        shown = "; ".join(
            f"{h} x {w} in {n} files, such as {examples[h, w]}"
            for (h, w), n in counts.most_common(3)
        )
        raise FolderError(
            f"images must have one size (height x width), got {shown}. Or give `size`"
            " to scale them."
        )


def check_memory(n: int, channels: int, height: int, width: int, most_mb: int) -> None:
    """The images fit into the memory that was allowed."""
    megabytes = n * channels * height * width / 1e6
    if megabytes > most_mb:
        raise FolderError(
            f"{n:,} images of {height} x {width} fill {megabytes:,.0f} MB,"
            f" more than most_mb={most_mb}. Give a smaller size, or read them batch by"
            " batch with torchvision.datasets.ImageFolder and a DataLoader."
        )


def check_bytes(path: Path, mode: str) -> None:
    """One byte a channel: a conversion would cut off what is brighter."""
    if mode[0] in "IF":
        raise FolderError(
            f"{path} has more than one byte a channel (mode {mode}): convert it to 8"
            " bits."
        )
