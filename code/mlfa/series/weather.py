"""Networks for the weather: what they see, and what they correct."""

from typing import Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import smooth_l1_loss

from mlfa.book.checks import check_count, check_fitted, check_shapes
from mlfa.datasets.weather import WEATHER_CLASSES, DailySeries
from mlfa.series.forecasts import season_features
from mlfa.series.windows import Windows
from mlfa.tabular.standardizing import Standardizer
from mlfa.training.layers import Dropout
from mlfa.training.schedules import one_cycle
from mlfa.training.trainer import Trainer

BATCH = 64
NUMBERS = ("temp_max", "temp_min", "precipitation", "wind")
SEASON = ("sine", "cosine", "sine of the next day", "cosine of the next day")
FEATURES = (*NUMBERS, *WEATHER_CLASSES, *SEASON)


def day_features(weather: DailySeries, n_train: int) -> np.ndarray:
    """Everything known at the end of a day, as numbers without unit.

    Parameters
    ----------
    weather : DailySeries
        The days.
    n_train : int
        The first days, whose mean and spread standardize the numbers of all days.

    Returns
    -------
    ndarray of shape (n_days, 13)
        The columns that `FEATURES` names: both temperatures, the logarithm of the
        precipitation, the wind; a column of zeros and ones for each class; the season
        of the day and of the next day, each as a sine and a cosine.
    """
    check_count("n_train", n_train, least=2)
    numbers = weather.matrix(NUMBERS)  # (n_days, 4)
    # A wet day counts, a flood not a hundred times as much.
    numbers[:, 2] = np.log1p(numbers[:, 2])
    numbers = Standardizer().fit(numbers[:n_train]).transform(numbers)
    today = season_features(weather.dates)  # (n_days, 2)
    tomorrow = season_features(weather.dates + np.timedelta64(1, "D"))
    return np.hstack([numbers, weather.one_hot(), today, tomorrow])


class LastOutput(nn.Module):
    """A network over sequences whose inputs may drop out; only its last answer counts.

    Parameters
    ----------
    network : nn.Module
        From (n, length, n_inputs) to (n, length, n_outputs).
    dropout : float
        Share of the inputs that is left out at random while training.
    generator : torch.Generator
        Draws which.
    """

    def __init__(
        self, network: nn.Module, *, dropout: float, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.network, self.dropout = network, Dropout(dropout, generator=generator)

    def forward(self, X: Tensor) -> Tensor:
        """Predictions of shape (n, n_outputs) for windows X (n, length, n_inputs)."""
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
        Pulls the weights, and with them the correction, towards zero at every step of
        AdamW.
    device : str
        "auto", "cpu", "cuda" or "mps": where the network is trained.
    seed : int
        Chooses the order of the samples.

    Attributes
    ----------
    scale : float or None
        Spread of what the simple forecast left over in training, in the unit of the
        target; None before `fit`.
    trainer : Trainer or None
        Holds the history of the training; None before `fit`.
    """

    def __init__(
        self,
        network: nn.Module,
        *,
        learning_rate: float = 0.01,
        weight_decay: float = 0.1,
        device: str = "auto",
        seed: int,
    ) -> None:
        self.network, self.device, self.seed = network, device, seed
        self.learning_rate, self.weight_decay = learning_rate, weight_decay
        self.scale: float | None = None
        self.trainer: Trainer | None = None

    def fit(
        self,
        train: Windows,
        simple_train: np.ndarray,
        validation: Windows | None = None,
        simple_validation: np.ndarray | None = None,
        *,
        epochs: int = 8,
    ) -> Self:
        """Learn from the training windows.

        Parameters
        ----------
        train : Windows
            Windows to learn from.
        simple_train : ndarray of shape (n_samples, horizon)
            The simple forecasts for them, in the unit of the targets.
        validation, simple_validation : optional
            The same for windows that say which epoch to keep. Without them the last
            epoch is kept.
        epochs : int
            Passes over the training windows.
        """
        left_over = self._left_over(train, simple_train)  # (n_train, horizon)
        self.scale = float(np.std(left_over))
        later = None
        if validation is not None:
            left_over_later = self._left_over(validation, simple_validation)
            later = (_tensor(validation.X), _tensor(left_over_later / self.scale))
        optimizer = torch.optim.AdamW(
            self.network.parameters(),
            lr=self.learning_rate,
            weight_decay=self.weight_decay,
            fused=True,
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
            device=self.device,
            seed=self.seed,
        )
        self.trainer.fit(
            (_tensor(train.X), _tensor(left_over / self.scale)),
            later,
            epochs=epochs,
            batch_size=BATCH,
            keep_best=later is not None,
        )
        return self

    def predict(self, X: np.ndarray, simple: np.ndarray) -> np.ndarray:
        """The simple forecast and its correction.

        Parameters
        ----------
        X : ndarray of shape (n_samples, length, n_features)
            Windows.
        simple : ndarray of shape (n_samples, horizon)
            The simple forecasts for them, in the unit of the target.

        Returns
        -------
        ndarray of shape (n_samples, horizon)
            In the unit of the target.
        """
        check_fitted(self, "trainer")
        correction = self.scale * self.trainer.predict(_tensor(X)).double().numpy()
        shape = "n_samples horizon"
        check_shapes(correction=(correction, shape), simple=(simple, shape))
        return simple + correction

    @staticmethod
    def _left_over(windows: Windows, simple: np.ndarray) -> np.ndarray:
        shape = "n_samples horizon"
        check_shapes(targets=(windows.y, shape), simple=(simple, shape))
        return windows.y - simple  # (n_samples, horizon)


def _tensor(values: np.ndarray) -> Tensor:
    return torch.tensor(values, dtype=torch.float32)
