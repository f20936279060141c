"""Levels that follow, quantiles and seasonal lines: equal to libraries, and blind to the future."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import QuantileRegressor
from sklearn.metrics import mean_pinball_loss
from sklearn.model_selection import TimeSeriesSplit

from mlfa.exercises.floors import check_trend_forecast
from mlfa.exercises.quantiles import check_rolling_errors, check_stock
from mlfa.series.forecasts import Climatology, Ridge, SeasonalLine, seasonal_naive
from mlfa.series.levels import errors_by_alpha, running_correction, smoothed_level
from mlfa.series.origins import came, evenings, line_from
from mlfa.series.quantiles import QuantileLine, interval_score, pinball_loss
from mlfa.series.windows import make_windows

DAYS = np.arange("2012-01-01", "2014-01-01", dtype="datetime64[D]")
seeds = st.integers(0, 10_000)


def series(n, seed, columns=None):
    size = n if columns is None else (n, columns)
    return np.random.default_rng(seed).normal(5, 2, size=size)


# A level that follows ---------------------------------------------------------------


@settings(max_examples=40)
@given(st.integers(2, 60), st.floats(0.01, 1), seeds)
def test_the_level_is_that_of_pandas(n, alpha, seed):
    y = series(n, seed)
    level = smoothed_level(y, alpha, start=y[0])
    library = pd.Series(y).ewm(alpha=alpha, adjust=False).mean()
    np.testing.assert_allclose(level[1:], library, rtol=1e-12)
    assert level[0] == y[0] and level.shape == (n + 1,)


def test_the_ends_of_the_share():
    y = series(9, 0)
    np.testing.assert_array_equal(smoothed_level(y, 0.0, start=3.0), np.full(10, 3.0))
    np.testing.assert_allclose(smoothed_level(y, 1.0), [0, *y])


def test_the_level_is_the_discounted_mean():
    y, alpha = series(40, 1), 0.3
    weights = alpha * (1 - alpha) ** np.arange(40)[::-1]
    assert smoothed_level(y, alpha)[-1] == pytest.approx(weights @ y)


@settings(max_examples=40)
@given(st.integers(5, 30), st.integers(1, 4), st.floats(0.05, 1), seeds)
def test_a_correction_knows_only_what_has_come(n, horizon, alpha, seed):
    """By hand, and: whatever comes after an evening changes nothing that was said up to it."""
    rng = np.random.default_rng(seed)
    origin = np.sort(rng.choice(2 * n, size=n, replace=False))  # with evenings that are missing
    y, y_pred = rng.normal(size=(n, horizon)), rng.normal(size=(n, horizon))
    correction = running_correction(y, y_pred, origin, alpha)
    for i in range(n):
        for k in range(horizon):
            known = [y[j, k] - y_pred[j, k] for j in range(n) if origin[j] + k + 1 <= origin[i]]
            level = 0.0
            for error in known:
                level += alpha * (error - level)
            assert correction[i, k] == pytest.approx(level)
    evening = int(rng.integers(n))
    altered = np.where(origin[:, None] + np.arange(1, horizon + 1) > origin[evening], 1e6, y)
    again = running_correction(altered, y_pred, origin, alpha)
    np.testing.assert_array_equal(again[: evening + 1], correction[: evening + 1])


def test_a_correction_takes_a_constant_error_away():
    y = np.full((400, 3), 7.0)
    y_pred = y - 2.5
    after = y_pred + running_correction(y, y_pred, np.arange(400), 0.1)
    np.testing.assert_allclose(after[-1], 7.0, atol=1e-6)
    errors = errors_by_alpha(y, y_pred, np.arange(400), (0.0, 0.1))
    assert errors[0.0] == 2.5 and errors[0.1] < 0.2


def test_days_are_used_in_their_order():
    """Nobody can tell a row's future from its place alone: rows that are shuffled are refused."""
    with pytest.raises(ValueError, match="origin must rise"):
        running_correction(np.ones((3, 1)), np.ones((3, 1)), np.array([0, 2, 1]), 0.1)


