"""Networks for the weather: what they see, and what they correct."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import smooth_l1_loss

from mlfa.book.checks import check_count, check_same_length
from mlfa.datasets.weather import DailySeries
from mlfa.series.forecasts import season_features
from mlfa.series.windows import Windows
from mlfa.tabular.standardizing import Standardizer
from mlfa.training.mlp import Dropout
from mlfa.training.schedules import one_cycle
from mlfa.training.trainer import Trainer

BATCH = 64


def day_features(
    weather: DailySeries, n_train: int, *, classes: bool = True
) -> np.ndarray:
    """Everything known at the end of a day, as numbers without unit.

    Parameters
    ----------
    weather : DailySeries
    n_train : int
        The first days, whose mean and spread standardize the numbers of all days.
    classes : bool
        Whether to include the weather class as five columns of zeros and ones.

    Returns
    -------
    ndarray of shape (n_days, 13), or (n_days, 8) without classes
        Both temperatures, the logarithm of the precipitation, the wind; the class; the season of
        the day and of the next day, each as a sine and a cosine.
    """
    check_count("n_train", n_train, least=2)
    numbers = weather.matrix(("temp_max", "temp_min", "precipitation", "wind"))
    numbers[:, 2] = np.log1p(
        numbers[:, 2]
    )  # a wet day counts, a flood not a hundred times as much
    columns = [Standardizer().fit(numbers[:n_train]).transform(numbers)]
    if classes:
        columns.append(weather.one_hot())
    for days_later in (0, 1):
        columns.append(season_features(weather.dates + np.timedelta64(days_later, "D")))
    return np.hstack(columns)


class LastOutput(nn.Module):
    """A network over sequences whose inputs may drop out, and of whose answers only the last counts.

    Parameters
    ----------
    network : nn.Module
        From (n, length, in_features) to (n, length, out_features).
    dropout : float
        Share of the inputs that is left out at random while training.
    generator : torch.Generator
        Draws which.
    """

    def __init__(
        self, network: nn.Module, dropout: float, *, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.network, self.dropout = network, Dropout(dropout, generator=generator)

    def forward(self, X: Tensor) -> Tensor:
        """From windows (n, length, in_features) to predictions (n, out_features)."""
        return self.network(self.dropout(X))[:, -1]


class Correction:
    """A network that learns what a simple forecast leaves over.

    Parameters
    ----------
    network : nn.Module
        From windows (n, length, n_features) to (n, horizon) numbers.
    learning_rate : float
        The highest rate of one cycle.
    weight_decay : float
        Pulls the weights, and with them the correction, towards zero at every step of AdamW.
    seed : int
        Chooses the order of the samples.

    Attributes
    ----------
    scale : float
        Spread of what the simple forecast left over in training, in the unit of the target.
    trainer : Trainer
        Holds the history of the training; there from `fit` on.
    """

    def __init__(
        self,
        network: nn.Module,
        *,
        learning_rate: float = 0.01,
        weight_decay: float = 0.1,
        seed: int = 0,
    ) -> None:
        self.network, self.learning_rate, self.weight_decay, self.seed = (
            network,
            learning_rate,
            weight_decay,
            seed,
        )
        self.scale: float | None = None
        self.trainer: Trainer | None = None

    def fit(
        self,
        train: Windows,
        simple_train: np.ndarray,
        validation: Windows,
        simple_validation: np.ndarray,
        *,
        epochs: int = 15,
    ) -> Correction:
        """Learn from the training windows; the validation windows say which epoch to keep.

        `simple_train` and `simple_validation` are the simple forecasts, of the shape of the targets.
        """
        self.scale = float(np.std(train.y - simple_train))
        parts = [
            (
                _tensor(part.X),
                _tensor((part.y - self._fitting(simple, part)) / self.scale),
            )
            for part, simple in ((train, simple_train), (validation, simple_validation))
        ]
        optimizer = torch.optim.AdamW(
            self.network.parameters(),
            lr=self.learning_rate,
            weight_decay=self.weight_decay,
        )
        cycle = one_cycle(
            optimizer,
            self.learning_rate,
            epochs=epochs,
            n_samples=len(train),
            batch_size=BATCH,
        )
        self.trainer = Trainer(
            self.network,
            smooth_l1_loss,
            optimizer,
            scheduler=cycle,
            scheduler_each_batch=True,
            device="cpu",
            seed=self.seed,
        )
        self.trainer.fit(*parts, epochs=epochs, batch_size=BATCH, keep_best=True)
        return self

    def predict(self, X: np.ndarray, simple: np.ndarray) -> np.ndarray:
        """The simple forecast and its correction, of shape (n, horizon), in the unit of the target."""
        if self.trainer is None:
            raise ValueError(
                "this Correction knows no training data yet: call fit first."
            )
        check_same_length(X=X, simple=simple)
        return simple + self.scale * self.trainer.predict(_tensor(X)).double().numpy()

    @staticmethod
    def _fitting(simple: np.ndarray, part: Windows) -> np.ndarray:
        if simple.shape != part.y.shape:
            raise ValueError(
                f"a simple forecast must have the shape of the targets, {part.y.shape},"
                f" got {simple.shape}."
            )
        return simple


def _tensor(values: np.ndarray) -> Tensor:
    return torch.tensor(values, dtype=torch.float32)
