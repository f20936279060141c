"""Seattle's weather, day by day, from 2012 to 2015."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from mlfa.book.checks import check_same_length
from mlfa.datasets._files import read_checked

FILE = "seattle_weather.csv"
SHA256 = "62f0609f787158128aa2bd102967173a4953122dd4f872bf1d502cae1037df0b"
WEATHER_CLASSES = ("drizzle", "fog", "rain", "snow", "sun")
UNITS = {
    "precipitation": "mm",
    "temp_max": "°C",
    "temp_min": "°C",
    "wind": "m/s",
    "weather": "class",
}


@dataclass(frozen=True)
class DailySeries:
    """Several things measured once a day, in the order of the days and without a gap.

    Attributes
    ----------
    dates : ndarray of datetime64[D], of shape (n_days,)
        The days.
    columns : dict of str to ndarray of shape (n_days,)
        What was measured; all are numbers except "weather", which names a class.
    units : dict of str to str
        The unit of each column.
    """

    dates: np.ndarray
    columns: dict[str, np.ndarray]
    units: dict[str, str]

    def __post_init__(self) -> None:
        check_same_length(dates=self.dates, **self.columns)
        one_day = np.timedelta64(1, "D")
        gaps = np.flatnonzero(np.diff(self.dates) != one_day)
        if self.dates.dtype != np.dtype("datetime64[D]") or gaps.size:
            row = gaps[0] if gaps.size else 0
            raise ValueError(
                "dates must be days (datetime64[D]) that follow one another without a"
                f" gap, got {self.dates[row : row + 2]} in {self.dates.dtype}."
            )

    def column(self, name: str) -> np.ndarray:
        """One column, of shape (n_days,).

        Parameters
        ----------
        name : str
            One of the keys of `columns`.
        """
        if name not in self.columns:
            raise ValueError(
                f"name must be one of {', '.join(self.columns)}, got {name!r}."
            )
        return self.columns[name]

    def matrix(
        self, names: Sequence[str] = ("precipitation", "temp_max", "temp_min", "wind")
    ) -> np.ndarray:
        """Columns of numbers side by side.

        Parameters
        ----------
        names : sequence of str
            The columns, in this order.

        Returns
        -------
        ndarray of shape (n_days, number of names)
        """
        return np.column_stack([self.column(name).astype(float) for name in names])

    def one_hot(self) -> np.ndarray:
        """The weather class as zeros and a one, of shape (n_days, 5).

        The columns are in the order of `WEATHER_CLASSES`.
        """
        is_class = self.column("weather")[:, None] == np.array(WEATHER_CLASSES)
        return is_class.astype(float)

    def row_of(self, date: str) -> int:
        """Row number of a day.

        Parameters
        ----------
        date : str
            The day, written as ``"2014-01-01"``; a day outside the series is refused.
        """
        day = np.datetime64(date, "D")
        if not self.dates[0] <= day <= self.dates[-1]:
            raise ValueError(
                f"date must lie between {self.dates[0]} and {self.dates[-1]}, got"
                f" {date!r}."
            )
        return int((day - self.dates[0]).astype(int))

    def between(self, first: str, last: str) -> Self:
        """The days from one to another.

        Parameters
        ----------
        first, last : str
            The two days, both included.
        """
        rows = slice(self.row_of(first), self.row_of(last) + 1)
        columns = {name: values[rows] for name, values in self.columns.items()}
        return type(self)(self.dates[rows], columns, self.units)


def load_seattle_weather() -> DailySeries:
    """The 1,461 days at Seattle-Tacoma airport.

    Columns are precipitation, the highest and the lowest temperature, wind, and the
    class of the weather.

    Returns
    -------
    DailySeries
        From 2012-01-01 to 2015-12-31, one row a day.

    Raises
    ------
    DataFileError
        If the shipped file is missing or was altered.

    References
    ----------
    [menne2012overview]

    Examples
    --------
    >>> weather = load_seattle_weather()
    >>> weather.row_of("2012-12-31"), weather.units["temp_max"]
    (365, '°C')
    >>> weather.between("2015-07-01", "2015-07-03").column("temp_max")
    array([32.2, 33.9, 33.3])
    """
    raw = pd.read_csv(io.BytesIO(read_checked(FILE, SHA256)))
    dates = np.array([day.replace("/", "-") for day in raw.date], dtype="datetime64[D]")
    columns = {name: raw[name].to_numpy(float) for name in UNITS if name != "weather"}
    return DailySeries(dates, columns | {"weather": raw.weather.to_numpy(str)}, UNITS)
