"""An LSTM corrects a simple forecast of tomorrow's maximum: fifteen epochs, the best of which is kept."""

import numpy as np

from shared import weather as shared_weather
from shared.task import Task

TASK = Task(
    title="forecast the weather",
    score="minus the mean absolute error on 2014, in degrees",
    plain="PyTorch: nn.LSTM and a loop over a DataLoader, AdamW and OneCycleLR",
    library="skorch: NeuralNet around the plain network, with OneCycleLR and EarlyStopping(load_best=True)",
    trains=True,
    note="Nearly all of the time is nn.LSTM's, which is the same on all sides.",
)
EPOCHS, BATCH, RATE, DECAY = 15, 64, 0.01, 0.1


def data(seed):
    return shared_weather.weather()


def book():
    import torch
    import torch._dynamo

    from mlfa.series.recurrent import RNN
    from mlfa.series.weather import Correction, LastOutput

    def run(data, seed):
        generator = torch.Generator().manual_seed(seed)
        network = LastOutput(RNN(13, 32, 1, generator=generator), dropout=0.3, generator=generator)
        model = Correction(network, learning_rate=RATE, weight_decay=DECAY, device="cpu", seed=seed)
        model.fit(data.train, data.simple_train, data.validation, data.simple_validation, epochs=EPOCHS)
        return model.predict(data.validation.X, data.simple_validation)

    return run


def network():
    import torch
    from torch import nn

    class Forecast(nn.Module):
        def __init__(self):
            super().__init__()
            self.dropout, self.lstm, self.head = nn.Dropout(0.3), nn.LSTM(13, 32, batch_first=True), nn.Linear(32, 1)

        def forward(self, X):
            hidden, _ = self.lstm(self.dropout(X))
            return self.head(hidden[:, -1])

    model = Forecast()
    with torch.no_grad():  # gates that start open, as the book's do
        model.lstm.bias_ih_l0[32:64] = model.lstm.bias_hh_l0[32:64] = 0.5
    return model


def setting(train):
    """What both loops are told."""
    import torch

    steps = EPOCHS * -(-len(train[0]) // BATCH)
    shared = {"epochs": EPOCHS, "batch_size": BATCH, "learning_rate": RATE}
    return {**shared, "cycle_of": steps, "optimizer": torch.optim.AdamW}


def tensors(data):
    """Windows and what the simple forecast leaves over, in units of its spread, as pairs for both parts."""
    import torch

    scale = float(np.std(data.train.y - data.simple_train))
    parts = (data.train, data.simple_train), (data.validation, data.simple_validation)
    pairs = [(torch.tensor(p.X).float(), torch.tensor((p.y - simple) / scale).float()) for p, simple in parts]
    return *pairs, scale


def plain():
    import torch
    from torch.utils.data import TensorDataset

    from shared.by_dataloader import fit

    def run(data, seed):
        torch.manual_seed(seed)
        train, validation, scale = tensors(data)
        model = network()
        fit(
            model,
            torch.nn.SmoothL1Loss(),
            TensorDataset(*train),
            TensorDataset(*validation),
            seed=seed,
            **setting(train),
            weight_decay=DECAY,
        )
        with torch.no_grad():
            return data.simple_validation + scale * model(validation[0]).numpy()

    return run


def library():
    import torch
    from skorch.callbacks import EarlyStopping
    from skorch.dataset import Dataset
    from skorch.helper import predefined_split

    from shared.by_skorch import fit

    def run(data, seed):
        torch.manual_seed(seed)
        train, validation, scale = tensors(data)
        net = fit(
            network(),
            torch.nn.SmoothL1Loss,
            train,
            seed=seed,
            **setting(train),
            optimizer__weight_decay=DECAY,
            train_split=predefined_split(Dataset(*validation)),
            callbacks=[EarlyStopping(patience=EPOCHS, load_best=True, sink=lambda words: None)],
        )
        return data.simple_validation + scale * net.predict(validation[0])

    return run


def score(data, answer):
    return -float(np.abs(data.validation.y - answer).mean())
