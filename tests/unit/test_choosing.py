"""Folds, bootstrap and penalties equal the libraries', and the figures of choosing show their data."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap
from sklearn import linear_model
from sklearn.base import clone
from sklearn.dummy import DummyRegressor
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, PredefinedSplit, cross_val_predict
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from mlfa.diagrams import folds_diagram
from mlfa.exercises import check_nested_rmse
from mlfa.plotting import draws_panels, error_parts, interval_rows, penalty_curves, weight_paths
from mlfa.scoring import folds as folds_module
from mlfa.scoring.bootstrap import bootstrap_means
from mlfa.scoring.folds import Fold, cross_predict, group_folds, k_folds
from mlfa.tabular.penalties import lasso, ridge, soft_threshold


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture
def data() -> tuple[np.ndarray, np.ndarray]:
    """Correlated columns and a target, all with mean zero; the columns have unit spread."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 6)) @ rng.normal(size=(6, 6))
    y = X @ [1.0, -2.0, 0.5, 0.0, 0.0, 0.3] + rng.normal(size=80)
    return (X - X.mean(axis=0)) / X.std(axis=0), y - y.mean()


@given(n_samples=st.integers(2, 60), data=st.data(), seed=st.integers(0, 99))
def test_folds_equal_scikit_learn(n_samples: int, data, seed: int) -> None:
    n_folds = data.draw(st.integers(2, n_samples))
    ours = k_folds(n_samples, n_folds, seed=seed)
    order = np.random.default_rng(seed).permutation(n_samples)
    theirs = KFold(n_folds).split(order)  # of the rows in our order
    for fold, (train, held_out) in zip(ours, theirs, strict=True):
        assert fold.train.tolist() == sorted(order[train]) and fold.held_out.tolist() == sorted(order[held_out])


def test_folds_equal_scikit_learns_with_its_generator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folds_module.np.random, "default_rng", np.random.RandomState)
    groups = np.random.RandomState(7).choice(["a", "b", "c", "d", "e", "f", "g"], size=50)
    for seed in range(5):
        pairs = [(k_folds(50, 4, seed=seed), KFold(4, shuffle=True, random_state=seed).split(groups))]
        library = GroupKFold(3, shuffle=True, random_state=seed)
        pairs.append((group_folds(groups, 3, seed=seed), library.split(groups, groups=groups)))
        for ours, theirs in pairs:
            for (train, held_out), (a, b) in zip(ours, theirs, strict=True):
                np.testing.assert_array_equal(train, a)
                np.testing.assert_array_equal(held_out, b)


@given(seed=st.integers(0, 99))
def test_no_group_is_on_both_sides(seed: int) -> None:
    groups = np.random.default_rng(seed).integers(0, 9, size=40) * 1000.5
    n_folds = min(4, len(np.unique(groups)))
    found = group_folds(groups, n_folds, seed=seed)
    assert sorted(np.concatenate([fold.held_out for fold in found])) == list(range(40))
    for train, held_out in found:
        assert not set(groups[train]) & set(groups[held_out]) and len(train) + len(held_out) == 40


def test_predictions_equal_scikit_learns(data) -> None:
    X, y = data
    model = make_pipeline(StandardScaler(), linear_model.RidgeCV(alphas=[0.1, 1, 10]))  # chooses within: nested
    found = k_folds(len(y), 5, seed=1)
    np.testing.assert_allclose(cross_predict(model, X, y, found), cross_val_predict(model, X, y, cv=found))


def test_folds_refuse(data) -> None:
    X, y = data
    for n_folds in (0, 1, 11):
        with pytest.raises(ValueError, match="n_folds must be from 2 to 10, got"):
            k_folds(10, n_folds, seed=0)
    found = k_folds(len(y), 4, seed=0)
    for wrong in (found[:-1], [*found, found[0]], [Fold(f.held_out, f.train) for f in found]):
        with pytest.raises(ValueError, match="folds must hold out each of the 80 rows once"):
            cross_predict(linear_model.LinearRegression(), X, y, wrong)


def test_bootstrap_agrees_with_scipy() -> None:
    values = np.random.default_rng(3).exponential(size=200)
    ours = np.quantile(bootstrap_means(values, 4000, seed=0), [0.025, 0.975])
    theirs = bootstrap((values,), np.mean, method="percentile", n_resamples=4000, rng=np.random.default_rng(5))
    np.testing.assert_allclose(ours, theirs.confidence_interval, rtol=0.02)


