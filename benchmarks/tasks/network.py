"""A network with two hidden layers learns prices: ten epochs of batches, the best of which is kept."""

from shared.housing import housing, r2_of
from shared.task import Task

TASK = Task(
    title="a network",
    score="R² on validation data",
    plain="PyTorch: nn.Sequential and a loop over a DataLoader",
    library="scikit-learn: MLPRegressor, by partial_fit",
    trains=True,
    note="The Trainer takes a batch by one indexing; a DataLoader fetches samples one by one and stacks them.",
)
HIDDEN = [64, 64]
SETTING = {"epochs": 10, "batch_size": 128, "learning_rate": 0.003}
data = housing


def tensors(data):
    """Pairs to learn from and to be judged by."""
    import torch

    X, y, X_val, y_val = (torch.tensor(part).float() for part in data)
    return (X, y[:, None]), (X_val, y_val[:, None])


def book():
    import torch

    from mlfa.training.mlp import MLP
    from shared.by_trainer import fit

    def run(data, seed):
        train, validation = tensors(data)
        model = MLP(8, HIDDEN, 1, generator=torch.Generator().manual_seed(seed))
        trainer = fit(model, torch.nn.functional.mse_loss, train, validation, seed=seed, **SETTING)
        return trainer.predict(validation[0]).numpy()

    return run


def plain():
    import torch
    from torch import nn
    from torch.utils.data import TensorDataset

    from shared.by_dataloader import fit

    def run(data, seed):
        torch.manual_seed(seed)
        train, validation = tensors(data)
        model = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
        fit(model, nn.MSELoss(), TensorDataset(*train), TensorDataset(*validation), seed=seed, **SETTING)
        with torch.no_grad():
            return model(validation[0]).numpy()

    return run


def library():
    import numpy as np
    from sklearn.neural_network import MLPRegressor

    from shared.by_scikit import fit

    def mean_squared_error(model, X, y):
        return float(np.mean((model.predict(X) - y) ** 2))

    def run(data, seed):
        X, y, X_val, y_val = (part.astype(np.float32) for part in data)
        model = MLPRegressor(
            hidden_layer_sizes=HIDDEN,
            alpha=0,
            batch_size=SETTING["batch_size"],
            learning_rate_init=SETTING["learning_rate"],
            random_state=seed,
        )
        return fit(model, mean_squared_error, (X, y), (X_val, y_val), epochs=SETTING["epochs"]).predict(X_val)

    return run


score = r2_of