@settings(max_examples=30)
@given(st.integers(2, 30), st.floats(0.05, 0.95), seeds)
def test_a_slope_that_never_moves_leaves_the_level(n, alpha, seed):
    y = series(n, seed)
    said = check_trend_forecast.reference(y, alpha, 0.0, 3)
    np.testing.assert_allclose(said, smoothed_level(y[1:], alpha, start=y[0])[-1])


def test_a_slope_finds_a_straight_line():
    y = 3 - 0.7 * np.arange(400.0)
    said = check_trend_forecast.reference(y, 0.3, 0.2, 4)
    np.testing.assert_allclose(said, 3 - 0.7 * np.arange(400, 404))


# Origins ----------------------------------------------------------------------------


@settings(max_examples=30)
@given(st.integers(1, 30), st.integers(1, 40), st.integers(1, 9))
def test_an_evening_counts_if_all_its_days_lie_in_the_stretch(first, n_days, horizon):
    end = first + n_days
    asked = evenings(first, end, horizon)
    inside = [t for t in range(-1, end + 1) if t + 1 >= first and t + horizon < end]
    np.testing.assert_array_equal(asked, inside)
    y = np.arange(float(end))
    np.testing.assert_array_equal(came(y, asked, horizon), asked[:, None] + np.arange(1, horizon + 1))


def test_a_line_from_many_evenings_is_that_of_its_model():
    X = series(len(DAYS), 4, columns=2)
    origin = evenings(600, 700, 3)
    said = line_from(DAYS, X, 600, origin, length=5, penalty=20.0, horizon=3)
    model = SeasonalLine(5, 20.0, 3).fit(DAYS[:600], X[:600])
    for row, t in zip(said, origin, strict=True):
        np.testing.assert_allclose(row, model.predict(DAYS[: t + 1], X[: t + 1])[-1])


@settings(max_examples=30)
@given(st.integers(1, 6), st.integers(1, 5), st.integers(2, 6), seeds)
def test_rolling_errors_are_those_of_the_folds_of_the_library(first, stretch, n_stretches, seed):
    y = series(first + n_stretches * stretch, seed)
    folds = TimeSeriesSplit(n_stretches, test_size=stretch).split(y)
    library = [np.abs(y[held] - y[train].mean()) for train, held in folds]
    np.testing.assert_allclose(check_rolling_errors.reference(y, first, stretch), np.concatenate(library))


# Seasons and lines ------------------------------------------------------------------


@settings(max_examples=40)
@given(st.integers(1, 9), st.integers(1, 20), seeds)
def test_the_seasonal_naive_forecast_is_a_known_day_of_the_same_place(period, horizon, seed):
    y = np.arange(60.0)
    origin = np.random.default_rng(seed).integers(period - 1, 60, size=5)
    said = seasonal_naive(y, origin, horizon, period).astype(int)
    asked = origin[:, None] + np.arange(1, horizon + 1)
    assert (said <= origin[:, None]).all() and (said > origin[:, None] - period).all()
    assert ((asked - said) % period == 0).all()
    with pytest.raises(ValueError, match="origin must be at least period - 1"):
        seasonal_naive(y, np.array([period - 2]), 1, period)


def test_a_seasonal_line_is_its_parts():
    X = series(len(DAYS), 2, columns=3)
    model = SeasonalLine(length=4, penalty=50.0, horizon=2).fit(DAYS, X)
    anomalies = np.stack([c - Climatology(2).fit(DAYS, c).predict(DAYS) for c in X.T], axis=1)
    windows = make_windows(anomalies / anomalies.std(axis=0), anomalies[:, 0], 4, 2)
    line = Ridge(50.0).fit(windows.X, windows.y)
    said = model.predict(DAYS, X)
    assert said.shape == (len(DAYS) - 3, 2)
    usual = Climatology(2).fit(DAYS, X[:, 0])
    ahead = np.stack([usual.predict(DAYS[3:] + k) for k in (1, 2)], axis=1)
    np.testing.assert_allclose(model.usual(DAYS[3:]), ahead)
    np.testing.assert_allclose(said[:-2], (ahead[:-2] + line.predict(windows.X)))


