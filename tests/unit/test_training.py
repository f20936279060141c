"""The Trainer does what its words say: steps, losses, best weights, stops and refusals."""

from __future__ import annotations

import io
import math
import sys
import types

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import ExponentialLR, OneCycleLR, ReduceLROnPlateau
from torch.utils.data import DataLoader, TensorDataset

from mlfa.training import trainer as training
from mlfa.training.batches import check_shapes, make_batches
from mlfa.training.mlp import MLP
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
    model = MLP(3, hidden, 1, "tanh", dropout=dropout, generator=generator)
    kwargs.setdefault("device", "cpu")
    return Trainer(model, loss, torch.optim.SGD(model.parameters(), lr=lr), seed=seed, **kwargs)


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
    model = MLP(3, (8,), 1, "tanh", generator=torch.Generator().manual_seed(4))
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
    trainer = Trainer(model, F.mse_loss, torch.optim.SGD(model.parameters(), lr=0.01), device="cpu")
    trainer.fit(line_data(10), line_data(4, 1), epochs=2, batch_size=10)
    assert seen == [(True, True, 10), (False, False, 4)] * 2


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
    with pytest.raises(ValueError, match="scheduler must be given when scheduler_each_batch"):
        make_trainer(scheduler_each_batch=True).fit(line_data(), epochs=1, batch_size=8)


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


def test_interrupt_keeps_what_was_learned():
    # 7 batches and 1 validation an epoch: call 20 is in the third epoch.
    trainer = make_trainer(loss=interrupt_at_call(F.mse_loss, 20))
    assert trainer.fit(line_data(), line_data(20, 1), epochs=9, batch_size=8) is trainer
    assert {len(values) for values in trainer.history.values()} == {2}
    reference = make_trainer().fit(line_data(), line_data(20, 1), epochs=2, batch_size=8)
    assert trainer.history == reference.history
    trainer.loss = F.mse_loss
    assert len(trainer.fit(line_data(), epochs=1, batch_size=8).history["train_loss"]) == 3


def test_interrupt_goes_back_to_the_best_weights():
    trainer = make_trainer(loss=interrupt_at_call(F.mse_loss, 20))
    trainer.fit(line_data(), line_data(20, 1), epochs=9, batch_size=8, keep_best=True)
    X, y = line_data(20, 1)
    assert F.mse_loss(trainer.predict(X), y).item() == pytest.approx(min(trainer.history["validation_loss"]), rel=1e-5)


def test_interrupt_in_the_first_epoch():
    trainer = make_trainer(loss=interrupt_at_call(F.mse_loss, 3))
    trainer.fit(line_data(), line_data(20, 1), epochs=9, batch_size=8, keep_best=True)
    assert trainer.history == {"train_loss": [], "validation_loss": [], "learning_rate": []}
    assert trainer.predict(line_data(4)[0]).shape == (4, 1)


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
    check_shapes(torch.zeros(pred), torch.zeros(target, dtype=dtype))


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
        check_shapes(torch.zeros(pred), torch.zeros(target, dtype=dtype))


def test_classes_with_cross_entropy():
    X, _ = line_data(60)
    y = X.argmax(dim=1)
    model = MLP(3, [16], 3, generator=torch.Generator().manual_seed(0))
    trainer = Trainer(model, nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=0.05), device="cpu")
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


def test_predict_refuses_what_is_no_tensor():
    with pytest.raises(TypeError, match="X must be a tensor, got ndarray"):
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
        ({"train": (np.zeros((4, 3)), np.zeros((4, 1)))}, "train must be a pair of tensors"),
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
