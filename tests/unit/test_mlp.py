"""Layers and the MLP: what they compute, with numbers that only the generator chooses."""

from __future__ import annotations

import copy
import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from mlfa.images.augmentation import RandomShift
from mlfa.images.pixels import shift_images
from mlfa.training.layers import Dropout, LayerNorm, conv_layer, count_parameters, linear_layer
from mlfa.training.mlp import ACTIVATIONS, MLP


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@settings(max_examples=25)
@given(
    st.integers(1, 9), st.lists(st.integers(1, 12), max_size=3), st.integers(1, 5), st.sampled_from(list(ACTIVATIONS))
)
def test_shape_and_parameter_count(n_in, hidden, n_out, activation):
    model = MLP(n_in, hidden, n_out, activation=activation, generator=generator())
    assert model(torch.zeros(7, n_in)).shape == (7, n_out)
    sizes = [n_in, *hidden, n_out]
    expected = sum((a + 1) * b for a, b in itertools.pairwise(sizes))
    assert count_parameters(model) == expected


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_forward_is_written_out(activation):
    model = MLP(3, [5, 4], 2, activation=activation, generator=generator())
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
    layer = MLP(400, [300], 1, activation=activation, generator=generator()).layers[0]
    assert layer.weight.var().item() == pytest.approx(variance, rel=0.03)
    assert torch.all(layer.bias == 0)


def test_unknown_activation_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"relu, leaky_relu, gelu, silu, tanh, sigmoid, got 'swish'"):
        MLP(3, [4], 1, activation="swish", generator=generator())


@pytest.mark.parametrize(
    "sizes", [(0, [4], 1), (3, [0], 1), (3, [4, -1], 1), (3, [4], 0), (3, [2.5], 1), (True, [4], 1)]
)
def test_bad_sizes(sizes):
    with pytest.raises(ValueError, match=r"n_(inputs|outputs) must be a whole number"):
        MLP(*sizes, generator=generator())


@pytest.mark.parametrize(("init", "variance"), [("he", 2 / 400), ("xavier", 2 / 700)])
def test_first_weights_of_a_linear_layer(init, variance):
    layer = linear_layer(400, 300, init=init, generator=generator())
    assert layer.weight.var().item() == pytest.approx(variance, rel=0.03) and torch.all(layer.bias == 0)
    with pytest.raises(ValueError, match="init must be 'xavier' or 'he', got 'tanh'"):
        linear_layer(2, 2, init="tanh", generator=generator())


@pytest.mark.parametrize("kernel_size", [1, 3, 5])
def test_maps_are_as_large_as_images(kernel_size):
    layer = conv_layer(20, 30, kernel_size, generator=generator())
    assert layer(torch.zeros(2, 20, 7, 9)).shape == (2, 30, 7, 9)
    assert layer.weight.var().item() == pytest.approx(2 / (20 * kernel_size**2), rel=0.1)
    with pytest.raises(ValueError, match="kernel_size must be odd, got 2"):
        conv_layer(1, 1, 2, generator=generator())
    with pytest.raises(ValueError, match="n_outputs must be a whole number"):
        conv_layer(1, 0, 3, generator=generator())


def test_layers_do_not_touch_the_global_state():
    before = torch.get_rng_state()
    conv_layer(2, 3, 3, generator=generator())
    linear_layer(2, 3, init="he", generator=generator())
    Dropout(0.5, generator=generator())(torch.ones(9))
    RandomShift(2, generator=generator())(torch.ones(1, 1, 5, 5))
    assert torch.equal(torch.get_rng_state(), before)


def test_layer_norm_equals_torchs():
    X = 3 + 2 * torch.randn(4, 7, 5, generator=generator())
    torch.testing.assert_close(LayerNorm(5)(X), nn.LayerNorm(5)(X))


def test_a_printed_model_shows_its_settings():
    layers = [Dropout(0.3, generator=generator()), LayerNorm(16), RandomShift(2, generator=generator())]
    shown = str(nn.Sequential(*layers))
    for words in ("Dropout(share=0.3)", "LayerNorm(16, epsilon=1e-05)", "RandomShift(most=2)"):
        assert words in shown


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
    with pytest.raises(ValueError, match="share must be at least 0 and below 1"):
        Dropout(share, generator=generator())


# --- layers that draw


@pytest.mark.parametrize("make", [lambda g: Dropout(0.5, generator=g), lambda g: RandomShift(4, generator=g)])
def test_a_loaded_layer_goes_on_drawing_where_the_saved_one_stopped(make):
    X = torch.rand(3, 1, 9, 9, generator=generator(7))
    layer = make(generator(0))
    layer(X)  # some numbers are drawn already
    other = make(generator(1))
    other.load_state_dict(copy.deepcopy(layer.state_dict()))
    runs = [[one(X) for _ in range(5)] for one in (layer, other)]
    assert all(torch.equal(a, b) for a, b in zip(*runs, strict=True))
    assert not all(torch.equal(a, runs[0][0]) for a in runs[0])


def test_random_shift_moves_in_training_only():
    X = torch.rand(3, 2, 9, 9, generator=generator())
    layer, fresh = RandomShift(2, generator=generator()), generator()
    for _ in range(9):
        down, right = torch.randint(-2, 3, (2,), generator=fresh).tolist()
        assert torch.equal(layer(X), shift_images(X, down, right))
    state = layer.generator.get_state()
    layer.eval()
    assert layer(X) is X and torch.equal(layer.generator.get_state(), state)
    bytes_ = torch.full((1, 1, 4, 4), 7, dtype=torch.uint8)
    assert layer.train()(bytes_).dtype == torch.uint8
    with pytest.raises(ValueError, match="most must be a whole number of at least 0"):
        RandomShift(-1, generator=generator())
