"""Windows of thirty days of Seattle's weather, to forecast the next day's maximum."""

from functools import cache
from typing import NamedTuple

import numpy as np

from mlfa.datasets.weather import load_seattle_weather
from mlfa.series.weather import day_features
from mlfa.series.windows import Windows, make_windows, split_by_time


class Parts(NamedTuple):
    """The years 2012 and 2013 to learn from, 2014 to be judged by, and a simple forecast for both."""

    train: Windows
    validation: Windows
    simple_train: np.ndarray
    simple_validation: np.ndarray


@cache
def weather() -> Parts:
    """The simple forecast is a least-squares line through the last day of each window."""
    series = load_seattle_weather()
    start, end = series.row_of("2014-01-01"), series.row_of("2015-01-01")
    windows = make_windows(day_features(series, start), series.column("temp_max"), 30)
    train, validation, _ = split_by_time(windows, start, end)
    A, A_val = (np.column_stack([np.ones(len(part)), part.X[:, -1]]) for part in (train, validation))
    W = np.linalg.lstsq(A, train.y, rcond=None)[0]
    return Parts(train, validation, A @ W, A_val @ W)
