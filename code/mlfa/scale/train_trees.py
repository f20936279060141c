"""scikit-learn's forest and boosted trees on a table, beside the same floors."""

import argparse
from collections.abc import Callable, Iterator

import numpy as np
import torch
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.preprocessing import LabelEncoder
from torch import Tensor

from mlfa.scale.tasks import Task

Predict = Callable[[Tensor], Tensor]


def train_trees(asked: argparse.Namespace, task: Task) -> list[str]:
    """Fit trees to the training rows.

    Parameters
    ----------
    asked : Namespace
        From `mlfa.scale.options.settle`.
    task : Task
        From a table. Of boosted trees, its validation part says how many are kept.

    Returns
    -------
    list of str
        Lines with the scores of the test part.
    """
    X, y = task.train[0].numpy(), task.train[1].flatten().numpy()
    # Classes that no training row has are no classes to scikit-learn.
    classes = LabelEncoder().fit(y) if task.n_outputs > 1 else None
    y = classes.transform(y) if classes else y
    fit = _fit_forest if asked.model == "forest" else _fit_boosting
    predict, told = fit(asked, task, X, y, classes)
    return [*task.told, told, *task.report(predict)]


def _fit_forest(
    asked: argparse.Namespace,
    task: Task,
    X: np.ndarray,
    y: np.ndarray,
    classes: LabelEncoder | None,
) -> tuple[Predict, str]:
    """About a third of the columns a question: on the book's pages three of eight."""
    kind = RandomForestClassifier if classes else RandomForestRegressor
    settings = {"max_features": max(1, round(X.shape[1] / 3))}
    settings |= {"n_jobs": asked.processes, "random_state": asked.seed}
    model = kind(asked.trees, **settings).fit(X, y)

    def predict(X: Tensor) -> Tensor:
        answer = model.predict_proba(X.numpy()) if classes else model.predict(X.numpy())
        return _as_of_network(answer, classes, task.n_outputs)

    return predict, f"{asked.trees} trees"


def _fit_boosting(
    asked: argparse.Namespace,
    task: Task,
    X: np.ndarray,
    y: np.ndarray,
    classes: LabelEncoder | None,
) -> tuple[Predict, str]:
    """Grown to the end; the validation part says after how many trees to stop."""
    kind = HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor
    settings = {"learning_rate": asked.learning_rate, "early_stopping": False}
    settings |= {"max_iter": asked.trees, "random_state": asked.seed}
    model = kind(**settings).fit(X, y)

    def after_each_tree(X: Tensor) -> Iterator[Tensor]:
        stages = model.staged_predict_proba if classes else model.staged_predict
        for answer in stages(X.numpy()):
            yield _as_of_network(answer, classes, task.n_outputs)

    X_val, y_val = task.validation
    losses = [float(task.loss(y_pred, y_val)) for y_pred in after_each_tree(X_val)]
    best = int(np.argmin(losses))

    def predict(X: Tensor) -> Tensor:
        return next(y for k, y in enumerate(after_each_tree(X)) if k == best)

    told = f"of {asked.trees} trees the first {best + 1} had the lowest validation loss"
    return predict, told


def _as_of_network(
    answer: np.ndarray, classes: LabelEncoder | None, n_outputs: int
) -> Tensor:
    """Numbers (n, 1), or log-shares of all classes (n, n_outputs)."""
    if classes is None:
        return torch.from_numpy(answer).float()[:, None]
    shares = np.zeros((len(answer), n_outputs))
    shares[:, classes.classes_] = answer
    # A leaf in which all rows were of one class is sure; a loss cannot be of it.
    return torch.from_numpy(shares).clamp(min=1e-3).log().float()
