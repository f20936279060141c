"""Far predictions from a model that predicts one step: it reads its own answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from mlfa.book.checks import check_count
from mlfa.series.recurrent import RNN


def rollout(
    model: nn.Module, X: Tensor, steps: int, *, window: int | None = None
) -> Tensor:
    """Predict `steps` values after the windows `X`, by sliding the window over the predictions.

    Parameters
    ----------
    model : nn.Module
        From (n, length, 1) to the next value at each position, (n, length, 1).
    X : Tensor of shape (n, length, 1)
        True values to start from.
    steps : int
        How far to predict.
    window : int, optional
        Values that the model reads at the most, the latest ones; by default the length of `X`.

    Returns
    -------
    Tensor of shape (n, steps, 1)

    Raises
    ------
    ValueError
        If a shape or a number does not fit.
    """
    check_start(X, steps)
    n, length, _ = X.shape
    window = length if window is None else window
    check_count("window", window)
    values = torch.cat(
        [X, X.new_empty(n, steps, 1)], dim=1
    )  # one block: the window moves, nothing is copied
    with predicting(model):
        for end in range(length, length + steps):
            seen = values[:, max(0, end - window) : end]
            y_pred = model(seen)
            if y_pred.shape != seen.shape:
                raise ValueError(
                    f"model must map {tuple(seen.shape)} to the same shape, got"
                    f" {tuple(y_pred.shape)}."
                )
            values[:, end] = y_pred[:, -1]  # the answer becomes the next input
    return values[:, length:]


def rollout_with_state(model: RNN, X: Tensor, steps: int) -> Tensor:
    """The same from a recurrent network that keeps its state and so reads every value once.

    It forgets no value, as `rollout` does with a `window` of at least ``length + steps``.
    """
    check_start(X, steps)
    predictions = []
    with predicting(model):
        y_pred, state = model.forward_with_state(X)
        for _ in range(steps - 1):
            predictions.append(y_pred[:, -1:])
            y_pred, state = model.forward_with_state(predictions[-1], state=state)
        predictions.append(y_pred[:, -1:])
    return torch.cat(predictions, dim=1)


def errors_by_step(y: Tensor, y_pred: Tensor) -> Tensor:
    """Root mean squared error over the sequences at each step; (n, steps, 1) twice to (steps,)."""
    if y.shape != y_pred.shape or y.ndim != 3:
        shapes = f"{tuple(y.shape)} and {tuple(y_pred.shape)}"
        raise ValueError(
            f"y and y_pred must both have shape (n, steps, 1), got {shapes}."
        )
    return (y_pred - y).square().mean(dim=(0, 2)).sqrt()


def check_start(X: Tensor, steps: int) -> None:
    """Raise a ValueError unless a rollout can start from these windows."""
    if X.ndim != 3 or 0 in X.shape or X.shape[2] != 1:
        raise ValueError(
            "X must have shape (n, length, 1), with n and length at least 1, got"
            f" {tuple(X.shape)}."
        )
    check_count("steps", steps)


@contextmanager
def predicting(model: nn.Module) -> Iterator[None]:
    """No gradients and no dropout; afterwards the model is in its old mode."""
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(was_training)
