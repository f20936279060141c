"""Read a series of somebody's own: a date in every row, equal steps between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mlfa.book.checks import check_count
from mlfa.datasets._checks import (
    check_dates,
    check_formats,
    check_names,
    check_order,
    check_places,
    check_repeated,
    check_step,
    check_values,
)
from mlfa.datasets.tables import HOLES, _numbers, _read_text


@dataclass(frozen=True)
class OwnSeries:
    """Numbers at every step from the first to the last; nan where nothing was measured.

    Attributes
    ----------
    dates : ndarray of datetime64, of shape (n_steps,)
        All steps, also those that the file leaves out.
    columns : dict of str to ndarray of float, each of shape (n_steps,)
        What was measured.
    absent : ndarray of bool, of shape (n_steps,)
        True for a step that no row of the file names.
    """

    dates: np.ndarray
    columns: dict[str, np.ndarray]
    absent: np.ndarray


def read_series(
    path: str | Path,
    date: str,
    *,
    formats: Sequence[str],
    step: str,
    leave_out: Sequence[str] = (),
    missing: Mapping[str, Sequence[str]] | None = None,
    repeated: str = "refuse",
    sort: bool = False,
    separator: str = ",",
    decimal: str = ".",
    thousands: str | None = None,
    encoding: str = "utf-8-sig",
) -> OwnSeries:
    """The series of a CSV file whose first line names the columns.

    Parameters
    ----------
    path : str or Path
        The file.
    date : str
        Column that says when. All others hold numbers, unless they are left out.
    formats : sequence of str
        How the dates are written, as in ``datetime.strptime``: ``["%d.%m.%Y"]``. A date
        that fits none, or two of them with different days, is refused. Times with a
        zone (``%z``) become those of Greenwich.
    step : str
        Time from a row to the next, in NumPy's units: ``"D"`` for days, ``"h"``,
        ``"15m"``, ``"W"``, ``"M"`` for months.
    leave_out : sequence of str
        Columns to ignore.
    missing : dict of str to sequence of str, optional
        What else than a blank, NA, NaN or ``?`` marks a hole, by column.
    repeated : str
        What to do with two rows of one step: "refuse" them; "same" drops copies and
        refuses two rows that differ; "mean" takes their mean.
    sort : bool
        True if the order of the rows means nothing. Otherwise a row that goes back in
        time is refused: where day and month changed places, it is the only trace.
    separator, decimal, thousands, encoding : str
        As for `read_table`.

    Raises
    ------
    TableError
        If the file is no such series; the message names the column, the row and the
        value.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name, "visits.csv")
    >>> size = path.write_text("day,visits\\n1.3.2024,5\\n2.3.2024,7\\n2024-03-04,6")
    >>> series = read_series(path, "day", formats=["%d.%m.%Y", "%Y-%m-%d"], step="D")
    >>> series.columns["visits"], series.absent
    (array([ 5.,  7., nan,  6.]), array([False, False,  True, False]))
    """
    cells, missing = _read_text(Path(path), separator, encoding), missing or {}
    check_names(path, list(cells), date, list(missing), leave_out)
    cells = cells.drop(columns=list(leave_out))
    cells = cells.mask(cells.isin(HOLES))
    times = _times(cells[date], formats)  # (n_rows,)
    if sort:
        rows = np.argsort(times, kind="stable")
        cells, times = cells.iloc[rows], times[rows]
    check_order(cells[date], times)
    first, width, place = _count_steps(cells[date], times, step)  # place: (n_rows,)
    values = {
        name: _numbers(cells[name], missing.get(name, ()), decimal, thousands)
        for name in cells.drop(columns=date)
    }
    rows_of_file = pd.DataFrame(values)
    check_values(rows_of_file)
    check_repeated(cells[date], place, rows_of_file, repeated)
    # A row for each step; a step that the file leaves out gets a row of holes.
    every = np.arange(place[-1] + 1)  # (n_steps,)
    rows = rows_of_file.groupby(place).mean().reindex(every)
    columns = {name: rows[name].to_numpy() for name in rows}
    return OwnSeries(first + every * width, columns, ~np.isin(every, place))


def carry_forward(values: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Fill holes with the last value before them, and say where.

    Only the past is used. A line from one side of a hole to the other would put the
    value after the hole, which nobody knew, into the days before it.

    Parameters
    ----------
    values : ndarray of float, of shape (n_steps,)
        A series; nan marks a hole.
    most : int
        Steps for which a value is carried on. Steps of a hole farther from the last
        value, and those before the first, stay nan.

    Returns
    -------
    filled : ndarray of float, of shape (n_steps,)
        The series.
    was_hole : ndarray of bool, of shape (n_steps,)
        True where `values` has a hole, filled or not.

    Examples
    --------
    >>> nan = np.nan
    >>> carry_forward(np.array([nan, 1.0, nan, 3.0, nan, nan, nan]), most=2)[0]
    array([nan,  1.,  1.,  3.,  3.,  3., nan])
    """
    check_count("most", most)
    filled = pd.Series(np.asarray(values, dtype=float)).ffill(limit=most)
    return filled.to_numpy(), np.isnan(values)


def _times(column: pd.Series, formats: Sequence[str]) -> np.ndarray:
    """The moments that the cells name, of shape (n_rows,)."""
    check_formats(formats)
    readings = [
        pd.to_datetime(column, format=written, errors="coerce", utc=True)
        .dt.tz_localize(None)
        .to_numpy("datetime64[s]")
        for written in formats
    ]
    check_dates(column, np.array(readings), formats)
    return np.fmax.reduce(readings)  # the one that is a date


def _count_steps(
    column: pd.Series, times: np.ndarray, step: str
) -> tuple[np.datetime64, np.timedelta64, np.ndarray]:
    """The first step, the width of a step, and each row's number of steps after it."""
    unit, count = check_step(step)
    width = np.timedelta64(count, unit)
    if unit in ("M", "Y"):  # of different lengths, so they are counted as such
        times = times.astype(f"datetime64[{unit}]")
    behind = times - times[0]  # (n_rows,)
    check_places(column, behind // width, behind % width, step)
    label = {"D": "D", "W": "D", "M": "M", "Y": "Y"}.get(unit, "s")
    first = times[0].astype(f"datetime64[{label}]")
    return first, width, (behind // width).astype(int)
