"""A network with two hidden layers tells three shapes apart: sixty epochs, the best of which is kept."""

from mlfa.scoring.metrics import accuracy
from shared.task import Task
from tasks import softmax_regression

TASK = Task(
    title="three classes",
    score="accuracy on validation data",
    plain="PyTorch: nn.Sequential and a loop over a DataLoader",
    library="scikit-learn: MLPClassifier, by partial_fit",
    trains=True,
)
SETTING = {"epochs": 60, "batch_size": 64, "learning_rate": 0.01}
data = softmax_regression.data


def tensors(data):
    """Pairs to learn from and to be judged by."""
    import torch

    X, y, X_val, y_val = map(torch.tensor, data)
    return (X.float(), y), (X_val.float(), y_val)


def book():
    import torch

    from mlfa.training.mlp import MLP
    from shared.by_trainer import fit

    def run(data, seed):
        train, validation = tensors(data)
        model = MLP(2, [32, 32], 3, activation="tanh", generator=torch.Generator().manual_seed(seed))
        trainer = fit(model, torch.nn.functional.cross_entropy, train, validation, seed=seed, **SETTING)
        return trainer.predict(validation[0]).argmax(dim=1).numpy()

    return run


def plain():
    import torch
    from torch import nn
    from torch.utils.data import TensorDataset

    from shared.by_dataloader import fit

    def run(data, seed):
        torch.manual_seed(seed)
        train, validation = tensors(data)
        model = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 3))
        fit(model, nn.CrossEntropyLoss(), TensorDataset(*train), TensorDataset(*validation), seed=seed, **SETTING)
        with torch.no_grad():
            return model(validation[0]).argmax(dim=1).numpy()

    return run


def library():
    import numpy as np
    from sklearn.neural_network import MLPClassifier

    from shared.by_scikit import fit

    def cross_entropy(model, X, y):
        return float(-np.log(model.predict_proba(X)[np.arange(len(y)), y] + 1e-30).mean())

    def run(data, seed):
        X, y, X_val, y_val = data
        train, validation = (X.astype(np.float32), y), (X_val.astype(np.float32), y_val)
        model = MLPClassifier(
            [32, 32],
            activation="tanh",
            alpha=0,
            batch_size=SETTING["batch_size"],
            learning_rate_init=SETTING["learning_rate"],
            random_state=seed,
        )
        fit(model, cross_entropy, train, validation, epochs=SETTING["epochs"], classes=np.arange(3))
        return model.predict(validation[0])

    return run


def score(data, answer):
    return accuracy(data[3], answer)
