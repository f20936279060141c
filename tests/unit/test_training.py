"""The Trainer does what its words say: steps, losses, best weights, stops and refusals."""

from __future__ import annotations

import functools
import io
import math
import pickle
import re
import sys
import types
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, LambdaLR, OneCycleLR, ReduceLROnPlateau
from torch.utils.data import DataLoader, IterableDataset, TensorDataset

from mlfa.images.augmentation import RandomShift
from mlfa.series.lengths import masked_mean_squared_error
from mlfa.training import trainer as training
from mlfa.training._checks import check_targets
from mlfa.training.batches import make_batches
from mlfa.training.mlp import MLP
from mlfa.training.schedules import one_cycle
from mlfa.training.trainer import NotFiniteError, Trainer, wants_progress_bar


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setenv("MLFA_BUILD", "1")


def line_data(n=50, seed=0, noise=0.1):
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(n, 3, generator=generator)
    y = X @ torch.tensor([[1.0], [-2.0], [0.5]]) + noise * torch.randn(n, 1, generator=generator)
    return X, y


def make_trainer(lr=0.05, hidden=(8,), loss=F.mse_loss, seed=0, dropout=0.0, **kwargs):
    generator = torch.Generator().manual_seed(seed)
    model = MLP(3, hidden, 1, activation="tanh", dropout=dropout, generator=generator)
    kwargs.setdefault("device", "cpu")
    return Trainer(model, loss, torch.optim.SGD(model.parameters(), lr=lr, fused=True), seed=seed, **kwargs)


def weights(trainer):
    return torch.cat([parameter.detach().flatten() for parameter in trainer.model.parameters()])


def interrupt_at_call(loss, number):
    calls = 0

    def interrupted(y_pred, y):
        nonlocal calls
        calls += 1
        if calls == number:
            raise KeyboardInterrupt
        return loss(y_pred, y)

    return interrupted


# --- the steps themselves


def test_equals_a_loop_written_out():
    X, y = line_data(23)
    trainer = make_trainer(seed=4).fit((X, y), epochs=3, batch_size=5)
    model = MLP(3, (8,), 1, activation="tanh", generator=torch.Generator().manual_seed(4))
    generator, losses = torch.Generator().manual_seed(4), []
    for _ in range(3):
        total = 0.0
        for rows in torch.randperm(23, generator=generator).split(5):
            loss = ((model(X[rows]) - y[rows]) ** 2).mean()
            gradients = torch.autograd.grad(loss, list(model.parameters()))
            with torch.no_grad():
                for parameter, gradient in zip(model.parameters(), gradients, strict=True):
                    parameter -= 0.05 * gradient
            total += loss.item() * len(rows)
        losses.append(total / 23)
    np.testing.assert_allclose(trainer.history["train_loss"], losses, rtol=1e-5)
    for a, b in zip(trainer.model.parameters(), model.parameters(), strict=True):
        torch.testing.assert_close(a, b)


def test_full_batches_of_a_line_reach_least_squares():
    X, y = line_data()
    trainer = make_trainer(hidden=(), lr=0.1).fit((X, y), epochs=500, batch_size=50)
    design = np.hstack([X.numpy(), np.ones((50, 1))])
    expected = np.linalg.lstsq(design, y.numpy(), rcond=None)[0][:, 0]
    np.testing.assert_allclose(weights(trainer).numpy(), expected, atol=1e-5)


def test_losses_are_means_over_samples_not_over_batches():
    X, y = line_data(10)
    trainer = make_trainer(lr=0.0)
    trainer.fit((X, y), (X, y), epochs=1, batch_size=7)
    expected = F.mse_loss(trainer.predict(X), y).item()
    assert trainer.history["train_loss"] == [pytest.approx(expected, rel=1e-6)]
    assert trainer.history["validation_loss"] == [pytest.approx(expected, rel=1e-6)]
    loader = DataLoader(TensorDataset(X, y), batch_size=7)
    again = make_trainer(lr=0.0).fit(loader, loader, epochs=1)
    assert again.history["train_loss"] == [pytest.approx(expected, rel=1e-6)]
    assert again.history["validation_loss"] == [pytest.approx(expected, rel=1e-6)]


def test_every_sample_once_an_epoch_in_a_new_order():
    X = torch.arange(11)
    generator = torch.Generator().manual_seed(0)
    passes = [list(make_batches((X, 10 * X), 4, generator=generator)) for _ in range(2)]
    for batches in passes:
        assert [len(part) for part, _ in batches] == [4, 4, 3]
        assert all(torch.equal(y, 10 * part) for part, y in batches)
        assert torch.cat([part for part, _ in batches]).sort().values.tolist() == list(range(11))
    orders = [torch.cat([part for part, _ in batches]).tolist() for batches in passes]
    assert orders[0] != orders[1]
    in_order = list(make_batches((X, X), 4))
    assert torch.cat([part for part, _ in in_order]).tolist() == list(range(11))
    assert len(list(make_batches((X, X)))) == 1


def test_a_loader_in_the_same_order_gives_the_same_model():
    X, y = line_data(20)
    generator = torch.Generator().manual_seed(0)
    orders = [torch.randperm(20, generator=generator) for _ in range(2)]
    by_tensors = make_trainer(seed=0).fit((X, y), epochs=2, batch_size=6)
    by_loader = make_trainer(seed=0)
    for order in orders:
        by_loader.fit(DataLoader(TensorDataset(X[order], y[order]), batch_size=6), epochs=1)
    torch.testing.assert_close(weights(by_tensors), weights(by_loader))


