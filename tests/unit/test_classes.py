"""Softmax, cross-entropy and the three shapes."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from torch import nn

from mlfa.datasets import SHAPE_NAMES, make_three_shapes, shape_densities, shapes
from mlfa.tabular import linear
from mlfa.tabular import softmax as classes
from mlfa.tabular.backprop import mean_squared_error

TABULAR = Path(__file__).parents[2] / "chapters" / "tabular"
logits = hnp.arrays(float, st.tuples(st.integers(1, 6), st.integers(2, 5)), elements=st.floats(-500, 500))


@given(logits, st.floats(-100, 100))
def test_laws_of_softmax(Z: np.ndarray, shift: float) -> None:
    p = classes.softmax(Z)
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(classes.softmax(Z + shift), p, atol=1e-9)
    np.testing.assert_allclose(p, torch.softmax(torch.tensor(Z), 1).numpy(), atol=1e-12)


@given(logits, st.integers(0, 1000))
def test_cross_entropy_equals_torch(Z: np.ndarray, seed: int) -> None:
    y = np.random.default_rng(seed).integers(Z.shape[1], size=len(Z))
    z = torch.tensor(Z, requires_grad=True)
    loss = nn.functional.cross_entropy(z, torch.tensor(y))
    loss.backward()
    assert classes.cross_entropy(Z, y) == pytest.approx(loss.item(), abs=1e-10)
    np.testing.assert_allclose(classes.cross_entropy_gradient(Z, y), z.grad.numpy(), atol=1e-12)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.array([-1, 0]), "y must hold class numbers, whole and from 0 on, got -1"),  # NumPy would count from the end
        (np.array([0.0, 1.0]), "y must hold class numbers, whole and from 0 on, got float64"),
        (np.array([True, False]), "y must hold class numbers, whole and from 0 on, got bool"),
        (np.array([[0, 1]]), r"y must have shape \(n_samples,\), got \(1, 2\)"),
        (np.array([], dtype=int), r"y must have shape \(n_samples,\) and not be empty, got \(0,\)"),
        (np.array([0, 3]), "index 3 is out of bounds"),  # NumPy's own words
    ],
)
def test_one_hot_refuses(y: np.ndarray, message: str) -> None:
    with pytest.raises((ValueError, IndexError), match=message):
        classes.one_hot(y, 3)


@pytest.mark.parametrize("function", [classes.cross_entropy, classes.cross_entropy_gradient])
def test_cross_entropy_refuses(function) -> None:
    with pytest.raises(ValueError, match=r"y must have shape \(n=3,\), got \(1,\)"):
        function(np.zeros((3, 2)), np.array([1]))  # one class would stand for all three
    with pytest.raises(ValueError, match=r"Z must have shape \(n, K\) and not be empty, got \(0, 2\)"):
        function(np.zeros((0, 2)), np.array([], dtype=int))


def test_one_name_has_one_meaning() -> None:
    """`mean_squared_error` is of truth and prediction; the loss of weights has a name of its own."""
    assert list(inspect.signature(mean_squared_error).parameters) == ["y", "y_pred"]
    assert list(inspect.signature(linear.training_loss).parameters) == ["X", "y", "w"]
    assert not hasattr(linear, "mean_squared_error")


def test_three_shapes() -> None:
    X, y = make_three_shapes(50, noise=0.1, seed=0)
    assert X.shape == (150, 2) and np.bincount(y).tolist() == [50, 50, 50]
    np.testing.assert_array_equal(X, make_three_shapes(50, noise=0.1, seed=0)[0])
    exact, labels = make_three_shapes(30, noise=0.0, seed=1)
    t = np.linspace(0, 1, 20001)
    for k, name in enumerate(SHAPE_NAMES):
        curve = shapes._shape_points(name, t)
        distances = np.sqrt(((exact[labels == k][:, None] - curve) ** 2).sum(-1)).min(axis=1)
        assert distances.max() < 1e-3
    with pytest.raises(ValueError, match="scale < 0"):  # NumPy's own words
        make_three_shapes(5, noise=-1, seed=0)


def test_arch_and_cup_interlock() -> None:
    """No level line parts them, and each has an end inside the other: squares are not enough, cubes nearly are."""
    X, y = make_three_shapes(400, noise=0.12, seed=0)
    inside = y < 2
    level = max(np.mean((X[inside, 1] > c) == (y[inside] == 0)) for c in np.linspace(-1, 1, 41))
    assert level < 0.95
    arch, cup = (shapes._shape_points(name, np.linspace(0, 1, 200)) for name in ("arch", "cup"))
    assert arch[0, 1] < cup[0, 1] and cup[:, 1].min() < arch[0, 1] and arch[:, 1].max() > cup[-1, 1]
    assert abs(arch[0, 0] - 0.5) < 0.1 and abs(cup[-1, 0] + 0.5) < 0.1  # each foot is at the other's center
    scores = [
        make_pipeline(PolynomialFeatures(degree), StandardScaler(), LogisticRegression(C=100, max_iter=5000))
        .fit(X[:800], y[:800])
        .score(X[800:], y[800:])
        for degree in (1, 2, 3)
    ]
    assert scores[0] < 0.65 < 0.9 < scores[1] < 0.97 < 0.985 < scores[2]


def test_what_the_page_says_was_compared_is_a_claim_of_some_page() -> None:
    """The table of pairs in `classes.md` names these comparisons; whoever renames or drops one must look there."""
    pages = "".join(path.read_text(encoding="utf-8") for path in TABULAR.glob("*.md") if path.stem != "classes")
    for name in (
        "bending-clipping-helps-the-line",
        "bending-squares-help-when-clipped",
        "trees-forest-beats-line",
        "trees-forest-beats-tree",
        "trees-boosting-beats-forest",
        "training-network-beats-linear-models",
        "training-boosting-is-ahead",
    ):
        assert f'"{name}"' in pages, f"{name} is gone: mend the table of pairs in chapters/tabular/classes.md"


def test_densities_are_highest_on_their_own_shape() -> None:
    for k, name in enumerate(SHAPE_NAMES):
        points = shapes._shape_points(name, np.linspace(0.05, 0.95, 2500))
        density = shape_densities(points, noise=0.1)
        assert density.shape == (2500, 3)
        assert np.mean(density.argmax(axis=1) == k) > 0.99
    for noise in (0, -1):
        with pytest.raises(ValueError, match="noise must be a positive number"):
            shape_densities(np.zeros((1, 2)), noise=noise)
