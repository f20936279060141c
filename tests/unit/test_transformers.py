"""Attention, the block and the Transformer are PyTorch's, and no future value leaks into a prediction."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from mlfa.series.attention import MultiHeadAttention, attention, causal_mask
from mlfa.series.positions import sinusoidal_positions
from mlfa.series.transformers import Block, Transformer
from mlfa.training.layers import LayerNorm


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed))


def roughen(module, seed=0):
    """Random values for all parameters, so that no bias is zero and no scale is one."""
    with torch.no_grad():
        for k, parameter in enumerate(module.parameters()):
            parameter.add_(0.5 * normal(*parameter.shape, seed=1000 * seed + k))
    return module.eval()


# Attention ------------------------------------------------------------------------


@settings(max_examples=40)
@given(
    st.lists(st.integers(1, 3), max_size=2),
    st.integers(1, 7),
    st.integers(1, 7),
    st.integers(1, 6),
    st.integers(1, 6),
    st.integers(0, 10_000),
)
def test_attention_equals_torch(leading, n_queries, n_keys, size, value_size, seed):
    Q = normal(*leading, n_queries, size, seed=seed)
    K = normal(*leading, n_keys, size, seed=seed + 1)
    V = normal(*leading, n_keys, value_size, seed=seed + 2)
    average, weights = attention(Q, K, V)
    torch.testing.assert_close(average, F.scaled_dot_product_attention(Q, K, V))
    assert weights.shape == (*leading, n_queries, n_keys)
    torch.testing.assert_close(weights.sum(dim=-1), torch.ones(*leading, n_queries))
    mask = torch.rand(n_queries, n_keys, generator=generator(seed)) < 0.5
    mask[:, seed % n_keys] = True
    average, weights = attention(Q, K, V, mask)
    torch.testing.assert_close(average, F.scaled_dot_product_attention(Q, K, V, attn_mask=mask))
    assert not weights[..., ~mask].any()


def test_attention_written_out_by_loops():
    Q, K, V = normal(3, 4, seed=1), normal(5, 4, seed=2), normal(5, 2, seed=3)
    average, _ = attention(Q, K, V)
    for i in range(3):
        scores = [sum(Q[i, k] * K[j, k] for k in range(4)).item() / 2 for j in range(5)]
        total = sum(math.exp(score) for score in scores)
        by_hand = sum(math.exp(score) / total * V[j] for j, score in enumerate(scores))
        torch.testing.assert_close(average[i], by_hand)


def test_an_average_stays_between_its_values():
    average, _ = attention(5 * normal(9, 4), 5 * normal(6, 4, seed=1), V := normal(6, 3, seed=2))
    assert (average <= V.max(dim=0).values + 1e-6).all() and (average >= V.min(dim=0).values - 1e-6).all()


def test_causal_mask():
    assert causal_mask(3).tolist() == [[True, False, False], [True, True, False], [True, True, True]]
    Q, K, V = (normal(2, 6, 4, seed=seed) for seed in range(3))
    torch.testing.assert_close(
        attention(Q, K, V, causal_mask(6))[0], F.scaled_dot_product_attention(Q, K, V, is_causal=True)
    )


@pytest.mark.parametrize(
    ("shapes", "match"),
    [
        (((4,), (5, 4), (5, 2)), r"Q must have shape"),
        (((3, 4), (5, 3), (5, 2)), r"K must have shape \(keys, d=4\), got \(5, 3\)"),
        (((2, 3, 4), (5, 4), (5, 2)), r"K must have shape \(2, keys, d=4\), got \(5, 4\)"),
        (((2, 3, 4), (1, 5, 4), (1, 5, 2)), r"K must have shape \(2, keys, d=4\), got \(1, 5, 4\)"),
        (((3, 4), (5, 4), (6, 2)), r"V must have shape \(keys=5, d_value\), got \(6, 2\)"),
        (((3, 4), (5, 4), (1, 2)), r"V must have shape \(keys=5, d_value\), got \(1, 2\)"),
    ],
)
def test_bad_shapes_of_attention(shapes, match):
    with pytest.raises(ValueError, match=match):
        attention(*(torch.zeros(shape) for shape in shapes))


@pytest.mark.parametrize("mask", [torch.ones(4, 3) > 0, torch.ones(3, 1) > 0, torch.ones(1, 4) > 0])
def test_masks_of_another_shape(mask):
    """The last two would be stretched over all keys or all queries."""
    with pytest.raises(ValueError, match=r"mask must have shape \(queries=3, keys=4\), got"):
        attention(normal(3, 2), normal(4, 2), normal(4, 2), mask)


@pytest.mark.parametrize("kind", [torch.float32, torch.int64])
def test_masks_of_numbers(kind):
    with pytest.raises(ValueError, match="mask must be boolean"):
        attention(normal(3, 2), normal(4, 2), normal(4, 2), torch.ones(3, 4, dtype=kind))


def test_a_mask_that_leaves_a_query_nothing():
    mask = torch.ones(3, 4, dtype=torch.bool)
    mask[1] = False
    with pytest.raises(ValueError, match="let every query look at a key"):
        attention(normal(3, 2), normal(4, 2), normal(4, 2), mask)


# Heads ----------------------------------------------------------------------------


def torch_heads(ours):
    """PyTorch's module with our weights."""
    theirs = nn.utils.skip_init(nn.MultiheadAttention, ours.size, ours.n_heads, batch_first=True)
    with torch.no_grad():
        layers = [ours.queries, ours.keys, ours.values]
        theirs.in_proj_weight.copy_(torch.cat([layer.weight for layer in layers]))
        theirs.in_proj_bias.copy_(torch.cat([layer.bias for layer in layers]))
        theirs.out_proj.load_state_dict(ours.output.state_dict())
    return theirs.eval()


