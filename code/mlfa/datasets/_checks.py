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
            " which is no number. Add the column to `text` or to `leave_out` if it"
            " holds words, the value to `missing` if it marks a hole, set `decimal` if"
            " a comma separates the decimals, and `thousands` if a sign stands between"
            " thousands."
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
    rows = where.index[where] + 1
    shown = ", ".join(map(str, rows[:3])) + (", ..." if len(rows) > 3 else "")
    return f"row {shown}" if len(rows) == 1 else f"{len(rows)} rows ({shown})"


# Series


def check_formats(formats: Sequence[str]) -> None:
    """A list of formats: the letters of a single one would be taken for formats."""
    if isinstance(formats, str) or not len(formats):
        raise ValueError(
            "formats must be a list of ways to write a date, such as ['%Y-%m-%d'], got"
            f" {formats!r}."
        )


def check_dates(
    column: pd.Series, readings: np.ndarray, formats: Sequence[str]
) -> None:
    """Every cell is a date in one of the formats, and no other date in another."""
    unread = pd.Series(np.isnat(readings).all(axis=0), column.index)
    if unread.any():
        cell = column[unread].iloc[0]
        held = "is empty" if pd.isna(cell) else f"holds {cell!r}"
        raise TableError(
            f"column {column.name!r} {held} in {_rows(unread)}, which is no date as"
            f" {' or '.join(formats)}: add the way it is written to `formats`, or mend"
            " the row."
        )
    earliest, latest = np.fmin.reduce(readings), np.fmax.reduce(readings)
    twofold = pd.Series(earliest != latest, column.index)
    if twofold.any():
        raise TableError(
            f"column {column.name!r} holds {column[twofold].iloc[0]!r} in"
            f" {_rows(twofold)}, which is one day as one of {', '.join(formats)} and"
            " another day as another: split the file by the way its dates are written."
        )


def check_order(column: pd.Series, times: np.ndarray) -> None:
    """No row goes back in time."""
    back = pd.Series(np.append(False, times[1:] < times[:-1]), column.index)
    if back.any():
        row = int(back.argmax())
        raise TableError(
            f"column {column.name!r} goes back in time in {_rows(back)}:"
            f" {column.iloc[row]!r} follows {column.iloc[row - 1]!r}. Have a day and a"
            " month changed places? If the order of the rows means nothing, say"
            " sort=True."
        )


def check_step(step: str) -> tuple[str, int]:
    """The unit of a step and how many of it: ("m", 15) for "15m"."""
    try:
        unit, count = np.datetime_data(np.dtype(f"timedelta64[{step}]"))
    except TypeError:
        unit, count = "generic", 0
    if unit not in ("Y", "M", "W", "D", "h", "m", "s"):
        raise ValueError(
            "step must be a unit of time such as 'D' (days), 'h' (hours), '15m'"
            f" (minutes), 'W' (weeks) or 'M' (months), got {step!r}."
        )
    return unit, count


def check_places(
    column: pd.Series, place: np.ndarray, rest: np.ndarray, step: str
) -> None:
    """Every row lies a whole number of steps after the first, and most steps have one.

    A mistyped year or a step that is too short makes a series of holes.
    """
    between = pd.Series(rest != np.zeros_like(rest), column.index)
    if between.any():
        raise TableError(
            f"column {column.name!r} holds {column[between].iloc[0]!r} in"
            f" {_rows(between)}, which is no whole number of steps of {step!r} after"
            f" {column.iloc[0]!r}: is `step` right?"
        )
    n_steps, n_rows = int(place[-1]) + 1, len(np.unique(place))
    if n_steps > 4 * n_rows:
        row = int(np.diff(place).argmax())
        raise TableError(
            f"column {column.name!r} spans {n_steps:,} steps of {step!r}, and only"
            f" {n_rows:,} of them have a row. The longest hole lies between"
            f" {column.iloc[row]!r} and {column.iloc[row + 1]!r} in row"
            f" {column.index[row + 1] + 1}: is `step` too short, or a year mistyped?"
        )


def check_values(numbers: pd.DataFrame) -> None:
    """There is something beside the dates, and no column is empty."""
    if numbers.shape[1] == 0:
        raise TableError("the file has no column but the dates: nothing was measured.")
    if empty := [name for name in numbers if numbers[name].isna().all()]:
        raise TableError(f"column {empty[0]!r} is empty: put it into `leave_out`.")


def check_repeated(
    column: pd.Series, place: np.ndarray, numbers: pd.DataFrame, repeated: str
) -> None:
    """Rows of one step are refused, or are copies, or may be averaged."""
    if repeated not in ("refuse", "same", "mean"):
        raise ValueError(
            f"repeated must be 'refuse', 'same' or 'mean', got {repeated!r}."
        )
    again = pd.Series(np.append(False, np.diff(place) == 0), column.index)
    if repeated == "mean" or not again.any():
        return
    before, rows = numbers.shift(), numbers
    copy = ((before == rows) | (before.isna() & rows.isna())).all(axis=1)
    if repeated == "same" and copy[again].all():
        return
    wrong = again if repeated == "refuse" else again & ~copy
    row = int(wrong.argmax())
    kind = "a copy of" if copy.iloc[row] else "another row than"
    raise TableError(
        f"column {column.name!r} names a step twice in {_rows(wrong)}:"
        f" {column.iloc[row]!r} is {kind} the one before. Say repeated='same' to drop"
        " copies or repeated='mean' to average, take a shorter `step`, or, if clocks"
        " were put back, write times with their zone."
    )


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
