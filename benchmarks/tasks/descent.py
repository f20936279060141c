"""The same line by 400 steps of gradient descent over all samples."""

import numpy as np

from shared.housing import housing, r2_of
from shared.task import Task

TASK = Task(
    title="a line by descent",
    score="R² on validation data",
    plain="PyTorch: nn.Linear, mse_loss and torch.optim.SGD over all samples, 400 steps",
    library="scikit-learn: LinearRegression, which solves it at once",
    note="No library descends over all samples step by step; the book does, to show what a step is.",
)
RATE, STEPS = 0.3, 400
data = housing


def book():
    from mlfa.tabular.linear import add_ones, gradient_descent, predict

    def fit(data, seed):
        start = np.zeros(1 + data.X.shape[1])
        run = gradient_descent(add_ones(data.X), data.y, start, learning_rate=RATE, steps=STEPS)
        return predict(add_ones(data.X_val), run.w)

    return fit


def plain():
    import torch
    import torch._dynamo

    def fit(data, seed):
        X, y = torch.tensor(data.X).float(), torch.tensor(data.y).float()[:, None]
        model = torch.nn.Linear(8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
        losses = []
        for _ in range(STEPS):
            loss = torch.nn.functional.mse_loss(model(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        with torch.no_grad():
            return model(torch.tensor(data.X_val).float()).numpy()

    return fit


def library():
    from sklearn.linear_model import LinearRegression

    return lambda data, seed: LinearRegression().fit(data.X, data.y).predict(data.X_val)


score = r2_of
