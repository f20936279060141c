"""Every activation equals PyTorch's, and its derivative what autograd finds."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from mlfa.tabular import activations

PAIRS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "gelu": F.gelu,
    "silu": F.silu,
}
Z = np.linspace(-6, 6, 241)  # holds 0, where ReLU has its kink


@pytest.mark.parametrize("name", PAIRS)
def test_value_and_derivative_equal_torch(name):
    z = torch.tensor(Z, requires_grad=True)
    value = PAIRS[name](z)
    value.sum().backward()
    np.testing.assert_allclose(getattr(activations, name)(Z), value.detach().numpy(), rtol=1e-12, atol=1e-14)
    ours = getattr(activations, name + "_derivative")(Z)
    np.testing.assert_allclose(ours, z.grad.numpy(), rtol=1e-10, atol=1e-12)


def test_shape_is_kept():
    z = np.arange(-6.0, 6.0).reshape(2, 3, 2)
    functions = [thing for name, thing in vars(activations).items() if name.removesuffix("_derivative") in PAIRS]
    assert len(functions) == 12 and all(function(z).shape == z.shape for function in functions)


@given(st.floats(-1e6, 1e6))
def test_sigmoid_is_symmetric_and_never_overflows(z):
    with np.errstate(over="raise", invalid="raise"):
        assert 0 <= activations.sigmoid(z) <= 1
        assert activations.sigmoid(z) + activations.sigmoid(-z) == pytest.approx(1)


@given(st.floats(-20, 20))
def test_tanh_is_a_stretched_sigmoid(z):
    assert activations.tanh(z) == pytest.approx(2 * activations.sigmoid(2 * z) - 1, abs=1e-12)


def test_bounds_of_the_slopes():
    assert activations.sigmoid_derivative(Z).max() == 0.25
    assert activations.tanh_derivative(Z).max() == 1
    assert set(activations.relu_derivative(Z)) == {0.0, 1.0}
    assert activations.relu_derivative(0.0) == 0


@pytest.mark.parametrize("slope", [0.0, 0.2])
def test_leaky_relu_takes_its_slope(slope):
    np.testing.assert_allclose(
        activations.leaky_relu(Z, slope=slope), F.leaky_relu(torch.tensor(Z), negative_slope=slope).numpy()
    )
