"""Tasks of Part III."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from loops import fit_as_the_book, fit_plainly
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from mlfa.datasets import load_seattle_weather
from mlfa.datasets.sines import draw_phases, make_sine_windows, sine_continuation, sine_windows
from mlfa.series.forecasts import Ridge, mae
from mlfa.series.positions import sinusoidal_positions
from mlfa.series.recurrent import RNN
from mlfa.series.rollouts import rollout
from mlfa.training.trainer import Trainer
from mlfa.series.transformers import Transformer
from mlfa.series.weather import Correction, LastOutput, day_features
from mlfa.series.windows import make_windows, split_by_time

# Windows of a series --------------------------------------------------------------


@cache
def long_series():
    """The weather forty times over, so that cutting it takes a while."""
    weather = load_seattle_weather()
    X = np.tile(weather.matrix(), (40, 1))
    return X, X[:, 1]


def windows() -> float:
    X, y = long_series()
    cut = make_windows(X, y, length=30, horizon=7)
    return float(cut.X[:, -1, 1].mean() - cut.y.mean())


def windows_plainly() -> float:
    """A Python loop that slices each sample, and stacks them at the end."""
    X, y = long_series()
    seen, targets = [], []
    for i in range(len(y) - 30 - 7 + 1):
        seen.append(X[i : i + 30])
        targets.append(y[i + 30 : i + 37])
    seen, targets = np.array(seen), np.array(targets)
    return float(seen[:, -1, 1].mean() - targets.mean())


# Tomorrow's maximum ---------------------------------------------------------------


@cache
def weather_windows():
    """Training and validation windows of thirty days, and the ridge regression that a network corrects."""
    weather = load_seattle_weather()
    validation_start, test_start = weather.row_of("2014-01-01"), weather.row_of("2015-01-01")
    temperature = weather.column("temp_max")
    features = day_features(weather, validation_start)
    train, validation, _ = split_by_time(make_windows(features, temperature, 30), validation_start, test_start)
    ridge = Ridge(10.0).fit(train.X[:, -1], train.y)
    return train, validation, ridge.predict(train.X[:, -1]), ridge.predict(validation.X[:, -1])


def forecast_weather() -> float:
    """Minus the mean absolute error on 2014, in degrees."""
    train, validation, simple_train, simple_validation = weather_windows()
    generator = torch.Generator().manual_seed(0)
    model = LastOutput(RNN(13, 32, 1, generator=generator), 0.3, generator=generator)
    correction = Correction(model, seed=0)
    correction.fit(train, simple_train, validation, simple_validation, epochs=15)
    return -mae(validation.y, correction.predict(validation.X, simple_validation))


def forecast_weather_plainly() -> float:
    """The same network as a Python loop over days with an LSTM cell, on samples fetched one by one."""
    train, validation, simple_train, simple_validation = weather_windows()
    scale = float(np.std(train.y - simple_train))
    parts = [
        TensorDataset(torch.tensor(part.X).float(), torch.tensor((part.y - simple) / scale).float())
        for part, simple in ((train, simple_train), (validation, simple_validation))
    ]
    generator = torch.Generator().manual_seed(0)
    model = LastOutput(RNN(13, 32, 1, generator=generator), 0.3, generator=generator)
    rnn, cell = model.network, nn.LSTMCell(13, 32)
    with torch.no_grad():
        for name, parameter in cell.named_parameters():
            parameter.copy_(getattr(rnn.cells, f"{name}_l0"))
    parameters = [*cell.parameters(), *rnn.head.parameters()]

    def answer(X):
        state = None
        for x in model.dropout(X).unbind(dim=1):
            state = cell(x, state)
        return rnn.head(state[0])

    loader = DataLoader(parts[0], batch_size=64, shuffle=True, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.AdamW(parameters, lr=0.01, weight_decay=0.1)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=15 * len(loader))
    best = np.inf
    for _ in range(15):
        model.train()
        for X, y in loader:
            loss = nn.functional.smooth_l1_loss(answer(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
        model.eval()
        with torch.no_grad():
            X, _ = parts[1].tensors
            y_pred = simple_validation + scale * answer(X).double().numpy()
        best = min(best, mae(validation.y, y_pred))
    return -best


# Recurrent networks --------------------------------------------------------------


def last_position_loss(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return nn.functional.mse_loss(y_pred[:, -1], y[:, -1])


class SteppedLSTM(nn.Module):
    """The same two layers, one step of one cell at a time."""

    def __init__(self, model: RNN) -> None:
        super().__init__()
        sizes = [(1, 20), (20, 20)]
        self.cells = nn.ModuleList([nn.LSTMCell(*size) for size in sizes])
        for layer, cell in enumerate(self.cells):
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                getattr(cell, name).data.copy_(getattr(model.cells, f"{name}_l{layer}"))
        self.head = model.head

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        states = [(X.new_zeros(len(X), 20), X.new_zeros(len(X), 20)) for _ in self.cells]
        y_pred = []
        for t in range(X.shape[1]):
            h = X[:, t]
            for layer, cell in enumerate(self.cells):
                states[layer] = cell(h, states[layer])
                h = states[layer][0]
            y_pred.append(self.head(h))
        return torch.stack(y_pred, dim=1)


def sine_lstm(fit: Callable = fit_as_the_book, stepped: bool = False, roll: Callable = rollout) -> float:
    """Minus the RMSE of a rollout over 120 steps, from 20 phases."""
    generator = torch.Generator().manual_seed(0)
    data = make_sine_windows(2000, 20, generator=generator)
    phases = draw_phases(20, generator=generator)
    model: nn.Module = RNN(1, 20, 1, layers=2, generator=generator)
    model = SteppedLSTM(model) if stepped else model
    fit(model, last_position_loss, data, epochs=5, batch_size=32, learning_rate=0.01)
    y_pred = roll(model, sine_windows(phases, 20)[0], 120)
    return -float((y_pred - sine_continuation(phases, 20, 120)).square().mean().sqrt())


def rollout_plainly(model: nn.Module, X: torch.Tensor, steps: int) -> torch.Tensor:
    """One phase after the other, with a new window copied at every step."""
    rows = []
    with torch.no_grad():
        for window in X.split(1):
            answers = []
            for _ in range(steps):
                answers.append(model(window)[:, -1:])
                window = torch.cat([window[:, 1:], answers[-1]], dim=1)
            rows.append(torch.cat(answers, dim=1))
    return torch.cat(rows)


def sine_lstm_plainly() -> float:
    """Samples fetched one by one, cells called step by step, phases rolled out one by one."""
    return sine_lstm(fit_plainly, stepped=True, roll=rollout_plainly)


# A Transformer continues a sine ---------------------------------------------------


def sine_transformer() -> float:
    """Minus the RMSE of a rollout over 120 steps, mean of 20 phases."""
    generator = torch.Generator().manual_seed(0)
    windows = make_sine_windows(500, 20, generator=generator)
    model = Transformer(generator=generator)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, betas=(0.9, 0.98), fused=True)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=160, cycle_momentum=False)

    def loss(y_pred, y):
        return nn.functional.mse_loss(y_pred[:, -1:], y[:, -1:])

    trainer = Trainer(model, loss, optimizer, scheduler=scheduler, scheduler_each_batch=True, device="cpu")
    trainer.fit(windows, epochs=10, batch_size=32)
    phases = draw_phases(20, generator=torch.Generator().manual_seed(1))
    error = rollout(model, sine_windows(phases, 20)[0], 120) - sine_continuation(phases, 20, 120)
    return -error.square().mean(dim=(1, 2)).sqrt().mean().item()


def heads_plainly(layer: nn.Module, X: torch.Tensor) -> torch.Tensor:
    """Causal attention query by query and head by head."""
    Q, K, V = layer.queries(X), layer.keys(X), layer.values(X)
    d = layer.size // layer.heads
    rows = []
    for t in range(X.shape[1]):
        parts = []
        for h in range(layer.heads):
            own = slice(h * d, (h + 1) * d)
            scores = torch.stack([(Q[:, t, own] * K[:, j, own]).sum(dim=1) for j in range(t + 1)], dim=1)
            weights = torch.softmax(scores / math.sqrt(d), dim=1)
            parts.append((weights[:, :, None] * V[:, : t + 1, own]).sum(dim=1))
        rows.append(torch.cat(parts, dim=1))
    return layer.output(torch.stack(rows, dim=1))


def transformer_plainly(model: Transformer, X: torch.Tensor) -> torch.Tensor:
    H = model.embed(X) + sinusoidal_positions(X.shape[1], model.size)
    for block in model.blocks:
        H = H + heads_plainly(block.attention, block.norm_attention(H))
        H = H + block.network(block.norm_network(H))
    return model.predict(model.norm(H))


def sine_transformer_plainly() -> float:
    """The same steps; samples come one by one, attention goes query by query, rollouts phase by phase."""
    generator = torch.Generator().manual_seed(0)
    windows = make_sine_windows(500, 20, generator=generator)
    model = Transformer(generator=generator)
    loader = DataLoader(TensorDataset(*windows), batch_size=32, shuffle=True, generator=generator)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, betas=(0.9, 0.98))
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=160, cycle_momentum=False)
    for _ in range(10):
        for X, y in loader:
            loss = nn.functional.mse_loss(transformer_plainly(model, X)[:, -1:], y[:, -1:])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
    errors = []
    with torch.no_grad():
        for phase in draw_phases(20, generator=torch.Generator().manual_seed(1)):
            X, _ = sine_windows(phase[None], 20)
            truth, total = sine_continuation(phase[None], 20, 120), 0.0
            for step in range(120):
                y_pred = transformer_plainly(model, X)[:, -1:]
                total += (y_pred - truth[:, step : step + 1]).item() ** 2
                X = torch.cat([X[:, 1:], y_pred], dim=1)
            errors.append(math.sqrt(total / 120))
    return -float(np.mean(errors))


TASKS: dict[str, tuple[Callable[[], float], Callable[[], float]]] = {
    "windows": (windows, windows_plainly),
    "forecast the weather": (forecast_weather, forecast_weather_plainly),
    "sine LSTM": (sine_lstm, sine_lstm_plainly),
    "sine Transformer": (sine_transformer, sine_transformer_plainly),
}


def prepare() -> None:
    """The data is no part of these tasks."""
    long_series()
    weather_windows()
