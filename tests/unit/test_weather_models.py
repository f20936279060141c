"""The features see no future, a correction corrects, and intervals cover what they say."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mlfa.datasets import WEATHER_CLASSES, load_seattle_weather
from mlfa.series.adaptive import adaptive_radii
from mlfa.series.intervals import block_bootstrap, conformal_radius
from mlfa.series.recurrent import RNN
from mlfa.series.weather import FEATURES, Correction, LastOutput, day_features
from mlfa.series.windows import make_windows
from mlfa.training.trainer import Trainer


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def weather():
    return load_seattle_weather()


def test_features_of_a_day(weather):
    n_train = weather.row_of("2014-01-01")
    X = day_features(weather, n_train)
    assert X.shape == (1461, 13) == (1461, len(set(FEATURES)))
    np.testing.assert_allclose(X[:n_train, :4].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(X[:n_train, :4].std(axis=0), 1)
    wet = np.log1p(weather.column("precipitation"))
    np.testing.assert_allclose(X[:, 2], (wet - wet[:n_train].mean()) / wet[:n_train].std())
    for name in WEATHER_CLASSES:
        np.testing.assert_array_equal(X[:, FEATURES.index(name)], weather.column("weather") == name)
    for name in ("temp_max", "temp_min", "wind"):
        y = weather.column(name)
        np.testing.assert_allclose(X[:, FEATURES.index(name)], (y - y[:n_train].mean()) / y[:n_train].std())
    np.testing.assert_allclose(X[1:, 9:11], X[:-1, 11:13], atol=1e-12)  # the next day's season is tomorrow's own


def test_features_know_nothing_of_later_days(weather):
    """Whatever happens after a day leaves its features as they were."""
    n_train = 400
    later = np.arange(1461) >= 500
    columns = {name: np.where(later, "snow" if name == "weather" else 99.0, y) for name, y in weather.columns.items()}
    changed = dataclasses.replace(weather, columns=columns)
    np.testing.assert_array_equal(day_features(weather, n_train)[:500], day_features(changed, n_train)[:500])


def test_last_output_takes_the_last_position():
    X = torch.randn(5, 7, 3, generator=generator(1))
    network = RNN(3, 4, 2, generator=generator())
    model = LastOutput(network, dropout=0.5, generator=generator()).eval()
    torch.testing.assert_close(model(X), network(X)[:, -1])
    model.train()
    assert not torch.equal(model(X), model(X))


def made_windows():
    """A series whose next value is the last one, plus twice another column."""
    rng = np.random.default_rng(0)
    push = rng.normal(size=400)
    y = np.concatenate([[0.0], 2 * push[:-1]]).cumsum() * 0.3
    windows = make_windows(np.column_stack([y, push]), y, length=4)
    return windows.rows(np.arange(len(windows)) < 250), windows.rows(np.arange(len(windows)) >= 250)


def small_network(seed=0, n_hidden=3):
    return LastOutput(RNN(2, n_hidden, 1, generator=generator(seed)), dropout=0.0, generator=generator(seed))


def fitted(seed=0, epochs=60):
    train, validation = made_windows()
    network = small_network(seed, n_hidden=8)
    model = Correction(network, learning_rate=0.02, weight_decay=0.0, device="cpu", seed=seed)
    last_train, last_validation = train.X[:, -1, :1], validation.X[:, -1, :1]
    return model.fit(train, last_train, validation, last_validation, epochs=epochs), validation


def test_a_correction_beats_what_it_corrects():
    model, validation = fitted()
    simple = validation.X[:, -1, :1]
    before = np.abs(validation.y - simple).mean()
    after = np.abs(validation.y - model.predict(validation.X, simple)).mean()
    assert after < 0.4 * before
    assert model.scale == pytest.approx(0.6, rel=0.1)


def test_a_correction_is_reproducible_and_leaves_global_state_alone():
    before = torch.get_rng_state()
    (first, validation), (again, _), (other, _) = fitted(epochs=2), fitted(epochs=2), fitted(seed=1, epochs=2)
    assert torch.equal(torch.get_rng_state(), before)
    simple = validation.X[:, -1, :1]
    np.testing.assert_array_equal(first.predict(validation.X, simple), again.predict(validation.X, simple))
    assert not np.array_equal(first.predict(validation.X, simple), other.predict(validation.X, simple))


@settings(max_examples=50)
@given(st.integers(9, 60), st.floats(0.05, 0.85), st.integers(0, 1000))
def test_radius_is_the_order_statistic(n, coverage, seed):
    residuals = np.random.default_rng(seed).normal(size=n)
    radius = conformal_radius(residuals, coverage)
    inside = np.sum(np.abs(residuals) <= radius)
    assert inside == math.ceil((n + 1) * coverage - 1e-9)
    assert radius in np.abs(residuals)
    assert conformal_radius(-residuals, coverage) == radius


def test_intervals_cover_as_often_as_they_say():
    """With exchangeable residuals the share of new ones inside is rank / (n + 1), whatever their distribution."""
    rng = np.random.default_rng(0)
    for draw in (rng.standard_normal, rng.standard_exponential, lambda size: rng.standard_t(2, size)):
        residuals = draw((20_000, 20))
        inside = [abs(row[-1]) <= conformal_radius(row[:-1], 0.8) for row in residuals]
        assert np.mean(inside) == pytest.approx(16 / 20, abs=0.01)


@pytest.mark.parametrize("gamma", [0.005, 0.05])
def test_steered_intervals_keep_the_promise_of_their_rule(gamma):
    """The errors grow fourfold half way. The share inside is where the sum of the steps says."""
    rng = np.random.default_rng(0)
    sizes = np.repeat([1.0, 4.0], [1000, 1000]) * rng.normal(size=2000)
    radii = adaptive_radii(sizes, 0.8, n_past=200, gamma=gamma)
    inside = np.abs(sizes[200:]) <= radii
    wanted = 0.8 + gamma * np.cumsum(0.8 - inside)  # what is asked for after each day
    assert inside.mean() - 0.8 == pytest.approx((0.8 - wanted[-1]) / (gamma * len(inside)))
    assert inside.mean() == pytest.approx(0.8, abs=0.02)
    assert np.mean(np.abs(sizes[200:]) <= conformal_radius(sizes[:200], 0.8)) < 0.6


def test_radii_that_are_not_steered_are_those_of_the_days_before():
    residuals = np.random.default_rng(1).normal(size=60)
    radii = adaptive_radii(residuals, 0.7, n_past=20, gamma=0.0)
    assert radii.shape == (40,)
    np.testing.assert_array_equal(radii, [conformal_radius(residuals[t - 20 : t], 0.7) for t in range(20, 60)])


def test_a_radius_knows_nothing_of_its_own_day_or_later():
    residuals = np.random.default_rng(2).normal(size=60)
    later = np.where(np.arange(60) >= 40, 100.0, residuals)
    radii = [adaptive_radii(values, 0.8, n_past=20, gamma=0.1) for values in (residuals, later)]
    np.testing.assert_array_equal(radii[0][:21], radii[1][:21])
    assert (radii[0][21:] != radii[1][21:]).any()


def test_without_validation_the_last_epoch_is_kept():
    train, validation = made_windows()
    models = [Correction(small_network(), learning_rate=0.02, device="cpu", seed=0) for _ in range(2)]
    simple = [part.X[:, -1, :1] for part in (train, validation)]
    models[0].fit(train, simple[0], epochs=3)
    models[1].fit(train, simple[0], validation, simple[1], epochs=3)
    assert not np.isfinite(np.array(models[0].trainer.history["validation_loss"], dtype=float)).any()
    # Without validation all three epochs count; with it, here, the first one.
    assert models[1].trainer.best_epoch == 0
    once = Correction(small_network(), learning_rate=0.02, device="cpu", seed=0)
    once.fit(train, simple[0], validation, simple[1], epochs=3)
    kept, last = models[1].predict(validation.X, simple[1]), models[0].predict(validation.X, simple[1])
    np.testing.assert_array_equal(once.predict(validation.X, simple[1]), kept)
    assert not np.array_equal(kept, last)


def test_no_rounding_error_lifts_the_rank():
    assert conformal_radius(np.arange(1.0, 10), 0.7) == 7
    assert conformal_radius(np.arange(1.0, 10), 0.9) == 9


def test_block_bootstrap():
    values = np.random.default_rng(0).normal(3, 2, size=365)
    means = block_bootstrap(values, 1, 4000, seed=0)
    assert means.mean() == pytest.approx(values.mean(), abs=0.01)
    assert means.std() == pytest.approx(values.std() / np.sqrt(365), rel=0.05)
    np.testing.assert_allclose(block_bootstrap(values, 365, 5, seed=0), values.mean())
    # Neighbors that are alike make the mean less sure; single days drawn apart would hide it.
    alike = np.repeat(values[:73], 5)
    assert block_bootstrap(alike, 20, 2000, seed=0).std() > 1.7 * block_bootstrap(alike, 1, 2000, seed=0).std()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: conformal_radius(np.ones(9), 0.95), "coverage must be above 0 and at most 0.9, got 0.95"),
        (lambda: conformal_radius(np.ones(9), 1.0), "coverage must be above 0 and at most 0.9"),
        (lambda: conformal_radius(np.ones(9), 0.0), "coverage must be above 0 and at most 0.9"),
        (lambda: adaptive_radii(np.ones(9), 0.5, n_past=0, gamma=0.1), "n_past must be a whole number"),
        (lambda: conformal_radius([1.0, np.nan], 0.5), "residuals must be finite"),
        (lambda: conformal_radius(np.ones((9, 1)), 0.5), "residuals must have shape"),
        (lambda: block_bootstrap(np.ones((9, 2)), 2, 5, seed=0), "values must have shape"),
        (lambda: day_features(load_seattle_weather(), 1), "n_train must be a whole number of at least 2"),
        (
            lambda: fitted(epochs=1)[0].predict(np.ones((3, 4, 2)), np.ones((1, 1))),
            r"simple must have shape \(n_samples=3, horizon=1\), got \(1, 1\)",
        ),
        (
            lambda: Correction(small_network(), seed=0).predict(np.ones((3, 4, 2)), np.ones((3, 1))),
            "Correction is not fitted: call fit first",
        ),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("part", ["training", "validation"])
@pytest.mark.parametrize("horizon", [1, 3])
def test_a_simple_forecast_of_another_shape_is_refused(part, horizon):
    """Before anything is computed: (n, 1) less (n,) would be n x n numbers, (n, 3) less (n,) an error of NumPy."""
    rng = np.random.default_rng(0)
    windows = make_windows(rng.normal(size=(60, 2)), rng.normal(size=60), 4, horizon)
    simple = {"training": windows.y, "validation": windows.y} | {part: windows.y[:, 0]}
    model = Correction(small_network(), device="cpu", seed=0)
    with pytest.raises(ValueError, match=rf"simple must have shape \(n_samples={len(windows)}, horizon={horizon}\)"):
        model.fit(windows, simple["training"], windows, simple["validation"])
    assert model.trainer is None


def test_a_correction_is_trained_where_it_is_told(monkeypatch):
    told = []

    def trainer(*args, device, **settings):
        told.append(device)
        return Trainer(*args, device="cpu", **settings)

    monkeypatch.setattr("mlfa.series.weather.Trainer", trainer)
    train, validation = made_windows()
    simple = [part.X[:, -1, :1] for part in (train, validation)]
    for device in ("cuda", "auto"):
        Correction(small_network(), device=device, seed=0).fit(train, simple[0], validation, simple[1], epochs=1)
    assert told == ["cuda", "auto"]
