"""The encoder and the decoder are PyTorch's, no later token leaks, and the look-ups are what they say."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from mlfa.datasets.lookups import N_KEYS, N_VALUES, make_lookups
from mlfa.series.positions import sinusoidal_positions
from mlfa.series.transformers import Transformer
from mlfa.series.translating import DecoderBlock, EncoderDecoder, write_greedily


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed))


def tokens(*shape, seed=0, most=12):
    return torch.randint(most, shape, generator=generator(seed))


def roughen(module, seed=0):
    """Random values for all parameters, so that no bias is zero and no scale is one."""
    with torch.no_grad():
        for k, parameter in enumerate(module.parameters()):
            parameter.add_(0.3 * normal(*parameter.shape, seed=1000 * seed + k))
    return module.eval()


def copy_heads(theirs, ours):
    layers = [ours.queries, ours.keys, ours.values]
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([layer.weight for layer in layers]))
        theirs.in_proj_bias.copy_(torch.cat([layer.bias for layer in layers]))
    theirs.out_proj.load_state_dict(ours.output.state_dict())


def copy_norm(theirs, ours):
    theirs.load_state_dict({"weight": ours.scale.data, "bias": ours.shift.data})


def copy_network(theirs, ours):
    theirs.linear1.load_state_dict(ours.network.layers[0].state_dict())
    theirs.linear2.load_state_dict(ours.network.layers[2].state_dict())


def copy_decoder_block(theirs, ours):
    copy_heads(theirs.self_attn, ours.written)
    copy_heads(theirs.multihead_attn, ours.read)
    copy_network(theirs, ours)
    for norm, name in ((ours.norm_written, "norm1"), (ours.norm_read, "norm2"), (ours.norm_network, "norm3")):
        copy_norm(getattr(theirs, name), norm)
    return theirs


def copy_encoder_block(theirs, ours):
    copy_heads(theirs.self_attn, ours.attention)
    copy_network(theirs, ours)
    copy_norm(theirs.norm1, ours.norm_attention)
    copy_norm(theirs.norm2, ours.norm_network)


def no_future(length):
    return torch.ones(length, length, dtype=torch.bool).triu(1)


@pytest.mark.parametrize(("size", "n_heads"), [(6, 1), (6, 3), (8, 2)])
def test_decoder_block_equals_torch(size, n_heads):
    ours = roughen(DecoderBlock(size, n_heads=n_heads, n_hidden=10, generator=generator()))
    theirs = nn.TransformerDecoderLayer(size, n_heads, 10, dropout=0.0, batch_first=True, norm_first=True)
    copy_decoder_block(theirs, ours)
    X, source = normal(3, 5, size, seed=1), normal(3, 7, size, seed=2)
    y, weights = ours(X, source=source)
    torch.testing.assert_close(y, theirs(X, source, tgt_mask=no_future(5)), atol=1e-5, rtol=1e-4)
    assert weights.shape == (3, n_heads, 5, 7)
    torch.testing.assert_close(weights.sum(dim=-1), torch.ones(3, n_heads, 5))


@pytest.mark.parametrize("n_blocks", [1, 2])
def test_the_whole_equals_torchs_transformer(n_blocks):
    ours = roughen(EncoderDecoder(12, size=8, n_heads=2, n_hidden=10, n_blocks=n_blocks, generator=generator()))
    theirs = nn.Transformer(8, 2, n_blocks, n_blocks, 10, dropout=0.0, batch_first=True, norm_first=True)
    for their, our in zip(theirs.encoder.layers, ours.encoder, strict=True):
        copy_encoder_block(their, our)
    for their, our in zip(theirs.decoder.layers, ours.decoder, strict=True):
        copy_decoder_block(their, our)
    copy_norm(theirs.encoder.norm, ours.norm_source)
    copy_norm(theirs.decoder.norm, ours.norm)
    source, so_far = tokens(4, 7, seed=1), tokens(4, 5, seed=2)
    inside = [ours.embed(part) + sinusoidal_positions(part.shape[1], 8) for part in (source, so_far)]
    expected = ours.head(theirs.train()(*inside, tgt_mask=no_future(5)))
    scores, weights = ours.decode(so_far, ours.encode(source))
    torch.testing.assert_close(scores, expected, atol=1e-4, rtol=1e-4)
    assert [tuple(part.shape) for part in weights] == [(4, 2, 5, 7)] * n_blocks
    X = torch.stack([source[:, :5], so_far], dim=1)
    torch.testing.assert_close(ours(X).transpose(1, 2), ours.decode(so_far, ours.encode(source[:, :5]))[0])


@settings(max_examples=25)
@given(st.integers(2, 9), st.integers(1, 2), st.integers(0, 1000), st.data())
def test_no_later_token_leaks_and_all_that_is_read_counts(length, n_blocks, seed, data):
    now = data.draw(st.integers(0, length - 2))
    model = roughen(EncoderDecoder(12, size=8, n_blocks=n_blocks, generator=generator(seed)))
    X = tokens(2, 2, length, seed=seed)
    changed = X.clone()
    changed[:, 1, now + 1 :] = tokens(2, length - now - 1, seed=seed + 1)
    with torch.no_grad():
        assert torch.equal(model(X)[..., : now + 1], model(changed)[..., : now + 1])
        changed = X.clone()
        changed[:, 0, -1] = (X[:, 0, -1] + 1) % 12
        assert (model(X) - model(changed)).abs().amax(dim=1).min() > 0


def test_greedy_writing_is_the_best_token_at_each_step():
    model = roughen(EncoderDecoder(12, size=8, generator=generator()))
    source = tokens(5, 6, seed=3)
    answer = write_greedily(model, source, start=10, steps=4)
    so_far = torch.cat([torch.full((5, 1), 10), answer], dim=1)
    scores, _ = model.decode(so_far[:, :-1], model.encode(source))
    assert answer.shape == (5, 4) and torch.equal(scores.argmax(dim=2), answer)
    with pytest.raises(ValueError, match="steps must be a whole number"):
        write_greedily(model, source, start=10, steps=0)
    with pytest.raises(ValueError, match=r"source must have shape \(n, keys\)"):
        write_greedily(model, source[0], start=10, steps=1)


@pytest.mark.parametrize("shape", [(3, 7), (3, 3, 7), (3, 2)])
def test_bad_input_of_the_encoder_decoder(shape):
    with pytest.raises(ValueError, match=r"X must have shape \(n, 2, length\)"):
        EncoderDecoder(12, generator=generator())(torch.zeros(shape, dtype=torch.int64))


def test_generator_decides_and_every_parameter_gets_a_gradient():
    before = torch.get_rng_state()
    first, again, other = (EncoderDecoder(12, size=8, generator=generator(seed)) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True))
    assert not torch.equal(first.embed.weight, other.embed.weight)
    X = tokens(8, 2, 5)
    F.cross_entropy(first(X), X[:, 0]).backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in first.parameters())


def test_without_positions_a_single_causal_block_does_not_know_the_order_of_the_past():
    X, order = normal(4, 9, 1), [3, 0, 7, 1, 6, 2, 5, 4, 8]
    for n_blocks, positions, knows in ((1, False, False), (2, False, True), (1, True, True)):
        model = Transformer(1, 1, n_blocks=n_blocks, positions=positions, generator=generator())
        moved = (model(X) - model(X[:, order]))[:, -1].abs().max().item()
        assert (moved > 1e-3) == knows and (knows or moved < 1e-5)


@settings(max_examples=25)
@given(st.integers(1, 20), st.integers(1, N_KEYS), st.integers(0, 1000))
def test_lookups(n_samples, n_pairs, seed):
    X, y, place = make_lookups(n_samples, n_pairs, seed=seed)
    rows = torch.arange(n_samples)
    assert X.shape == (n_samples, n_pairs + 1, N_KEYS + N_VALUES) and X.dtype == torch.float32
    keys, values = X[..., :N_KEYS], X[..., N_KEYS:]
    assert (keys.sum(dim=2) == 1).all() and (keys[:, :-1].sum(dim=1) <= 1).all()
    assert (values[:, :-1].sum(dim=2) == 1).all() and not values[:, -1].any()
    assert torch.equal(keys[rows, place], keys[:, -1]) and torch.equal(values[rows, place].argmax(dim=1), y)
    again, other = (make_lookups(n_samples, n_pairs, seed=s)[0] for s in (seed, seed + 1))
    assert torch.equal(X, again) and (n_samples * n_pairs < 10 or not torch.equal(X, other))


def test_more_pairs_than_keys():
    with pytest.raises(ValueError, match="n_pairs must be at most 16, got 17"):
        make_lookups(2, 17, seed=0)
