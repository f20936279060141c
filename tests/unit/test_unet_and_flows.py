"""The U-Net, the task of completing an image, and the flow that samples completions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.functional import mse_loss

from mlfa.images import two_points
from mlfa.images.completion import completion_loss, hide_right, right_half, sample_each_class, sharpness, squared_error
from mlfa.images.completion_training import train_to_complete
from mlfa.images.flows import (
    FlowBatches,
    Velocity,
    as_channels,
    complete_by_flow,
    draw_on_the_way,
    split_halves,
    to_signed,
)
from mlfa.images.pixels import to_floats
from mlfa.images.unet import UNet
from mlfa.training.layers import count_parameters
from mlfa.training.trainer import Trainer


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def some_bytes(n=4, height=8, width=10):
    return torch.randint(0, 256, (n, 1, height, width), generator=generator(), dtype=torch.uint8)


# U-Net -----------------------------------------------------------------------------


@settings(max_examples=25)
@given(st.integers(0, 3), st.integers(1, 4), st.integers(1, 19), st.integers(1, 19), st.booleans())
def test_any_size_comes_out_as_it_went_in(depth, n_filters, height, width, skips):
    model = UNet(2, 3, depth=depth, n_filters=n_filters, skips=skips, generator=generator())
    X = torch.rand(2, 2, height, width, generator=generator())
    assert model(X).shape == (2, 3, height, width)


@settings(max_examples=10)
@given(st.integers(5, 9), st.integers(5, 9))
def test_every_pixel_can_matter_and_none_is_dropped(height, width):
    model = UNet(1, 1, depth=2, n_filters=4, generator=generator())
    X = torch.rand(1, 1, height, width, generator=generator())
    for row, column in ((height - 1, width - 1), (0, width - 1), (height - 1, 0)):
        changed = X.clone()
        changed[0, 0, row, column] += 3
        assert not torch.equal(model(X)[0, 0, row, column], model(changed)[0, 0, row, column])


def test_even_sizes_equal_the_network_written_out():
    model = UNet(1, 1, depth=1, n_filters=3, generator=generator())
    X = torch.rand(2, 1, 6, 8, generator=generator(1))
    high = model.encoder[0](X)
    low = model.encoder[1](nn.MaxPool2d(2)(high))
    up = model.upward[0](nn.Upsample(scale_factor=2)(low))  # the other order: the result is the same
    expected = model.head(model.decoder[0](torch.cat([high, up], dim=1)))
    torch.testing.assert_close(model(X), expected)


def test_parameters_of_depth_two_with_eight_filters():
    def conv(n_in, n_out, k=3):
        return n_out * (n_in * k * k + 1)

    down = conv(1, 8) + conv(8, 8) + conv(8, 16) + conv(16, 16) + conv(16, 32) + conv(32, 32)
    up = conv(32, 16, 1) + conv(32, 16) + conv(16, 16) + conv(16, 8, 1) + conv(16, 8) + conv(8, 8) + conv(8, 1, 1)
    assert count_parameters(UNet(1, 1, generator=generator())) == down + up


def test_without_skips_the_encoder_reaches_the_decoder_through_the_bottom_only():
    model = UNet(1, 1, depth=1, n_filters=2, skips=False, generator=generator())
    with torch.no_grad():
        model.upward[0].weight.zero_()
    a, b = (model(torch.rand(1, 1, 6, 6, generator=generator(seed))) for seed in (0, 1))
    assert torch.equal(a, b)


@settings(max_examples=25)
@given(st.integers(0, 3), st.integers(1, 19), st.integers(1, 19), st.booleans(), st.booleans())
def test_any_size_with_every_option(depth, height, width, batch_norm, skips):
    options = {"depth": depth, "n_filters": 2, "skips": skips, "batch_norm": batch_norm, "transposed": True}
    model = UNet(3, 1, activation="silu", generator=generator(), **options)
    X = torch.rand(2, 3, height, width, generator=generator())
    assert model.eval()(X).shape == (2, 1, height, width)


def test_a_transposed_convolution_equals_the_network_written_out():
    model = UNet(1, 1, depth=1, n_filters=3, transposed=True, generator=generator())
    X = torch.rand(2, 1, 5, 8, generator=generator(1))
    high = model.encoder[0](X)
    low = model.encoder[1](nn.MaxPool2d(2, ceil_mode=True)(high))
    weight, bias = model.upward[0].weight, model.upward[0].bias  # (6, 3, 2, 2)
    up = torch.zeros(2, 3, 6, 8)
    for i in range(2):  # every pixel writes two by two, and no two write the same
        for j in range(2):
            up[:, :, i::2, j::2] = torch.einsum("ncyx,cd->ndyx", low, weight[:, :, i, j]) + bias.view(1, 3, 1, 1)
    expected = model.head(model.decoder[0](torch.cat([high, up[:, :, :5]], dim=1)))
    torch.testing.assert_close(model(X), expected)


def test_the_first_weights_of_a_transposed_convolution_keep_the_spread():
    X = torch.randn(64, 32, 8, 8, generator=generator())
    up = UNet(1, 1, depth=1, n_filters=16, transposed=True, generator=generator()).upward[0](X)
    assert float(up.std()) == pytest.approx(2**0.5, rel=0.1)  # He: half of it is lost to ReLU


def test_options_add_layers_and_leave_the_first_weights_alone():
    plain = UNet(1, 1, generator=generator())
    other = UNet(1, 1, batch_norm=True, activation="gelu", generator=generator())
    weights, others = ([part.weight for part in model.modules() if type(part) is nn.Conv2d] for model in (plain, other))
    assert all(torch.equal(a, b) for a, b in zip(weights, others, strict=True))
    kinds = [type(part).__name__ for part in other.encoder[0]]
    assert kinds == ["Conv2d", "BatchNorm2d", "GELU"] * 2
    assert count_parameters(other) == count_parameters(plain) + 2 * 2 * (8 + 16 + 32 + 16 + 8)
    with pytest.raises(ValueError, match=r"activation must be one of relu, .* got 'bend'"):
        UNet(1, 1, activation="bend", generator=generator())


@pytest.mark.parametrize("depth", [-1, 1.5])
def test_a_wrong_depth_is_named(depth):  # below zero, nothing but the head would be left
    with pytest.raises(ValueError, match=f"depth must be a whole number of at least 0, got {depth}"):
        UNet(1, 1, depth=depth, generator=generator())


@pytest.mark.parametrize("skips", [True, False])
def test_images_without_an_axis_of_samples_are_refused(skips):
    model = UNet(1, 1, depth=2, skips=skips, generator=generator())
    with pytest.raises(ValueError, match=r"X must have shape \(n, n_inputs, height, width\), got \(1, 8, 8\)"):
        model(torch.zeros(1, 8, 8))  # without skips, an image of another shape would come out
    with pytest.raises(RuntimeError, match="1 channels, but got 2 channels"):  # PyTorch's own words
        model(torch.zeros(1, 2, 8, 8))


# The task --------------------------------------------------------------------------


def test_the_right_half_is_hidden_and_nothing_else():
    X = some_bytes()
    hidden = hide_right(X)
    assert torch.equal(hidden[..., :5], X[..., :5].float() / 255) and not hidden[..., 5:].any()
    assert torch.equal(right_half(X), X[..., 5:])
    with pytest.raises(TypeError, match="X must hold bytes"):
        hide_right(hidden)
    for function in (right_half, hide_right):
        with pytest.raises(ValueError, match="even width"):
            function(X[..., 1:])


def test_sharpness_is_the_mean_squared_step_from_the_seam_on():
    X = torch.tensor([[0.0, 1.0, 1.0, 0.0]]).view(1, 1, 1, 4)
    assert sharpness(X) == pytest.approx((0**2 + 1**2) / 2)
    assert sharpness(torch.ones(1, 1, 3, 4)) == 0


def test_the_loss_is_the_squared_error_of_the_bytes_as_floats():
    X = some_bytes()
    output = torch.rand(X.shape, generator=generator()).requires_grad_()
    loss = completion_loss(output, X)
    assert loss.item() == pytest.approx(squared_error(to_floats(X), output.detach()))
    loss.backward()
    torch.testing.assert_close(output.grad, 2 * (output.detach() - X / 255) / X.numel())
    with pytest.raises(ValueError, match=r"output must have shape \(4, 1, 8, 10\), got \(1, 1, 8, 10\)"):
        completion_loss(output[:1], X)


def test_training_to_complete_is_reproduced_by_its_seed_and_follows_its_settings():
    X = some_bytes(n=32)
    same, again, other = (train_to_complete(X, seed=seed, epochs=2, weight_decay=0.1) for seed in (0, 0, 1))
    assert torch.equal(same.predict(X), again.predict(X)) and not torch.equal(same.predict(X), other.predict(X))
    assert same.history["validation_loss"] == []
    # The left half alone is seen, so a change of the right half changes no answer.
    changed = X.clone()
    changed[..., 5:] = 255 - changed[..., 5:]
    assert torch.equal(same.predict(X), same.predict(changed))
    watched = train_to_complete(X, X[:8], seed=0, epochs=2, weight_decay=0.1, skips=False)
    deeper = train_to_complete(X, seed=0, epochs=1, weight_decay=0.1, depth=3, n_filters=2)
    assert count_parameters(deeper.model) == count_parameters(UNet(1, 1, depth=3, n_filters=2, generator=generator()))
    assert not watched.model.skips and len(watched.history["validation_loss"]) == 2
    expected = squared_error(to_floats(X[:8]), watched.predict(X[:8]))
    assert watched.history["validation_loss"][-1] == pytest.approx(expected)


def test_training_to_complete_lowers_the_error_and_decay_shrinks_the_weights():
    def size(trainer):
        return sum(float(weights.detach().square().sum()) for weights in trainer.model.parameters())

    X = some_bytes(n=48)
    short, long = (train_to_complete(X, seed=0, epochs=epochs, weight_decay=0.0) for epochs in (1, 12))
    assert long.history["train_loss"][-1] < short.history["train_loss"][-1]
    assert size(train_to_complete(X, seed=0, epochs=12, weight_decay=3.0)) < size(long)


@pytest.mark.parametrize(
    ("settings_", "named"),
    [
        ({"epochs": 0}, "epochs"),
        ({"batch_size": 0}, "batch_size"),
        ({"learning_rate": 0}, "rate"),
        ({"device": "abacus"}, "device must be one of .* got 'abacus'"),  # it is given through to the trainer
    ],
)
def test_training_to_complete_names_a_wrong_setting(settings_, named):
    with pytest.raises(ValueError, match=named):
        train_to_complete(some_bytes(), **({"seed": 0, "epochs": 1, "weight_decay": 0.1} | settings_))


@settings(max_examples=15)
@given(st.integers(2, 33), st.integers(2, 33))
def test_going_up_repeats_every_pixel_but_the_last_one_of_an_odd_size(height, width):
    small = torch.rand(1, 1, -(-height // 2), -(-width // 2), generator=generator())
    by_hand = small.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)[..., :height, :width]
    assert torch.equal(nn.functional.interpolate(small, size=(height, width), mode="nearest"), by_hand)


def test_squared_error_does_not_broadcast():
    assert squared_error(torch.zeros(2, 3), torch.ones(2, 3)) == 1
    with pytest.raises(ValueError, match=r"X_pred must have shape \(2, 3\), got \(3,\)"):
        squared_error(torch.zeros(2, 3), torch.zeros(3))


def test_each_class_is_sampled_equally():
    y = torch.tensor([0] * 5 + [1] * 9 + [2] * 4)
    rows = sample_each_class(y, 3, seed=0)
    assert torch.bincount(y[rows]).tolist() == [3, 3, 3] and len(set(rows.tolist())) == 9
    assert torch.equal(rows, sample_each_class(y, 3, seed=0))
    assert not torch.equal(rows, sample_each_class(y, 3, seed=1))
    with pytest.raises(ValueError, match="larger sample than population"):  # NumPy's own words
        sample_each_class(y, 5, seed=0)


# The flow --------------------------------------------------------------------------


def destinations(X, inputs, velocity):
    """Rows of the images at which one arrives by going on with the velocity, of any number of channels."""
    x, t = inputs[:, : X.shape[1]], inputs[:, -1:]
    end = x + (1 - t) * velocity
    distances = (end[:, None] - to_signed(X)[None, ..., X.shape[-1] // 2 :]).abs().amax(dim=(2, 3, 4))
    assert (distances.min(dim=1).values < 1e-5).all()
    return distances.argmin(dim=1).tolist()


@pytest.mark.parametrize("channels", [1, 3])
def test_batches_lie_on_the_straight_way(channels):
    X = some_bytes(7 * channels).view(7, channels, 8, 10)
    sizes = []
    for inputs, velocity in FlowBatches(X, batch_size=3, seed=0):
        left, t = inputs[:, channels:-1], inputs[:, -1:]
        assert inputs.shape[1:] == (2 * channels + 1, 8, 5) and velocity.shape[1:] == (channels, 8, 5)
        assert ((t > 0) & (t < 1)).all() and (t == t[:, :, :1, :1]).all()
        rows = destinations(X, inputs, velocity)
        assert torch.equal(left.flip(-1), to_signed(X)[rows][..., :5])  # folded over, and free of noise
        sizes.append(len(left))
    assert sizes == [3, 3, 1] and len(FlowBatches(X, batch_size=3, seed=0)) == 3


def test_times_are_drawn_evenly_and_the_start_is_normal_noise():
    X = some_bytes(4000, 2, 4)
    inputs, velocity = draw_on_the_way(X, seed=0)
    t = inputs[:, -1:, :1, :1]
    shares = torch.histc(t, 10, 0, 1) / len(t)
    assert (shares - 0.1).abs().max() < 0.02  # four standard errors
    x0 = inputs[:, :1] - t * velocity
    assert abs(x0.mean()) < 0.03 and abs(x0.std() - 1) < 0.03


@pytest.mark.parametrize("n_workers", [0, 1, 2])
def test_workers_change_nothing(n_workers):
    """Every image once an epoch, new noise in every epoch, and the batches that one process would have made."""
    X, state = some_bytes(9), torch.get_rng_state()
    batches, alone = FlowBatches(X, batch_size=2, seed=3, n_workers=n_workers), FlowBatches(X, batch_size=2, seed=3)
    epochs = [list(batches) for _ in range(3)]
    for epoch, expected in zip(epochs, [list(alone) for _ in range(3)], strict=True):
        assert sorted(row for pair in epoch for row in destinations(X, *pair)) == list(range(9))
        for pair, other in zip(epoch, expected, strict=True):
            assert torch.equal(pair[0], other[0]) and torch.equal(pair[1], other[1])
    starts = [epoch[0][0] for epoch in epochs] + [next(iter(FlowBatches(X, batch_size=2, seed=4)))[0]]
    assert not any(torch.equal(a, b) for i, a in enumerate(starts) for b in starts[:i])
    assert torch.equal(state, torch.get_rng_state())  # the chance of others is left alone


def test_the_trainer_learns_the_same_from_workers():
    def history(n_workers):
        model = UNet(3, 1, depth=1, n_filters=2, generator=generator())
        trainer = Trainer(model, mse_loss, torch.optim.SGD(model.parameters(), lr=0.1), device="cpu", seed=0)
        return trainer.fit(FlowBatches(some_bytes(9), batch_size=4, seed=0, n_workers=n_workers), epochs=3).history

    alone, helped = history(0), history(2)
    assert alone == helped and len(set(alone["train_loss"])) == 3


def test_one_seed_one_draw_and_images_need_four_axes():
    X = some_bytes(4)
    a, b, c = (draw_on_the_way(X, seed=seed)[0] for seed in (0, 0, 1))
    assert torch.equal(a, b) and not torch.equal(a, c)
    with pytest.raises(ValueError, match=r"X must have shape \(n_samples, channels, height, width\)"):
        FlowBatches(X[:, 0], batch_size=4, seed=0)


def test_halves_are_signed_and_pixels_at_the_seam_meet():
    X = some_bytes()
    left, right = split_halves(X)
    assert torch.equal(torch.cat([left, right], dim=-1), to_signed(X)) and left.min() >= -1 and right.max() <= 1
    seen = as_channels(right, left, torch.tensor([0.1, 0.2, 0.3, 0.4]).view(4, 1, 1, 1))
    assert torch.equal(seen[:, 0, :, 0], to_signed(X)[:, 0, :, 5])  # right of the seam
    assert torch.equal(seen[:, 1, :, 0], to_signed(X)[:, 0, :, 4])  # left of it
    assert seen[1, 2].eq(0.2).all() and seen.shape == (4, 3, 8, 5)
    with pytest.raises(ValueError, match="even width"):
        split_halves(X[..., 1:])


@pytest.mark.parametrize("channels", [1, 3])
def test_a_velocity_is_the_output_minus_the_place(channels):
    network = UNet(2 * channels + 1, channels, depth=1, n_filters=2, generator=generator())
    inputs = torch.randn(2, 2 * channels + 1, 8, 5, generator=generator())
    assert torch.equal(Velocity(network)(inputs), network(inputs) - inputs[:, :channels])


class Toward(nn.Module):
    """The velocity that leads from any place to one image in the time that is left."""

    def __init__(self, goal):
        super().__init__()
        self.goal = goal

    def forward(self, inputs):
        x, t = inputs[:, :1], inputs[:, 2:]
        return (self.goal - x) / (1 - t)


@pytest.mark.parametrize("steps", [1, 4, 9])
def test_euler_arrives_where_the_velocity_leads(steps):
    X = some_bytes(5)
    goal = split_halves(some_bytes(1))[1]
    completed = complete_by_flow(Toward(goal), X, steps=steps, seed=0, batch_size=2)
    assert torch.equal(completed[..., :5], (to_signed(X)[..., :5] + 1) / 2)
    torch.testing.assert_close(completed[..., 5:], ((goal + 1) / 2).expand(5, -1, -1, -1), atol=1e-5, rtol=0)


class Growing(nn.Module):
    """The velocity that is a third of the place plus the time."""

    def forward(self, inputs):
        return inputs[:, :1] / 3 + inputs[:, 2:]


@pytest.mark.parametrize("heun", [False, True])
def test_steps_are_those_of_the_method_written_out(heun):
    X = some_bytes(2) // 2 + 64  # in the middle of the range, so that nothing is cut
    x = torch.randn(2, 1, 8, 5, generator=generator(7))
    for k in range(3):
        start = x / 3 + k / 3
        end = (x + start / 3) / 3 + (k + 1) / 3
        x = x + ((start + end) / 2 if heun else start) / 3
    completed = complete_by_flow(Growing(), X, steps=3, seed=7, heun=heun)[..., 5:]
    torch.testing.assert_close(completed, ((x + 1) / 2).clamp(0, 1))


def test_heun_errs_by_the_square_of_the_step_and_euler_by_the_step():
    X = some_bytes(50)

    def misses(heun, steps):
        x0 = torch.randn(50, 1, 8, 5, generator=generator())
        # The solution of x' = x / 3 + t at time 1.
        exact = x0 * np.exp(1 / 3) + 9 * (np.exp(1 / 3) - 1) - 3
        kept = exact.abs() < 0.9  # what is not cut
        found = 2 * complete_by_flow(Growing(), X, steps=steps, seed=0, heun=heun, batch_size=50)[..., 5:] - 1
        return float((found - exact)[kept].abs().max())

    assert 1.7 < misses(False, 8) / misses(False, 16) < 2.3
    assert 3.4 < misses(True, 4) / misses(True, 8) < 4.6


def test_the_hidden_half_of_the_given_image_is_never_used():
    X = some_bytes(3)
    other = X.clone()
    other[..., 5:] = 255 - other[..., 5:]
    model = UNet(3, 1, depth=1, n_filters=2, generator=generator())
    a, b = (complete_by_flow(model, images, steps=3, seed=1) for images in (X, other))
    assert torch.equal(a, b) and a.min() >= 0 and a.max() <= 1


def test_another_seed_another_completion_and_wrong_settings():
    X = some_bytes(3)
    model = UNet(3, 1, depth=1, n_filters=2, generator=generator())
    a, b, c = (complete_by_flow(model, X, steps=2, seed=seed) for seed in (0, 0, 1))
    assert torch.equal(a, b) and not torch.equal(a, c)
    with pytest.raises(ValueError, match="steps must be a whole number of at least 1, got 0"):
        complete_by_flow(model, X, steps=0, seed=0)  # noise would come back


def test_completions_are_drawn_without_dropout_and_the_mode_stays():
    X = some_bytes(3)
    model = nn.Sequential(UNet(3, 1, depth=1, n_filters=2, generator=generator()), nn.Dropout(0.5)).train()
    a, b = (complete_by_flow(model, X, steps=2, seed=0) for _ in range(2))
    assert torch.equal(a, b) and torch.equal(a, complete_by_flow(model[0], X, steps=2, seed=0))
    assert model.training and model[1].training and not a.requires_grad


def test_completions_go_to_the_device_of_the_model_and_come_back(from_meta):
    X = some_bytes(3)
    model = UNet(3, 1, depth=1, n_filters=2, generator=generator()).to("meta")
    for heun in (False, True):
        completed = complete_by_flow(model, X, steps=2, seed=0, heun=heun, batch_size=2)
        assert completed.device.type == "cpu" and completed.shape == X.shape


# Two points ------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.floats(-3, 3), st.floats(0.0, 0.9), st.floats(0.05, 0.95))
def test_the_velocity_is_the_mean_over_both_targets(x, t, chance):
    # Bayes' rule written out, with the two normal densities.
    chances = {-1: 1 - chance, 1: chance}
    density = {target: p * np.exp(-((x - t * target) ** 2) / (2 * (1 - t) ** 2)) for target, p in chances.items()}
    total = sum(density.values())
    if total < 1e-200:
        return
    expected = sum(density[target] * (target - x) / (1 - t) for target in (-1, 1)) / total
    assert two_points.velocity(np.array([x]), t, chance)[0] == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_paths_end_at_the_two_points_and_keep_their_side():
    starts = np.random.default_rng(0).normal(size=500)
    paths = two_points.follow(starts, 200)
    assert paths.shape == (201, 500)
    assert np.mean(np.abs(np.abs(paths[-1]) - 1) < 0.01) > 0.98
    assert (np.sign(paths[-1]) == np.sign(starts)).all()
    ends = two_points.follow(np.random.default_rng(0).normal(size=4000), 100, chance=0.8)[-1]
    assert np.mean(ends > 0) == pytest.approx(0.8, abs=0.02)  # three standard errors
    with pytest.raises(ValueError, match=r"t must be at least 0 and below 1, got 1\.0"):
        two_points.velocity(starts, 1.0)  # nan would come back
