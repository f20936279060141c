"""Softmax, cross-entropy and the three shapes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from torch import nn

from mlfa.tabular import softmax as classes
from mlfa.datasets import SHAPE_NAMES, make_three_shapes, shape_densities
from mlfa.datasets.shapes import shape_points

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


def test_one_hot_refuses() -> None:
    for y in (np.array([0, 3]), np.array([-1, 0]), np.array([0.0, 1.0]), np.array([[0, 1]])):
        with pytest.raises(ValueError, match="y must be whole numbers from 0 to 2"):
            classes.one_hot(y, 3)


def test_three_shapes() -> None:
    X, y = make_three_shapes(50, 0.1, seed=0)
    assert X.shape == (150, 2) and np.bincount(y).tolist() == [50, 50, 50]
    np.testing.assert_array_equal(X, make_three_shapes(50, 0.1, seed=0)[0])
    exact, labels = make_three_shapes(30, 0.0, seed=1)
    t = np.linspace(0, 1, 20001)
    for k, name in enumerate(SHAPE_NAMES):
        curve = shape_points(name, t)
        distances = np.sqrt(((exact[labels == k][:, None] - curve) ** 2).sum(-1)).min(axis=1)
        assert distances.max() < 1e-3
    with pytest.raises(ValueError, match="noise must not be negative"):
        make_three_shapes(5, -1, seed=0)
    with pytest.raises(ValueError, match="name must be one of arch, cup, ring"):
        shape_points("square", t)


def test_densities_are_highest_on_their_own_shape() -> None:
    for k, name in enumerate(SHAPE_NAMES):
        points = shape_points(name, np.linspace(0.05, 0.95, 2500))
        density = shape_densities(points, 0.1)
        assert density.shape == (2500, 3)
        assert np.mean(density.argmax(axis=1) == k) > 0.99
    with pytest.raises(ValueError, match="noise must be positive"):
        shape_densities(np.zeros((1, 2)), 0)