@pytest.mark.parametrize(("size", "n_heads"), [(4, 1), (6, 2), (6, 3), (8, 8)])
@pytest.mark.parametrize("masked", [False, True])
def test_heads_equal_torch(size, n_heads, masked):
    ours = roughen(MultiHeadAttention(size, n_heads=n_heads, generator=generator()))
    X = normal(3, 5, size, seed=1)
    mask = causal_mask(5) if masked else None
    theirs, their_weights = torch_heads(ours)(
        X, X, X, attn_mask=~mask if masked else None, average_attn_weights=False
    )  # in PyTorch's module, True in a mask forbids
    y, weights = ours(X, mask)
    torch.testing.assert_close(y, theirs)
    torch.testing.assert_close(weights, their_weights)


def test_cross_attention_equals_torch():
    ours = roughen(MultiHeadAttention(6, n_heads=2, generator=generator()))
    X, source = normal(3, 5, 6, seed=1), normal(3, 7, 6, seed=2)
    y, weights = ours(X, source=source)
    torch.testing.assert_close(y, torch_heads(ours)(X, source, source)[0])
    assert y.shape == X.shape and weights.shape == (3, 2, 5, 7)


@settings(max_examples=25)
@given(st.permutations(range(6)), st.integers(0, 10_000))
def test_without_positions_order_is_lost(order, seed):
    """Attention and the whole block: permuting the input permutes the output."""
    block = roughen(Block(4, n_heads=2, n_hidden=8, generator=generator()))
    X = normal(2, 6, 4, seed=seed)
    torch.testing.assert_close(block(X[:, order])[0], block(X)[0][:, order], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(("size", "n_heads"), [(6, 4), (4, 8)])
def test_heads_must_divide(size, n_heads):
    with pytest.raises(ValueError, match=f"n_heads must divide size {size}, got {n_heads}"):
        MultiHeadAttention(size, n_heads=n_heads, generator=generator())


@pytest.mark.parametrize("shape", [(3, 6), (3, 0, 6), (1, 3, 5, 6)])
@pytest.mark.parametrize("n_heads", [1, 2])
def test_bad_sequences(shape, n_heads):
    """With one head, a missing axis of samples would go through and give wrong numbers."""
    layer = MultiHeadAttention(6, n_heads=n_heads, generator=generator())
    with pytest.raises(ValueError, match=r"X must have shape \(n, length, size\)"):
        layer(torch.zeros(shape))
    with pytest.raises(ValueError, match=r"source must have shape \(n=1, keys, size=6\)"):
        layer(torch.zeros(1, 5, 6), source=torch.zeros(shape))


@pytest.mark.parametrize("shape", [(2, 5, 6), (3, 5, 4)])
def test_a_source_of_other_samples_or_numbers(shape):
    layer = MultiHeadAttention(6, n_heads=2, generator=generator())
    with pytest.raises(ValueError, match=r"source must have shape \(n=3, keys, size=6\)"):
        layer(torch.zeros(3, 5, 6), source=torch.zeros(shape))


# Positions ------------------------------------------------------------------------


def test_positions_written_out():
    P = sinusoidal_positions(50, 6)
    for t in (0, 1, 17, 49):
        for k in range(3):
            angle = t / 10_000 ** (2 * k / 6)
            assert P[t, 2 * k].item() == pytest.approx(math.sin(angle), abs=1e-6)
            assert P[t, 2 * k + 1].item() == pytest.approx(math.cos(angle), abs=1e-6)


@settings(max_examples=25)
@given(st.integers(1, 60), st.integers(1, 10))
def test_a_step_is_a_turn_that_is_the_same_everywhere(step, pairs):
    """One matrix, independent of the position, leads from P[t] to P[t + step]."""
    P = sinusoidal_positions(100 + step, 2 * pairs).double().numpy()
    turn = np.linalg.lstsq(P[:100], P[step:], rcond=None)[0]
    np.testing.assert_allclose(P[:100] @ turn, P[step:], atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(P, axis=1), math.sqrt(pairs), rtol=1e-5)


@pytest.mark.parametrize("size", [1, 5])
def test_a_size_without_pairs(size):
    with pytest.raises(ValueError, match=f"size must be even.*got {size}"):
        sinusoidal_positions(4, size)


# The block and the Transformer --------------------------------------------------


@settings(max_examples=25)
@given(st.lists(st.integers(1, 4), max_size=2), st.integers(2, 9), st.integers(0, 10_000))
def test_layer_norm_equals_torch(leading, size, seed):
    ours, theirs = roughen(LayerNorm(size), seed), nn.LayerNorm(size)
    theirs.load_state_dict({"weight": ours.scale.data, "bias": ours.shift.data})
    X = 3 * normal(*leading, size, seed=seed) + 2
    torch.testing.assert_close(ours(X), theirs(X), atol=1e-5, rtol=1e-4)


def torch_block(ours, size, n_heads, n_hidden):
    """PyTorch's layer with our weights."""
    theirs = nn.TransformerEncoderLayer(
        size, n_heads, n_hidden, dropout=0.0, batch_first=True, norm_first=ours.norm_first
    )
    theirs.self_attn.load_state_dict(torch_heads(ours.attention).state_dict())
    theirs.linear1.load_state_dict(ours.network.layers[0].state_dict())
    theirs.linear2.load_state_dict(ours.network.layers[2].state_dict())
    for norm, name in ((ours.norm_attention, "norm1"), (ours.norm_network, "norm2")):
        getattr(theirs, name).load_state_dict({"weight": norm.scale.data, "bias": norm.shift.data})
    return theirs


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("training", [False, True])
def test_block_equals_torch(norm_first, masked, training):
    """Forward in both modes (PyTorch has a faster path of its own for evaluation), and the gradient."""
    ours = roughen(Block(8, n_heads=2, n_hidden=12, norm_first=norm_first, generator=generator()))
    theirs = torch_block(ours, 8, 2, 12).train(training)
    X, other = normal(3, 5, 8, seed=1).requires_grad_(), normal(3, 5, 8, seed=1).requires_grad_()
    mask = causal_mask(5) if masked else None
    y, y_theirs = ours(X, mask)[0], theirs(other, src_mask=~mask if masked else None)
    torch.testing.assert_close(y, y_theirs, atol=1e-5, rtol=1e-4)
    y.square().sum().backward()
    y_theirs.square().sum().backward()
    torch.testing.assert_close(X.grad, other.grad, atol=1e-3, rtol=1e-4)


@settings(max_examples=30)
@given(
    st.integers(2, 12),
    st.integers(1, 3),
    st.booleans(),
    st.integers(0, 10_000),
    st.floats(-1e3, 1e3, width=32),
    st.data(),
)
def test_no_future_value_leaks(length, n_blocks, norm_first, seed, size_of_change, data):
    """Whatever is put in the place of the future, all predictions before it stay as they were, to the bit."""
    now = data.draw(st.integers(0, length - 2))
    model = roughen(Transformer(1, 1, size=8, n_blocks=n_blocks, norm_first=norm_first, generator=generator(seed)))
    X = normal(2, length, 1, seed=seed)
    changed = X.clone()
    changed[:, now + 1 :] = size_of_change * normal(2, length - now - 1, 1, seed=seed + 1)
    with torch.no_grad():
        assert torch.equal(model(X)[:, : now + 1], model(changed)[:, : now + 1])


def test_the_past_and_the_order_matter():
    model = roughen(Transformer(1, 1, generator=generator()))
    X = normal(1, 6, 1)
    with torch.no_grad():
        y = model(X)
        for t in range(6):
            changed = X.clone()
            changed[:, t] += 1
            moved = (model(changed) - y).abs()[0, :, 0] > 1e-4
            assert moved.tolist() == [False] * t + [True] * (6 - t)
        swapped = X[:, [1, 0, 2, 3, 4, 5]]
        assert (model(swapped)[:, -1] - y[:, -1]).abs().item() > 1e-4


def test_a_longer_series_leaves_the_beginning_alone():
    model = roughen(Transformer(1, 1, generator=generator()))
    X = normal(2, 9, 1)
    with torch.no_grad():
        torch.testing.assert_close(model(X)[:, :5], model(X[:, :5]), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("norm_first", [False, True])
def test_transformer_is_its_parts(norm_first):
    model = roughen(
        Transformer(2, 3, size=8, n_heads=4, n_hidden=5, n_blocks=3, norm_first=norm_first, generator=generator())
    )
    X = normal(4, 7, 2)
    H = model.embed(X) + sinusoidal_positions(7, 8)
    for block in model.blocks:
        H = torch_block(block, 8, 4, 5).train()(H, src_mask=~causal_mask(7))
    y, weights = model.forward_with_weights(X)
    torch.testing.assert_close(y, model.head(model.norm(H)), atol=1e-4, rtol=1e-4)
    assert y.shape == (4, 7, 3) and torch.equal(model(X), y)
    assert [tuple(part.shape) for part in weights] == [(4, 4, 7, 7)] * 3


def test_generator_decides_and_global_state_is_untouched():
    before = torch.get_rng_state()
    first, again, other = (Transformer(1, 1, generator=generator(seed)) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    pairs = list(zip(first.parameters(), again.parameters(), other.parameters(), strict=True))
    assert all(torch.equal(a, b) for a, b, _ in pairs)
    assert all(a.ndim == 1 or not torch.equal(a, c) for a, _, c in pairs)


def test_it_learns_and_every_parameter_gets_a_gradient():
    model = Transformer(1, 1, size=8, n_hidden=16, n_blocks=2, generator=generator())
    X = torch.sin(torch.arange(0, 12.0)[None, :, None] / 3 + torch.arange(0, 8.0)[:, None, None])
    X, y = X[:, :-1], X[:, 1:]
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(60):
        loss = F.mse_loss(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.1 * losses[0]
    assert all(parameter.grad is not None and torch.isfinite(parameter.grad).all() for parameter in model.parameters())


@pytest.mark.parametrize(
    ("settings_", "match"),
    [({"size": 7, "n_heads": 7}, "size must be even"), ({"n_heads": 3}, "n_heads must divide size 16, got 3")],
)
def test_bad_settings(settings_, match):
    with pytest.raises(ValueError, match=match):
        Transformer(1, 1, **settings_, generator=generator())(torch.zeros(2, 3, 1))


@pytest.mark.parametrize("shape", [(3, 5), (5, 1), (3, 5, 2), (3, 0, 1)])
def test_bad_input_of_the_transformer(shape):
    with pytest.raises(ValueError, match=r"X must have shape \(n, length, 1\)"):
        Transformer(1, 1, generator=generator())(torch.zeros(shape))


@pytest.mark.parametrize("norm_first", [False, True])
def test_mask_and_positions_are_made_where_the_input_is(norm_first):
    """The device "meta" refuses to mix with others, as a GPU does."""
    model = Transformer(1, 1, norm_first=norm_first, generator=generator()).to("meta")
    assert causal_mask(3, device="meta").device.type == "meta"
    y_pred = model(torch.zeros(2, 5, 1, device="meta"))
    assert y_pred.shape == (2, 5, 1) and y_pred.device.type == "meta"
    y_pred.sum().backward()
    assert all(parameter.grad.device.type == "meta" for parameter in model.parameters())


def test_looking_at_the_weights_goes_to_the_device_of_the_model_and_comes_back(monkeypatch):
    monkeypatch.setattr(torch.Tensor, "cpu", lambda tensor: torch.zeros(tensor.shape))  # meta holds no numbers
    model, X = Transformer(1, 1, generator=generator()).to("meta"), torch.zeros(2, 5, 1)
    with pytest.raises((RuntimeError, NotImplementedError)):
        model(X)
    y_pred, weights = model.forward_with_weights(X)
    assert [tuple(part.shape) for part in (y_pred, *weights)] == [(2, 5, 1), (2, 2, 5, 5), (2, 2, 5, 5)]
    assert all(part.device.type == "cpu" for part in (y_pred, *weights))
