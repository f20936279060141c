"""One training loop for every model of the book."""

import copy
import math
import os
import sys
from collections.abc import Callable
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.utils.data import DataLoader
from tqdm import tqdm

from mlfa.book.checks import check_positive
from mlfa.training._checks import (
    check_batches,
    check_fit,
    check_one_number,
    check_optimizer,
    check_precision,
    check_predict,
    check_saved,
    check_targets,
    in_words,
    what_must_agree,
)
from mlfa.training.batches import Data, tell_epoch
from mlfa.training.devices import computing_in, pick_device
from mlfa.training.files import complete_or_not_at_all, whole_file
from mlfa.training.predicting import predicting
from mlfa.training.processes import join

# Samples at a time where nothing is learned. The maps of 4,096 images at once would
# fill 400 MB.
EVALUATION_BATCH = 256
# What a saved trainer remembers of its training, beside the state of its parts.
PROGRESS = ("history", "best_epoch", "interrupted")
PROGRESS += ("_best_loss", "_best_weights", "_first")


class NotFiniteError(FloatingPointError):
    """A loss or a weight became infinite or not a number."""


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
        Applied to every batch of samples on the device, in training and later, for
        instance to turn bytes into floats.
    clip_norm : float, optional
        A gradient that is longer, over all parameters, is shortened to this length.
    after_epoch : callable, optional
        Gets the trainer after every epoch: to log, to plot, or to `save`.
    precision : str
        "float32", or "bfloat16" to multiply matrices with numbers of half the size
        (autocast); weights, losses and predictions stay float32.
    seed : int
        Chooses the order of the samples. (A DataLoader chooses its own.)

    Attributes
    ----------
    history : dict of lists
        "train_loss", "validation_loss" and "learning_rate", one entry an epoch. An
        epoch without validation data has nan; the list stays empty if there never were
        any.
    best_epoch : int or None
        Epoch of the smallest validation loss, counted from 0.
    interrupted : bool
        True from the start of a `fit` until it reaches its end: it stays True after an
        interrupt or an error.
    processes : Alone or Together
        Under `torchrun`, the processes that train this model together. All call `fit`
        with the same data; each step takes `batch_size` samples of every one.

    Examples
    --------
    >>> X = torch.linspace(-1, 1, 100)[:, None]
    >>> model, loss = nn.Linear(1, 1), nn.functional.mse_loss
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1, fused=True)
    >>> trainer = Trainer(model, loss, optimizer, device="cpu", seed=0)
    >>> trainer.fit((X, 3 * X), epochs=20, batch_size=10).predict(X[-1:]).round()
    tensor([[3.]])
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
        clip_norm: float | None = None,
        after_epoch: Callable[[Self], Any] | None = None,
        precision: str = "float32",
        seed: int,
    ) -> None:
        check_optimizer(optimizer, model)
        check_precision(precision)
        if clip_norm is not None:
            check_positive("clip_norm", clip_norm)
        self.processes = join()
        self.device = self.processes.device(pick_device(device))
        self.model = model.to(self.device)
        self.replica: nn.Module | None = None  # the model among several processes
        self.loss, self.optimizer, self.transform = loss, optimizer, transform
        self.scheduler, self.scheduler_each_batch = scheduler, scheduler_each_batch
        self.clip_norm, self.after_epoch = clip_norm, after_epoch
        self.precision, self.seed = precision, seed
        self.generator = torch.Generator().manual_seed(seed)
        self.history: dict[str, list[float]] = {
            "train_loss": [],
            "validation_loss": [],
            "learning_rate": [],
        }
        self.best_epoch: int | None = None
        self.interrupted = False
        self._best_loss, self._best_weights = math.inf, None
        self._first = 0  # epoch in which the latest fit began

    def fit(
        self,
        train: Data,
        validation: Data | None = None,
        *,
        epochs: int,
        batch_size: int | None = None,
        keep_best: bool = False,
        patience: int | None = None,
    ) -> Self:
        """Train for some epochs more.

        An interrupt (Ctrl+C) or an error ends it and goes on to the caller, so that a
        loop over seeds ends too. The trainer keeps what it learned, and another `fit`
        goes on. An epoch that was cut short counts neither in the history nor in the
        schedule.

        Parameters
        ----------
        train, validation : (X, y) tensors of equal length, or a DataLoader of pairs
            What to learn from, and what to watch. As y, a DataLoader may give several
            tensors, such as targets and lengths: the loss gets them as a list.
        epochs : int
            Passes over the training data.
        batch_size : int, optional
            Samples a step, of each process. Needed for tensors; a DataLoader brings its
            own.
        keep_best : bool
            At the end, also after an interrupt or an error, go back to the weights of
            the smallest validation loss. The best of an earlier `fit` takes part with
            its loss on the validation data of this one.
        patience : int, optional
            Stop when this many epochs in a row brought no smaller validation loss.

        Returns
        -------
        Trainer
            This one.

        Raises
        ------
        ValueError
            If data or settings do not fit each other, most of it before the first step.
        NotFiniteError
            If the loss of a batch is not finite, or a weight at the end of an epoch.
        """
        check_fit(self, train, validation, epochs, batch_size, keep_best, patience)
        facts = what_must_agree(self, train, validation, epochs, batch_size)
        self.replica = self.processes.prepare(self.model, facts)
        if validation is not None:
            self._measure_best(validation)
        first = len(self.history["train_loss"])
        if not self.interrupted:  # else this fit goes on with the one before
            self._first = first
        self.interrupted, schedule = True, None
        silent = not (self.processes.first and wants_progress_bar())
        progress = tqdm(range(first, first + epochs), unit="epoch", disable=silent)
        try:
            for epoch in progress:
                schedule = self._schedule()
                learning_rate = self.optimizer.param_groups[0]["lr"]
                train_loss = self._train_epoch(train, batch_size, epoch)
                validation_loss = None
                if validation is not None:
                    validation_loss = self._validate(validation, epoch)
                self._remember(epoch, learning_rate, train_loss, validation_loss)
                schedule = None  # from here on the epoch counts
                self._step_scheduler(validation_loss)
                progress.set_postfix(
                    train_loss=train_loss, validation_loss=validation_loss
                )
                if self.after_epoch is not None:
                    self.after_epoch(self)
                if patience is not None:
                    if epoch - max(self.best_epoch, self._first - 1) >= patience:
                        break
            self.interrupted = False
        except BaseException as error:
            if schedule is not None:
                self._take_back(schedule)
            if isinstance(error, KeyboardInterrupt):
                done = len(self.history["train_loss"]) - first
                error.add_note(
                    f"The training was interrupted after {done} of {epochs} epochs. The"
                    " trainer keeps what it learned, and another fit goes on."
                )
            raise
        finally:
            progress.close()
            if keep_best and self._best_weights is not None:
                self.model.load_state_dict(self._best_weights)
            self.model.eval()
        return self

    def predict(self, X: Tensor | DataLoader, batch_size: int | None = None) -> Tensor:
        """Predictions for samples; the model's mode stays as it was.

        Parameters
        ----------
        X : Tensor or DataLoader
            The samples. Of a DataLoader that gives pairs (X, y), only X is used.
        batch_size : int, optional
            Samples at a time, 256 when left out; a DataLoader has its own.

        Returns
        -------
        Tensor
            One prediction for each sample, in their order, on the CPU.
        """
        check_predict(X, batch_size)
        if isinstance(X, DataLoader):
            parts = (batch[0] for batch in check_batches(X, sizes=(1, 2)))
        else:
            parts = X.split(batch_size or EVALUATION_BATCH)
        with predicting(self.model):
            return torch.cat([self._forward(part).cpu() for part in parts])

    def save(self, path: str | os.PathLike) -> None:
        """Write everything that `fit` needs to go on, after a crash too.

        Parameters
        ----------
        path : path-like
            The file. It takes the old one's place only when it is complete. Among
            several processes the first alone writes.
        """
        if not self.processes.first:
            return
        state = {name: part.state_dict() for name, part in self._parts().items()}
        state |= {name: getattr(self, name) for name in PROGRESS}
        state |= {"kinds": self._kinds(), "order": self.generator.get_state()}
        with complete_or_not_at_all(path) as part:
            torch.save(state, part)

    def load(self, path: str | os.PathLike) -> Self:
        """Go back to where `save` was called.

        Parameters
        ----------
        path : path-like
            A file of a trainer that was made in the same way.

        Returns
        -------
        Trainer
            This one. Its next `fit` makes the same steps as the saved one would have.
        """
        with whole_file(path, self.processes) as file:
            state = torch.load(file, map_location=self.device, weights_only=True)
        check_saved(state["kinds"], self._kinds())
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        for name in PROGRESS:
            setattr(self, name, state[name])
        self.generator.set_state(state["order"].cpu())
        return self

    def resume(self, path: str | os.PathLike) -> Self:
        """`load`, if there is such a file; else begin anew.

        Parameters
        ----------
        path : path-like
            The file that `after_epoch` saves to.

        Returns
        -------
        Trainer
            This one. ``len(trainer.history["train_loss"])`` epochs are done.
        """
        return self.load(path) if self.processes.share(os.path.exists(path)) else self

    def _train_epoch(self, train: Data, batch_size: int | None, epoch: int) -> float:
        """One step for each batch; returns the mean loss of the samples."""
        self.model.train()
        self.processes.begin_epoch(self.model, self.seed, epoch)
        tell_epoch(train, epoch)
        total = count = 0
        batches = self.processes.batches(train, batch_size, self.generator)
        for number, (X, y, n, weight) in enumerate(batches):
            loss = self._loss(X, y, f"epoch {epoch}, batch {number}")
            self.optimizer.zero_grad()  # else gradients of earlier steps would add up
            (loss if weight is None else weight * loss).backward()
            if self.clip_norm is not None:
                nn.utils.clip_grad_norm_(self.model.parameters(), self.clip_norm)
            self.optimizer.step()
            if self.scheduler_each_batch:
                self.scheduler.step()
            # The last batch may be smaller, so each counts by its samples.
            total, count = total + loss.item() * n, count + n
        if not all(weight.isfinite().all() for weight in self.model.parameters()):
            raise NotFiniteError(
                f"a weight is not finite after epoch {epoch}, though every loss was: is"
                " there a gradient that is not, as that of a root at zero?"
            )
        self.processes.end_epoch(self.model)
        return self.processes.mean(total, count)

    def _validate(self, validation: Data, epoch: int) -> float:
        """The mean loss of samples that the model does not learn from."""
        total = count = 0
        with predicting(self.model):
            batches = self.processes.batches(validation, EVALUATION_BATCH)
            for number, (X, y, n, _) in enumerate(batches):
                loss = self._loss(X, y, f"epoch {epoch}, validation batch {number}")
                total, count = total + loss.item() * n, count + n
        return self.processes.mean(total, count)

    def _forward(self, X: Tensor) -> Tensor:
        X = X.to(self.device)
        X = X if self.transform is None else self.transform(X)
        learns = self.replica is not None and torch.is_grad_enabled()
        model = self.replica if learns else self.model
        with in_words(self.model, X), computing_in(self.precision, X.device.type):
            return model(X).float() if self.precision == "bfloat16" else model(X)

    def _loss(self, X: Tensor, y: Tensor | list[Tensor], where: str) -> Tensor:
        y_pred = self._forward(X)
        check_targets(y_pred, y, self.loss)
        if isinstance(y, Tensor):
            y = y.to(self.device)
        else:
            y = [part.to(self.device) for part in y]
        loss = self.loss(y_pred, y)
        check_one_number(loss)
        if not math.isfinite(loss.item()):
            raise NotFiniteError(
                f"the loss is {loss.item()} in {where}: try a smaller learning rate, or"
                " look for values in the data that are not finite."
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

    def _measure_best(self, validation: Data) -> None:
        """What the best weights of earlier fits are worth on the data of this one."""
        if self._best_weights is None:
            return
        weights = copy.deepcopy(self.model.state_dict())
        try:
            self.model.load_state_dict(self._best_weights)
            self._best_loss = self._validate(validation, self.best_epoch)
        finally:
            self.model.load_state_dict(weights)

    def _step_scheduler(self, validation_loss: float | None) -> None:
        if self.scheduler is None or self.scheduler_each_batch:
            return
        if isinstance(self.scheduler, ReduceLROnPlateau):
            self.scheduler.step(validation_loss)
        else:
            self.scheduler.step()

    def _schedule(self) -> tuple[dict, list[dict]] | None:
        """Where a schedule stands that counts batches, and the settings it made."""
        if not self.scheduler_each_batch:
            return None
        groups = [dict(group) for group in self.optimizer.param_groups]
        return copy.deepcopy(self.scheduler.state_dict()), groups

    def _take_back(self, schedule: tuple[dict, list[dict]]) -> None:
        """The batches of an epoch that was cut short do not count."""
        state, groups = schedule
        self.scheduler.load_state_dict(state)
        for group, old in zip(self.optimizer.param_groups, groups, strict=True):
            group.update(old)

    def _parts(self) -> dict[str, Any]:
        parts = {
            "model": self.model,
            "optimizer": self.optimizer,
            "scheduler": self.scheduler,
        }
        return {name: part for name, part in parts.items() if part is not None}

    def _kinds(self) -> dict[str, str]:
        return {name: type(part).__name__ for name, part in self._parts().items()}


def wants_progress_bar() -> bool:
    """True in a terminal or a live notebook; false in a build, a test or a log file."""
    if "MLFA_BUILD" in os.environ:
        return False
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None or sys.stderr.isatty()
