"""Series, windows and simple forecasts: equal to their definitions, and blind to the future."""

from __future__ import annotations

import dataclasses
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import linear_model

from mlfa.datasets import DataFileError, load_seattle_weather
from mlfa.datasets import _files as files
from mlfa.series.forecasts import (
    Climatology,
    Ridge,
    forecast_in_steps,
    persistence,
    season_features,
)
from mlfa.series.measures import KPSS_LIMIT, autocorrelation, block_moments, differences, kpss_statistic
from mlfa.series.windows import Windows, make_windows, split_by_time, without_overlap

series = arrays(float, st.integers(12, 60), elements=st.floats(-100, 100, width=32)).filter(lambda y: np.ptp(y) > 0.1)


# The data ---------------------------------------------------------------------------


def test_the_weather_is_the_one_that_was_shipped():
    weather = load_seattle_weather()
    assert len(weather.dates) == 1461 and all(len(y) == 1461 for y in weather.columns.values())
    assert (str(weather.dates[0]), str(weather.dates[-1])) == ("2012-01-01", "2015-12-31")
    assert (np.diff(weather.dates) == np.timedelta64(1, "D")).all()
    assert weather.columns.keys() == weather.units.keys()
    assert (weather.column("temp_max") >= weather.column("temp_min")).all()
    assert weather.column("precipitation").min() == 0 and weather.column("wind").min() > 0
    first = [weather.column(name)[1] for name in ("precipitation", "temp_max", "temp_min", "wind", "weather")]
    assert first == [10.9, 10.6, 2.8, 4.5, "rain"]


def test_views_of_the_weather():
    weather = load_seattle_weather()
    assert weather.matrix().shape == (1461, 4)
    np.testing.assert_array_equal(weather.matrix(("wind", "temp_min"))[:, 1], weather.column("temp_min"))
    one_hot = weather.one_hot()
    assert (one_hot.sum(axis=1) == 1).all() and one_hot[1].tolist() == [0, 0, 1, 0, 0]
    year = weather.between("2014-01-01", "2014-12-31")
    assert len(year.dates) == 365 and year.column("wind")[0] == weather.column("wind")[weather.row_of("2014-01-01")]
    with pytest.raises(ValueError, match="name must be one of precipitation, temp_max"):
        weather.column("snow")
    with pytest.raises(ValueError, match="date must lie between 2012-01-01 and 2015-12-31, got '2016-01-01'"):
        weather.row_of("2016-01-01")
    with pytest.raises(dataclasses.FrozenInstanceError):
        weather.dates = None


def test_an_altered_file_is_refused(tmp_path, monkeypatch):
    content = (files.DATA / "seattle_weather.csv").read_bytes()
    (tmp_path / "seattle_weather.csv").write_bytes(content.replace(b"12.8", b"12.9", 1))
    monkeypatch.setattr(files, "DATA", tmp_path)
    with pytest.raises(DataFileError, match="not the one that was shipped"):
        load_seattle_weather()


# One series -------------------------------------------------------------------------


@settings(max_examples=60)
@given(series, st.integers(0, 11))
def test_autocorrelation_is_numpys(y, n_lags):
    """The definition that statsmodels' acf uses by default: one mean, one total, no adjustment."""
    z = y - y.mean()
    whole = np.correlate(z, z, mode="full")[len(y) - 1 :]
    np.testing.assert_allclose(autocorrelation(y, n_lags), whole[: n_lags + 1] / whole[0], atol=1e-12)


@settings(max_examples=60)
@given(series, st.floats(-50, 50), st.floats(0.1, 10), st.sampled_from([-1, 1]))
def test_laws_of_autocorrelation(y, shift, stretch, sign):
    r = autocorrelation(y, 11)
    assert r[0] == 1 and (np.abs(r) <= 1 + 1e-12).all()
    np.testing.assert_allclose(autocorrelation(shift + sign * stretch * y, 11), r, atol=1e-7)
    np.testing.assert_allclose(autocorrelation(y[::-1], 11), r, atol=1e-9)
    # Over all lags and both signs the values add up to zero, since deviations from the mean do.
    assert 1 + 2 * autocorrelation(y, len(y) - 1)[1:].sum() == pytest.approx(0, abs=1e-6)


