"""Noisy and colored pictures, their masks, and how well two masks agree."""

from __future__ import annotations

import pytest
import torch
from sklearn.metrics import jaccard_score

from mlfa.images.masks import add_noise, ink_mask, intersection_over_union, train_to_mask, two_colors
from mlfa.images.pixels import to_floats


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def some_bytes(n=6, height=8, width=10):
    return torch.randint(0, 256, (n, 1, height, width), generator=generator(), dtype=torch.uint8)


def test_the_mask_is_the_darker_half_of_the_values():
    X = torch.arange(256, dtype=torch.uint8)
    assert torch.equal(ink_mask(X), (X >= 128).float())
    with pytest.raises(TypeError, match="X must hold bytes"):
        ink_mask(to_floats(X))


def test_noise_has_its_spread_and_comes_again_with_its_seed():
    X = torch.ones(50, 3, 20, 20)
    noise = add_noise(X, 0.5, seed=0) - X
    assert float(noise.std()) == pytest.approx(0.5, rel=0.01) and abs(float(noise.mean())) < 0.005
    assert torch.equal(add_noise(X, 0.5, seed=0), add_noise(X, 0.5, seed=0))
    assert not torch.equal(add_noise(X, 0.5, seed=0), add_noise(X, 0.5, seed=1))
    assert torch.equal(add_noise(X, 0.0, seed=0), X)


def test_two_colors_hold_both_digits_and_the_green_tells_nothing():
    X = some_bytes()
    pictures = two_colors(X, seed=0)
    warm, cold = to_floats(X), to_floats(X.roll(-1, dims=0))
    assert pictures.shape == (6, 3, 8, 10) and 0 <= pictures.min() and pictures.max() <= 0.9 + 1
    torch.testing.assert_close(pictures[:, :1], torch.maximum(0.9 * warm, 0.3 * cold))
    torch.testing.assert_close(pictures[:, 2:], torch.maximum(0.3 * warm, 0.9 * cold))
    assert torch.equal(pictures[:, [0, 2]], two_colors(X, seed=1)[:, [0, 2]])
    assert not torch.equal(pictures[:, 1], two_colors(X, seed=1)[:, 1])
    with pytest.raises(ValueError, match="X must have shape"):
        two_colors(X[:, 0], seed=0)


def test_intersection_over_union_is_scikit_learns_jaccard_score():
    mask, logits = (torch.randn(5, 1, 6, 7, generator=generator(seed)) for seed in (0, 1))
    mask = (mask > 0).float()
    expected = [
        jaccard_score(a.flatten().numpy(), b.flatten().numpy()) for a, b in zip(mask, (logits > 0).float(), strict=True)
    ]
    torch.testing.assert_close(intersection_over_union(mask, logits), torch.tensor(expected, dtype=torch.float32))
    empty = torch.zeros(1, 1, 2, 2)
    assert intersection_over_union(empty, empty).tolist() == [1]
    assert intersection_over_union(empty, empty + 1).tolist() == [0]
    with pytest.raises(ValueError, match="mask_pred must have shape"):
        intersection_over_union(mask, logits[:1])


@pytest.mark.parametrize("channels", [1, 3])
def test_training_to_mask_is_reproduced_by_its_seed_and_lowers_the_loss(channels):
    X = some_bytes(24)
    pictures, masks = to_floats(X).expand(-1, channels, -1, -1).contiguous(), ink_mask(X)
    settings = {"epochs": 60, "depth": 1, "n_filters": 4}
    a, b, c = (train_to_mask(pictures, masks, seed=seed, **settings) for seed in (0, 0, 1))
    assert torch.equal(a.predict(pictures), b.predict(pictures))
    assert not torch.equal(a.predict(pictures), c.predict(pictures))
    assert a.history["train_loss"][-1] < 0.5 * a.history["train_loss"][0]
    everything = float(intersection_over_union(masks, torch.ones_like(masks)).mean())  # about a half
    assert float(intersection_over_union(masks, a.predict(pictures)).mean()) > everything + 0.15
