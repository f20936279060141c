"""The MLP has the layers it is asked for, with weights that only the generator chooses."""

from __future__ import annotations

import copy
import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from mlfa.training.mlp import ACTIVATIONS, MLP, Dropout, count_parameters


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@settings(max_examples=25)
@given(
    st.integers(1, 9), st.lists(st.integers(1, 12), max_size=3), st.integers(1, 5), st.sampled_from(list(ACTIVATIONS))
)
def test_shape_and_parameter_count(n_in, hidden, n_out, activation):
    model = MLP(n_in, hidden, n_out, activation, generator=generator())
    assert model(torch.zeros(7, n_in)).shape == (7, n_out)
    sizes = [n_in, *hidden, n_out]
    expected = sum((a + 1) * b for a, b in itertools.pairwise(sizes))
    assert count_parameters(model) == expected


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_forward_is_written_out(activation):
    model = MLP(3, [5, 4], 2, activation, generator=generator())
    X = torch.randn(6, 3, generator=generator(1))
    linear = [layer for layer in model.layers if isinstance(layer, nn.Linear)]
    phi = ACTIVATIONS[activation]()
    by_hand = X
    for layer in linear[:-1]:
        by_hand = phi(by_hand @ layer.weight.T + layer.bias)
    by_hand = by_hand @ linear[-1].weight.T + linear[-1].bias
    torch.testing.assert_close(model(X), by_hand)


def test_generator_decides_and_global_state_is_untouched():
    before = torch.get_rng_state()
    first, again, other = (MLP(4, [8], 1, generator=generator(seed)) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    for a, b, c in zip(first.parameters(), again.parameters(), other.parameters(), strict=True):
        assert torch.equal(a, b)
        assert a.ndim == 1 or not torch.equal(a, c)


@pytest.mark.parametrize(
    ("activation", "variance"), [("relu", 2 / 400), ("gelu", 2 / 400), ("tanh", 2 / 700), ("sigmoid", 2 / 700)]
)
def test_spread_of_the_first_weights(activation, variance):
    """He: 2 / inputs. Glorot: 2 / (inputs + outputs)."""
    layer = MLP(400, [300], 1, activation, generator=generator()).layers[0]
    assert layer.weight.var().item() == pytest.approx(variance, rel=0.03)
    assert torch.all(layer.bias == 0)


def test_unknown_activation_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"relu, leaky_relu, gelu, tanh, sigmoid, got 'swish'"):
        MLP(3, [4], 1, "swish", generator=generator())


@pytest.mark.parametrize(
    "sizes", [(0, [4], 1), (3, [0], 1), (3, [4, -1], 1), (3, [4], 0), (3, [2.5], 1), (True, [4], 1)]
)
def test_bad_sizes(sizes):
    with pytest.raises(ValueError, match="size of a layer must be a whole number"):
        MLP(*sizes, generator=generator())


def test_dropout_scales_what_it_keeps():
    layer = Dropout(0.3, generator=generator())
    X = torch.ones(400, 300)
    out = layer(X)
    np.testing.assert_allclose(out.unique().numpy(), [0, 1 / 0.7], rtol=1e-6)
    assert (out == 0).float().mean().item() == pytest.approx(0.3, abs=0.01)
    assert torch.equal(layer.eval()(X), X)


def test_dropout_in_the_network():
    model = MLP(3, [50, 50], 1, dropout=0.5, generator=generator())
    plain = MLP(3, [50, 50], 1, generator=generator())
    assert sum(isinstance(layer, Dropout) for layer in model.layers) == 2
    assert isinstance(model.layers[-1], nn.Linear)
    X = torch.randn(5, 3, generator=generator(2))
    assert not torch.equal(model(X), model(X))
    torch.testing.assert_close(model.eval()(X), plain(X))
    copied = copy.deepcopy(model)
    assert torch.equal(copied.train()(X), model.train()(X))


@pytest.mark.parametrize("share", [-0.1, 1.0, 2])
def test_dropout_share_must_be_a_share(share):
    with pytest.raises(ValueError, match="share of dropout"):
        Dropout(share, generator=generator())
