"""Yes or no: logistic regression, rankings, impurities and calibration, against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.calibration import calibration_curve
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve as library_precision_recall
from sklearn.metrics import roc_auc_score
from sklearn.metrics import roc_curve as library_roc_curve
from sklearn.tree import DecisionTreeClassifier

from mlfa.scoring.calibration import reliability, temperature
from mlfa.scoring.ranking import precision_recall, roc_area, roc_curve
from mlfa.tabular.impurity import entropy, gini, split_impurities
from mlfa.tabular.linear import add_ones
from mlfa.tabular.logistic import binary_cross_entropy, newton
from mlfa.tabular.trees import grow, predict_tree, split_errors


def some_rows(seed=0, n=200, d=4):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, (X[:, 0] - 0.5 * X[:, 1] + rng.logistic(size=n) > 0.3).astype(int)


# Logistic regression --------------------------------------------------------------------


@given(hnp.arrays(float, 6, elements=st.floats(-800, 800)), hnp.arrays(int, 6, elements=st.integers(0, 1)))
def test_binary_cross_entropy_equals_torch(z, y):
    theirs = torch.nn.functional.binary_cross_entropy_with_logits(torch.tensor(z), torch.tensor(y, dtype=torch.double))
    assert binary_cross_entropy(z, y) == pytest.approx(theirs.item(), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("penalty", [0.0, 1e-4, 0.1])
@pytest.mark.parametrize("seed", range(3))
def test_newton_equals_the_library(seed, penalty):
    X, y = some_rows(seed)
    C = 1 / (2 * len(y) * penalty) if penalty else np.inf
    library = LogisticRegression(C=C, solver="newton-cholesky", tol=1e-12).fit(X, y)
    w = newton(add_ones(X), y, penalty=penalty).w
    np.testing.assert_allclose(w, np.append(library.intercept_, library.coef_), rtol=1e-7)


def test_copies_of_a_yes_are_the_library_s_class_weight():
    X, y = some_rows()
    copies = np.repeat(np.arange(len(y)), np.where(y == 1, 7, 1))
    weighted = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12, class_weight={1: 7.0}).fit(X, y)
    w = newton(add_ones(X[copies]), y[copies]).w
    np.testing.assert_allclose(w[1:], weighted.coef_[0], rtol=1e-7)


def test_the_loss_never_rises_even_where_full_steps_would_climb():
    """Nearly separable columns and a tiny penalty: whole steps of Newton overshoot."""
    table = load_breast_cancer()
    A, y = add_ones((table.data - table.data.mean(0)) / table.data.std(0)), 1 - table.target
    for seed in range(5):
        rows = np.random.default_rng(seed).permutation(len(y))[:300]
        path = newton(A[rows], y[rows], penalty=1e-6)
        assert np.diff(path.losses).max() < 0
        p = 1 / (1 + np.exp(-A[rows] @ path.w))
        slope = A[rows].T @ (p - y[rows]) / len(rows) + 2e-6 * np.append(0, path.w[1:])
        assert np.abs(slope).max() < 1e-9, "it ends at the bottom"


def test_on_separable_classes_the_weights_grow_without_a_penalty():
    X, y = np.array([[-2.0], [-1.0], [1.0], [3.0]]), np.array([0, 0, 1, 1])
    path = newton(add_ones(X), y, steps=12)
    assert len(path.losses) == 13 and path.losses[-1] < 1e-4
    assert np.all(np.diff(np.linalg.norm(path.weights, axis=1)) > 0)
    assert len(newton(add_ones(X), y, penalty=0.1).losses) < 12


@pytest.mark.parametrize("y", [[-1, 1, 1], [0, 1, 2], [0.5, 1, 0]])
def test_targets_that_are_no_yes_or_no_are_refused(y):
    with pytest.raises(ValueError, match="y must hold 1 for yes and 0 for no"):
        newton(np.ones((3, 1)), np.array(y))
    with pytest.raises(ValueError, match="y must hold 1 for yes and 0 for no"):
        binary_cross_entropy(np.zeros(3), np.array(y))


def test_a_penalty_needs_a_bias_that_it_spares():
    X, y = some_rows()
    with pytest.raises(ValueError, match="X must begin with a column of ones"):
        newton(X, y, penalty=0.1)
    with pytest.raises(ValueError, match="X must be finite"):
        newton(np.full((2, 1), np.nan), np.array([0, 1]))
    with pytest.raises(ValueError, match=r"y must have shape \(n=3,\), got \(3, 1\)"):
        binary_cross_entropy(np.zeros(3), np.zeros((3, 1)))


# Rankings -------------------------------------------------------------------------------

ranked = hnp.arrays(float, 12, elements=st.sampled_from([0.1, 0.2, 0.5, 0.9, 0.97]))  # many are equal


@given(ranked, st.integers(1, 2**12 - 2))
def test_rankings_equal_the_library(score, bits):
    y = np.array([bits >> k & 1 for k in range(12)])
    alarms, hits = roc_curve(y, score)
    np.testing.assert_allclose((alarms, hits), library_roc_curve(y, score, drop_intermediate=False)[:2], atol=1e-12)
    assert roc_area(y, score) == pytest.approx(roc_auc_score(y, score), abs=1e-12)
    assert roc_area(y, score) == pytest.approx(np.trapezoid(hits, alarms), abs=1e-12)
    precision, recall = precision_recall(y, score)
    theirs = library_precision_recall(y, score)  # the other way round, with an end of its own
    np.testing.assert_allclose((precision, recall), np.array(theirs[:2])[:, -2::-1], atol=1e-12)


@pytest.mark.parametrize("function", [roc_curve, roc_area, precision_recall])
def test_a_ranking_needs_both_answers(function):
    score = np.array([0.1, 0.4])
    for y in ([1, 1], [0, 0], [1, 2], [-1, 1]):
        with pytest.raises(ValueError, match="y must hold 1 for yes and 0 for no, at least one of each"):
            function(np.array(y), score)
    with pytest.raises(ValueError, match="score must be finite"):
        function(np.array([0, 1]), np.array([np.nan, 1]))
    with pytest.raises(ValueError, match=r"score must have shape \(n=2,\), got \(3,\)"):
        function(np.array([0, 1]), np.zeros(3))


# Impurities -----------------------------------------------------------------------------


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_impurities_are_the_losses_that_the_best_constant_leaves(p, q):
    squares, logs = p * (1 - q) ** 2 + (1 - p) * q**2, -p * np.log(q) - (1 - p) * np.log(1 - q)
    assert gini(p) / 2 <= squares + 1e-12 and entropy(p) <= logs + 1e-12
    assert gini(p) / 2 == pytest.approx(p * (1 - p)) and gini(p) == pytest.approx(1 - p**2 - (1 - p) ** 2)


def test_a_split_by_gini_is_a_split_by_squared_error():
    X, y = some_rows(n=60)
    x = np.round(X[:, 0], 1)  # with equal values
    thresholds, mixed = split_impurities(x, y, gini)
    expected = split_errors(x, y)
    np.testing.assert_allclose(thresholds, expected[0])
    np.testing.assert_allclose(mixed * len(y) / 2, expected[1], atol=1e-10)


@pytest.mark.parametrize(("criterion", "impurity", "unit"), [("gini", gini, 1), ("entropy", entropy, np.log(2))])
@pytest.mark.parametrize("seed", range(3))
def test_the_best_split_is_the_library_s(criterion, impurity, unit, seed):
    X, y = some_rows(seed)
    library = DecisionTreeClassifier(criterion=criterion, max_depth=1).fit(X, y).tree_
    thresholds, mixed = split_impurities(X[:, library.feature[0]], y, impurity)
    assert thresholds[mixed.argmin()] == pytest.approx(library.threshold[0])
    theirs = library.impurity[1:] @ library.n_node_samples[1:] / len(y)
    assert mixed.min() == pytest.approx(theirs * unit)
    assert mixed.min() == pytest.approx(min(split_impurities(x, y, impurity)[1].min() for x in X.T))


def test_the_regression_tree_on_yes_and_no_is_the_library_s_classification_tree():
    for seed in range(3):
        X, y = some_rows(seed)
        ours = predict_tree(grow(X, y, max_depth=2), X)
        theirs = DecisionTreeClassifier(max_depth=2, random_state=0).fit(X, y).predict_proba(X)[:, 1]
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


# Calibration ----------------------------------------------------------------------------


def test_reliability_equals_the_library():
    rng = np.random.default_rng(0)
    p = rng.random(500)
    y = (rng.random(500) < p**2).astype(int)
    stated, counted = reliability(p, y, np.linspace(0, 1, 11)[1:-1])
    theirs = calibration_curve(y, p, n_bins=10)
    np.testing.assert_allclose((counted, stated), theirs, atol=1e-12)
    assert len(reliability(p[p < 0.3], y[p < 0.3], np.array([0.1, 0.5, 0.9]))[0]) == 2, "empty groups are left out"


def test_the_temperature_is_the_one_that_sharpened_the_truth():
    rng = np.random.default_rng(0)
    z = rng.normal(size=200_000)
    y = (rng.random(len(z)) < 1 / (1 + np.exp(-z))).astype(int)
    assert temperature(z, y) == pytest.approx(1, abs=0.02)
    assert temperature(5 * z, y) == pytest.approx(5, abs=0.1)
    around = [binary_cross_entropy(5 * z / T, y) for T in (4.5, temperature(5 * z, y), 5.5)]
    assert min(around) == around[1]


def test_no_temperature_turns_a_ranking_round():
    with pytest.raises(ValueError, match="z must be higher for a yes"):
        temperature(np.array([-1.0, 2.0, 1.0]), np.array([1, 0, 0]))