def test_autocorrelation_of_known_processes():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=20_000)
    assert np.abs(autocorrelation(noise, 20)[1:]).max() < 4 / np.sqrt(len(noise))
    y = np.zeros(len(noise))
    for t in range(1, len(y)):
        y[t] = 0.8 * y[t - 1] + noise[t]
    np.testing.assert_allclose(autocorrelation(y, 6), 0.8 ** np.arange(7), atol=0.05)


@settings(max_examples=40)
@given(series, st.integers(1, 5))
def test_differences_add_up(y, lag):
    d = differences(y, lag)
    assert d.shape == (len(y) - lag,)
    np.testing.assert_allclose(y[lag:], y[:-lag] + d, atol=1e-9)
    np.testing.assert_allclose(differences(3 + 2.0 * np.arange(len(y)), lag), 2 * lag)
    np.testing.assert_allclose(y[0] + np.cumsum(differences(y)), y[1:], atol=1e-9)


def test_block_moments():
    means, spreads = block_moments(np.arange(11.0), 3)
    np.testing.assert_allclose(means, [1, 4, 7])
    np.testing.assert_allclose(spreads, np.std([0, 1, 2]))
    assert block_moments(np.arange(3.0), 4)[0].shape == (0,)


def test_kpss_is_its_definition():
    y = np.random.default_rng(1).normal(size=50).cumsum()
    n, n_lags, e = 50, 4, y - y.mean()
    spread = sum(e[t] ** 2 for t in range(n)) / n
    for s in range(1, n_lags + 1):
        spread += 2 / n * (1 - s / (n_lags + 1)) * sum(e[t] * e[t - s] for t in range(s, n))
    sums = [sum(e[: t + 1]) for t in range(n)]
    assert kpss_statistic(y, n_lags) == pytest.approx(sum(s**2 for s in sums) / n**2 / spread)


def test_kpss_limit_is_passed_by_one_in_twenty():
    rng = np.random.default_rng(2)
    above = np.mean([kpss_statistic(rng.normal(size=400), 4) > KPSS_LIMIT for _ in range(3000)])
    assert above == pytest.approx(0.05, abs=0.015)
    walks = [kpss_statistic(rng.normal(size=400).cumsum(), 4) > KPSS_LIMIT for _ in range(100)]
    assert np.mean(walks) > 0.95


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: autocorrelation(np.ones(5), 1), "y must vary"),
        (lambda: autocorrelation(np.ones((3, 1)), 1), "y must have shape"),
        (lambda: autocorrelation(np.array([1.0, np.nan, 2.0]), 1), "y must be finite"),
        (lambda: differences(np.arange(3.0), -1), "lag must be a whole number"),
    ],
)
def test_bad_series(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# Windows ----------------------------------------------------------------------------

shapes = st.tuples(st.integers(22, 40), st.integers(1, 6), st.integers(1, 4))


def counting(n_steps, length, horizon):
    """Windows of a series whose values are their own row numbers."""
    rows = np.arange(n_steps, dtype=float)
    return make_windows(np.column_stack([rows, 1000 + rows]), rows, length, horizon)


@settings(max_examples=60)
@given(shapes)
def test_every_window_holds_the_rows_it_says(shape):
    n_steps, length, horizon = shape
    windows = counting(*shape)
    assert len(windows) == n_steps - length - horizon + 1
    assert windows.X.shape == (len(windows), length, 2) and windows.y.shape == (len(windows), horizon)
    for i, origin in enumerate(windows.origin):
        np.testing.assert_array_equal(windows.X[i, :, 0], np.arange(origin - length + 1, origin + 1))
        np.testing.assert_array_equal(windows.X[i, :, 1], 1000 + windows.X[i, :, 0])
        np.testing.assert_array_equal(windows.y[i], np.arange(origin + 1, origin + horizon + 1))
    assert windows.X.flags.owndata and windows.y.flags.owndata


@settings(max_examples=60)
@given(shapes, st.integers(12, 14), st.integers(16, 17))
def test_no_target_crosses_a_border(shape, validation_start, test_start):
    windows = counting(*shape)
    if shape[2] > test_start - validation_start:
        return
    train, validation, sealed = split_by_time(windows, validation_start, test_start)
    test = sealed.open("to look for leaks")
    assert train.y.max() < validation_start <= validation.y.min()
    assert validation.y.max() < test_start <= test.y.min()
    for part in (train, validation, test):  # a forecast never sees its own targets
        assert (part.X[:, -1, 0] < part.y[:, 0]).all()
    # Nothing but the windows that straddle one of the two borders is lost.
    assert len(windows) - len(train) - len(validation) - len(test) == 2 * (shape[2] - 1)


def test_training_windows_know_nothing_of_the_future():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 2))
    changed = X.copy()
    changed[25:] = 1e6
    before = split_by_time(make_windows(X, X[:, 0], 5, 3), 25, 33).train
    after = split_by_time(make_windows(changed, changed[:, 0], 5, 3), 25, 33).train
    np.testing.assert_array_equal(before.X, after.X)
    np.testing.assert_array_equal(before.y, after.y)


