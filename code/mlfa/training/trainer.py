"""One training loop for every model of the book."""

from __future__ import annotations

import copy
import math
import os
import sys
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.utils.data import DataLoader
from tqdm import tqdm

from mlfa.book.checks import check_count
from mlfa.training.batches import Data, check_data, check_shapes, make_batches
from mlfa.training.devices import pick_device

# Samples at a time where nothing is learned. The maps of 4,096 images at once would fill 400 MB.
EVALUATION_BATCH = 256


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
        "train_loss", "validation_loss" and "learning_rate", one entry an epoch. An epoch without
        validation data has nan; the list stays empty if there never were any.
    best_epoch : int or None
        Epoch of the smallest validation loss, counted from 0.
    """

    def __init__(
        self,
        model: nn.Module,
        loss: Callable[[Tensor, Tensor], Tensor],
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
        self.loss, self.optimizer, self.transform = loss, optimizer, transform
        self.scheduler, self.scheduler_each_batch = scheduler, scheduler_each_batch
        self.generator = torch.Generator().manual_seed(seed)
        self.history: dict[str, list[float]] = {
            "train_loss": [],
            "validation_loss": [],
            "learning_rate": [],
        }
        self.best_epoch: int | None = None
        self._best_loss, self._best_weights = math.inf, None

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
        """Train for some epochs more; an interrupt (Ctrl+C) ends it and keeps what was learned.

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
        self._check_fit(train, validation, epochs, batch_size, keep_best, patience)
        first = len(self.history["train_loss"])
        progress = tqdm(
            range(first, first + epochs), unit="epoch", disable=not wants_progress_bar()
        )
        try:
            for epoch in progress:
                learning_rate = self.optimizer.param_groups[0]["lr"]
                train_loss = self._train_epoch(train, batch_size, epoch)
                validation_loss = (
                    None
                    if validation is None
                    else self._validate(validation, batch_size, epoch)
                )
                self._remember(epoch, learning_rate, train_loss, validation_loss)
                self._step_scheduler(validation_loss)
                progress.set_postfix(
                    train_loss=train_loss, validation_loss=validation_loss
                )
                if (
                    patience is not None
                    and epoch - max(self.best_epoch, first - 1) >= patience
                ):
                    break
        except KeyboardInterrupt:
            pass  # the epoch that was cut short is not in the history
        finally:
            progress.close()
        if keep_best and self._best_weights is not None:
            self.model.load_state_dict(self._best_weights)
        self.model.eval()
        return self

    def predict(self, X: Tensor, batch_size: int = EVALUATION_BATCH) -> Tensor:
        """Predictions for the samples `X`, as a tensor on the CPU; the model's mode stays as it was."""
        check_count("batch_size", batch_size)
        if not isinstance(X, Tensor):
            raise TypeError(f"X must be a tensor, got {type(X).__name__}.")
        was_training = self.model.training
        self.model.eval()
        with torch.no_grad():
            parts = [self._forward(part).cpu() for part in X.split(batch_size)]
        self.model.train(was_training)
        return torch.cat(parts)

    def _train_epoch(self, train: Data, batch_size: int | None, epoch: int) -> float:
        """One step for each batch; returns the mean loss of the samples."""
        self.model.train()
        total = count = 0
        for number, (X, y) in enumerate(
            make_batches(train, batch_size, generator=self.generator)
        ):
            loss = self._loss(X, y, f"epoch {epoch}, batch {number}")
            self.optimizer.zero_grad()  # else gradients of earlier steps would add up
            loss.backward()
            self.optimizer.step()
            if self.scheduler_each_batch:
                self.scheduler.step()
            # The last batch may be smaller, so each counts by its samples.
            total, count = total + loss.item() * len(y), count + len(y)
        return total / count

    def _validate(self, validation: Data, batch_size: int | None, epoch: int) -> float:
        """The mean loss of samples that the model does not learn from."""
        self.model.eval()
        total = count = 0
        with torch.no_grad():
            for number, (X, y) in enumerate(
                make_batches(
                    validation, None if batch_size is None else EVALUATION_BATCH
                )
            ):
                loss = self._loss(X, y, f"epoch {epoch}, validation batch {number}")
                total, count = total + loss.item() * len(y), count + len(y)
        return total / count

    def _forward(self, X: Tensor) -> Tensor:
        X = X.to(self.device)
        return self.model(X if self.transform is None else self.transform(X))

    def _loss(self, X: Tensor, y: Tensor, where: str) -> Tensor:
        y_pred, y = self._forward(X), y.to(self.device)
        check_shapes(y_pred, y)
        loss = self.loss(y_pred, y)
        if not math.isfinite(loss.item()):
            raise NotFiniteError(
                f"the loss is {loss.item()} in {where}: try a smaller learning rate, "
                "or look for values in the data that are not finite."
            )
        return loss

    def _remember(
        self,
        epoch: int,
        learning_rate: float,
        train_loss: float,
        validation_loss: float | None,
    ) -> None:
        self.history["learning_rate"].append(learning_rate)
        self.history["train_loss"].append(train_loss)
        if validation_loss is None:
            return
        skipped = epoch - len(self.history["validation_loss"])
        self.history["validation_loss"] += [math.nan] * skipped + [validation_loss]
        if validation_loss < self._best_loss:
            self.best_epoch, self._best_loss = epoch, validation_loss
            self._best_weights = copy.deepcopy(self.model.state_dict())

    def _step_scheduler(self, validation_loss: float | None) -> None:
        if self.scheduler is None or self.scheduler_each_batch:
            return
        self.scheduler.step(
            *(
                [validation_loss]
                if isinstance(self.scheduler, ReduceLROnPlateau)
                else []
            )
        )

    def _check_fit(
        self,
        train: Data,
        validation: Data | None,
        epochs: int,
        batch_size: int | None,
        keep_best: bool,
        patience: int | None,
    ) -> None:
        check_count("epochs", epochs)
        check_data("train", train, batch_size)
        if self.scheduler_each_batch and self.scheduler is None:
            raise ValueError(
                "scheduler must be given when scheduler_each_batch is True, got None."
            )
        if batch_size is None and not isinstance(train, DataLoader):
            raise ValueError("batch_size must be given to train on tensors.")
        if patience is not None:
            check_count("patience", patience)
        if validation is not None:
            check_data("validation", validation, None)
        elif (
            keep_best
            or patience is not None
            or isinstance(self.scheduler, ReduceLROnPlateau)
        ):
            raise ValueError(
                "validation must be given: keep_best, patience and ReduceLROnPlateau"
                " watch its loss."
            )


def wants_progress_bar() -> bool:
    """True in a terminal or a live notebook; false in a build of the book, a test or a log file."""
    if "MLFA_BUILD" in os.environ:
        return False
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None or sys.stderr.isatty()
