"""Read a table of somebody's own from a CSV file, and refuse what cannot be right."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd


class TableError(ValueError):
    """A file is not the table that it was said to be."""


@dataclass(frozen=True)
class OwnTable:
    """Features that still have holes and words, and what is to be predicted.

    Attributes
    ----------
    X : DataFrame of n_samples rows
        Numeric columns hold floats, nan where the file has a hole. Text columns hold text.
    y : ndarray of shape (n_samples,)
        Floats, or class numbers where the file has words.
    numeric, text : list of str
        Names of the two kinds of columns.
    class_names : list of str
        The words behind the class numbers; empty if the target is a number.
    """

    X: pd.DataFrame
    y: np.ndarray
    numeric: list[str]
    text: list[str]
    class_names: list[str]


def read_table(
    path: str | Path,
    target: str,
    *,
    text: Sequence[str] = (),
    leave_out: Sequence[str] = (),
    missing: Sequence[str] = ("", "NA", "NaN", "nan", "?"),
    separator: str = ",",
    decimal: str = ".",
    encoding: str = "utf-8-sig",
) -> OwnTable:
    """The table of a CSV file whose first line names the columns.

    Parameters
    ----------
    path : str or Path
    target : str
        Column to predict; a column of `text` if it names classes.
    text : sequence of str
        Columns of words or codes. Every other column must hold numbers.
    leave_out : sequence of str
        Columns that the model must not see, such as names and numbers of persons.
    missing : sequence of str
        What stands in the file where a value is missing.
    separator, decimal, encoding : str
        How the file was written: many European files need ``";"`` and ``","``, some old ones ``"cp1252"``.

    Raises
    ------
    TableError
        If the file is no such table; the message names the column, the row and the value.
    """
    raw = _read_text(Path(path), separator, encoding)
    named = [target, *text, *leave_out]
    if unknown := [name for name in named if name not in raw.columns]:
        raise TableError(
            f"{path} has no column {unknown[0]!r}; its columns are"
            f" {', '.join(raw.columns)}."
        )
    if target in leave_out:
        raise TableError(f"target must not be left out, got {target!r} as both.")
    raw = raw.drop(columns=list(leave_out))
    raw = raw.mask(raw.isin(list(missing)))
    if (holes := raw[target].isna()).any():
        raise TableError(
            f"the target {target!r} is missing in {_rows(holes)}: a row without an"
            " answer can neither teach nor test."
        )
    columns = {
        name: raw[name] if name in text else _numbers(raw[name], decimal)
        for name in raw.columns
    }
    if empty := [name for name, column in columns.items() if column.isna().all()]:
        raise TableError(f"column {empty[0]!r} is empty: put it into `leave_out`.")
    y, class_names = columns.pop(target).to_numpy(), []
    if not columns:
        raise TableError(
            f"{path} has no column but the target {target!r}: there is nothing to"
            " predict it from."
        )
    if target in text:
        class_names, y = (
            part.tolist() for part in np.unique(y.astype(str), return_inverse=True)
        )
        y = np.array(y)
    words = [name for name in columns if name in text]
    return OwnTable(
        pd.DataFrame(columns),
        y,
        [name for name in columns if name not in words],
        words,
        class_names,
    )


def _read_text(path: Path, separator: str, encoding: str) -> pd.DataFrame:
    """All cells as text without blanks around it, under the names of the first line."""
    if not path.is_file():
        raise TableError(f"there is no file {path}.")
    # Read as text: a guess at the types would turn 007 into 7, and one stray word a column of numbers into words.
    try:
        with path.open(newline="", encoding=encoding) as file:
            lines = csv.reader(
                file, delimiter=separator, skipinitialspace=True, strict=True
            )
            names, *rows = [
                [cell.strip() for cell in line] for line in lines if line
            ] or [[]]
    except UnicodeDecodeError:
        raise TableError(
            f"{path} is not written in {encoding}: try encoding='cp1252'."
        ) from None
    except csv.Error as error:
        raise TableError(
            f"{path} is not a table of separated values: {error}."
        ) from None
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
    return pd.DataFrame(rows, columns=names, dtype=str)


def _numbers(column: pd.Series, decimal: str) -> pd.Series:
    """The column as floats; a TableError if a cell is neither a finite number nor missing."""
    numbers = pd.to_numeric(
        column if decimal == "." else column.str.replace(decimal, "."), errors="coerce"
    )
    numbers = numbers.astype(float)
    wrong = column.notna() & ~np.isfinite(numbers)
    if wrong.any():
        raise TableError(
            f"column {column.name!r} holds {column[wrong].iloc[0]!r} in {_rows(wrong)},"
            " which is no number. Add the column to `text` if it holds words, the"
            " value to `missing` if it marks a hole, or set `decimal` if a comma"
            " separates the decimals."
        )
    return numbers


def _rows(where: pd.Series) -> str:
    """Row numbers as a person counts them below the line of names: the first is 1."""
    rows = np.flatnonzero(where) + 1
    shown = ", ".join(map(str, rows[:3])) + (", ..." if len(rows) > 3 else "")
    return f"row {shown}" if len(rows) == 1 else f"{len(rows)} rows ({shown})"