def test_same_seed_same_run_and_global_state_is_untouched():
    before = torch.get_rng_state()
    runs = []
    for seed in (1, 1, 2):
        trainer = make_trainer(seed=seed, dropout=0.5)
        runs.append(trainer.fit(line_data(), line_data(20, 1), epochs=3, batch_size=8))

    assert torch.equal(torch.get_rng_state(), before)
    assert runs[0].history == runs[1].history
    assert torch.equal(weights(runs[0]), weights(runs[1]))
    assert runs[0].history != runs[2].history


def test_the_seed_of_the_trainer_alone_changes_the_order():
    runs = []
    for seed in (0, 1):
        trainer = make_trainer(seed=0)
        trainer.generator.manual_seed(seed)
        runs.append(trainer.fit(line_data(), epochs=1, batch_size=8).history["train_loss"])
    assert runs[0] != runs[1]


def test_fit_again_continues():
    whole = make_trainer().fit(line_data(), line_data(20, 1), epochs=5, batch_size=8)
    parts = make_trainer().fit(line_data(), line_data(20, 1), epochs=2, batch_size=8)
    assert parts.fit(line_data(), line_data(20, 1), epochs=3, batch_size=8) is parts
    assert parts.history == whole.history
    assert torch.equal(weights(parts), weights(whole))
    assert {len(values) for values in whole.history.values()} == {5}


def test_history_without_validation_is_empty_and_later_padded():
    trainer = make_trainer().fit(line_data(), epochs=2, batch_size=8)
    assert trainer.history["validation_loss"] == [] and trainer.best_epoch is None
    trainer.fit(line_data(), line_data(20, 1), epochs=1, batch_size=8)
    losses = trainer.history["validation_loss"]
    assert len(losses) == 3 and math.isnan(losses[0]) and math.isnan(losses[1]) and losses[2] > 0
    assert trainer.best_epoch == 2


# --- validation


