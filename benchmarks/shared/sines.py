"""Windows of a sine to learn from, and the score of a rollout."""

from typing import NamedTuple

import torch
from torch import Tensor

from mlfa.datasets.sines import draw_phases, make_sine_windows, sine_continuation, sine_windows

LENGTH, STEPS = 20, 120


class Parts(NamedTuple):
    """Windows (n, length, 1) with the next value at each position; starts of rollouts, and how they go on in truth."""

    X: Tensor
    y: Tensor
    starts: Tensor
    truth: Tensor


def sines(seed: int, n: int) -> Parts:
    X, y = make_sine_windows(n, LENGTH, seed=seed)
    phases = draw_phases(20, seed=1000 + seed)
    return Parts(X, y, sine_windows(phases, LENGTH)[0], sine_continuation(phases, LENGTH, STEPS))


def last_position(y_pred: Tensor, y: Tensor) -> Tensor:
    """Mean squared error of the value after the window."""
    return torch.nn.functional.mse_loss(y_pred[:, -1:], y[:, -1:])


def roll_on(model: torch.nn.Module, window: Tensor) -> Tensor:
    """The rollout of tutorials: all windows at once, a new one put together at every step."""
    answers = []
    model.eval()
    with torch.no_grad():
        for _ in range(STEPS):
            answers.append(model(window)[:, -1:])
            window = torch.cat([window[:, 1:], answers[-1]], dim=1)
    return torch.cat(answers, dim=1)


def rollout_score(data: Parts, y_pred: Tensor) -> float:
    """Minus the root mean squared error over all starts and steps."""
    return -(y_pred - data.truth).square().mean().sqrt().item()
