"""What a model learns from somebody's data: parts, a loss, scores and floors."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from mlfa.book.ledger import Sealed
from mlfa.scoring.splitting import split_indices


@dataclass(frozen=True)
class Task:
    """What a model learns, and what it is measured by.

    Attributes
    ----------
    train, validation : pair of tensors
        Samples and targets.
    test : callable
        Opens the sealed test part, a pair too.
    n_outputs : int
        Numbers to predict for a sample, or for each pixel of it.
    loss : callable
        From predictions and targets to one number.
    scores : dict of str to callable
        From predictions and targets of the test part to what is reported.
    floors : dict of str to callable
        From samples to predictions that need no model.
    transform : callable or None
        For the trainer.
    told : list of str
        What the data has that its owner should know.
    """

    train: tuple
    validation: tuple
    test: Callable[[], tuple]
    n_outputs: int
    loss: Callable
    scores: dict[str, Callable]
    floors: dict[str, Callable]
    transform: Callable | None = None
    told: list[str] = field(default_factory=list)

    def report(self, predict: Callable) -> list[str]:
        """Open the test part: a line for each score, of the model and of the floors.

        Parameters
        ----------
        predict : callable
            From samples to predictions.
        """
        X, y = self.test()
        answers = {"": predict(X)}
        answers |= {f", {name}": floor(X) for name, floor in self.floors.items()}
        return [
            f"test, {name}{whose}: {float(score(y_pred, y)):.4f}"
            for name, score in self.scores.items()
            for whose, y_pred in answers.items()
        ]


def read_task(asked: argparse.Namespace) -> Task:
    """The data that a command names.

    Parameters
    ----------
    asked : Namespace
        From `mlfa.scale.options.settle`.
    """
    from mlfa.scale.task_images import images_task
    from mlfa.scale.task_masks import masks_task
    from mlfa.scale.task_series import series_task
    from mlfa.scale.task_table import table_task

    kinds = {
        "table": table_task,
        "images": images_task,
        "masks": masks_task,
        "series": series_task,
    }
    return kinds[asked.kind](asked)


def parts_of(n: int, seed: int, groups: np.ndarray | None = None) -> list[np.ndarray]:
    """Rows to train, to validate and to test with; those of a group are not parted.

    Parameters
    ----------
    n : int
        How many rows.
    seed : int
        Chooses them.
    groups : ndarray of shape (n,), optional
        What each row belongs to.

    Examples
    --------
    >>> train, validation, test = parts_of(10, 0, np.repeat(list("abcde"), 2))
    >>> train, validation, test
    (array([4, 5, 6, 7, 8, 9]), array([0, 1]), array([2, 3]))
    """
    if groups is None:
        return list(split_indices(n, seed=seed))
    names, number = np.unique(groups, return_inverse=True)
    of_groups = split_indices(len(names), seed=seed)
    return [np.flatnonzero(np.isin(number, part)) for part in of_groups]


def seal(name: str, X: Any, y: Any) -> Callable[[], tuple]:
    """Put the test part away until it is scored.

    Parameters
    ----------
    name : str
        What it is called when it is opened.
    X, y : tensors
        Samples and targets.
    """
    return partial(Sealed(name, X, y).open, "the scores at the end")


def classes_task(
    train: tuple, validation: tuple, test: Callable, n_classes: int, **settings: Any
) -> Task:
    """Classes, by cross-entropy; the floor knows the shares of the training part.

    Parameters
    ----------
    train, validation, test
        As of `Task`, with class numbers for targets.
    n_classes : int
        How many there are.
    **settings
        Passed on to `Task`.
    """
    import torch
    from torch.nn.functional import cross_entropy

    counts = torch.bincount(train[1], minlength=n_classes) + 1
    shares = (counts / counts.sum()).log()  # (n_classes,)
    scores = {
        "cross-entropy": cross_entropy,
        "share in the wrong class": lambda p, y: (p.argmax(dim=1) != y).float().mean(),
    }
    floors = {"by the shares of the classes": lambda X: shares.expand(len(X), -1)}
    told = (n_classes, cross_entropy, scores, floors)
    return Task(train, validation, test, *told, **settings)
