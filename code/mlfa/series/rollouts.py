"""Far predictions from a model that predicts one step: it reads its own answers."""

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
    """
    check_count("steps", steps)
    check_shapes(X=(X, "n length 1"))
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