@settings(max_examples=40)
@given(shapes, st.integers(0, 10_000))
def test_without_overlap_drops_exactly_what_shares_a_step(shape, seed):
    windows = counting(*shape)
    held = np.random.default_rng(seed).random(len(windows)) < 0.15
    held[0] = True
    kept = without_overlap(windows.rows(~held), windows.rows(held))

    def steps(w, i):
        return set(w.X[i, :, 0]) | set(w.y[i])

    taken = set().union(*(steps(windows, i) for i in np.flatnonzero(held)))
    expected = [i for i in np.flatnonzero(~held) if not steps(windows, i) & taken]
    np.testing.assert_array_equal(kept.origin, windows.origin[expected])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: counting(5, 4, 2), "together at most 5, the steps of X, got 4 and 2"),
        (lambda: counting(5, 9, 2), "together at most 5, the steps of X, got 9 and 2"),
        (lambda: counting(9, 0, 2), "length and horizon must be at least 1"),
        (lambda: counting(9, 2, 0), "length and horizon must be at least 1"),
        (lambda: make_windows(np.full((5, 2), np.nan), np.ones(5), 2), "X must be finite"),
        (lambda: make_windows(np.ones((5, 2)), np.ones(4), 2), "same length: X has 5, y has 4"),
        (lambda: make_windows(np.ones(5), np.ones(5), 2), "X must have shape"),
        (lambda: split_by_time(counting(20, 3, 1), 12, 12), "leave whole windows for validation"),
        (lambda: split_by_time(counting(20, 3, 1), 15, 12), "leave whole windows for validation"),
        (lambda: split_by_time(counting(20, 3, 1), 2, 12), "leave whole windows for train"),
        (lambda: split_by_time(counting(20, 3, 4), 10, 12), "leave whole windows for validation"),
        (lambda: split_by_time(counting(20, 3, 1), 10, 20), "leave whole windows for test"),
        (lambda: without_overlap(counting(20, 3, 1), counting(20, 4, 1)), "one length and one horizon"),
    ],
)
def test_bad_windows(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_windows_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        counting(9, 2, 1).X = None
    assert isinstance(counting(9, 2, 1).rows(np.array([1, 3])), Windows)


# Forecasts --------------------------------------------------------------------------


@settings(max_examples=30)
@given(st.floats(1e-3, 1e4), st.integers(1, 4), st.integers(0, 100))
def test_ridge_equals_scikit_learn(penalty, n_targets, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(3, 2, size=(40, 5, 3)), rng.normal(-7, 2, size=(40, n_targets))
    ours = Ridge(penalty).fit(X, y)
    library = linear_model.Ridge(alpha=penalty).fit(X.reshape(40, 15), y)
    np.testing.assert_allclose(ours.W.T, np.atleast_2d(library.coef_), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(ours.b, np.ravel(library.intercept_), rtol=1e-6)
    X_new = rng.normal(size=(6, 5, 3))
    np.testing.assert_allclose(ours.predict(X_new), library.predict(X_new.reshape(6, 15)).reshape(6, -1), rtol=1e-6)


def test_ridge_copes_with_repeated_columns_and_forgets_scale_of_targets():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(30, 1)), rng.normal(size=(30, 1))
    twice = Ridge(1.0).fit(np.hstack([x, x]), y)
    np.testing.assert_allclose(twice.W[0], twice.W[1])
    np.testing.assert_allclose(Ridge(1.0).fit(x, 10 * y + 3).predict(x), 10 * Ridge(1.0).fit(x, y).predict(x) + 3)


def test_season_goes_around_once_a_year():
    days = np.arange("2011-12-31", "2013-01-03", dtype="datetime64[D]")
    waves = season_features(days, 3)
    assert waves.shape == (len(days), 6)
    np.testing.assert_allclose(waves[1], [0, 1, 0, 1, 0, 1], atol=1e-12)  # the first of January 2012
    np.testing.assert_allclose(waves[days == np.datetime64("2013-01-01")][0], waves[1], atol=1e-12)
    step = np.linalg.norm(np.diff(waves[:, :2], axis=0), axis=1)
    np.testing.assert_allclose(step, 2 * np.pi / 366, rtol=0.01)  # no jump at the turn of a year
    np.testing.assert_allclose(waves[:, 4] ** 2 + waves[:, 5] ** 2, 1)


def test_climatology_finds_waves_and_leaves_orthogonal_residuals():
    days = np.arange("2012-01-01", "2014-01-01", dtype="datetime64[D]")
    waves = season_features(days, 2)
    y = 11 + waves @ [1.0, -7, 0.5, 2]
    model = Climatology(2).fit(days, y)
    np.testing.assert_allclose(model.w, [11, 1, -7, 0.5, 2])
    np.testing.assert_allclose(model.predict(days[:5]), y[:5])
    noisy = y + np.random.default_rng(0).normal(size=len(y))
    residuals = noisy - Climatology(2).fit(days, noisy).predict(days)
    np.testing.assert_allclose(np.column_stack([np.ones(len(y)), waves]).T @ residuals, 0, atol=1e-8)


def test_persistence_repeats_the_last_value():
    np.testing.assert_array_equal(persistence(np.array([1.0, 2.0]), 3), [[1, 1, 1], [2, 2, 2]])


def test_no_library_warns_of_what_it_will_forbid():
    """NumPy 2.5 (Python 3.12 and later) warns where a bare number is added to a year."""
    days = np.arange("2011-12-31", "2013-01-03", dtype="datetime64[D]")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Climatology(2).fit(days, np.arange(len(days), dtype=float)).predict(days)


def test_nothing_is_known_before_fit():
    assert Climatology(2).w is None and Ridge(1.0).W is None and Ridge(1.0).b is None


def test_steps_of_a_known_rule():
    """A model that answers the mean of the last two steps can be followed by hand."""
    model = Ridge(1.0)
    model.W, model.b = np.array([[0.5], [0.5]]), np.zeros(1)
    X = np.array([[[2.0], [4.0]], [[0.0], [8.0]]])
    np.testing.assert_allclose(forecast_in_steps(model, X, 3), [[3, 3.5, 3.25], [4, 6, 5]])
    np.testing.assert_array_equal(X[0, :, 0], [2, 4])


DAYS = np.arange("2012-01-01", "2012-01-05", dtype="datetime64[D]")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Ridge(0.0), "penalty must be a positive number"),
        (lambda: Ridge(1.0).predict(np.ones((2, 2))), "Ridge is not fitted: call fit first"),
        (lambda: Ridge(1.0).fit(np.eye(3), np.ones((1, 1))), "mismatch"),  # NumPy's own words
        (lambda: Ridge(1.0).fit(np.full((2, 2), np.nan), np.ones((2, 1))), "X must be finite"),
        (lambda: Ridge(1.0).fit(np.eye(3), np.ones(3)), "y must have shape"),
        (lambda: Ridge(1.0).fit(np.eye(3), np.eye(3)).predict(np.ones((2, 4))), "3 features seen by fit, got 4"),
        (lambda: Climatology(1).predict(DAYS), "Climatology is not fitted: call fit first"),
        (lambda: Climatology(1).fit(DAYS, np.ones((4, 1))), "y must have shape"),
        (lambda: Climatology(1).fit(DAYS, [1, 2, np.nan, 4]), "y must be finite"),
        (lambda: persistence(np.ones((3, 1))), "last must have shape"),
        (
            lambda: forecast_in_steps(Ridge(1.0), np.ones((2, 3, 2)), 2),
            r"X must have shape \(n_samples, length, 1\), got \(2, 3, 2\)",
        ),
    ],
)
def test_bad_forecasts(call, message):
    with pytest.raises(ValueError, match=message):
        call()
