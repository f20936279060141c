"""Recurrent networks equal PyTorch's, never read padding, and roll out as they must."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.data import DataLoader, StackDataset

from mlfa.datasets.sines import draw_phases, make_sine_windows, sine_continuation, sine_values, sine_windows
from mlfa.exercises.recurrent import _lstm_step
from mlfa.series.cells import gru_cell, lstm_cell, plain_cell, unroll
from mlfa.series.lengths import check_lengths, inside, last_position, masked_mean_squared_error
from mlfa.series.recurrent import KINDS, RNN
from mlfa.series.rollouts import (
    errors_by_step,
    heights_and_phases,
    late_by_period,
    response_by_step,
    rollout,
    rollout_with_state,
    sensitivities,
)
from mlfa.training.trainer import Trainer

SEEDS = st.integers(0, 10_000)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed), dtype=torch.float64)


def model(kind="lstm", n_layers=2, n_inputs=1, n_outputs=1, seed=0, **kwargs):
    return RNN(n_inputs, 6, n_outputs, kind=kind, n_layers=n_layers, generator=generator(seed), **kwargs).double()


# Cells by hand ------------------------------------------------------------------------


def weights(cells):
    """Weights of a one-layer network of PyTorch, turned to (inputs, units)."""
    return cells.weight_ih_l0.T, cells.weight_hh_l0.T, cells.bias_ih_l0, cells.bias_hh_l0


@settings(max_examples=20)
@given(SEEDS, st.integers(1, 4), st.integers(1, 6), st.integers(1, 5), st.integers(1, 5))
def test_plain_cell_equals_torch(seed, n, length, d, m):
    cells = KINDS["rnn"](d, m, batch_first=True).double()
    X, h = draw(n, length, d, seed=seed), draw(n, m, seed=seed + 1)
    W_x, W_h, b_x, b_h = weights(cells)
    by_hand = unroll(lambda x, h: plain_cell(x, h, W_x, W_h, b_x + b_h), X, h)
    torch.testing.assert_close(by_hand, cells(X, h[None])[0])


@settings(max_examples=20)
@given(SEEDS, st.integers(1, 4), st.integers(1, 6), st.integers(1, 5), st.integers(1, 5))
def test_lstm_cell_equals_torch(seed, n, length, d, m):
    cells = KINDS["lstm"](d, m, batch_first=True).double()
    X, h, c = draw(n, length, d, seed=seed), draw(n, m, seed=seed + 1), draw(n, m, seed=seed + 2)
    expected, (h_last, c_last) = cells(X, (h[None], c[None]))
    W_x, W_h, b_x, b_h = weights(cells)
    for t in range(length):
        h, c = lstm_cell(X[:, t], h, c, W_x, W_h, b_x + b_h)
        torch.testing.assert_close(h, expected[:, t])
    torch.testing.assert_close((h, c), (h_last[0], c_last[0]))


@settings(max_examples=20)
@given(SEEDS, st.integers(1, 4), st.integers(1, 6), st.integers(1, 5), st.integers(1, 5))
def test_gru_cell_equals_torch(seed, n, length, d, m):
    cells = KINDS["gru"](d, m, batch_first=True).double()
    X, h = draw(n, length, d, seed=seed), draw(n, m, seed=seed + 1)
    by_hand = unroll(lambda x, h: gru_cell(x, h, *weights(cells)), X, h)
    torch.testing.assert_close(by_hand, cells(X, h[None])[0])


@pytest.mark.parametrize(
    ("X", "h", "message"),
    [((3, 2), (3, 2), r"X must have shape \(n, length, d\), got \(3, 2\)"), ((3, 2, 1), (1, 4), r"h must have .*n=3")],
)
def test_unroll_wants_three_axes_and_a_state_for_each_sequence(X, h, message):
    with pytest.raises(ValueError, match=message):
        unroll(lambda x, h: h, torch.zeros(X), torch.zeros(h))


# Both directions ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_layers", [1, 2])
def test_both_directions_equal_torch_with_the_same_weights(kind, n_layers):
    ours = model(kind, n_layers, n_inputs=3, n_outputs=2, bidirectional=True)
    theirs = KINDS[kind](3, 6, n_layers, batch_first=True, bidirectional=True).double()
    theirs.load_state_dict(ours.cells.state_dict())
    X = draw(4, 7, 3)
    hidden, expected_state = theirs(X)
    y_pred, state = ours.forward_with_state(X)
    torch.testing.assert_close(y_pred, hidden @ ours.head.weight.T + ours.head.bias)
    torch.testing.assert_close(state, expected_state)


@pytest.mark.parametrize("kind", KINDS)
def test_the_backward_reader_never_reads_the_padding(kind):
    network, X, lengths = model(kind, bidirectional=True), draw(2, 6, 1), torch.tensor([6, 3])
    alone = network(X[1:, :3])
    X[1, 3:] = math.nan
    torch.testing.assert_close(network(X, lengths)[1:, :3], alone)
    changed = draw(2, 6, 1)
    changed[:, :-1] = 0
    assert not torch.allclose(network(changed)[:, 0], network(torch.zeros_like(changed))[:, 0]), "it looks ahead"


def test_no_state_is_carried_by_a_backward_reader():
    with pytest.raises(ValueError, match="in both directions has no rollout"):
        rollout_with_state(model(bidirectional=True), draw(2, 4, 1), 3)


def test_the_forget_gates_of_both_directions_start_alike():
    cells = model("lstm", 1, bidirectional=True, forget_bias=2.0).cells
    for end in ("", "_reverse"):
        total = getattr(cells, f"bias_ih_l0{end}") + getattr(cells, f"bias_hh_l0{end}")
        torch.testing.assert_close(total[6:12], torch.full((6,), 2.0).double())


# The class ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_layers", [1, 3])
def test_network_equals_torch_with_the_same_weights(kind, n_layers):
    ours = model(kind, n_layers, n_inputs=3, n_outputs=2)
    theirs = KINDS[kind](3, 6, n_layers, batch_first=True).double()
    theirs.load_state_dict(ours.cells.state_dict())
    X = draw(4, 7, 3)
    hidden, expected_state = theirs(X)
    y_pred, state = ours.forward_with_state(X)
    torch.testing.assert_close(y_pred, hidden @ ours.head.weight.T + ours.head.bias)
    torch.testing.assert_close(state, expected_state)
    torch.testing.assert_close(ours(X), y_pred)


@pytest.mark.parametrize("kind", KINDS)
def test_carrying_the_state_is_reading_on(kind):
    network, X = model(kind), draw(3, 9, 1)
    whole, last_state = network.forward_with_state(X)
    first, state = network.forward_with_state(X[:, :4])
    second, state = network.forward_with_state(X[:, 4:], state=state)
    torch.testing.assert_close(torch.cat([first, second], dim=1), whole)
    torch.testing.assert_close(state, last_state)


@pytest.mark.parametrize("kind", KINDS)
def test_no_prediction_looks_ahead(kind):
    network, X = model(kind), draw(3, 9, 1)
    changed = X.clone()
    changed[:, 5:] += 1
    torch.testing.assert_close(network(X)[:, :5], network(changed)[:, :5])
    assert not torch.allclose(network(X)[:, 5:], network(changed)[:, 5:])


def test_generator_decides_and_global_state_is_untouched():
    before = torch.get_rng_state()
    first, again, other = (RNN(2, 5, 1, generator=generator(seed)) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True))
    assert not torch.equal(first.cells.weight_hh_l0, other.cells.weight_hh_l0)
    assert all(p.device.type == "cpu" and torch.isfinite(p).all() for p in first.parameters())


@pytest.mark.parametrize("kind", KINDS)
def test_first_weights_have_the_spread_of_torch(kind):
    network = RNN(3, 100, 1, kind=kind, generator=generator())
    for name in ("weight_ih_l0", "weight_hh_l0"):
        weight = getattr(network.cells, name)
        assert weight.abs().max() <= 0.1
        assert weight.var().item() == pytest.approx(0.1**2 / 3, rel=0.1)


@pytest.mark.parametrize("forget_bias", [0.0, 1.0, 3.0])
def test_forget_bias_is_the_sum_of_both_biases(forget_bias):
    cells = RNN(2, 5, 1, n_layers=2, forget_bias=forget_bias, generator=generator()).cells
    for layer in (0, 1):
        total = getattr(cells, f"bias_ih_l{layer}") + getattr(cells, f"bias_hh_l{layer}")
        torch.testing.assert_close(total[5:10], torch.full((5,), forget_bias))
        assert len(total[:5].unique()) == 5 and len(total[10:].unique()) == 10


def test_bad_kind_and_shape():
    with pytest.raises(ValueError, match="kind must be one of rnn, lstm, gru, got 'transformer'"):
        RNN(1, 4, 1, kind="transformer", generator=generator())
    for shape in [(3, 1), (3, 4), (3, 0, 1), (0, 4, 1), (3, 4, 2)]:  # PyTorch takes the first one for one sequence
        with pytest.raises(ValueError, match=r"X must have shape \(n, length, 1\)"):
            model()(torch.zeros(shape, dtype=torch.float64))


def test_it_learns_in_the_trainer():
    X, y = make_sine_windows(64, 8, seed=0)
    network = RNN(1, 8, 1, generator=generator())
    optimizer = torch.optim.Adam(network.parameters(), lr=0.02, fused=True)
    trainer = Trainer(network, nn.functional.mse_loss, optimizer, device="cpu", seed=0)
    losses = trainer.fit((X, y), epochs=30, batch_size=16).history["train_loss"]
    assert losses[-1] < losses[0] / 3


# Padding ------------------------------------------------------------------------------


@st.composite
def padded_sequences(draw_):
    lengths = draw_(st.lists(st.integers(1, 6), min_size=1, max_size=5))
    longest = max(lengths) + draw_(st.integers(0, 3))
    return lengths, longest, draw_(SEEDS), draw_(st.sampled_from(list(KINDS))), draw_(st.integers(1, 3))


@settings(max_examples=40)
@given(padded_sequences(), st.sampled_from([0.0, 7.0, 1e30, math.nan, math.inf]))
def test_padding_never_reaches_an_answer_or_a_gradient(case, padding):
    lengths, longest, seed, kind, n_layers = case
    network = model(kind, n_layers, n_inputs=2, seed=seed)
    X = draw(len(lengths), longest, 2, seed=seed)
    alone = [network.forward_with_state(X[i : i + 1, :length]) for i, length in enumerate(lengths)]
    counts = inside(torch.tensor(lengths), longest)
    X[~counts] = padding
    X.requires_grad_()
    y_pred, state = network.forward_with_state(X, torch.tensor(lengths))
    for i, (length, (expected, expected_state)) in enumerate(zip(lengths, alone, strict=True)):
        torch.testing.assert_close(y_pred[i, :length], expected[0])
        assert torch.all(y_pred[i, length:] == 0)
        for part, expected_part in zip(
            state if kind == "lstm" else [state], expected_state if kind == "lstm" else [expected_state], strict=True
        ):
            torch.testing.assert_close(part[:, i], expected_part[:, 0])
    loss = masked_mean_squared_error(
        y_pred, torch.where(counts[:, :, None], 0.5, math.nan).double(), torch.tensor(lengths)
    )
    expected_loss = torch.cat([y[0] for y, _ in alone]).sub(0.5).square().mean()
    torch.testing.assert_close(loss, expected_loss)
    loss.backward()
    assert torch.all(X.grad[~counts] == 0) and torch.isfinite(X.grad[counts]).all()
    assert all(torch.isfinite(parameter.grad).all() for parameter in network.parameters())


def test_without_lengths_the_state_reads_the_padding():
    """The test above could not fail if padding were harmless anyway."""
    network, X, lengths = model(), draw(2, 6, 1), torch.tensor([6, 3])
    other = X.clone()
    other[1, 3:] = 9
    (_, (h, _)), (_, (h_other, _)) = network.forward_with_state(X), network.forward_with_state(other)
    assert not torch.allclose(h, h_other)
    (_, (h, _)), (_, (h_other, _)) = (network.forward_with_state(Z, lengths) for Z in (X, other))
    assert torch.equal(h, h_other)


def test_last_position_and_inside():
    y = torch.arange(12.0).reshape(2, 3, 2)
    assert last_position(y, torch.tensor([1, 3])).tolist() == [[0, 1], [10, 11]]
    assert inside(torch.tensor([1, 3]), 3).tolist() == [[True, False, False], [True, True, True]]


@pytest.mark.parametrize("lengths", [[1, 2], [1, 2, 3, 3], [[1], [2], [3]]])
def test_lengths_of_another_form(lengths):
    with pytest.raises(ValueError, match=r"lengths must have shape \(3,\), got"):
        check_lengths(torch.tensor(lengths), torch.zeros(3, 4, 1))


@pytest.mark.parametrize("lengths", [[0, 2, 3], [1, 2, 5], [1.0, 2.0, 3.0]])
def test_lengths_out_of_range(lengths):
    X, lengths = torch.zeros(3, 4, 1, dtype=torch.float64), torch.tensor(lengths)
    for call in (model(), last_position, lambda X, lengths: masked_mean_squared_error(X, X, lengths)):
        with pytest.raises(ValueError, match="lengths must be whole, from 1 to 4, got"):
            call(X, lengths)


@pytest.mark.parametrize("shape", [(2, 3), (2, 1, 1), (1, 3, 1)])
def test_masked_loss_compares_equal_shapes_only(shape):
    with pytest.raises(ValueError, match="y must have shape"):
        masked_mean_squared_error(torch.zeros(2, 3, 1), torch.zeros(shape), torch.tensor([1, 2]))


def test_the_trainer_can_learn_from_sequences_of_different_lengths():
    """A loader hands out the lengths with the targets; whatever stands in the padding, the training is the same."""
    X, y = sine_windows(draw_phases(48, seed=0), 10)
    lengths = torch.arange(48) % 8 + 3
    histories = []
    for filling in (0.0, 1e6):
        padded = [torch.where(inside(lengths, 10)[:, :, None], part, filling) for part in (X, y)]
        loader = DataLoader(StackDataset(padded[0], StackDataset(padded[1], lengths)), batch_size=16)
        network = RNN(1, 8, 1, generator=generator())
        optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
        trainer = Trainer(
            network,
            lambda y_pred, targets: masked_mean_squared_error(y_pred, *targets),
            optimizer,
            device="cpu",
            seed=0,
        )
        histories.append(trainer.fit(loader, epochs=20).history["train_loss"])
    assert histories[0] == histories[1] and histories[0][-1] < histories[0][0] / 3


# The sine -----------------------------------------------------------------------------


@settings(max_examples=30)
@given(SEEDS, st.integers(1, 30), st.integers(1, 50), st.floats(0.1, 5), st.floats(-3, 3))
def test_windows_targets_and_continuation_are_one_wave(seed, length, steps, amplitude, offset):
    phases = draw_phases(4, seed=seed)
    setting = {"amplitude": amplitude, "offset": offset}
    X, y = sine_windows(phases, length, **setting)
    truth = sine_continuation(phases, length, steps, **setting)
    assert X.shape == y.shape == (4, length, 1) and truth.shape == (4, steps, 1)
    assert X.dtype == y.dtype == truth.dtype == torch.float32
    assert torch.equal(X[:, 1:], y[:, :-1]) and torch.equal(y[:, -1], truth[:, 0])
    expected = (
        amplitude * np.sin(np.pi / length * np.arange(length + steps) + phases.double().numpy()[:, None]) + offset
    )
    np.testing.assert_allclose(torch.cat([X, truth], dim=1)[:, :, 0], expected, atol=1e-5)


def test_a_window_shows_half_a_period_unless_told_otherwise():
    phases = draw_phases(5, seed=0)
    X, y = sine_windows(phases, 20)
    torch.testing.assert_close(y[:, -1], -X[:, 0])  # half a period later, the opposite
    X, y = sine_windows(phases, 20, period=20)
    torch.testing.assert_close(y[:, -1], X[:, 0], atol=1e-6, rtol=0)


def test_phases_are_even_and_reproducible():
    phases = draw_phases(20_000, seed=0)
    counts = np.histogram(phases, bins=8, range=(0, 2 * np.pi))[0]
    assert counts.sum() == 20_000 and counts.min() > 2300 and counts.max() < 2700
    for a, b in zip(make_sine_windows(3, 5, seed=0), sine_windows(draw_phases(3, seed=0), 5), strict=True):
        assert torch.equal(a, b)


def test_bad_sines_are_named():
    phases = torch.zeros(2)
    with pytest.raises(ValueError, match="phases must have shape"):
        sine_values(torch.zeros(2, 1), 0, 5, period=4)
    with pytest.raises(ValueError, match="stop - start must be a whole number of at least 1, got 0"):
        sine_values(phases, 5, 5, period=4)
    with pytest.raises(ValueError, match="period must be a positive number"):
        sine_windows(phases, 5, period=0)
    with pytest.raises(ValueError, match="length must be a whole number"):
        sine_windows(phases, 0)
    with pytest.raises(ValueError, match="steps must be a whole number"):
        sine_continuation(phases, 5, 0)
    with pytest.raises(ValueError, match=r"phases must have shape \(n,\) and not be empty"):
        make_sine_windows(0, 5, seed=0)


# Rollouts -----------------------------------------------------------------------------


class TwoValues(nn.Module):
    """The exact rule of a sine, from the last two values; at the first position, the value itself."""

    def __init__(self, period):
        super().__init__()
        self.factor = 2 * math.cos(2 * math.pi / period)

    def forward(self, X):
        before = torch.cat([X[:, :1], X[:, :-1]], dim=1)
        return self.factor * X - before


class Flip(nn.Module):
    """Half a period later, the opposite: reads the oldest value of the window."""

    def forward(self, X):
        return -X[:, :1].expand_as(X)


@pytest.mark.parametrize("rule", [TwoValues(40), Flip()])
def test_a_rule_that_knows_the_sine_continues_it(rule):
    phases = draw_phases(6, seed=0)
    X, _ = sine_windows(phases, 20)
    truth = sine_continuation(phases, 20, 120)
    torch.testing.assert_close(rollout(rule, X, 120), truth, atol=2e-3, rtol=0)


@settings(max_examples=15)
@given(SEEDS, st.sampled_from(list(KINDS)), st.integers(1, 5), st.integers(1, 9))
def test_both_ways_are_equal_if_no_value_is_forgotten(seed, kind, length, steps):
    network, X = model(kind, seed=seed), draw(3, length, 1, seed=seed)
    carried = rollout_with_state(network, X, steps)
    assert carried.shape == (3, steps, 1)
    torch.testing.assert_close(rollout(network, X, steps, window=length + steps), carried)
    # The first prediction has seen the same values in any case.
    torch.testing.assert_close(rollout(network, X, steps)[:, :1], carried[:, :1])


def test_a_window_that_slides_forgets():
    network, X = model(), draw(3, 4, 1)
    assert not torch.allclose(rollout(network, X, 5)[:, 1:], rollout_with_state(network, X, 5)[:, 1:], atol=1e-6)


def test_rollout_is_the_loop_written_out():
    network, X = model(), draw(2, 4, 1)
    window, expected = X, []
    with torch.no_grad():
        for _ in range(6):
            expected.append(network(window)[:, -1:])
            window = torch.cat([window[:, 1:], expected[-1]], dim=1)
    torch.testing.assert_close(rollout(network, X, 6), torch.cat(expected, dim=1))


@pytest.mark.parametrize("way", [rollout, rollout_with_state])
@pytest.mark.parametrize("training", [True, False])
def test_a_rollout_leaves_no_trace(way, training):
    network, X = model().train(training), draw(2, 4, 1)
    before, X_before = copy.deepcopy(network.state_dict()), X.clone()
    y_pred = way(network, X, 3)
    assert network.training is training and not y_pred.requires_grad and torch.equal(X, X_before)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


@pytest.mark.parametrize("way", [rollout, rollout_with_state])
def test_bad_rollouts_are_named(way):
    for shape in [(3, 4), (3, 0, 1), (3, 4, 2)]:
        with pytest.raises(ValueError, match=r"X must have shape \(n, length, 1\)"):
            way(model(), torch.zeros(shape), 3)
    with pytest.raises(ValueError, match="steps must be a whole number"):
        way(model(), draw(2, 4, 1), 0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: rollout(model(), draw(2, 4, 1), 3, window=0),
        lambda: rollout(model(n_outputs=3), draw(2, 4, 1), 3),
        lambda: rollout(model(n_outputs=3), draw(3, 4, 1), 3),
        lambda: rollout_with_state(model(n_outputs=3), draw(2, 4, 1), 3),
    ],
)
def test_no_window_and_no_model_of_another_shape_is_taken(call):
    """In words of PyTorch or ours; none gives numbers."""
    with pytest.raises((RuntimeError, ValueError, IndexError)):
        call()


@pytest.fixture
def home_from_meta(monkeypatch):
    """The device "meta" refuses inputs from elsewhere as a GPU does, but its tensors hold no numbers to bring home."""
    monkeypatch.setattr(torch.Tensor, "cpu", lambda tensor: torch.zeros(tensor.shape, dtype=tensor.dtype))


@pytest.mark.parametrize("way", [rollout, rollout_with_state])
@pytest.mark.parametrize("kind", KINDS)
def test_a_rollout_goes_to_the_device_of_the_model_and_comes_back(home_from_meta, way, kind):
    network, X = model(kind).to("meta"), draw(2, 4, 1)
    with pytest.raises((RuntimeError, NotImplementedError, ValueError)):
        network(X)
    y_pred = way(network, X, 3)
    assert y_pred.shape == (2, 3, 1) and y_pred.device.type == "cpu"


def test_what_looks_into_a_model_goes_to_its_device(home_from_meta, monkeypatch):
    network, X = model().to("meta"), draw(2, 4, 1)
    assert sensitivities(network, X).shape == (2, 4)
    assert response_by_step(network, X, X, 3).shape == (3,)


@pytest.mark.parametrize("training", [True, False])
def test_sensitivities_are_the_slopes_of_the_last_answer(training):
    network, X = model().train(training), draw(3, 5, 1)
    found = sensitivities(network, X)
    assert network.training is training and not X.requires_grad and not found.requires_grad
    assert all(parameter.grad is None for parameter in network.parameters())
    for position in range(5):
        moved = X.clone()
        moved[:, position] += 1e-6
        with torch.no_grad():
            slope = (network(moved) - network(X))[:, -1, 0] / 1e-6
        torch.testing.assert_close(found[:, position], slope, atol=1e-5, rtol=1e-4)


def test_a_linear_rule_passes_noise_on_as_its_formula_says():
    """The error of the exact rule is a wave itself: sin((k + 1) omega) / sin(omega) after k steps."""
    X, noise = draw(2, 4, 1), torch.zeros(2, 4, 1).double()
    noise[:, -1] = 0.5
    omega = 2 * math.pi / 40
    expected = torch.sin(omega * torch.arange(2, 32)).abs() / math.sin(omega) * 0.5
    found = response_by_step(TwoValues(40), X, noise, 30) * noise.square().mean().sqrt()
    torch.testing.assert_close(found, expected.double(), rtol=1e-5, atol=1e-6)


@settings(max_examples=30)
@given(SEEDS, st.integers(3, 40), st.integers(1, 4), st.floats(0.1, 5), st.floats(-3, 3))
def test_heights_and_phases_are_found_beside_an_offset(seed, period, n_periods, height, offset):
    phases = draw_phases(4, seed=seed)
    wave = sine_values(phases, 0, period * n_periods + 1, period=period, amplitude=height, offset=offset)
    heights, found = heights_and_phases(wave, period)
    assert heights.shape == found.shape == (4, n_periods)
    np.testing.assert_allclose(heights, height, rtol=1e-4)
    turned = (found - phases.double()[:, None] + math.pi) % (2 * math.pi) - math.pi
    np.testing.assert_allclose(turned, 0, atol=1e-4)


@pytest.mark.parametrize("late", [-3.5, 0.0, 0.25, 8.0])
def test_a_late_wave_is_late_and_a_high_one_is_high(late):
    phases = draw_phases(5, seed=0)
    y = sine_values(phases, 0, 120, period=40)
    y_pred = sine_values(phases - late * 2 * math.pi / 40, 0, 120, period=40, amplitude=1.3)
    found, height = late_by_period(y, y_pred, 40)
    np.testing.assert_allclose(found, late, atol=1e-3)
    np.testing.assert_allclose(height, 1.3, rtol=1e-4)


def test_a_longer_period_is_later_in_each_period():
    y = sine_values(torch.zeros(1), 0, 120, period=40)
    late, _ = late_by_period(y, sine_values(torch.zeros(1), 0, 120, period=41), 40)
    assert 0 < late[0, 0] < late[0, 1] < late[0, 2] < 3


def test_errors_by_step():
    y, y_pred = torch.zeros(2, 3, 1), torch.tensor([[1.0, 0, 3], [1, 2, -3]])[:, :, None]
    np.testing.assert_allclose(errors_by_step(y, y_pred), [1, math.sqrt(2), 3], rtol=1e-6)
    with pytest.raises(ValueError, match="y_pred must have shape"):
        errors_by_step(y, y_pred[:, :, 0])


def test_the_exercises_step_is_the_books_cell():
    rng = np.random.default_rng(0)
    x, h, c = rng.normal(size=(3, 5, 4))
    case = x, h, c, rng.normal(size=(4, 16)), rng.normal(size=(4, 16)), rng.normal(size=16)
    expected = lstm_cell(*(torch.tensor(a) for a in case))
    for ours, theirs in zip(_lstm_step(*case), expected, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-12)