def test_groups_are_drawn_as_wholes() -> None:
    values = np.array([1.0, 1.0, 1.0, 7.0, 7.0, 4.0])
    means = bootstrap_means(values, 500, seed=0, groups=np.array(["a", "a", "a", "b", "b", "c"]))
    # Three of the groups with sums 3, 14, 4 and sizes 3, 2, 1, with repetition.
    possible = {
        round((3 * a + 14 * b + 4 * c) / (3 * a + 2 * b + c), 9)
        for a in range(4)
        for b in range(4 - a)
        for c in [3 - a - b]
    }
    assert set(means.round(9)) == possible
    single = bootstrap_means(values, 500, seed=0, groups=np.arange(6))
    np.testing.assert_array_equal(single, bootstrap_means(values, 500, seed=0))


def test_groups_that_are_alike_inside_widen_the_interval() -> None:
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(20), 25)
    values = rng.normal(size=20)[groups] + 0.1 * rng.normal(size=500)
    rows, wholes = bootstrap_means(values, 400, seed=1), bootstrap_means(values, 400, seed=1, groups=groups)
    assert 3 < wholes.std() / rows.std() < 7  # the root of 25 is 5


def test_bootstrap_refuses() -> None:
    with pytest.raises(ValueError, match="values must have shape"):
        bootstrap_means(np.ones((3, 1)), 5, seed=0)
    with pytest.raises(ValueError, match=r"groups must have shape \(n=3\), got \(2,\)|groups must have shape"):
        bootstrap_means(np.ones(3), 5, seed=0, groups=np.zeros(2))


def test_ridge_equals_scikit_learn(data) -> None:
    X, y = data
    penalties = np.array([0.01, 0.5, 10.0])
    for w, penalty in zip(ridge(X, y, penalties), penalties, strict=True):
        np.testing.assert_allclose(w, linear_model.Ridge(alpha=len(y) * penalty).fit(X, y).coef_, atol=1e-10)
    np.testing.assert_allclose(ridge(X, y, [0.0])[0], linear_model.LinearRegression().fit(X, y).coef_)


@pytest.mark.parametrize("stretch", [1.0, 1.7])  # columns need not have exactly unit spread
def test_lasso_equals_scikit_learn(data, stretch: float) -> None:
    X, y = data
    X = stretch * X
    penalties = np.array([5.0, 1.0, 0.1, 0.01])
    for w, penalty in zip(lasso(X, y, penalties, tolerance=1e-10), penalties, strict=True):
        library = linear_model.Lasso(alpha=penalty / 2, tol=1e-12, max_iter=100_000).fit(X, y)
        np.testing.assert_allclose(w, library.coef_, atol=1e-6)
        assert ((w == 0) == (library.coef_ == 0)).all()


def test_the_order_of_the_penalties_does_not_matter(data) -> None:
    X, y = data
    penalties = np.array([0.3, 3.0, 0.03])
    np.testing.assert_allclose(lasso(X, y, penalties)[::-1], lasso(X, y, penalties[::-1]), atol=1e-5)


@given(c=st.floats(-5, 5), width=st.floats(0, 3))
def test_the_soft_threshold_is_the_lowest_point(c: float, width: float) -> None:
    w = float(soft_threshold(c, width))
    around = w + np.linspace(-1, 1, 401)
    assert (
        -2 * c * w + w**2 + 2 * width * abs(w) <= np.min(-2 * c * around + around**2 + 2 * width * abs(around)) + 1e-12
    )


def test_penalties_refuse(data) -> None:
    X, y = data
    for method in (ridge, lasso):
        with pytest.raises(ValueError, match="X and y must have mean zero"):
            method(X + 1, y, [1.0])
        with pytest.raises(ValueError, match="X and y must have mean zero"):
            method(X, y + 1, [1.0])
        with pytest.raises(ValueError, match="y must have shape"):
            method(X, y[:, None], [1.0])
    with pytest.raises(ValueError, match="the weights still move after 2 rounds"):
        lasso(X, y, [0.001], most_rounds=2)


def test_the_folds_diagram_holds_each_part_out_once() -> None:
    (ax,) = folds_diagram(4).axes
    words = [text.get_text() for text in ax.texts]
    assert words.count("judge") == 4 and words.count("fit") == 12
    assert {f"{word} {k}" for word in ("round", "part") for k in range(1, 5)} <= set(words)
    places = [text.get_position() for text in ax.texts if text.get_text() == "judge"]
    assert len({x for x, _ in places}) == len({y for _, y in places}) == 4


def test_draws_and_their_mean_are_drawn() -> None:
    places = np.linspace(0, 1, 5)
    curves = {"a": np.arange(15.0).reshape(3, 5), "b": np.ones((3, 5))}
    first, second = draws_panels(np.ones(4), np.arange(4.0), places, curves, "x (m)", "y (m)").axes
    assert [ax.get_title() for ax in (first, second)] == ["a", "b"] and len(first.lines) == 4
    np.testing.assert_array_equal(first.lines[1].get_ydata(), curves["a"][1])
    np.testing.assert_array_equal(first.lines[-1].get_ydata(), curves["a"].mean(axis=0))
    assert first.lines[-1].get_linestyle() != first.lines[0].get_linestyle()
    assert second.get_xlabel() == "x (m)" and first.get_ylabel() == "y (m)"