def test_validation_without_gradients_in_eval_mode():
    seen = []

    class Spy(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(3, 1)

        def forward(self, X):
            seen.append((self.training, torch.is_grad_enabled(), len(X)))
            return self.linear(X)

    model = Spy()
    trainer = Trainer(model, F.mse_loss, torch.optim.SGD(model.parameters(), lr=0.01), device="cpu", seed=0)
    trainer.fit(line_data(10), line_data(4, 1), epochs=2, batch_size=10)
    assert seen == [(True, True, 10), (False, False, 4)] * 2


@pytest.mark.parametrize("train", [line_data(16), DataLoader(TensorDataset(*line_data(16)), batch_size=8)])
def test_validation_comes_in_parts(train):
    seen = []

    def loss(y_pred, y):
        if not torch.is_grad_enabled():
            seen.append(len(y))
        return F.mse_loss(y_pred, y)

    size = None if isinstance(train, DataLoader) else 8
    make_trainer(loss=loss).fit(train, line_data(600, 1), epochs=1, batch_size=size)
    assert seen == [256, 256, 88]


def test_validation_samples_teach_nothing():
    with_validation = make_trainer().fit(line_data(), line_data(20, 1), epochs=3, batch_size=8)
    without = make_trainer().fit(line_data(), epochs=3, batch_size=8)
    assert torch.equal(weights(with_validation), weights(without))


def test_keep_best_restores_the_best_weights():
    # A rate that grows every epoch makes the loss rise again after a while.
    def run(keep_best):
        trainer = make_trainer(lr=0.02)
        trainer.scheduler = ExponentialLR(trainer.optimizer, gamma=1.6)
        return trainer.fit(line_data(), line_data(20, 1), epochs=9, batch_size=8, keep_best=keep_best)

    best, last = run(True), run(False)
    losses = best.history["validation_loss"]
    assert losses == last.history["validation_loss"]
    assert 0 < best.best_epoch == int(np.argmin(losses)) < 8
    X, y = line_data(20, 1)
    assert F.mse_loss(best.predict(X), y).item() == pytest.approx(min(losses), rel=1e-5)
    assert F.mse_loss(last.predict(X), y).item() == pytest.approx(losses[-1], rel=1e-5)


def test_patience_stops_so_many_epochs_after_the_best():
    trainer = make_trainer(lr=0.02)
    trainer.scheduler = ExponentialLR(trainer.optimizer, gamma=1.6)
    trainer.fit(line_data(), line_data(20, 1), epochs=50, batch_size=8, patience=2)
    assert len(trainer.history["train_loss"]) == trainer.best_epoch + 2 + 1
    epochs = len(trainer.history["train_loss"])
    trainer.fit(line_data(), line_data(20, 1), epochs=50, batch_size=8, patience=2)
    assert len(trainer.history["train_loss"]) == epochs + 2


@pytest.mark.parametrize("setting", [{"keep_best": True}, {"patience": 3}])
def test_watching_validation_needs_validation(setting):
    with pytest.raises(ValueError, match="validation must be given"):
        make_trainer().fit(line_data(), epochs=1, batch_size=8, **setting)


# --- schedules


def test_schedule_by_epoch():
    trainer = make_trainer(lr=0.1)
    trainer.scheduler = ExponentialLR(trainer.optimizer, gamma=0.5)
    trainer.fit(line_data(), epochs=3, batch_size=8)
    assert trainer.history["learning_rate"] == pytest.approx([0.1, 0.05, 0.025])


def test_schedule_by_batch():
    trainer = make_trainer(lr=0.1, scheduler_each_batch=True)
    trainer.scheduler = OneCycleLR(trainer.optimizer, max_lr=0.1, epochs=3, steps_per_epoch=7)
    trainer.fit(line_data(), epochs=3, batch_size=8)  # 50 samples make 7 batches
    assert trainer.scheduler.last_epoch == 21
    assert trainer.history["learning_rate"][0] < trainer.history["learning_rate"][1]


def cycle_trainer(epochs, **settings):
    """With a cycle over so many epochs of 7 batches, whose momentum goes along."""
    trainer = make_trainer(scheduler_each_batch=True, **settings)
    trainer.scheduler = OneCycleLR(trainer.optimizer, max_lr=0.1, epochs=epochs, steps_per_epoch=7)
    return trainer


def test_a_cycle_that_does_not_cover_the_fit_is_refused_before_its_first_step():
    trainer = cycle_trainer(2)
    before = weights(trainer)
    with pytest.raises(ValueError, match="21 steps left for this fit, got 14: train for fewer epochs"):
        trainer.fit(line_data(), epochs=3, batch_size=8)
    with pytest.raises(ValueError, match="26 steps left for this fit, got 14"):
        trainer.fit(line_data(), epochs=2, batch_size=4)
    loader = DataLoader(TensorDataset(*line_data()), batch_size=4)
    with pytest.raises(ValueError, match="26 steps left for this fit, got 14"):
        trainer.fit(loader, epochs=2)
    assert torch.equal(weights(trainer), before) and not trainer.history["train_loss"]
    trainer.fit(line_data(), epochs=1, batch_size=8).fit(line_data(), epochs=1, batch_size=8)
    with pytest.raises(ValueError, match="7 steps left for this fit, got 0"):
        trainer.fit(line_data(), epochs=1, batch_size=8)
    trainer.scheduler = OneCycleLR(trainer.optimizer, max_lr=0.1, total_steps=7)
    assert len(trainer.fit(line_data(), epochs=1, batch_size=8).history["train_loss"]) == 3


def test_one_cycle_changes_the_rate_and_nothing_else():
    trainer = make_trainer(scheduler_each_batch=True)
    trainer.optimizer = torch.optim.Adam(trainer.model.parameters(), betas=(0.9, 0.99), fused=True)
    trainer.scheduler = one_cycle(trainer.optimizer, 0.1, epochs=3, n_samples=50, batch_size=8)
    seen = []
    trainer.after_epoch = lambda trainer: seen.append(trainer.optimizer.param_groups[0]["betas"])
    trainer.fit(line_data(), epochs=3, batch_size=8)
    assert seen == [(0.9, 0.99)] * 3 and len(set(trainer.history["learning_rate"])) == 3


class Stream(IterableDataset):
    """Pairs whose number is not known before."""

    def __iter__(self):
        return iter(zip(*line_data(), strict=True))


def test_a_loader_that_does_not_know_its_length_may_follow_a_cycle():
    assert cycle_trainer(1).fit(DataLoader(Stream(), batch_size=8), epochs=1).scheduler.last_epoch == 7


def test_steps_of_the_wrong_kind_are_refused():
    def run(make, each_batch):
        trainer = make_trainer(scheduler_each_batch=each_batch)
        trainer.scheduler = None if make is None else make(trainer.optimizer)
        return trainer.fit(line_data(), line_data(20, 1), epochs=3, batch_size=8)

    for make in (None, ReduceLROnPlateau):
        with pytest.raises(ValueError, match="scheduler must be one that counts batches"):
            run(make, True)
    with pytest.raises(ValueError, match="scheduler_each_batch must be True for OneCycleLR"):
        run(functools.partial(OneCycleLR, max_lr=0.1, total_steps=21), False)
    # A cycle over epochs is unusual, and right.
    assert run(functools.partial(OneCycleLR, max_lr=0.1, total_steps=3), False).scheduler.last_epoch == 3


def test_plateau_gets_the_validation_loss():
    trainer = make_trainer(lr=0.0)
    trainer.scheduler = ReduceLROnPlateau(trainer.optimizer, patience=0)
    seen = []
    step = trainer.scheduler.step
    trainer.scheduler.step = lambda value: (seen.append(value), step(value))
    trainer.fit(line_data(), line_data(20, 1), epochs=2, batch_size=8)
    assert seen == trainer.history["validation_loss"]
    with pytest.raises(ValueError, match="ReduceLROnPlateau"):
        trainer.fit(line_data(), epochs=1, batch_size=8)


# --- stops


def test_loss_that_is_not_finite_names_epoch_and_batch():
    X, y = line_data(20)
    y[7] = math.nan
    loader = DataLoader(TensorDataset(X, y), batch_size=5)
    trainer = make_trainer()
    with pytest.raises(NotFiniteError, match=r"nan in epoch 0, batch 1"):
        trainer.fit(loader, epochs=1)
    assert issubclass(NotFiniteError, FloatingPointError)
    assert torch.isfinite(weights(trainer)).all()
    with pytest.raises(NotFiniteError, match=r"nan in epoch 0, validation batch 1"):
        make_trainer().fit(line_data(), loader, epochs=1, batch_size=8)


def test_a_rate_that_is_too_large_is_caught():
    with pytest.raises(NotFiniteError, match=r"(inf|nan) in epoch \d+, batch 0: try a smaller learning rate"):
        make_trainer(lr=1e3, hidden=()).fit(line_data(), epochs=100, batch_size=50)


def test_weights_that_are_not_finite_are_caught_in_their_epoch():
    class Root(nn.Module):
        """The loss is finite where its gradient, that of a root at zero, is not."""

        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.zeros(1))

        def forward(self, X):
            return (X * self.w).square().sum(dim=1, keepdim=True).sqrt()

    model = Root()
    trainer = Trainer(model, F.mse_loss, torch.optim.SGD(model.parameters(), lr=0.1), device="cpu", seed=0)
    with pytest.raises(NotFiniteError, match="a weight is not finite after epoch 0"):
        trainer.fit((torch.ones(4, 1), torch.ones(4, 1)), epochs=1, batch_size=4)
    assert trainer.history["train_loss"] == []


