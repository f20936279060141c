"""Data, checks, splits, standardizing and metrics."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn import metrics as sk
from sklearn.preprocessing import StandardScaler

from mlfa.book.checks import (
    check_classes,
    check_count,
    check_features,
    check_matrix,
    check_positive,
    check_shapes,
    check_varies,
    check_vector,
)
from mlfa.datasets import DataFileError, _files, load_california_housing
from mlfa.datasets.california import FILE, SHA256
from mlfa.scoring.metrics import accuracy, confusion_matrix, mae, r2, rmse
from mlfa.scoring.splitting import apply_split, split_indices, split_spatial_blocks
from mlfa.tabular.features import Clipper, quadratic_features
from mlfa.tabular.standardizing import Standardizer

vectors = hnp.arrays(float, st.integers(2, 30), elements=st.floats(-1e3, 1e3))


def test_california_equals_scikit_learn_definition() -> None:
    # scikit-learn downloads the same StatLib columns and derives its features so.
    raw = pd.read_csv(io.BytesIO(gzip.decompress((_files.DATA / FILE).read_bytes())))
    table = load_california_housing()
    assert table.X.shape == (20640, 8) and table.y.shape == (20640,)
    assert table.feature_names == (
        "MedInc",
        "HouseAge",
        "AveRooms",
        "AveBedrms",
        "Population",
        "AveOccup",
        "Latitude",
        "Longitude",
    )
    assert len(table.feature_units) == len(table.feature_meanings) == 8
    expected = raw[["median_income", "housing_median_age", "total_rooms", "total_bedrooms", "population"]].to_numpy(
        float
    )
    households = raw["households"].to_numpy(float)
    np.testing.assert_allclose(table.X[:, :2], expected[:, :2], rtol=0, atol=1e-12)
    np.testing.assert_allclose(table.X[:, 2], expected[:, 2] / households, rtol=0, atol=1e-12)
    np.testing.assert_allclose(table.X[:, 3], expected[:, 3] / households, rtol=0, atol=1e-12)
    np.testing.assert_allclose(table.X[:, 5], expected[:, 4] / households, rtol=0, atol=1e-12)
    np.testing.assert_allclose(table.y, raw["median_house_value"] / 100000, rtol=0, atol=1e-12)
    # The first row as scikit-learn's documentation of the data set prints it.
    np.testing.assert_allclose(table.X[0], [8.3252, 41, 6.98412698, 1.02380952, 322, 2.55555556, 37.88, -122.23])
    assert table.y[0] == pytest.approx(4.526)


def test_column_by_name() -> None:
    table = load_california_housing()
    np.testing.assert_array_equal(table.column("Latitude"), table.X[:, 6])
    with pytest.raises(ValueError, match=r"name must be one of .*MedInc.* got 'Income'"):
        table.column("Income")


@pytest.mark.parametrize("damage", [lambda b: b[:-100], lambda b: b[:50] + b"x" + b[51:], lambda b: b""])
def test_a_damaged_file_is_refused_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage) -> None:
    good = (_files.DATA / FILE).read_bytes()
    monkeypatch.setattr(_files, "DATA", tmp_path)
    (tmp_path / FILE).write_bytes(damage(good))
    with pytest.raises(DataFileError) as error:
        load_california_housing()
    message = str(error.value)
    assert FILE in message and SHA256 in message and "pip install" in message
    found = message.split("its sha256 is ")[1].split(",")[0]
    assert len(found) == 64 and found != SHA256
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    (tmp_path / FILE).write_bytes(good)
    assert len(load_california_housing().y) == 20640, "a repaired file is read again"


def test_a_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_files, "DATA", tmp_path)
    with pytest.raises(DataFileError, match="is missing"):
        load_california_housing()


def test_the_package_does_not_shadow_the_standard_library() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import code, mlfa, sys; print(code.__file__); assert 'torch' not in sys.modules"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "lib" in done.stdout.lower(), done.stderr


@given(n=st.integers(10, 200), seed=st.integers(0, 99), shuffle=st.booleans())
def test_a_split_parts_all_rows(n: int, seed: int, shuffle: bool) -> None:
    split = split_indices(n, seed=seed, shuffle=shuffle)
    assert sorted(np.concatenate(split)) == list(range(n))
    assert abs(len(split.train) - 0.6 * n) <= 1 and abs(len(split.test) - 0.2 * n) <= 1
    again = split_indices(n, seed=seed, shuffle=shuffle)
    assert all(np.array_equal(a, b) for a, b in zip(split, again, strict=True))
    if not shuffle:
        assert list(np.concatenate(split)) == list(range(n))


def test_another_seed_is_another_split() -> None:
    assert not np.array_equal(split_indices(100, seed=0).train, split_indices(100, seed=1).train)


@pytest.mark.parametrize("fractions", [(0.6, 0.2, 0.3), (0.6, 0.4, 0.0), (1.2, -0.1, -0.1), (0.5, 0.5)])
def test_fractions_that_do_not_fit(fractions) -> None:
    with pytest.raises(ValueError, match="fractions must be three positive numbers"):
        split_indices(100, fractions=fractions, seed=0)
    with pytest.raises(ValueError, match="fractions must be three positive numbers"):
        split_spatial_blocks(np.arange(9.0), np.arange(9.0), fractions=fractions, seed=0)


def test_an_empty_part() -> None:
    with pytest.raises(ValueError, match="part is empty"):
        split_indices(2, seed=0)
    with pytest.raises(ValueError, match="part is empty"):
        split_spatial_blocks(np.zeros(50), np.zeros(50), seed=0)


@given(seed=st.integers(0, 50))
def test_a_block_stays_in_one_part(seed: int) -> None:
    rng = np.random.default_rng(seed)
    latitude, longitude = rng.uniform(32, 42, 400), rng.uniform(-124, -114, 400)
    split = split_spatial_blocks(latitude, longitude, seed=seed, block_size=2.0)
    assert sorted(np.concatenate(split)) == list(range(400))
    blocks = [{(a // 2, b // 2) for a, b in zip(latitude[r], longitude[r], strict=True)} for r in split]
    assert not blocks[0] & blocks[1] and not blocks[0] & blocks[2] and not blocks[1] & blocks[2]


def test_a_place_on_a_border_belongs_to_its_own_square() -> None:
    """34.07 / 0.01 is a hair below 3407, which must not join it with 34.06."""
    latitude = np.repeat([34.06, 34.07, 35.0, 36.0, 37.0], 10)
    splits = [split_spatial_blocks(latitude, np.zeros(50), seed=seed, block_size=0.01) for seed in range(20)]
    assert any({34.06, 34.07} & {*latitude[split.train]} in ({34.06}, {34.07}) for split in splits)


def test_lengths_that_differ() -> None:
    with pytest.raises(ValueError, match="latitude has 5, longitude has 4"):
        split_spatial_blocks(np.zeros(5), np.zeros(4), seed=0)
    with pytest.raises(ValueError, match="array 0 has 10, array 1 has 9"):
        apply_split(split_indices(10, seed=0), np.zeros((10, 2)), np.zeros(9))
    with pytest.raises(ValueError, match="10 rows that were split, got 12"):
        apply_split(split_indices(10, seed=0), np.zeros(12))


def test_apply_split_keeps_rows_together() -> None:
    X = np.arange(40).reshape(20, 2)
    train, validation, test = apply_split(split_indices(20, seed=3), X, np.arange(20), name="twenty rows")
    parts = [train, validation, test.open("to count its rows")]
    for X_part, y_part in parts:
        np.testing.assert_array_equal(X_part[:, 0], 2 * y_part)
    assert sorted(np.concatenate([y for _, y in parts])) == list(range(20))


@pytest.mark.parametrize("shuffled", [False, True])
def test_apply_split_counts_the_rows_of_a_table_of_pandas(shuffled: bool) -> None:
    """Square brackets of pandas look for labels, which a shuffle or a filter leaves out of order."""
    table = pd.DataFrame({"a": np.arange(10.0), "y": 2 * np.arange(10.0)})
    table = table.sample(frac=1, random_state=0) if shuffled else table[table.a != 2]
    parts = apply_split(split_indices(len(table), seed=0), table[["a"]].to_numpy(), table["y"], table)
    train, validation, test = (*parts[:2], parts[2].open("to compare the rows"))
    for X, y, rows in (train, validation, test):
        np.testing.assert_array_equal(2 * X[:, 0], y)
        np.testing.assert_array_equal(rows["y"], y)
    assert sorted(np.concatenate([train[1], validation[1], test[1]])) == sorted(table["y"])


def test_the_test_part_of_a_split_is_sealed(capsys: pytest.CaptureFixture[str]) -> None:
    split = split_indices(20, seed=3)
    *_, test = apply_split(split, np.arange(20), name="one array")
    with pytest.raises(TypeError, match="'one array' is sealed"):
        next(iter(test))
    assert len(test) == 4
    np.testing.assert_array_equal(test.open("to see its rows"), split.test)
    assert "one array, 4 samples. Reason: to see its rows" in capsys.readouterr().out
    with pytest.raises(TypeError, match="'test rows' is sealed"):
        apply_split(split, np.arange(20))[2][0]


def test_standardizer_equals_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    X, X_new = rng.normal(3, 5, (50, 4)), rng.normal(size=(7, 4))
    ours, theirs = Standardizer().fit(X), StandardScaler().fit(X)
    np.testing.assert_allclose(ours.transform(X_new), theirs.transform(X_new), atol=1e-12)
    np.testing.assert_allclose(ours.inverse_transform(ours.transform(X_new)), X_new, atol=1e-12)


def test_standardizer_refuses() -> None:
    scaler = Standardizer()
    for call in (scaler.transform, scaler.inverse_transform):
        with pytest.raises(ValueError, match="Standardizer is not fitted: call fit first"):
            call(np.ones((2, 2)))
    with pytest.raises(ValueError, match=r"X must vary, got constant columns \[1\]"):
        scaler.fit(np.column_stack([np.arange(5), np.full(5, 0.1)]))
    scaler.fit(np.random.default_rng(0).normal(size=(5, 2)))
    for columns in (1, 3):  # a single one would stretch over both
        for call in (scaler.transform, scaler.inverse_transform):
            with pytest.raises(ValueError, match=f"2 features seen by fit, got {columns}"):
                call(np.ones((4, columns)))


def test_metrics_equal_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    y, y_pred = rng.normal(size=100), rng.normal(size=100)
    assert rmse(y, y_pred) == pytest.approx(sk.root_mean_squared_error(y, y_pred), rel=1e-12)
    assert r2(y, y_pred) == pytest.approx(sk.r2_score(y, y_pred), rel=1e-12)
    assert mae(y, y_pred) == pytest.approx(sk.mean_absolute_error(y, y_pred), rel=1e-12)
    assert mae(y.reshape(20, 5), y_pred.reshape(20, 5)) == pytest.approx(mae(y, y_pred), rel=1e-12)
    a, b = rng.integers(3, size=50), rng.integers(3, size=50)
    assert accuracy(a, b) == np.mean(a == b)
    assert confusion_matrix(a, b)[1, 2] == np.sum((a == 1) & (b == 2))


@given(vectors)
def test_laws_of_the_metrics(y: np.ndarray) -> None:
    assert rmse(y, y) == 0
    assert rmse(y, y + 2) == pytest.approx(2)
    if np.ptp(y) > 1e-3:
        assert r2(y, y) == 1
        assert r2(y, np.full(len(y), y.mean())) == pytest.approx(0, abs=1e-6)


def test_metrics_refuse_what_would_broadcast() -> None:
    y = np.arange(3.0)
    for metric in (rmse, r2):
        with pytest.raises(ValueError, match=r"y_pred must have shape \(n_samples,\)"):
            metric(y, y[:, None])
        with pytest.raises(ValueError, match="y has 3, y_pred has 2"):
            metric(y, y[:2])
    with pytest.raises(ValueError, match=r"y_pred must have shape \(3,\), got \(3, 1\)"):
        mae(y, y[:, None])
    with pytest.raises(ValueError, match=r"y must have shape .* and not be empty"):
        mae([], [])
    for constant in (1.0, 0.1):  # the mean of ten times 0.1 is not quite 0.1
        with pytest.raises(ValueError, match="y must vary"):
            r2(np.full(10, constant), np.arange(10.0))
    with pytest.raises(ValueError, match="y has 3, y_pred has 2"):
        accuracy(np.zeros(3, dtype=int), np.zeros(2, dtype=int))


def test_bytes_do_not_wrap_around() -> None:
    """As bytes, 1 - 3 is 254."""
    y, y_pred = np.array([1, 9], dtype=np.uint8), np.array([3, 9], dtype=np.uint8)
    assert rmse(y, y_pred) == pytest.approx(np.sqrt(2)) and mae(y, y_pred) == 1
    assert quadratic_features(np.array([[100]], dtype=np.uint8)).tolist() == [[100, 10_000]]


class Fitted:
    mean = np.zeros(2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: check_matrix("X", np.ones(3)), "X must have shape"),
        (lambda: check_matrix("X", [[np.nan]]), "X must be finite, got 1"),
        (lambda: check_vector("y", []), "y must have shape"),
        (lambda: check_vector("y", [np.inf]), "y must be finite"),
        (lambda: check_positive("learning_rate", 0), "learning_rate must be a positive number, got 0"),
        (lambda: check_count("epochs", 1.5), "epochs must be a whole number of at least 1, got 1.5"),
        (lambda: check_count("epochs", True), "epochs must be a whole number"),
        (lambda: check_shapes(X=(np.ones(3), "n d")), r"X must have shape \(n, d\), got \(3,\)"),
        (lambda: check_shapes(X=(np.ones((3, 2)), "n d"), w=(np.ones(3), "d")), r"w must have shape \(d=2,\)"),
        (lambda: check_shapes(X=(np.ones((3, 2)), "n 4")), r"X must have shape \(n, 4\), got \(3, 2\)"),
        (lambda: check_shapes(X=(5.0, "n")), r"X must have shape \(n,\), got \(\)"),
        (lambda: check_shapes(X=(np.ones((0, 2)), "...")), r"X must have shape \(...\) and not be empty"),
        (lambda: check_shapes(K=(np.ones(3), "... k d")), r"K must have shape \(..., k, d\), got \(3,\)"),
        (lambda: check_varies("y", np.full(3, 0.1)), "y must vary, got a constant"),
        (lambda: check_classes(y=["a"]), "y must hold class numbers, whole and from 0 on, got <U1"),
        (lambda: check_features(Fitted, "mean", np.ones((3, 1))), "2 features seen by fit, got 1"),
    ],
)
def test_checks_name_the_argument(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_quadratic_features_and_clipping() -> None:
    X = np.array([[2.0, 3.0], [4.0, 5.0]])
    np.testing.assert_array_equal(quadratic_features(X)[0], [2, 3, 4, 6, 9])
    assert quadratic_features(np.ones((1, 8))).shape == (1, 44)
    train = np.arange(101.0)[:, None]
    clipper = Clipper(share=0.1).fit(train)
    np.testing.assert_array_equal(clipper.transform(np.array([[-50.0], [50.0], [500.0]])), [[10], [50], [90]])
    with pytest.raises(ValueError, match="share must be"):
        Clipper(share=0.5)
    with pytest.raises(ValueError, match="call fit first"):
        Clipper(share=0.1).transform(train)
    with pytest.raises(ValueError, match="1 features seen by fit, got 2"):
        clipper.transform(X)
