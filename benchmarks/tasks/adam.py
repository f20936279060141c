"""The same line by 400 steps of Adam over all samples."""

import numpy as np

from shared.housing import housing, r2_of
from shared.task import Task

TASK = Task(
    title="a line by Adam",
    score="R² on validation data",
    plain="none: the book's Adam is the ten lines that a tutorial writes",
    library="PyTorch: torch.optim.Adam, fused, on nn.Linear over all samples, 400 steps",
    from_scratch=True,
)
RATE, STEPS = 0.05, 400
data = housing


def book():
    from mlfa.tabular.linear import add_ones, gradient, predict
    from mlfa.tabular.optimizers import Adam, minimize

    def fit(data, seed):
        A = add_ones(data.X)
        path = minimize(lambda w: gradient(A, data.y, w), np.zeros(A.shape[1]), Adam(learning_rate=RATE), steps=STEPS)
        return predict(add_ones(data.X_val), path[-1])

    return fit


def library():
    import torch
    import torch._dynamo

    def fit(data, seed):
        X, y = torch.tensor(data.X).float(), torch.tensor(data.y).float()[:, None]
        model = torch.nn.Linear(8, 1)
        optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)
        for _ in range(STEPS):
            loss = torch.nn.functional.mse_loss(model(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            return model(torch.tensor(data.X_val).float()).numpy()

    return fit


score = r2_of
