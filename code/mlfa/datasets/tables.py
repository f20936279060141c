"""Read a table of somebody's own from a CSV file, and refuse what cannot be right."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mlfa.datasets._checks import (
    check_decimals,
    check_holes,
    check_lines,
    check_names,
    check_numbers,
    errors_of_text,
)

HOLES = ["", "NA", "NaN", "nan", "?"]  # what stands for a missing value in any column


@dataclass(frozen=True)
class OwnTable:
    """Features that still have holes and words, and what is to be predicted.

    Attributes
    ----------
    X : DataFrame of n_samples rows
        Numeric columns hold floats, nan where the file has a hole. Text columns hold
        text.
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
    missing: Mapping[str, Sequence[str]] | None = None,
    separator: str = ",",
    decimal: str = ".",
    thousands: str | None = None,
    encoding: str = "utf-8-sig",
) -> OwnTable:
    """The table of a CSV file whose first line names the columns.

    Parameters
    ----------
    path : str or Path
        The file.
    target : str
        Column to predict; a column of `text` if it names classes.
    text : sequence of str
        Columns of words or codes. Every other column must hold numbers.
    leave_out : sequence of str
        Columns that the model must not see, such as names and numbers of persons.
    missing : dict of str to sequence of str, optional
        What else than a blank, NA, NaN or ``?`` marks a hole, by column:
        ``{"glucose": ["0"]}``. In columns of numbers, "0" is also 0.0.
    separator, decimal, encoding : str
        How the file was written: many European files need ``";"`` and ``","``, some old
        ones ``"cp1252"``.
    thousands : str, optional
        The sign between groups of three digits. Where none is named, numbers that may
        have one are refused.

    Raises
    ------
    TableError
        If the file is no such table; the message names the column, the row and the
        value.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name, "homes.csv")
    >>> size = path.write_text("rooms,color,price\\n3,red,10\\n,blue,20\\n")
    >>> table = read_table(path, "price", text=["color"])
    >>> table.numeric, table.text, table.X["rooms"].tolist(), table.y
    (['rooms'], ['color'], [3.0, nan], array([10., 20.]))
    """
    cells = _read_text(Path(path), separator, encoding)
    missing = missing or {}
    check_names(path, list(cells), target, [*text, *missing], leave_out)
    cells = cells.drop(columns=list(leave_out))
    cells = cells.mask(cells.isin(HOLES))
    columns = {}
    for name in cells:
        marks = missing.get(name, ())
        if name in text:
            columns[name] = cells[name].mask(cells[name].isin(list(marks)))
        else:
            columns[name] = _numbers(cells[name], marks, decimal, thousands)
    X = pd.DataFrame(columns)
    check_holes(X, target)
    y, class_names = X.pop(target).to_numpy(), []
    if target in text:
        words, y = np.unique(y.astype(str), return_inverse=True)
        class_names = words.tolist()
    numeric = [name for name in X if name not in text]
    return OwnTable(X, y, numeric, [name for name in X if name in text], class_names)


def _read_text(path: Path, separator: str, encoding: str) -> pd.DataFrame:
    """All cells as text without blanks around it, under the names of the first line.

    A guess at the types would turn 007 into 7, and one stray word a column of numbers
    into words.
    """
    with (
        errors_of_text(path, encoding),
        path.open(newline="", encoding=encoding) as file,
    ):
        lines = csv.reader(
            file, delimiter=separator, skipinitialspace=True, strict=True
        )
        cells = [[cell.strip() for cell in line] for line in lines if line]
    names, *rows = cells or [[]]
    check_lines(path, separator, names, rows)
    return pd.DataFrame(rows, columns=names, dtype=str)


def _numbers(
    column: pd.Series, marks: Sequence[str], decimal: str, thousands: str | None
) -> pd.Series:
    """The column as floats; a TableError if a cell is no finite number and no hole."""
    column = written = column.mask(column.isin(list(marks)))
    if thousands is None:
        check_decimals(column, decimal)
    else:  # taken out only between groups of three: 1,2 is not 12
        sign, end = re.escape(thousands), re.escape(decimal)
        grouped = rf"^[+-]?\d{{1,3}}({sign}\d{{3}})+(?=$|{end})"
        written = written.str.replace(
            grouped, lambda found: found[0].replace(thousands, ""), regex=True
        )
    if decimal != ".":  # a point is then no part of a number: 1.234 may mean 1234
        written = written.str.replace(".", "?", regex=False)
        written = written.str.replace(decimal, ".", regex=False)
    numbers = pd.to_numeric(written, errors="coerce").astype(float)
    check_numbers(column, numbers)
    # Where "-999" marks a hole, so does -999.0.
    return numbers.mask(numbers.isin(pd.to_numeric(list(marks), errors="coerce")))