def test_an_interrupt_reaches_the_caller_and_keeps_what_was_learned():
    # 7 batches and 1 validation an epoch: call 20 is in the third epoch.
    trainer = make_trainer(loss=interrupt_at_call(F.mse_loss, 20))
    with pytest.raises(KeyboardInterrupt) as stop:
        trainer.fit(line_data(), line_data(20, 1), epochs=9, batch_size=8)
    assert "interrupted after 2 of 9 epochs" in stop.value.__notes__[0]
    assert trainer.interrupted and not trainer.model.training
    assert {len(values) for values in trainer.history.values()} == {2}
    reference = make_trainer().fit(line_data(), line_data(20, 1), epochs=2, batch_size=8)
    assert trainer.history == reference.history and not reference.interrupted
    trainer.loss = F.mse_loss
    assert len(trainer.fit(line_data(), epochs=1, batch_size=8).history["train_loss"]) == 3
    assert not trainer.interrupted


def test_an_interrupt_ends_a_loop_over_seeds():
    losses = []
    with pytest.raises(KeyboardInterrupt):
        for seed in range(3):
            trainer = make_trainer(seed=seed, loss=interrupt_at_call(F.mse_loss, 10 if seed == 1 else 0))
            losses.append(trainer.fit(line_data(), epochs=2, batch_size=8).history["train_loss"][-1])
    assert len(losses) == 1


@pytest.mark.parametrize("call", [18, 24])  # in a step of the third epoch, and in its validation
def test_another_fit_goes_on_after_an_interrupt(call):
    """The schedule gives the steps of the broken epoch back, with the momentum that it had set."""
    trainer = cycle_trainer(5, loss=interrupt_at_call(F.mse_loss, call))
    with pytest.raises(KeyboardInterrupt):
        trainer.fit(line_data(), line_data(20, 1), epochs=5, batch_size=8)
    assert trainer.scheduler.last_epoch == 14 and len(trainer.history["train_loss"]) == 2
    reference = cycle_trainer(5).fit(line_data(), line_data(20, 1), epochs=2, batch_size=8)
    for name in ("lr", "momentum"):
        assert trainer.optimizer.param_groups[0][name] == reference.optimizer.param_groups[0][name]
    trainer.loss = F.mse_loss
    trainer.fit(line_data(), line_data(20, 1), epochs=3, batch_size=8)
    whole = cycle_trainer(5).fit(line_data(), epochs=5, batch_size=8)
    assert trainer.history["learning_rate"] == whole.history["learning_rate"] and trainer.scheduler.last_epoch == 35


def test_an_error_in_the_hook_leaves_the_epoch_whole():
    def fail(trainer):
        raise RuntimeError("the disk is full")

    trainer = cycle_trainer(2, after_epoch=fail)
    with pytest.raises(RuntimeError, match="the disk is full"):
        trainer.fit(line_data(), epochs=2, batch_size=8)
    assert trainer.scheduler.last_epoch == 7 and len(trainer.history["train_loss"]) == 1


def test_interrupt_goes_back_to_the_best_weights():
    trainer = make_trainer(loss=interrupt_at_call(F.mse_loss, 20))
    with pytest.raises(KeyboardInterrupt):
        trainer.fit(line_data(), line_data(20, 1), epochs=9, batch_size=8, keep_best=True)
    X, y = line_data(20, 1)
    assert F.mse_loss(trainer.predict(X), y).item() == pytest.approx(min(trainer.history["validation_loss"]), rel=1e-5)


def test_an_error_goes_back_to_the_best_weights():
    trainer = make_trainer(lr=0.02)
    trainer.scheduler = LambdaLR(trainer.optimizer, lambda epoch: 1.0 if epoch < 5 else 1e6)
    X, y = line_data(20, 1)
    with pytest.raises(NotFiniteError):
        trainer.fit(line_data(), (X, y), epochs=50, batch_size=8, keep_best=True)
    assert not trainer.model.training and trainer.interrupted
    assert F.mse_loss(trainer.predict(X), y).item() == pytest.approx(min(trainer.history["validation_loss"]), rel=1e-5)


def test_interrupt_in_the_first_epoch():
    trainer = make_trainer(loss=interrupt_at_call(F.mse_loss, 3))
    with pytest.raises(KeyboardInterrupt):
        trainer.fit(line_data(), line_data(20, 1), epochs=9, batch_size=8, keep_best=True)
    assert trainer.history == {"train_loss": [], "validation_loss": [], "learning_rate": []}
    assert trainer.predict(line_data(4)[0]).shape == (4, 1)


# --- another fit, on the same data or on others


def other_task():
    X, y = line_data()
    return X, 3 * y + 5


def test_keep_best_and_patience_forget_what_was_best_on_other_data():
    trainer = make_trainer(lr=0.02).fit(line_data(), line_data(20, 1), epochs=30, batch_size=8, keep_best=True)
    assert trainer.best_epoch < 30
    trainer.fit(other_task(), other_task(), epochs=20, batch_size=8, keep_best=True, patience=5)
    losses = trainer.history["validation_loss"][30:]
    X, y = other_task()
    assert len(losses) == 20 and trainer.best_epoch >= 30
    assert F.mse_loss(trainer.predict(X), y).item() == pytest.approx(min(losses), rel=1e-5)


def test_keep_best_remembers_what_was_best_on_the_same_data():
    trainer = make_trainer(lr=0.02).fit(line_data(), line_data(20, 1), epochs=9, batch_size=8, keep_best=True)
    best, epoch = weights(trainer), trainer.best_epoch
    trainer.optimizer.param_groups[0]["lr"] = 1.0  # from here on it gets worse
    trainer.fit(line_data(), line_data(20, 1), epochs=3, batch_size=8, keep_best=True)
    assert min(trainer.history["validation_loss"][9:]) > trainer.history["validation_loss"][epoch]
    assert torch.equal(weights(trainer), best) and trainer.best_epoch == epoch


# --- to a file and back


