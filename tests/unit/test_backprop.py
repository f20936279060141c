"""The gradient by hand equals autograd and differences of the loss."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mlfa.tabular.backprop import backward, forward, initialize, mean_squared_error


def sample(n, d, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)), rng.normal(size=(n, 1))


@settings(max_examples=30)
@given(st.integers(1, 8), st.integers(1, 5), st.integers(1, 6), st.integers(0, 10_000))
def test_equals_autograd(n, d, h, seed):
    X, y = sample(n, d, seed)
    weights = initialize(d, h, seed=seed)
    rng = np.random.default_rng(seed + 1)
    weights = {name: value + 0.3 * rng.normal(size=value.shape) for name, value in weights.items()}
    tensors = {name: torch.tensor(value, requires_grad=True) for name, value in weights.items()}
    hidden = torch.tanh(torch.tensor(X) @ tensors["W1"] + tensors["b1"])
    y_pred = hidden @ tensors["W2"] + tensors["b2"]
    loss = torch.nn.functional.mse_loss(y_pred, torch.tensor(y))
    loss.backward()
    kept = forward(X, weights)
    np.testing.assert_allclose(kept["y_pred"], y_pred.detach().numpy(), rtol=1e-10, atol=1e-12)
    assert mean_squared_error(y, kept["y_pred"]) == pytest.approx(loss.item())
    for name, gradient in backward(X, y, weights).items():
        assert gradient.shape == weights[name].shape
        np.testing.assert_allclose(gradient, tensors[name].grad.numpy(), rtol=1e-8, atol=1e-10)


def test_equals_differences_of_the_loss():
    X, y = sample(6, 3, 0)
    weights, step = initialize(3, 4, seed=0), 1e-6
    gradient = backward(X, y, weights)
    for name, value in weights.items():
        for place in np.ndindex(value.shape):
            losses = []
            for sign in (1, -1):
                moved = {key: array.copy() for key, array in weights.items()}
                moved[name][place] += sign * step
                losses.append(mean_squared_error(y, forward(X, moved)["y_pred"]))
            assert gradient[name][place] == pytest.approx((losses[0] - losses[1]) / (2 * step), abs=1e-7)


def test_descent_learns_a_curve():
    X = np.linspace(-2, 2, 60)[:, None]
    y = np.sin(2 * X)
    weights = initialize(1, 20, seed=0)
    start = mean_squared_error(y, forward(X, weights)["y_pred"])
    for _ in range(3000):
        gradient = backward(X, y, weights)
        weights = {name: value - 0.1 * gradient[name] for name, value in weights.items()}
    assert mean_squared_error(y, forward(X, weights)["y_pred"]) < 0.05 * start


def test_initialize_is_reproducible_and_scaled():
    first, again, other = (initialize(400, 300, seed=seed) for seed in (0, 0, 1))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["W1"], other["W1"])
    assert first["W1"].std() == pytest.approx(1 / 20, rel=0.02)
    assert not first["b1"].any() and not first["b2"].any()


def test_vector_of_targets_is_an_error():
    X, y = sample(5, 2, 0)
    weights = initialize(2, 3, seed=0)
    for wrong in (y[:, 0], np.hstack([y, y]), y[:4]):
        with pytest.raises(ValueError, match=r"y must have shape \(n=5, 1\)"):
            backward(X, wrong, weights)
    with pytest.raises(ValueError, match=r"y_pred must have shape \(5,\), got \(5, 1\)"):
        mean_squared_error(y[:, 0], y)
