"""One training loop for every model of the book."""

from __future__ import annotations

import copy
import math
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader
from tqdm.auto import tqdm

from mlfa.checks import check_count, check_same_length
from mlfa.devices import pick_device

Data = tuple[Tensor, Tensor] | DataLoader
Loss = Callable[[Tensor, Tensor], Tensor]


class NotFiniteError(FloatingPointError):
    """The loss became infinite or not a number."""


class Trainer:
    """Fits a model by minibatches, and remembers how it went.

    Parameters
    ----------
    model : nn.Module
        From a batch of samples to a batch of predictions.
    loss : callable
        From (predictions, targets) to the mean loss of the batch.
    optimizer : torch.optim.Optimizer
        Over the model's parameters.
    scheduler : torch.optim.lr_scheduler.LRScheduler, optional
        Changes the learning rate after every epoch.
    scheduler_each_batch : bool
        True for schedules that count batches, such as OneCycleLR.
    device : str
        "auto", "cpu", "cuda" or "mps".
    transform : callable, optional
        Applied to every batch of samples on the device, for instance to turn bytes into floats.
    seed : int
        Chooses the order of the samples.

    Attributes
    ----------
    history : dict of lists
        "train_loss", "validation_loss" (with validation data) and "learning_rate", an entry an epoch.
    best_epoch : int or None
        Epoch of the smallest validation loss, counted from 0.
    """

    def __init__(
        self,
        model: nn.Module,
        loss: Loss,
        optimizer: torch.optim.Optimizer,
        *,
        scheduler: Any = None,
        scheduler_each_batch: bool = False,
        device: str = "auto",
        transform: Callable[[Tensor], Tensor] | None = None,
        seed: int = 0,
    ) -> None:
        self.device = pick_device(device)
        self.model = model.to(self.device)
        self.loss, self.optimizer = loss, optimizer
        self.scheduler, self.scheduler_each_batch = scheduler, scheduler_each_batch
        self.transform = transform
        self.generator = torch.Generator().manual_seed(seed)
        self.history: dict[str, list[float]] = {"train_loss": [], "validation_loss": [], "learning_rate": []}
        self.best_epoch: int | None = None
        self._best_weights: dict[str, Tensor] | None = None

    def fit(
        self,
        train: Data,
        validation: Data | None = None,
        *,
        epochs: int,
        batch_size: int | None = None,
        keep_best: bool = False,
        patience: int | None = None,
    ) -> Trainer:
        """Train for some epochs more; an interrupt ends it and keeps what was learned.

        Parameters
        ----------
        train, validation : (X, y) tensors of equal length, or a DataLoader of such pairs
        epochs : int
            Passes over the training data.
        batch_size : int, optional
            Samples a step. Needed for tensors; a DataLoader brings its own.
        keep_best : bool
            At the end, go back to the weights of the smallest validation loss.
        patience : int, optional
            Stop when this many epochs in a row brought no smaller validation loss.

        Raises
        ------
        ValueError
            If a setting is missing or does not fit, or predictions and targets differ in shape.
        NotFiniteError
            If the loss of a batch is not finite; names its epoch and batch.
        """
        check_count("epochs", epochs)
        if validation is None and (keep_best or patience is not None):
            raise ValueError("keep_best and patience watch the validation loss: validation must be given.")
        if patience is not None:
            check_count("patience", patience)
        batches, val_batches = self._batches(train, batch_size, shuffle=True), None
        if validation is not None:
            val_batches = self._batches(validation, batch_size, shuffle=False)
        first = len(self.history["train_loss"])
        try:
            for epoch in (bar := tqdm(range(first, first + epochs), disable=not wants_progress_bar(), unit="epoch")):
                self.history["learning_rate"].append(self.optimizer.param_groups[0]["lr"])
                self.history["train_loss"].append(self._train_epoch(batches, epoch))
                if val_batches is not None:
                    self.history["validation_loss"].append(self._validate(val_batches, epoch))
                self._step_scheduler()
                bar.set_postfix({key: values[-1] for key, values in self.history.items() if values})
                if patience is not None and epoch - self.best_epoch >= patience:
                    break
        except KeyboardInterrupt:
            # An epoch cut short has a learning rate but no loss yet: forget it.
            done = min(len(values) for values in self.history.values() if values)
            for values in self.history.values():
                del values[done:]
        if keep_best and self._best_weights is not None:
            self.model.load_state_dict(self._best_weights)
        return self

    def predict(self, X: Tensor, batch_size: int = 4096) -> Tensor:
        """Predictions for samples `X`, on the CPU, in batches that fit into memory."""
        check_count("batch_size", batch_size)
        was_training = self.model.training
        self.model.eval()
        with torch.no_grad():
            parts = [self._forward(part).cpu() for part in X.split(batch_size)]
        self.model.train(was_training)
        return torch.cat(parts)

    def _forward(self, X: Tensor) -> Tensor:
        X = X.to(self.device, non_blocking=True)
        return self.model(X if self.transform is None else self.transform(X))

    def _train_epoch(self, batches: Callable[[], Iterator[tuple[Tensor, Tensor]]], epoch: int) -> float:
        self.model.train()
        total = count = 0
        for number, (X, y) in enumerate(batches()):
            loss = self._loss(X, y)
            if not math.isfinite(value := loss.item()):
                raise NotFiniteError(
                    f"the loss is {value} in epoch {epoch}, batch {number}: try a smaller learning rate, "
                    "or look for values that are not finite in the data."
                )
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            if self.scheduler is not None and self.scheduler_each_batch:
                self.scheduler.step()
            total, count = total + value * len(y), count + len(y)
        return total / count

    def _validate(self, batches: Callable[[], Iterator[tuple[Tensor, Tensor]]], epoch: int) -> float:
        self.model.eval()
        total = count = 0
        with torch.no_grad():
            for X, y in batches():
                total, count = total + self._loss(X, y).item() * len(y), count + len(y)
        value = total / count
        if self.best_epoch is None or value < self.history["validation_loss"][self.best_epoch]:
            self.best_epoch, self._best_weights = epoch, copy.deepcopy(self.model.state_dict())
        return value

    def _loss(self, X: Tensor, y: Tensor) -> Tensor:
        y = y.to(self.device, non_blocking=True)
        y_pred = self._forward(X)
        # Class numbers have no axis for the classes; any other pair must agree, since
        # (n, 1) against (n,) would broadcast to (n, n) and train on nonsense.
        are_classes = not y.is_floating_point() and y.shape == y_pred.shape[:1] + y_pred.shape[2:]
        if y_pred.shape != y.shape and not (are_classes and y_pred.ndim > 1):
            raise ValueError(f"predictions have shape {tuple(y_pred.shape)} but targets {tuple(y.shape)}.")
        return self.loss(y_pred, y)

    def _step_scheduler(self) -> None:
        if self.scheduler is None or self.scheduler_each_batch:
            return
        if isinstance(self.scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
            if not self.history["validation_loss"]:
                raise ValueError("ReduceLROnPlateau watches the validation loss: validation must be given.")
            self.scheduler.step(self.history["validation_loss"][-1])
        else:
            self.scheduler.step()

    def _batches(
        self, data: Data, batch_size: int | None, *, shuffle: bool
    ) -> Callable[[], Iterator[tuple[Tensor, Tensor]]]:
        """A function that starts a new pass over the data."""
        if isinstance(data, DataLoader):
            if batch_size is not None and shuffle:
                raise ValueError("batch_size is the DataLoader's own: leave it out.")
            return lambda: iter(data)
        if not (isinstance(data, tuple | list) and len(data) == 2 and all(isinstance(part, Tensor) for part in data)):
            raise ValueError(f"data must be a pair of tensors (X, y) or a DataLoader, got {type(data).__name__}.")
        X, y = data
        check_same_length(X=X, y=y)
        if batch_size is None and shuffle:
            raise ValueError("batch_size must be given to train on tensors.")
        check_count("batch_size", batch_size or 4096)

        def batches() -> Iterator[tuple[Tensor, Tensor]]:
            # Indexing takes a whole batch at once; a DataLoader would fetch and stack
            # its samples one by one.
            if shuffle:
                for rows in torch.randperm(len(X), generator=self.generator).split(batch_size):
                    yield X[rows], y[rows]
            else:
                yield from zip(X.split(batch_size or 4096), y.split(batch_size or 4096), strict=True)

        return batches


def wants_progress_bar() -> bool:
    """True in a terminal or a live notebook, false in a book build, a test or a log file."""
    if "MLFA_BUILD" in os.environ:
        return False
    return sys.stderr.isatty() or "ipykernel" in sys.modules
