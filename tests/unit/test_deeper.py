"""Batch normalization is the library's in both modes; blocks and heads are what they say."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from mlfa.images.blocks import AveragePool, BatchNorm, BlockNet, ResidualBlock
from mlfa.training.layers import conv_layer, count_parameters, linear_layer


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def normal(*shape, seed=0, spread=3.0, mean=1.0):
    return mean + spread * torch.randn(*shape, generator=generator(seed))


def twins(n_channels, momentum=0.1, epsilon=1e-5, seed=0):
    """Ours and the library's, with the same scale and shift, not the first ones."""
    ours = BatchNorm(n_channels, momentum=momentum, epsilon=epsilon)
    theirs = nn.BatchNorm2d(n_channels, momentum=momentum, eps=epsilon)
    with torch.no_grad():
        for a, b in ((ours.scale, theirs.weight), (ours.shift, theirs.bias)):
            a.copy_(normal(n_channels, seed=seed))
            b.copy_(a)
            seed += 1
    return ours, theirs


def same_running(ours, theirs):
    torch.testing.assert_close(ours.running_mean, theirs.running_mean)
    torch.testing.assert_close(ours.running_variance, theirs.running_var)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 5), st.integers(1, 4), st.integers(1, 6), st.integers(2, 6), st.floats(0.01, 1), st.integers(0, 9)
)
def test_batch_norm_is_the_librarys_in_both_modes(n, channels, height, width, momentum, seed):
    ours, theirs = twins(channels, momentum, seed=seed)
    for step in range(3):  # the running values move with each batch
        X = normal(n, channels, height, width, seed=10 * seed + step)
        torch.testing.assert_close(ours(X), theirs(X), rtol=1e-4, atol=1e-4)
        same_running(ours, theirs)
    ours.eval(), theirs.eval()
    X = normal(n, channels, height, width, seed=99)
    torch.testing.assert_close(ours(X), theirs(X), rtol=1e-4, atol=1e-4)
    same_running(ours, theirs)


def test_gradients_of_batch_norm_are_the_librarys():
    for mode in (True, False):
        ours, theirs = twins(3)
        X = normal(4, 3, 5, 5)
        answers = []
        for layer in (ours, theirs):
            layer.train(mode)
            x = X.clone().requires_grad_()
            (layer(x) * normal(4, 3, 5, 5, seed=5)).sum().backward()
            answers.append([x.grad, *(p.grad for p in layer.parameters())])
        for a, b in zip(*answers, strict=True):
            torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)


def test_running_values_are_saved_and_not_learned():
    layer = BatchNorm(2)
    layer(normal(8, 2, 3, 3))
    again = BatchNorm(2)
    again.load_state_dict(layer.state_dict())
    X = normal(1, 2, 3, 3, seed=1)
    assert torch.equal(again.eval()(X), layer.eval()(X))
    assert {name for name, _ in layer.named_parameters()} == {"scale", "shift"}
    assert not any(buffer.requires_grad for buffer in layer.buffers())


def test_each_channel_has_mean_zero_and_variance_one():
    Y = BatchNorm(3)(normal(10, 3, 4, 4))
    torch.testing.assert_close(Y.mean(dim=(0, 2, 3)), torch.zeros(3), rtol=0, atol=1e-5)
    torch.testing.assert_close(Y.var(dim=(0, 2, 3), correction=0), torch.ones(3), rtol=0, atol=1e-4)


def test_one_number_cannot_be_normalized():
    with pytest.raises(ValueError, match="more than one number in each channel"):
        BatchNorm(2)(torch.zeros(1, 2, 1, 1))
    BatchNorm(2).eval()(torch.zeros(1, 2, 1, 1))
    with pytest.raises(ValueError, match="X must have shape"):
        BatchNorm(2)(torch.zeros(1, 3, 4, 4))
    with pytest.raises(ValueError, match="n_channels"):
        BatchNorm(0)


def test_a_residual_block_adds_what_came_in():
    block = ResidualBlock(3, 3, generator=generator())
    plain = ResidualBlock(3, 3, shortcut=False, generator=generator())
    X = normal(2, 3, 6, 6)
    torch.testing.assert_close(block(X), X + plain(X))
    nn.init.zeros_(block.path[-1].weight)
    assert torch.equal(block(X), X)  # without a change, the identity
    assert count_parameters(block) == count_parameters(plain)


def test_other_channels_get_a_one_by_one_convolution_on_the_way_around():
    block = ResidualBlock(3, 5, generator=generator())
    assert block.around.kernel_size == (1, 1)
    assert block(normal(2, 3, 6, 6)).shape == (2, 5, 6, 6)


def test_no_norm_leaves_no_norm():
    model = BlockNet((1, 12, 12), [(4, 2)], 3, norm=False, generator=generator())
    assert not any(isinstance(part, nn.BatchNorm2d) for part in model.modules())


def test_a_one_by_one_convolution_is_a_dense_layer_at_each_place():
    convolution = conv_layer(5, 3, 1, generator=generator())
    dense = linear_layer(5, 3, init="he", generator=generator(1))
    with torch.no_grad():
        dense.weight.copy_(convolution.weight[:, :, 0, 0])
        dense.bias.copy_(convolution.bias)
    X = normal(2, 5, 4, 6)
    torch.testing.assert_close(convolution(X), dense(X.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))


def test_average_pool_is_the_librarys():
    X = normal(2, 5, 4, 6)
    torch.testing.assert_close(AveragePool()(X), nn.AdaptiveAvgPool2d(1)(X).flatten(1))


@pytest.mark.parametrize("head", ["average", "flatten"])
@pytest.mark.parametrize("size", [28, 15])
def test_a_net_has_the_parameters_of_its_formula(head, size):
    model = BlockNet((1, size, size), [(4, 1), (6, 2)], 10, head=head, generator=generator())
    assert model(normal(2, 1, size, size)).shape == (2, 10)
    convolutions = 4 * 10 + 4 * 37 + 4 * 37 + (6 * 37 + 6 * 55 + 6 * 5) + 2 * 6 * 55
    norms = 2 * (4 + 4 + 4 + 6 + 6 + 6 + 6)
    side = math.ceil(math.ceil(size / 2) / 2)
    places = side**2 if head == "flatten" else 1
    assert count_parameters(model) == convolutions + norms + 10 * (6 * places + 1)


def test_a_head_has_a_name():
    with pytest.raises(ValueError, match="head must be"):
        BlockNet((1, 8, 8), [(2, 1)], 2, head="mean", generator=generator())


def test_an_averaging_net_takes_images_of_any_size():
    model = BlockNet((1, 28, 28), [(4, 1)], 10, generator=generator())
    assert model(normal(2, 1, 40, 20)).shape == (2, 10)
