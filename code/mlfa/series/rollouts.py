"""Far predictions from a model that predicts one step, and what becomes of errors."""

import math

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_count, check_shapes
from mlfa.series.recurrent import RNN
from mlfa.training.predicting import predicting


def rollout(
    model: nn.Module, X: Tensor, steps: int, *, window: int | None = None
) -> Tensor:
    """Predict the steps after the windows `X`, by sliding over the predictions.

    Parameters
    ----------
    model : nn.Module
        From (n, length, 1) to the next value at each position, (n, length, 1).
    X : Tensor of shape (n, length, 1)
        True values to start from.
    steps : int
        How far to predict.
    window : int, optional
        Values that the model reads at the most, the latest ones; by default the length
        of `X`.

    Returns
    -------
    Tensor of shape (n, steps, 1)
        The predictions, on the CPU.

    Examples
    --------
    A model that says "twice as much" at every position:

    >>> class Double(nn.Module):
    ...     def forward(self, X):
    ...         return 2 * X
    >>> rollout(Double(), torch.tensor([[[1.0], [2.0]]]), steps=3).flatten()
    tensor([ 4.,  8., 16.])
    """
    check_count("steps", steps)
    check_shapes(X=(X, "n length 1"))
    n, length, _ = X.shape
    window = length if window is None else window
    with predicting(model) as device:
        # One block of memory: the window moves over it, and nothing is copied.
        values = torch.cat([X, X.new_empty(n, steps, 1)], dim=1).to(device)
        for end in range(length, length + steps):
            seen = values[:, max(0, end - window) : end]  # (n, up to window, 1)
            values[:, end] = model(seen)[:, -1]  # the answer becomes the next input
    return values[:, length:].cpu()  # (n, steps, 1)


def rollout_with_state(model: RNN, X: Tensor, steps: int) -> Tensor:
    """The same from a recurrent network that keeps its state: it reads a value once.

    It forgets no value, as `rollout` does with a `window` of at least
    ``length + steps``.

    Parameters
    ----------
    model : RNN
        With one input and one output at each position.
    X : Tensor of shape (n, length, 1)
        True values to start from.
    steps : int
        How far to predict.

    Returns
    -------
    Tensor of shape (n, steps, 1)
        The predictions, on the CPU.

    Raises
    ------
    ValueError
        If the network also reads backward: it would have to begin at the end.
    """
    check_count("steps", steps)
    check_shapes(X=(X, "n length 1"))
    if model.cells.bidirectional:
        raise ValueError("a network that reads in both directions has no rollout.")
    with predicting(model) as device:
        y_pred, state = model.forward_with_state(X.to(device))  # (n, length, 1), ...
        answers = [y_pred[:, -1:]]  # (n, 1, 1)
        while len(answers) < steps:
            y_pred, state = model.forward_with_state(answers[-1], state=state)
            answers.append(y_pred)
    return torch.cat(answers, dim=1).cpu()  # (n, steps, 1)


def errors_by_step(y: Tensor, y_pred: Tensor) -> Tensor:
    """Root mean squared error over the sequences, at each step.

    Parameters
    ----------
    y, y_pred : Tensors of shape (n, steps, 1)
        The truth and the predictions.

    Returns
    -------
    Tensor of shape (steps,)
        In the unit of `y`.

    Examples
    --------
    >>> y, y_pred = torch.zeros(2, 3, 1), torch.tensor([[[0.0], [3.0], [5.0]]] * 2)
    >>> errors_by_step(y, y_pred)
    tensor([0., 3., 5.])
    """
    check_shapes(y=(y, "n steps 1"), y_pred=(y_pred, "n steps 1"))
    return (y_pred - y).square().mean(dim=(0, 2)).sqrt()  # (steps,)