@settings(max_examples=15)
@given(st.integers(1, 5), st.integers(1, 3), st.integers(500, 700), seeds)
def test_a_seasonal_line_does_not_look_ahead(length, horizon, now, seed):
    X = series(len(DAYS), seed, columns=2)
    altered = X.copy()
    altered[now + 1 :] = 1e6
    model = SeasonalLine(length, 10.0, horizon).fit(DAYS[:500], X[:500])
    row = now - length + 1
    before, after = model.predict(DAYS, X), model.predict(DAYS, altered)
    np.testing.assert_array_equal(before[: row + 1], after[: row + 1])
    again = SeasonalLine(length, 10.0, horizon).fit(DAYS[:500], altered[:500])
    np.testing.assert_array_equal(model.line.W, again.line.W)


# Quantiles --------------------------------------------------------------------------


@settings(max_examples=20)
@given(st.sampled_from([0.1, 0.35, 0.5, 0.9]), seeds)
def test_the_quantile_line_is_that_of_scikit_learn(level, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(60, 2)), rng.normal(size=60)
    ours = QuantileLine(level).fit(X, y)
    library = QuantileRegressor(quantile=level, alpha=0.0, solver="highs").fit(X, y)
    # Where several lines are best they may differ; their loss may not.
    mine, theirs = ours.predict(X), library.predict(X)
    assert pinball_loss(y, mine, level) == pytest.approx(pinball_loss(y, theirs, level), abs=1e-9)
    assert pinball_loss(y, mine, level) == pytest.approx(mean_pinball_loss(y, mine, alpha=level))
    # At most the level lies below, and what lies on the line makes it up to at least the level.
    assert np.mean(y < mine - 1e-7) <= level + 1e-9 <= np.mean(y <= mine + 1e-7) + 2e-9


@settings(max_examples=30)
@given(st.floats(0.05, 0.95), seeds)
def test_the_best_constant_is_the_quantile(level, seed):
    y = series(25, seed)
    losses = [pinball_loss(y, np.full(25, c), level) for c in y]
    quantile = np.quantile(y, level, method="inverted_cdf")
    assert pinball_loss(y, np.full(25, quantile), level) == pytest.approx(min(losses))


@settings(max_examples=30)
@given(st.floats(0.05, 0.95), seeds)
def test_the_interval_score_is_two_pinball_losses(coverage, seed):
    y, q = series(30, seed), (1 - coverage) / 2
    lower = series(30, seed + 1)
    upper = lower + np.abs(series(30, seed + 2))
    both = pinball_loss(y, lower, q) + pinball_loss(y, upper, 1 - q)
    assert interval_score(y, lower, upper, coverage) == pytest.approx(both / q)


@settings(max_examples=30)
@given(st.integers(3, 20), st.floats(1, 9), st.floats(0.1, 0.9), seeds)
def test_the_stock_earns_most(n, price, part, seed):
    demand = np.random.default_rng(seed).gamma(3, 20, size=n).round(1)
    cost = part * price
    earned = [np.mean(price * np.minimum(demand, s) - cost * s) for s in demand]
    best = check_stock.reference(demand, price, cost)
    assert np.mean(price * np.minimum(demand, best) - cost * best) == pytest.approx(max(earned))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: smoothed_level(np.ones(3), 1.1), "alpha must be a number from 0 to 1"),
        (lambda: smoothed_level(np.array([1.0, np.nan]), 0.1), "y must be finite"),
        (lambda: running_correction(np.ones(3), np.ones(3), np.arange(3), 0.1), "y must have shape"),
        (lambda: running_correction(np.ones((3, 1)), np.ones((3, 1)), np.arange(2), 0.1), "origin must have shape"),
        (lambda: SeasonalLine(length=0).fit(DAYS, np.ones((731, 1))), "length and horizon must be at least 1"),
        (lambda: SeasonalLine().predict(DAYS, np.ones((731, 1))), "SeasonalLine is not fitted"),
        (lambda: evenings(1, 9, 0), "horizon must be a whole number of at least 1"),
        (lambda: QuantileLine(1.0), "level must be a number between 0 and 1, without these"),
        (lambda: QuantileLine(0.5).predict(np.ones((2, 1))), "QuantileLine is not fitted"),
        (lambda: pinball_loss(np.ones(2), np.ones(3), 0.5), "same length"),
        (lambda: interval_score(np.ones(2), np.ones(2), np.ones(2), 0.0), "coverage must be a number"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