def test_parts_stand_on_each_other() -> None:
    parts = {"one": {"noise": np.array([1.0, 1.0]), "bias²": np.array([2.0, 0.5])}, "two": {"noise": np.ones(2)}}
    first, second = error_parts(parts, "degree", "error", levels={"two": ("limit", 0.7)}).axes
    tops = [bar.get_y() + bar.get_height() for bar in first.patches]
    assert tops == [1.0, 1.0, 3.0, 1.5]
    assert len({bar.get_hatch() for bar in first.patches}) == 2, "color is not the only difference"
    assert not first.lines and second.lines[0].get_ydata()[0] == 0.7
    assert "limit" in [text.get_text() for text in second.get_legend().get_texts()]


def test_the_largest_weights_are_named() -> None:
    weights = np.array([[0.0, 3.0, -5.0, 1.0, 2.0], [9.0, 0.0, 0.0, 0.0, 0.0]])
    (ax,) = weight_paths({"ridge": weights}, np.array([0.1, 1.0]), "weight", names=list("abcde")).axes
    assert {text.get_text() for text in ax.texts} == {"b", "c", "e"} and len(ax.lines) == 5
    assert ax.get_xscale() == "log"


def test_the_smallest_error_is_marked() -> None:
    curves = {"a": np.array([3.0, 1.0, 2.0]), "b": np.array([1.0, 2.0, 3.0])}
    fig = penalty_curves(
        {"one": curves, "two": curves}, np.array([1.0, 10.0, 100.0]), "RMSE", floors={"mean": 2.5}, top=4
    )
    for ax in fig.axes:
        assert [line.get_markevery() for line in ax.lines[:2]] == [[1], [0]]
        assert ax.lines[2].get_ydata()[0] == 2.5 and ax.get_ylim()[1] == 4
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["a", "b", "mean"]


def test_no_penalty_is_drawn_beside_the_smallest() -> None:
    curves = {"a": np.array([3.0, 1.0, 2.0])}
    (ax,) = penalty_curves({"one": curves}, np.array([1.0, 0.01, 0.0]), "RMSE").axes
    np.testing.assert_allclose(ax.lines[0].get_xdata(), [1.0, 0.01, 0.001])
    labels = [label.get_text() for label in ax.get_xticklabels()]
    np.testing.assert_allclose(ax.get_xticks(), [0.001, 0.01, 1.0])
    assert labels[0] == "0" and len(labels) == 3


def test_intervals_are_drawn_with_their_middle() -> None:
    intervals = {
        "x": {"rows": (1.0, 2.0, 3.0), "squares": (0.0, 2.0, 4.0)},
        "y": {"rows": (-1, 0, 1), "squares": (-2, 0, 2)},
    }
    fig = interval_rows(intervals, "difference")
    (ax,) = fig.axes
    drawn = [tuple(line.get_xdata()) for line in ax.lines]
    assert drawn[:4] == [(1.0, 3.0), (2.0,), (0.0, 4.0), (2.0,)]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["x", "y"]
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["rows", "squares"]
    heights = [line.get_ydata()[0] for line in ax.lines[:8:2]]
    assert heights == sorted(heights, reverse=True) and len(set(heights)) == 4


def test_the_nested_exercise_asks_for_what_the_library_does() -> None:
    number = np.repeat(np.arange(4), 3)  # the part of each row
    candidates = [DummyRegressor(), linear_model.LinearRegression(), KNeighborsRegressor(1)]
    fits = [lambda X, y, model=model: clone(model).fit(X, y).predict for model in candidates]
    chosen = set()
    for seed in range(4):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(12, 2))
        y = X @ [0.4, -0.8] + rng.normal(size=12)
        y_pred = np.empty(12)
        for part in range(4):
            train = number != part
            search = GridSearchCV(
                Pipeline([("model", DummyRegressor())]),
                {"model": candidates},
                scoring="neg_mean_squared_error",
                cv=PredefinedSplit(number[train]),
            ).fit(X[train], y[train])
            chosen.add(type(search.best_params_["model"]).__name__)
            y_pred[~train] = search.predict(X[~train])
        parts = [np.flatnonzero(number == part) for part in range(4)]
        assert check_nested_rmse.reference(fits, X, y, parts) == pytest.approx(np.sqrt(np.mean((y_pred - y) ** 2)))
    assert len(chosen) == 3