def resumable(path=None, loss=F.mse_loss, schedule="cosine"):
    """A trainer with a state in every part: Adam, a schedule, dropout; it saves itself after every epoch."""
    generator = torch.Generator().manual_seed(0)
    model = nn.Sequential(
        RandomShift(0, generator=generator), nn.Flatten(), MLP(3, [16], 1, dropout=0.5, generator=generator)
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, fused=True)
    schedules = {
        "none": lambda: None,
        "cosine": lambda: CosineAnnealingLR(optimizer, 10),
        "plateau": lambda: ReduceLROnPlateau(optimizer, patience=1),
        "cycle": lambda: OneCycleLR(optimizer, 0.05, total_steps=70),
    }
    return Trainer(
        model,
        loss,
        optimizer,
        scheduler=schedules[schedule](),
        scheduler_each_batch=schedule == "cycle",
        after_epoch=path and (lambda trainer: trainer.save(path)),
        clip_norm=1.0,
        device="cpu",
        seed=1,
    )


def as_images(X, y):
    return X[:, None, None], y


@pytest.mark.parametrize("schedule", ["none", "cosine", "plateau", "cycle"])
def test_a_run_that_crashed_goes_on_bit_for_bit(tmp_path, schedule):
    train, validation = as_images(*line_data()), as_images(*line_data(20, 1))
    settings = {"batch_size": 8, "keep_best": True, "patience": 6}
    whole = resumable(schedule=schedule).fit(train, validation, epochs=10, **settings)
    crashed = resumable(tmp_path / "run.pt", interrupt_at_call(F.mse_loss, 40), schedule)
    with pytest.raises(KeyboardInterrupt):
        crashed.fit(train, validation, epochs=10, **settings)
    # Nothing but the file is left: another process makes its trainer anew.
    resumed = resumable(schedule=schedule).load(tmp_path / "run.pt")
    done = len(resumed.history["train_loss"])
    assert done == 4 and resumed.interrupted
    resumed.fit(train, validation, epochs=10 - done, **settings)
    assert resumed.history == whole.history and resumed.best_epoch == whole.best_epoch
    assert torch.equal(weights(resumed), weights(whole))
    for ours, theirs in zip(state_tensors(resumed), state_tensors(whole), strict=True):
        assert torch.equal(ours, theirs)


def state_tensors(trainer):
    states = trainer.optimizer.state_dict()["state"].values()
    return [tensor for state in states for tensor in state.values()] + [trainer.generator.get_state()]


@pytest.mark.parametrize("before", [0, 13])  # epochs of an earlier fit, which the patience of this one does not count
def test_patience_counts_on_after_a_crash(tmp_path, before):
    def make(**settings):
        trainer = make_trainer(lr=0.02, **settings)
        trainer.scheduler = ExponentialLR(trainer.optimizer, gamma=1.2)
        return trainer

    def run(trainer, epochs, patience=4):
        return trainer.fit(line_data(), line_data(20, 1), epochs=epochs, batch_size=8, patience=patience)

    def begin(**settings):
        trainer = make(**settings)
        return run(trainer, before, patience=None) if before else trainer

    whole = run(begin(), 50)
    epochs = len(whole.history["train_loss"])
    assert epochs == max(whole.best_epoch + 1, before) + 4  # the best epoch lies in the earlier fit, if there is one
    crashed = begin(after_epoch=lambda trainer: trainer.save(tmp_path / "run.pt"))
    crashed.loss = interrupt_at_call(F.mse_loss, 8 * (epochs - before - 1))  # two epochs before the end
    with pytest.raises(KeyboardInterrupt):
        run(crashed, 50)
    resumed = run(make().load(tmp_path / "run.pt"), 40)
    assert resumed.history == whole.history and len(crashed.history["train_loss"]) == epochs - 2