def sensitivities(model: nn.Module, X: Tensor) -> Tensor:
    """Derivative of the last prediction with respect to each value of its window.

    Parameters
    ----------
    model : nn.Module
        From (n, length, 1) to the next value at each position, (n, length, 1).
    X : Tensor of shape (n, length, 1)
        Windows.

    Returns
    -------
    Tensor of shape (n, length)
        On the CPU.

    Examples
    --------
    >>> class Double(nn.Module):
    ...     def forward(self, X):
    ...         return 2 * X
    >>> sensitivities(Double(), torch.zeros(1, 3, 1))
    tensor([[0., 0., 2.]])
    """
    check_shapes(X=(X, "n length 1"))
    with predicting(model) as device, torch.enable_grad():
        X = X.detach().to(device).requires_grad_()
        (gradient,) = torch.autograd.grad(model(X)[:, -1].sum(), X)  # (n, length, 1)
    return gradient[:, :, 0].cpu()


def response_by_step(model: nn.Module, X: Tensor, noise: Tensor, steps: int) -> Tensor:
    """How far a rollout moves at each step if its windows are moved by `noise`.

    Parameters
    ----------
    model : nn.Module
        From (n, length, 1) to the next value at each position, (n, length, 1).
    X : Tensor of shape (n, length, 1)
        Windows.
    noise : Tensor of shape (n, length, 1)
        What is added to them; small, if the answer is to be one of first order.
    steps : int
        How far to predict.

    Returns
    -------
    Tensor of shape (steps,)
        Root mean square of the movement, divided by that of the noise.
    """
    check_shapes(X=(X, "n length 1"), noise=(noise, "n length 1"))
    moved = rollout(model, X + noise, steps) - rollout(model, X, steps)
    size = noise.square().mean().sqrt().cpu()
    return moved.square().mean(dim=(0, 2)).sqrt() / size  # (steps,)


def heights_and_phases(values: Tensor, period: int) -> tuple[Tensor, Tensor]:
    """Height and phase of the sine that fits each whole period best.

    Over a whole period the sine, the cosine and the constant are at right angles, so
    that the best factors are plain means of products.

    Parameters
    ----------
    values : Tensor of shape (n, steps, 1)
        Waves; what is left over after the last whole period is not looked at.
    period : int
        Steps in a period, at least three.

    Returns
    -------
    heights, phases : Tensors of float64, shape (n, periods)
        The best wave is ``height * sin(2 * pi * t / period + phase)``, with the steps
        `t` counted from 0 at the first value; phases lie between minus pi and pi.

    Examples
    --------
    >>> t = torch.arange(8)
    >>> wave = 3 * torch.sin(2 * math.pi * t / 4 + 0.5)
    >>> heights, phases = heights_and_phases(wave[None, :, None], 4)
    >>> heights.round(decimals=3).tolist(), phases.round(decimals=3).tolist()
    ([[3.0, 3.0]], [[0.5, 0.5]])
    """
    check_count("period", period, least=3)
    check_shapes(values=(values, "n steps 1"))
    whole = values[:, :, 0].double().unfold(1, period, period)  # (n, periods, period)
    angles = 2 * math.pi * torch.arange(period, dtype=torch.float64) / period
    sine = 2 * (whole * torch.sin(angles)).mean(dim=2)  # (n, periods)
    cosine = 2 * (whole * torch.cos(angles)).mean(dim=2)  # (n, periods)
    return torch.hypot(sine, cosine), torch.atan2(cosine, sine)


def late_by_period(y: Tensor, y_pred: Tensor, period: int) -> tuple[Tensor, Tensor]:
    """By how much a predicted wave is too late, and too high, in each period.

    Parameters
    ----------
    y, y_pred : Tensors of shape (n, steps, 1)
        True and predicted waves.
    period : int
        Steps in a period of the true wave.

    Returns
    -------
    late : Tensor of float64, shape (n, periods)
        In steps; negative if the prediction is early.
    height : Tensor of float64, shape (n, periods)
        Predicted height divided by the true one.
    """
    check_shapes(y=(y, "n steps 1"), y_pred=(y_pred, "n steps 1"))
    true_heights, true_phases = heights_and_phases(y, period)
    heights, phases = heights_and_phases(y_pred, period)
    # A difference of angles, brought back between minus half a turn and half a turn.
    turned = torch.remainder(true_phases - phases + math.pi, 2 * math.pi) - math.pi
    return turned * period / (2 * math.pi), heights / true_heights
