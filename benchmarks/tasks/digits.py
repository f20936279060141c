"""A network without convolutions reads digits: one epoch of 20,000."""

from mlfa.scoring.metrics import accuracy
from shared import digits as shared_digits
from shared.task import Task

TASK = Task(
    title="digits by a network",
    score="accuracy on validation data",
    plain="PyTorch: nn.Sequential, a loop over a DataLoader, ToTensor for each image, as torchvision's MNIST does it",
    library="scikit-learn: MLPClassifier on all images as floats",
    trains=True,
    note="The book turns bytes into floats a batch at a time.",
)
SETTING = {"epochs": 1, "batch_size": 128, "learning_rate": 0.002}


def data(seed):
    return shared_digits.digits(20_000)


def book():
    import torch

    from mlfa.images.pixels import to_vectors
    from mlfa.training.mlp import MLP
    from shared.by_trainer import fit

    def run(data, seed):
        model = MLP(28 * 28, [128], 10, generator=torch.Generator().manual_seed(seed))
        loss = torch.nn.functional.cross_entropy
        trainer = fit(model, loss, (data.X, data.y), transform=to_vectors, seed=seed, **SETTING)
        return trainer.predict(data.X_val).argmax(dim=1)

    return run


def plain():
    import torch
    from torch import nn

    from shared.by_dataloader import fit
    from shared.one_by_one import OneByOne

    def run(data, seed):
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, 128), nn.ReLU(), nn.Linear(128, 10))
        fit(model, nn.CrossEntropyLoss(), OneByOne(data.X, data.y), seed=seed, **SETTING)
        with torch.no_grad():
            return model(data.X_val / 255).argmax(dim=1)

    return run


def library():
    import numpy as np
    from sklearn.neural_network import MLPClassifier

    def run(data, seed):
        X, X_val = (part.numpy().reshape(len(part), -1).astype(np.float32) / 255 for part in (data.X, data.X_val))
        model = MLPClassifier(
            [128],
            alpha=0,
            batch_size=SETTING["batch_size"],
            learning_rate_init=SETTING["learning_rate"],
            max_iter=SETTING["epochs"],
            random_state=seed,
        )
        return model.fit(X, data.y.numpy()).predict(X_val)

    return run


def score(data, answer):
    return accuracy(data.y_val.numpy(), answer.numpy() if hasattr(answer, "numpy") else answer)