def test_a_broken_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "run.pt"
    trainer = make_trainer().fit(line_data(), epochs=1, batch_size=8)
    trainer.save(path)
    before = path.read_bytes()

    def half(state, file):
        with open(file, "wb") as f:
            f.write(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr(torch, "save", half)
    with pytest.raises(OSError, match="no space left"):
        trainer.fit(line_data(), epochs=1, batch_size=8).save(path)
    assert path.read_bytes() == before
    assert len(make_trainer().load(path).history["train_loss"]) == 1


def test_a_file_of_another_trainer_is_refused(tmp_path):
    path = tmp_path / "run.pt"
    resumable().save(path)
    others = [make_trainer(), resumable(schedule="none"), resumable(schedule="plateau")]
    for other in others:
        with pytest.raises(ValueError, match="the saved trainer must be of"):
            other.load(path)
    torch.save({"kinds": print}, path)  # a file may hold any program; such a one is not run
    with pytest.raises(pickle.UnpicklingError, match="weights_only"):
        make_trainer().load(path)


# --- a hook, and gradients that are cut


def test_the_hook_sees_every_epoch_when_it_is_whole():
    seen = []
    trainer = make_trainer(after_epoch=lambda trainer: seen.append({k: len(v) for k, v in trainer.history.items()}))
    trainer.fit(line_data(), line_data(20, 1), epochs=3, batch_size=8)
    assert seen == [{"train_loss": n, "validation_loss": n, "learning_rate": n} for n in (1, 2, 3)]


def test_gradients_are_cut_to_the_norm():
    trainer = make_trainer(lr=1.0, clip_norm=1e-3)
    before = weights(trainer)
    trainer.fit(line_data(), epochs=1, batch_size=50)
    assert (weights(trainer) - before).norm().item() == pytest.approx(1e-3, rel=1e-3)
    small = make_trainer(clip_norm=1e3).fit(line_data(), epochs=2, batch_size=8)
    assert torch.equal(weights(small), weights(make_trainer().fit(line_data(), epochs=2, batch_size=8)))
    for norm in (0.0, -1.0, math.inf):
        with pytest.raises(ValueError, match="clip_norm must be a positive number"):
            make_trainer(clip_norm=norm)


def test_the_optimizer_of_another_model_is_refused():
    def model():
        return MLP(3, [8], 1, generator=torch.Generator().manual_seed(0))

    optimizer = torch.optim.SGD(model().parameters(), lr=0.1)
    with pytest.raises(ValueError, match="optimizer must have the parameters of this model, got none"):
        Trainer(model(), F.mse_loss, optimizer, device="cpu", seed=0)
    frozen = model()  # a part of the parameters is enough: the rest may be frozen
    optimizer = torch.optim.SGD(frozen.layers[-1].parameters(), lr=0.1)
    trainer = Trainer(frozen, F.mse_loss, optimizer, device="cpu", seed=0)
    first = frozen.layers[0].weight.clone()
    trainer.fit(line_data(), epochs=1, batch_size=8)
    assert torch.equal(frozen.layers[0].weight, first)


# --- shapes


def test_column_against_vector_is_an_error():
    X, y = line_data()
    with pytest.raises(ValueError, match=r"shape of the predictions, \(8, 1\), got \(8,\)"):
        make_trainer().fit((X, y[:, 0]), epochs=1, batch_size=8)
    with pytest.raises(ValueError, match="shape of the predictions"):
        make_trainer().fit((X, y), (X, y[:, 0]), epochs=1, batch_size=8)


@pytest.mark.parametrize(
    ("pred", "target", "dtype"),
    [
        ((4, 1), (4, 1), torch.float32),
        ((4,), (4,), torch.float32),
        ((4, 3), (4,), torch.int64),
        ((4, 3, 5), (4, 5), torch.int64),
        ((4, 3), (4, 3), torch.float32),
        ((4, 1), (4, 1), torch.int64),
    ],
)
def test_shapes_that_match(pred, target, dtype):
    check_targets(torch.zeros(pred), torch.zeros(target, dtype=dtype), lambda y_pred, y: y_pred)


@pytest.mark.parametrize(
    ("pred", "target", "dtype"),
    [
        ((4, 1), (4,), torch.float32),
        ((4,), (4, 1), torch.float32),
        ((4, 1), (4,), torch.int64),  # numbers, not classes: one score cannot choose
        ((4, 3), (4,), torch.float32),
        ((4, 3), (3,), torch.int64),
        ((4, 3), (4, 1), torch.int64),
        ((4,), (), torch.int64),
    ],
)
def test_shapes_that_do_not_match(pred, target, dtype):
    with pytest.raises(ValueError, match="y must have the shape"):
        check_targets(torch.zeros(pred), torch.zeros(target, dtype=dtype), lambda y_pred, y: y_pred)


def classify(y, loss=F.cross_entropy, n_outputs=3, **settings):
    """One epoch on six samples whose targets are `y`."""
    model = MLP(3, [4], n_outputs, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    trainer = Trainer(model, loss, optimizer, device="cpu", seed=0)
    return trainer.fit((torch.ones(6, 3), torch.as_tensor(y)), epochs=1, batch_size=6)


SOFT = functools.partial(F.cross_entropy, label_smoothing=0.1)


@pytest.mark.parametrize("loss", [F.cross_entropy, nn.CrossEntropyLoss(), SOFT, F.multi_margin_loss])
def test_classes_must_be_those_of_the_outputs(loss):
    assert classify([0, 1, 2, 0, 1, 2], loss).history["train_loss"][0] > 0
    for wrong, number in (([1, 2, 3, 1, 2, 3], 3), ([0, 2, 5, 0, 2, 5], 5), ([-1, 0, 1, 0, 1, 0], -1)):
        with pytest.raises(ValueError, match=f"classes must be 0 to 2, one for each output of the model, got {number}"):
            classify(wrong, loss)


def test_classes_of_other_types():
    assert classify(torch.tensor([0, 1, 2, 0, 1, 2], dtype=torch.uint8)).history["train_loss"]
    for dtype in (torch.int32, torch.bool, torch.float32):
        with pytest.raises(ValueError, match=rf"classes must be torch.int64, got {dtype}: give y.long\(\)"):
            classify(torch.tensor([0, 1, 1, 0, 1, 1]).to(dtype))
    with pytest.raises(ValueError, match=r"y must hold numbers, got torch.bool: give y.float\(\)"):
        classify(torch.ones(6, 1, dtype=torch.bool), F.mse_loss, 1)
    probabilities = torch.full((6, 3), 1 / 3)
    assert classify(probabilities).history["train_loss"][0] >= math.log(3)


@pytest.mark.parametrize("ignored", [-100, 255])
def test_a_class_that_the_loss_ignores_is_no_error(ignored):
    assert classify([0, 1, ignored, 0, 1, 2], nn.CrossEntropyLoss(ignore_index=ignored)).history["train_loss"][0] > 0


@pytest.mark.parametrize("y", [torch.zeros(6, 1), torch.zeros(6), torch.zeros(6, dtype=torch.int64)])
def test_one_output_leaves_no_choice_between_classes(y):
    """The loss would be zero, and nothing would be learned."""
    with pytest.raises(
        ValueError, match=r"cross_entropy needs an output for each class, got predictions of shape \(6, 1\)"
    ):
        classify(y, n_outputs=1)


def test_whole_numbers_are_no_classes_for_a_loss_of_numbers():
    """Six outputs and batches of six: the loss would compare each with each."""
    for loss in (F.mse_loss, nn.L1Loss(), F.smooth_l1_loss):
        with pytest.raises(ValueError, match=r"y must have the shape of the predictions, \(6, 6\), got \(6,\)"):
            classify([0, 1, 2, 3, 4, 5], loss, n_outputs=6)
    own = classify([0, 1, 2, 3, 4, 5], lambda y_pred, y: F.cross_entropy(y_pred, y), n_outputs=6)
    assert own.history["train_loss"][0] > 0
    whole = classify([[1], [2], [3], [4], [5], [6]], F.mse_loss, 1)
    assert whole.history == classify([[1.0], [2], [3], [4], [5], [6]], F.mse_loss, 1).history


def test_a_loss_must_be_one_number():
    with pytest.raises(ValueError, match=r"the loss of a batch must be one number, its mean, got shape \(8, 1\)"):
        make_trainer(loss=nn.MSELoss(reduction="none")).fit(line_data(), epochs=1, batch_size=8)


def test_a_loss_may_need_lengths():
    """Several tensors as targets: the loss gets them all, and knows which positions count."""
    X, lengths = torch.randn(12, 5, 2, generator=torch.Generator().manual_seed(0)), torch.arange(12) % 5 + 1
    y = X.sum(dim=2, keepdim=True)
    y_wrong = y.clone()
    y_wrong[torch.arange(5) >= lengths[:, None]] = 1e6  # behind the ends

    def train(y):
        model = MLP(2, [4], 1, generator=torch.Generator().manual_seed(0))
        loader = DataLoader(list(zip(X, zip(y, lengths, strict=True), strict=True)), batch_size=4)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        trainer = Trainer(
            model, lambda y_pred, y: masked_mean_squared_error(y_pred, *y), optimizer, device="cpu", seed=0
        )
        return trainer.fit(loader, loader, epochs=3)

    assert train(y).history == train(y_wrong).history
    assert train(y).history["validation_loss"][-1] < 10


# --- errors in words


@pytest.mark.parametrize("dtype", [torch.float64, torch.int64, torch.uint8])
@pytest.mark.parametrize(
    "make_model",
    [
        lambda: nn.Linear(3, 1),
        lambda: nn.Sequential(nn.Unflatten(1, (1, 3)), nn.Conv1d(1, 1, 3), nn.Flatten()),
    ],
)
def test_samples_of_another_type_say_what_to_do(dtype, make_model):
    model = make_model()
    trainer = Trainer(model, F.mse_loss, torch.optim.SGD(model.parameters(), lr=0.1), device="cpu", seed=0)
    X, y = line_data(8)
    with pytest.raises(ValueError, match=rf"X must be torch.float32, .*, got {dtype}: give X.float\(\)"):
        trainer.fit((X.to(dtype), y), epochs=1, batch_size=4)
    with pytest.raises(ValueError, match=rf"got {dtype}: give X.float"):
        trainer.predict(X.to(dtype))
    assert trainer.fit((X, y.double()), epochs=1, batch_size=4).history["train_loss"]  # float64 targets are fine


def test_whole_numbers_are_samples_for_a_model_that_wants_them():
    model = nn.Sequential(nn.Embedding(5, 4), nn.Flatten(), nn.Linear(8, 1))
    trainer = Trainer(model, F.mse_loss, torch.optim.SGD(model.parameters(), lr=0.1), device="cpu", seed=0)
    assert trainer.fit((torch.randint(5, (8, 2)), torch.ones(8, 1)), epochs=1, batch_size=4).history["train_loss"]
    with pytest.raises(IndexError, match="out of range"):  # another error than that of a type
        trainer.predict(torch.full((2, 2), 9))
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        make_trainer().predict(torch.ones(2, 7))


def test_a_last_batch_of_one_and_batch_norm():
    model = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Linear(8, 1))
    trainer = Trainer(model, F.mse_loss, torch.optim.SGD(model.parameters(), lr=0.1), device="cpu", seed=0)
    with pytest.raises(ValueError, match="more than one sample for BatchNorm, got one: choose another batch_size"):
        trainer.fit(line_data(33), epochs=1, batch_size=32)
    trainer.fit(line_data(33), line_data(1), epochs=1, batch_size=11)
    assert trainer.predict(line_data(1)[0]).shape == (1, 1)


def test_loaders_that_give_nothing_or_no_pairs():
    few = DataLoader(TensorDataset(*line_data(3)), batch_size=8, drop_last=True)
    for train, validation in ((few, None), (DataLoader(TensorDataset(*line_data()), batch_size=8), few)):
        with pytest.raises(ValueError, match=r"must give at least one sample, got none: .* drop_last"):
            make_trainer().fit(train, validation, epochs=1)
    X, y = line_data()
    for data, got in (
        (TensorDataset(X, y, y), r"\(Tensor, Tensor, Tensor\)"),
        (TensorDataset(X), r"\(Tensor\)"),
        (X, "Tensor"),
    ):
        with pytest.raises(ValueError, match=rf"must give pairs \(X, y\), got {got}"):
            make_trainer().fit(DataLoader(data, batch_size=2), epochs=1)


def test_classes_with_cross_entropy():
    X, _ = line_data(60)
    y = X.argmax(dim=1)
    model = MLP(3, [16], 3, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05, fused=True)
    trainer = Trainer(model, nn.CrossEntropyLoss(), optimizer, device="cpu", seed=0)
    trainer.fit((X, y), epochs=60, batch_size=20)
    assert (trainer.predict(X).argmax(dim=1) == y).float().mean() > 0.95


# --- predict, transform, device


@pytest.mark.parametrize("mode", [True, False])
def test_predict_restores_the_mode_and_needs_no_gradient(mode):
    trainer = make_trainer(dropout=0.5)
    trainer.model.train(mode)
    X, _ = line_data(10)
    predicted = trainer.predict(X, batch_size=3)
    assert trainer.model.training is mode and not predicted.requires_grad and predicted.device.type == "cpu"
    torch.testing.assert_close(predicted, trainer.predict(X))
    torch.testing.assert_close(predicted, trainer.model.eval()(X).detach())


def test_predict_restores_the_mode_after_an_error():
    trainer = make_trainer()
    trainer.model.train()
    with pytest.raises(RuntimeError):
        trainer.predict(torch.ones(2, 7))
    assert trainer.model.training


def test_predict_takes_a_loader():
    trainer, (X, y) = make_trainer(), line_data(10)
    for data in (TensorDataset(X, y), TensorDataset(X), X):
        torch.testing.assert_close(trainer.predict(DataLoader(data, batch_size=4)), trainer.predict(X))
    with pytest.raises(ValueError, match="batch_size belongs to the DataLoader"):
        trainer.predict(DataLoader(X, batch_size=4), batch_size=4)
    for settings in ({"shuffle": True}, {"drop_last": True}):
        with pytest.raises(ValueError, match="every sample in order, got a DataLoader that shuffles or drops"):
            trainer.predict(DataLoader(X, batch_size=4, **settings))
    with pytest.raises(ValueError, match="must give at least one sample"):
        trainer.predict(DataLoader(X[:0], batch_size=4))


def test_a_loader_may_have_workers():
    X, y = line_data(12)
    plain = DataLoader(TensorDataset(X, y), batch_size=4)
    workers = DataLoader(TensorDataset(X, y), batch_size=4, num_workers=2)
    ours, theirs = make_trainer().fit(plain, plain, epochs=2), make_trainer().fit(workers, workers, epochs=2)
    assert ours.history == theirs.history and torch.equal(ours.predict(plain), theirs.predict(workers))


def test_predict_refuses_what_is_no_tensor():
    with pytest.raises(TypeError, match="X must be a tensor or a DataLoader, got ndarray"):
        make_trainer().predict(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="batch_size"):
        make_trainer().predict(line_data(4)[0], batch_size=0)


def test_transform_turns_bytes_into_floats():
    generator = torch.Generator().manual_seed(0)
    X = torch.randint(0, 256, (40, 3), dtype=torch.uint8, generator=generator)
    y = X[:, :1].float() / 255
    on_bytes = make_trainer(transform=lambda X: X.float() / 255)
    on_bytes.fit((X, y), (X, y), epochs=2, batch_size=8)
    on_floats = make_trainer().fit((X.float() / 255, y), (X.float() / 255, y), epochs=2, batch_size=8)
    assert on_bytes.history == on_floats.history
    assert torch.equal(on_bytes.predict(X), on_floats.predict(X.float() / 255))
    assert X.dtype == torch.uint8


def test_device_is_picked_by_name(monkeypatch):
    monkeypatch.setattr(training, "pick_device", lambda name: torch.device({"cuda": "meta"}.get(name, "cpu")))
    trainer = make_trainer(device="cuda")
    assert {parameter.device.type for parameter in trainer.model.parameters()} == {"meta"}
    with pytest.raises(ValueError, match="got 'gpu'"):
        monkeypatch.undo()
        make_trainer(device="gpu")


# --- settings


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"epochs": 0}, "epochs"),
        ({"epochs": 1.5}, "epochs"),
        ({"batch_size": 0}, "batch_size"),
        ({"batch_size": None}, "batch_size must be given"),
        ({"patience": 0, "validation": line_data(9)}, "patience"),
        ({"train": line_data()[0]}, "train must be a pair"),
        ({"train": (np.zeros((4, 3)), np.zeros((4, 1)))}, r"pair of tensors .* got \(ndarray, ndarray\)"),
        ({"train": (*line_data(), line_data()[1])}, r"pair of tensors .* got \(Tensor, Tensor, Tensor\)"),
        ({"train": (line_data(5)[0], line_data(4)[1])}, "same length"),
        ({"train": (torch.zeros(0, 3), torch.zeros(0, 1))}, "at least one sample"),
        ({"validation": (line_data(5)[0], line_data(4)[1])}, "same length"),
        ({"validation": line_data(5)[0]}, "validation must be a pair"),
        ({"train": DataLoader(TensorDataset(*line_data()), batch_size=4)}, "batch_size belongs to the DataLoader"),
    ],
)
def test_bad_settings_are_named(change, message):
    settings = {"train": line_data(), "validation": None, "epochs": 1, "batch_size": 8} | change
    with pytest.raises(ValueError, match=message):
        make_trainer().fit(settings.pop("train"), settings.pop("validation"), **settings)


