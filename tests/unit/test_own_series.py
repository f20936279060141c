"""A stranger's series is read step by step, or refused with words that say where to look; no window crosses a gap."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlfa.datasets import TableError, carry_forward, load_seattle_weather, read_series
from mlfa.datasets.weather import DailySeries
from mlfa.series.forecasts import Climatology, season_features
from mlfa.series.windows import make_windows, make_windows_of_pieces

NAN = np.nan


def read(folder: Path, text: str, **settings):
    path = folder / "series.csv"
    path.write_text(text, encoding="utf-8")
    return read_series(path, "day", **({"formats": ["%Y-%m-%d"], "step": "D"} | settings))


def test_days_that_the_file_leaves_out_become_holes(tmp_path: Path) -> None:
    text = "day,v,w\n2024-02-27,1,5\n01.03.2024,-999.0,7\n2.3.2024,,8\n"
    series = read(tmp_path, text, formats=["%Y-%m-%d", "%d.%m.%Y"], missing={"v": ["-999"]})
    days = np.arange("2024-02-27", "2024-03-03", dtype="datetime64[D]")  # with the 29th of February
    assert series.dates.dtype == days.dtype and (series.dates == days).all()
    np.testing.assert_array_equal(series.columns["v"], [1, NAN, NAN, NAN, NAN])
    np.testing.assert_array_equal(series.columns["w"], [5, NAN, NAN, 7, 8])
    assert series.absent.tolist() == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("dates", "step", "form", "expected", "absent"),
    [
        (["2024-01-31", "2024-02-29", "2024-04-30"], "M", "%Y-%m-%d", "2024-01 2024-02 2024-03 2024-04", [2]),
        (
            ["2024-01-01", "2024-01-08", "2024-01-22"],
            "W",
            "%Y-%m-%d",
            "2024-01-01 2024-01-08 2024-01-15 2024-01-22",
            [2],
        ),
        (["2024-01", "2024-04", "2024-10"], "3M", "%Y-%m", "2024-01 2024-04 2024-07 2024-10", [2]),
        (["31.12.2023 23:30", "01.01.2024 00:30"], "h", "%d.%m.%Y %H:%M", "2023-12-31T23:30 2024-01-01T00:30", []),
        (
            ["10:00", "10:15", "10:45"],
            "15m",
            "%H:%M",
            "1900-01-01T10:00 1900-01-01T10:15 1900-01-01T10:30 1900-01-01T10:45",
            [2],
        ),
        (
            ["2024-10-27T02:30+0200", "2024-10-27T02:30+0100"],
            "h",
            "%Y-%m-%dT%H:%M%z",
            "2024-10-27T00:30 2024-10-27T01:30",
            [],
        ),
        (["2024-03-01 07:00", "2024-03-02 07:00"], "D", "%Y-%m-%d %H:%M", "2024-03-01 2024-03-02", []),
    ],
)
def test_steps_of_all_kinds(
    tmp_path: Path, dates: list[str], step: str, form: str, expected: str, absent: list[int]
) -> None:
    text = "day,v\n" + "\n".join(f"{date},{k}" for k, date in enumerate(dates))
    series = read(tmp_path, text, formats=[form], step=step)
    assert (series.dates == np.array(expected.split(), dtype=series.dates.dtype)).all()
    assert np.flatnonzero(series.absent).tolist() == absent
    np.testing.assert_array_equal(series.columns["v"][~series.absent], np.arange(len(dates)))


def test_repeated_steps_are_refused_dropped_or_averaged(tmp_path: Path) -> None:
    copies = "day,v,w\n2024-03-01,1,\n2024-03-01,1,\n2024-03-02,3,4\n"
    others = copies.replace("1,\n2024-03-02", "2,\n2024-03-02")
    with pytest.raises(TableError, match=r"twice in row 2: '2024-03-01' is a copy of.*repeated='same'"):
        read(tmp_path, copies)
    assert read(tmp_path, copies, repeated="same").columns["v"].tolist() == [1, 3]
    for settings in ({}, {"repeated": "same"}):
        with pytest.raises(TableError, match=r"twice in row 2: '2024-03-01' is another row than"):
            read(tmp_path, others, **settings)
    assert read(tmp_path, others, repeated="mean").columns["v"].tolist() == [1.5, 3]
    with pytest.raises(ValueError, match=r"repeated must be .*, got 'drop'"):
        read(tmp_path, copies, repeated="drop")


def test_the_order_is_checked_and_may_be_made(tmp_path: Path) -> None:
    text = "day,v\n2024-03-03,3\n2024-03-01,1\n2024-03-02,2\n"
    with pytest.raises(TableError, match=r"back in time in row 2: '2024-03-01' follows '2024-03-03'.*sort=True"):
        read(tmp_path, text)
    assert read(tmp_path, text, sort=True).columns["v"].tolist() == [1, 2, 3]
    again = "day,v\n2024-03-04,3\n2024-03-01,1\n2024-03-02,2\n2024-03-01,5\n"
    with pytest.raises(TableError, match=r"twice in row 4"):  # of the file, not of the sorted rows
        read(tmp_path, again, sort=True)


@pytest.mark.parametrize(
    ("rows", "settings", "message"),
    [
        (
            "2024-03-01,1\n03.02.2024,2",
            {},
            r"'day' holds '03\.02\.2024' in row 2, which is no date as %Y-%m-%d.*`formats`",
        ),
        ("2024-03-01,1\n,2", {}, r"column 'day' is empty in row 2"),
        ("2024-03-01,1\n2024-02-30,2", {}, r"'2024-02-30' in row 2, which is no date"),
        (
            "01/02/2024,1\n05/06/2024,2",
            {"formats": ["%d/%m/%Y", "%m/%d/%Y"]},
            r"'01/02/2024' in 2 rows.*one day as one",
        ),
        ("2024-03-01,1\n2924-03-02,2", {}, r"328,720 steps of 'D', and only 2 .*'2924-03-02' in row 2"),
        ("2024-03-01,1\n2024-03-02,2\n2024-03-03,2", {"step": "h"}, r"49 steps of 'h', and only 3 .*`step` too short"),
        (
            "2024-03-01,1\n2024-03-02,2",
            {"step": "W"},
            r"'2024-03-02' in row 2, which is no whole number of steps of 'W'",
        ),
        ("2024-03-01,1\n2024-03-02,many", {}, r"column 'v' holds 'many' in row 2"),
        ('2024-03-01,1\n2024-03-02,"1,140"', {}, r"column 'v' holds '1,140' in row 2.*thousands"),
        ("2024-03-01,\n2024-03-02,", {}, r"column 'v' is empty: put it into `leave_out`"),
        ("2024-03-01,1", {"leave_out": ["v"]}, r"no column but"),
        ("2024-03-01,1", {"leave_out": ["w"]}, r"no column 'w'"),
    ],
)
def test_what_is_wrong_with_a_series_is_said(tmp_path: Path, rows: str, settings: dict, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read(tmp_path, f"day,v\n{rows}\n", **settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"formats": "%Y-%m-%d"}, r"formats must be a list .*, got '%Y-%m-%d'"),
        ({"formats": []}, r"formats must be a list .*, got \[\]"),
        ({"step": "day"}, r"step must be a unit of time .*, got 'day'"),
        ({"step": "ns"}, r"step must be a unit of time .*, got 'ns'"),
    ],
)
def test_settings_of_a_series_are_checked(tmp_path: Path, settings: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read(tmp_path, "day,v\n2024-03-01,1\n2024-03-02,2\n", **settings)


def test_numbers_are_read_as_in_tables(tmp_path: Path) -> None:
    german = "day;v\n01.03.2024;1.200\n02.03.2024;7,5\n"
    settings = {"formats": ["%d.%m.%Y"], "separator": ";", "decimal": ","}
    with pytest.raises(TableError, match=r"'v' holds '1\.200'.*`thousands`"):
        read(tmp_path, german, **settings)
    assert read(tmp_path, german, thousands=".", **settings).columns["v"].tolist() == [1200, 7.5]


def test_the_reviews_messy_series_ends_in_the_truth(tmp_path: Path) -> None:
    """Three years of days: 5 % missing, two date formats, -999, `1,140`, a day twice."""
    rng = np.random.default_rng(0)
    days = np.arange("2021-01-01", "2024-01-01", dtype="datetime64[D]")
    truth = rng.integers(200, 2000, len(days)).astype(float)
    broken, gone = rng.random(len(days)) < 0.01, rng.random(len(days)) < 0.05
    gone[[0, -1]] = broken[[0, -1]] = False
    kept = np.flatnonzero(~gone)
    rows = []
    for k in [*kept[:500], kept[499], *kept[500:]]:
        written = f"{days[k]}" if k < 400 else days[k].item().strftime("%d.%m.%Y")
        rows.append(f"{written},-999" if broken[k] else f'{written},"{int(truth[k]):,}"')
    text = "day,visitors\n" + "\n".join(rows)
    steps = [
        ({}, "no date"),
        ({"formats": ["%Y-%m-%d", "%d.%m.%Y"]}, "thousands"),
        ({"thousands": ","}, "twice in row 501"),
        ({"repeated": "same"}, None),
    ]
    settings: dict = {}
    for more, complaint in steps:
        settings |= more
        if complaint:
            with pytest.raises(TableError, match=complaint):
                read(tmp_path, text, **settings)
    series = read(tmp_path, text, missing={"visitors": ["-999"]}, **settings)
    assert (series.dates == days).all() and (series.absent == gone).all()
    np.testing.assert_array_equal(series.columns["visitors"], np.where(gone | broken, NAN, truth))


@given(st.lists(st.one_of(st.just(NAN), st.floats(-5, 5)), min_size=1, max_size=20), st.integers(1, 4))
def test_carried_values_come_from_the_past(values: list[float], most: int) -> None:
    values = np.array(values)
    filled, was_hole = carry_forward(values, most)
    np.testing.assert_array_equal(filled, pd.Series(values).ffill(limit=most))
    assert (was_hole == np.isnan(values)).all()
    for t in range(len(values)):  # the future changes nothing
        np.testing.assert_array_equal(carry_forward(values[: t + 1], most)[0], filled[: t + 1])


def test_carry_forward_refuses_no_steps() -> None:
    with pytest.raises(ValueError, match="most must be a whole number of at least 1, got 0"):
        carry_forward(np.zeros(3), most=0)


def test_windows_refuse_gaps() -> None:
    days = np.arange("2024-01-01", "2024-01-11", dtype="datetime64[D]")
    y = np.arange(10.0)
    assert len(make_windows(y[:, None], y, 3, dates=days)) == 7
    keep = days != np.datetime64("2024-01-05")
    with pytest.raises(
        ValueError, match=r"steps of 1 days, got 1 gaps, the first after 2024-01-04 \(row 3\).*2024-01-06"
    ):
        make_windows(y[keep, None], y[keep], 3, dates=days[keep])
    with pytest.raises(ValueError, match=r"dates must rise, got 2024-01-10 and then 2024-01-09 in the rows 0 and 1"):
        make_windows(y[:, None], y, 3, dates=days[::-1])
    with pytest.raises(ValueError, match=r"dates must rise"):
        make_windows(y[:, None], y, 3, dates=np.repeat(days[:5], 2))
    with pytest.raises(ValueError, match="same length"):
        make_windows(y[:, None], y, 3, dates=days[:-1])
    with pytest.raises(ValueError, match="finite"):
        make_windows(y[:, None], np.where(keep, y, NAN), 3)


@pytest.mark.parametrize("seed", range(20))
def test_windows_of_pieces_are_those_of_each_piece(seed: int) -> None:
    """Rows that are left out and rows full of nan give the windows of the whole stretches, and no others."""
    rng = np.random.default_rng(seed)
    n, length, horizon = 60, int(rng.integers(1, 5)), int(rng.integers(1, 4))
    days = np.datetime64("2024-01-01") + np.arange(n)
    X, y, known = rng.normal(size=(n, 2)), rng.normal(size=n), rng.random(n) > 0.06
    pieces = np.split(np.arange(n), np.flatnonzero(~known))
    pieces = [piece[known[piece]] for piece in pieces]
    whole = [
        (piece, make_windows(X[piece], y[piece], length, horizon, dates=days[piece]))
        for piece in pieces
        if len(piece) >= length + horizon
    ]
    expected = np.concatenate([piece[windows.origin] for piece, windows in whole])
    holes = make_windows_of_pieces(
        np.where(known[:, None], X, NAN), np.where(known, y, NAN), length, horizon, dates=days
    )
    left_out = make_windows_of_pieces(X[known], y[known], length, horizon, dates=days[known])
    np.testing.assert_array_equal(holes.origin, expected)
    np.testing.assert_array_equal(np.flatnonzero(known)[left_out.origin], expected)
    for found in (holes, left_out):
        np.testing.assert_array_equal(found.X, np.concatenate([windows.X for _, windows in whole]))
        np.testing.assert_array_equal(found.y, np.concatenate([windows.y for _, windows in whole]))


def test_windows_of_pieces_need_one_whole_stretch() -> None:
    y = np.array([0.0, NAN, 1.0, NAN, 2.0])
    with pytest.raises(ValueError, match=r"no stretch of 2 steps is whole"):
        make_windows_of_pieces(y[:, None], y, 1)
    with pytest.raises(ValueError, match=r"together at most 5"):
        make_windows_of_pieces(y[:, None], y, 5)
    with pytest.raises(ValueError, match="same length"):
        make_windows_of_pieces(y[:, None], y[1:], 1)


def test_filled_features_are_seen_and_never_asked_for() -> None:
    y = np.array([0.0, 1, NAN, 3, 4])
    filled, was_hole = carry_forward(y, most=1)
    windows = make_windows_of_pieces(np.column_stack([filled, was_hole]), y, 1)
    assert windows.origin.tolist() == [0, 2, 3] and windows.y[:, 0].tolist() == [1, 3, 4]
    assert windows.X[1, 0].tolist() == [1, 1]


def test_a_daily_series_has_no_gap() -> None:
    """Otherwise the row of a day would be that of another day."""
    weather = load_seattle_weather()
    keep = weather.dates != np.datetime64("2013-03-05")
    columns = {name: values[keep] for name, values in weather.columns.items()}
    with pytest.raises(ValueError, match=r"without a gap, got \['2013-03-04' '2013-03-06'\]"):
        DailySeries(weather.dates[keep], columns, weather.units)
    hours = np.arange("2013-01-01T00", "2013-01-02T00", dtype="datetime64[h]")
    with pytest.raises(ValueError, match=r"dates must be days .*datetime64\[h\]"):
        DailySeries(hours, {"x": np.arange(24.0)}, {"x": ""})
    with pytest.raises(ValueError, match="same length"):
        DailySeries(weather.dates[1:], weather.columns, weather.units)


def test_a_climatology_takes_days_and_no_hours() -> None:
    days = np.arange("2012-01-01", "2014-01-01", dtype="datetime64[D]")
    y = 10 - 7 * season_features(days)[:, 1]
    model = Climatology(1).fit(days.astype("datetime64[ns]"), y)  # as pandas writes days
    np.testing.assert_allclose(model.predict(days), y, atol=1e-9)
    hours = np.arange("2012-01-01T00", "2012-02-01T00", dtype="datetime64[h]")
    for call in (lambda: model.predict(hours), lambda: Climatology().fit(hours, np.zeros(len(hours)))):
        with pytest.raises(ValueError, match=r"dates must be days, got 2012-01-01T01.*each hour"):
            call()
