"""A network of two layers: 150 steps over all samples, with the gradient worked out by hand."""

from shared.housing import housing, r2_of
from shared.task import Task

TASK = Task(
    title="a network by hand",
    score="R² on validation data",
    plain="PyTorch: nn.Sequential, autograd and torch.optim.SGD over all samples",
    library="scikit-learn: MLPRegressor, all samples in a batch, solver sgd without momentum",
    from_scratch=True,
    note="NumPy computes in float64 with a new array for every product and sum, PyTorch in float32.",
)
HIDDEN, RATE, STEPS = 16, 0.2, 150
data = housing


def book():
    from mlfa.tabular.backprop import backward, forward, initialize

    def fit(data, seed):
        weights = initialize(8, HIDDEN, seed=seed)
        for _ in range(STEPS):
            gradients = backward(data.X, data.y[:, None], weights)
            weights = {name: weights[name] - RATE * gradients[name] for name in weights}
        return forward(data.X_val, weights)["y_pred"]

    return fit


def plain():
    import torch
    import torch._dynamo
    from torch import nn

    def fit(data, seed):
        torch.manual_seed(seed)
        X, y = torch.tensor(data.X).float(), torch.tensor(data.y).float()[:, None]
        model = nn.Sequential(nn.Linear(8, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, 1))
        optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
        for _ in range(STEPS):
            loss = nn.functional.mse_loss(model(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            return model(torch.tensor(data.X_val).float()).numpy()

    return fit


def library():
    from sklearn.neural_network import MLPRegressor

    def fit(data, seed):
        model = MLPRegressor(
            hidden_layer_sizes=[HIDDEN],
            activation="tanh",
            solver="sgd",
            momentum=0,
            learning_rate_init=2 * RATE,  # its loss is half of the mean squared error
            alpha=0,
            batch_size=len(data.y),
            max_iter=STEPS,
            tol=0,
            n_iter_no_change=STEPS,
            random_state=seed,
        )
        return model.fit(data.X, data.y).predict(data.X_val)

    return fit


score = r2_of
