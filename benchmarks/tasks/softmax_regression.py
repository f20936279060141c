"""Straight borders between three classes: softmax and cross-entropy written out."""

import numpy as np

from mlfa.datasets.shapes import make_three_shapes
from mlfa.scoring.metrics import accuracy
from mlfa.scoring.splitting import apply_split, split_indices
from shared.task import Task

TASK = Task(
    title="softmax regression",
    score="accuracy on validation data",
    plain="PyTorch: nn.Linear, cross_entropy and torch.optim.SGD over all samples",
    library="scikit-learn: LogisticRegression without penalty, by L-BFGS",
    note="The book takes 500 plain steps to show what a step is; L-BFGS takes few, each better.",
)
RATE, STEPS = 1.0, 500


def data(seed):
    X, y = make_three_shapes(800, noise=0.12, seed=seed)
    (X, y), (X_val, y_val), _ = apply_split(split_indices(len(y), seed=seed), X, y)
    return X, y, X_val, y_val


def book():
    from mlfa.tabular.linear import add_ones
    from mlfa.tabular.softmax import cross_entropy_gradient

    def fit(data, seed):
        X, y, X_val, _ = data
        A, W = add_ones(X), np.zeros((3, 3))
        for _ in range(STEPS):
            W = W - RATE * (A.T @ cross_entropy_gradient(A @ W, y))
        return (add_ones(X_val) @ W).argmax(axis=1)

    return fit


def plain():
    import torch
    import torch._dynamo
    from torch import nn

    def fit(data, seed):
        X, y, X_val, _ = data
        X, y = torch.tensor(X).float(), torch.tensor(y)
        model = nn.Linear(2, 3)
        optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
        for _ in range(STEPS):
            loss = nn.functional.cross_entropy(model(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            return model(torch.tensor(X_val).float()).argmax(dim=1).numpy()

    return fit


def library():
    from sklearn.linear_model import LogisticRegression

    def fit(data, seed):
        X, y, X_val, _ = data
        return LogisticRegression(C=np.inf).fit(X, y).predict(X_val)

    return fit


def score(data, answer):
    return accuracy(data[3], answer)
