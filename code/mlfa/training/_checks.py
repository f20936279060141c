"""What the trainer refuses, in words, so that its own file can show how it trains.

Most of it would go wrong without an error: a loss that broadcasts, the optimizer of
another model, predictions in an unknown order. The rest are errors of PyTorch that do
not say what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR, ReduceLROnPlateau
from torch.utils.data import DataLoader, RandomSampler

from mlfa.book.checks import check_count, check_same_length

if TYPE_CHECKING:
    from mlfa.training.trainer import Trainer

# PyTorch's losses whose targets are numbers of classes.
OF_CLASSES = {"cross_entropy", "nll_loss", "multi_margin_loss"}
OF_CLASSES |= {"CrossEntropyLoss", "NLLLoss", "MultiMarginLoss"}


def check_optimizer(optimizer: torch.optim.Optimizer, model: nn.Module) -> None:
    """Refuse the optimizer of another model: nothing would be learned."""
    groups = [set(group["params"]) for group in optimizer.param_groups]
    if set().union(*groups).isdisjoint(model.parameters()):
        raise ValueError(
            "optimizer must have the parameters of this model, got none of them: make"
            " it anew, after the model."
        )


def check_fit(
    trainer: Trainer,
    train: Any,
    validation: Any,
    epochs: int,
    batch_size: int | None,
    keep_best: bool,
    patience: int | None,
) -> None:
    """Refuse data and settings that do not go together, before the first step."""
    check_count("epochs", epochs)
    check_data("train", train, batch_size)
    if batch_size is None and not isinstance(train, DataLoader):
        raise ValueError("batch_size must be given to train on tensors.")
    if patience is not None:
        check_count("patience", patience)
    plateau = isinstance(trainer.scheduler, ReduceLROnPlateau)
    if validation is not None:
        check_data("validation", validation, None)
    elif keep_best or patience is not None or plateau:
        raise ValueError(
            "validation must be given: keep_best, patience and ReduceLROnPlateau watch"
            " its loss."
        )
    steps = steps_of(train, batch_size, trainer.processes.size)
    check_schedule(trainer, epochs, steps)


def check_data(name: str, data: Any, batch_size: int | None) -> None:
    """Refuse what `make_batches` cannot use."""
    if isinstance(data, DataLoader):
        if batch_size is not None:
            raise ValueError(
                f"batch_size belongs to the DataLoader that is given as {name}: leave"
                " it out."
            )
        return
    parts = data if isinstance(data, tuple | list) else [data]
    if len(parts) != 2 or not all(isinstance(part, Tensor) for part in parts):
        raise ValueError(
            f"{name} must be a pair of tensors (X, y) or a DataLoader, got"
            f" {types_of(data)}."
        )
    if check_same_length(**{f"X of {name}": parts[0], f"y of {name}": parts[1]}) == 0:
        raise ValueError(f"{name} must hold at least one sample, got none.")
    if batch_size is not None:
        check_count("batch_size", batch_size)


def types_of(data: Any) -> str:
    """The type of something, or of its parts."""
    if not isinstance(data, tuple | list):
        return type(data).__name__
    return f"({', '.join(type(part).__name__ for part in data)})"


def check_batches(loader: DataLoader, sizes: tuple[int, ...] = (2,)) -> Iterator[Any]:
    """The batches of a loader, at least one, each of so many parts: 2 for (X, y)."""
    empty = True
    for batch in loader:
        empty = False
        parts = [batch] if isinstance(batch, Tensor) else batch
        if not isinstance(parts, tuple | list) or len(parts) not in sizes:
            raise ValueError(
                f"a DataLoader must give pairs (X, y), got {types_of(batch)}."
            )
        yield parts
    if empty:
        raise ValueError(
            "a DataLoader must give at least one sample, got none: is it empty, or"
            " smaller than a batch, with drop_last?"
        )


def steps_of(train: Any, batch_size: int | None, processes: int = 1) -> int | None:
    """Number of steps in an epoch; None for a loader that does not know."""
    if not isinstance(train, DataLoader):
        return -(-len(train[0]) // (batch_size * processes))
    try:
        return -(-len(train) // processes)
    except TypeError:
        return None


def check_precision(precision: str) -> None:
    """Refuse an unknown type of numbers."""
    if precision not in ("float32", "bfloat16"):
        raise ValueError(
            f"precision must be 'float32' or 'bfloat16', got {precision!r}."
        )


def what_must_agree(
    trainer: Trainer,
    train: Any,
    validation: Any,
    epochs: int,
    batch_size: int | None,
) -> dict[str, Any]:
    """What a fit rests on, by name: processes that train together have the same."""
    if trainer.processes.size == 1:
        return {}
    groups = trainer.optimizer.param_groups
    rates = [
        {key: value for key, value in group.items() if key != "params"}
        for group in groups
    ]
    facts: dict[str, Any] = {
        "the parts": trainer._kinds(),
        "the settings": (epochs, batch_size, trainer.clip_norm, trainer.precision),
        "the optimizer's settings": rates,
        "epochs done": len(trainer.history["train_loss"]),
        "the seed": trainer.seed,
        "the order of samples": trainer.generator.get_state(),
    }
    for name, data in (("train", train), ("validation", validation)):
        if isinstance(data, DataLoader):
            facts[f"the data of {name}"] = _told_by_loader(data)
        elif data is not None:
            facts[f"X of {name}"], facts[f"y of {name}"] = data
    return facts


def _told_by_loader(loader: DataLoader) -> str:
    """The digest of its samples, if they have one, else how many there are."""
    if hasattr(loader.dataset, "digest"):
        return loader.dataset.digest()
    try:
        return f"{len(loader.dataset)} samples"
    except TypeError:
        return "of unknown length"


def check_schedule(trainer: Trainer, epochs: int, steps: int | None) -> None:
    """Refuse a schedule that cannot take its steps, or would take too few."""
    schedule, each_batch = trainer.scheduler, trainer.scheduler_each_batch
    if each_batch and (schedule is None or isinstance(schedule, ReduceLROnPlateau)):
        got = None if schedule is None else type(schedule).__name__
        raise ValueError(
            "scheduler must be one that counts batches when scheduler_each_batch is"
            f" True, got {got}."
        )
    if not isinstance(schedule, OneCycleLR):
        return
    left = schedule.total_steps - schedule.last_epoch
    if not each_batch and left != epochs:
        raise ValueError(
            "scheduler_each_batch must be True for OneCycleLR, which counts batches,"
            f" got False, with {left} steps left for {epochs} epochs."
        )
    if each_batch and steps is not None and left < epochs * steps:
        raise ValueError(
            f"scheduler must have {epochs * steps} steps left for this fit, got {left}:"
            " train for fewer epochs, or set another trainer.scheduler."
        )


def check_predict(X: Any, batch_size: int | None) -> None:
    """Refuse what `predict` cannot use, or would answer in an unknown order."""
    if isinstance(X, DataLoader):
        check_data("X", X, batch_size)
        if isinstance(X.sampler, RandomSampler) or X.drop_last:
            raise ValueError(
                "X must give every sample in order, got a DataLoader that shuffles or"
                " drops the last batch."
            )
    elif not isinstance(X, Tensor):
        raise TypeError(f"X must be a tensor or a DataLoader, got {types_of(X)}.")
    elif batch_size is not None:
        check_count("batch_size", batch_size)


def check_targets(y_pred: Tensor, y: Any, loss: Callable) -> None:
    """Refuse targets that a loss would compare with the wrong predictions.

    Shapes must be equal, since (n, 1) against (n,) would broadcast to (n, n) without a
    word. The one exception are numbers of classes: they have no axis for the K scores,
    so that predictions are (n, K) or (n, K, ...) and targets (n,) or (n, ...).
    """
    if not isinstance(y, Tensor):
        return  # several tensors, such as targets and lengths: the loss knows them
    loss = getattr(loss, "func", loss)  # what a functools.partial calls
    name = getattr(loss, "__name__", type(loss).__name__)
    known = str(loss.__module__).startswith("torch.nn")
    if known and name in OF_CLASSES:
        check_class_numbers(name, y_pred, y, getattr(loss, "ignore_index", -100))
    elif known and y.dtype == torch.bool:
        raise ValueError("y must hold numbers, got torch.bool: give y.float().")
    may_be_classes = name in OF_CLASSES if known else not y.is_floating_point()
    several = y_pred.ndim > 1 and y_pred.shape[1] > 1
    without_scores = several and y.shape == y_pred.shape[:1] + y_pred.shape[2:]
    if y.shape != y_pred.shape and not (may_be_classes and without_scores):
        raise ValueError(
            f"y must have the shape of the predictions, {tuple(y_pred.shape)}, got"
            f" {tuple(y.shape)}."
        )


def check_class_numbers(loss: str, y_pred: Tensor, y: Tensor, ignored: int) -> None:
    """Refuse what names no class, or predictions with no choice between classes."""
    n_classes = y_pred.shape[1] if y_pred.ndim > 1 else 1
    if n_classes == 1:
        raise ValueError(
            f"{loss} needs an output for each class, got predictions of shape"
            f" {tuple(y_pred.shape)}."
        )
    if y.shape == y_pred.shape and y.is_floating_point():
        return  # probabilities of the classes
    if y.dtype not in (torch.int64, torch.uint8):
        raise ValueError(f"classes must be torch.int64, got {y.dtype}: give y.long().")
    for number in map(int, y.aminmax()):
        if not 0 <= number < n_classes and number != ignored:
            raise ValueError(
                f"classes must be 0 to {n_classes - 1}, one for each output of the"
                f" model, got {number}."
            )


def check_one_number(loss: Tensor) -> None:
    """Refuse a loss that still has an axis."""
    if loss.numel() != 1:
        raise ValueError(
            "the loss of a batch must be one number, its mean, got shape"
            f" {tuple(loss.shape)}."
        )


def check_saved(kinds: dict[str, str], wanted: dict[str, str]) -> None:
    """Refuse the file of a trainer that was made of other parts."""
    if kinds != wanted:
        raise ValueError(f"the saved trainer must be of {wanted}, got {kinds}.")


@contextmanager
def in_words(model: nn.Module, X: Tensor) -> Iterator[None]:
    """Say what to do about two errors of PyTorch that do not say it."""
    try:
        yield
    except RuntimeError as error:
        weights = next((weight.dtype for weight in model.parameters()), X.dtype)
        if X.dtype == weights or "type" not in str(error):
            raise
        raise ValueError(
            f"X must be {weights}, as the weights of the model are, got {X.dtype}: give"
            " X.float(), or a transform that does so."
        ) from error
    except ValueError as error:
        if "more than 1 value per channel" not in str(error):
            raise
        raise ValueError(
            "a batch must have more than one sample for BatchNorm, got one: choose"
            " another batch_size, or a DataLoader with drop_last."
        ) from error