# --- the progress bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_bar_only_where_somebody_watches(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert not wants_progress_bar()  # a build is silent even in a terminal
    monkeypatch.delenv("MLFA_BUILD")
    assert wants_progress_bar()
    make_trainer().fit(line_data(), epochs=2, batch_size=8)
    assert "2/2" in sys.stderr.getvalue()
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert not wants_progress_bar()
    make_trainer().fit(line_data(), epochs=2, batch_size=8)
    assert sys.stderr.getvalue() == ""


@pytest.mark.parametrize(("shell", "expected"), [(types.SimpleNamespace(kernel=object()), True), (None, False)])
def test_progress_bar_in_a_live_notebook(monkeypatch, shell, expected):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    assert not wants_progress_bar()
    monkeypatch.delenv("MLFA_BUILD")
    assert wants_progress_bar() is expected


# --- in chapters and in the package

ROOT = Path(__file__).parents[2]
MAKES_OPTIMIZER = re.compile(r"(?:torch\.)?optim\.(?:SGD|Adam|AdamW|Adagrad)\((?:[^()]|\([^()]*\))*\)")


def test_every_optimizer_is_fused():
    """One call for all parameters instead of some for each: a tenth to a fifth of a small step."""
    files = [*ROOT.glob("chapters/*/*.md"), *ROOT.glob("code/mlfa/**/*.py")]
    found = {file.name: MAKES_OPTIMIZER.findall(file.read_text(encoding="utf-8")) for file in files}
    calls = [(name, call) for name, made in found.items() for call in made]
    assert len(calls) > 12
    assert [name for name, call in calls if "fused=True" not in call] == []
