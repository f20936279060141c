"""What the Trainer costs: the network of the row above, in small batches, where the loop weighs most."""

from shared.housing import housing, r2_of
from shared.task import Task
from tasks.network import HIDDEN, tensors

TASK = Task(
    title="the loop itself",
    score="R² on validation data",
    plain="none: the row of the same network has it",
    library="PyTorch: a loop over tensors that nothing checks",
    from_scratch=True,
    note="The same network with the same first weights on both sides.",
)
SETTING = {"epochs": 5, "batch_size": 32, "learning_rate": 0.003}
data = housing


def network(seed):
    import torch

    from mlfa.training.mlp import MLP

    return MLP(8, HIDDEN, 1, generator=torch.Generator().manual_seed(seed))


def book():
    from torch.nn.functional import mse_loss

    from shared.by_trainer import fit

    def run(data, seed):
        train, (X_val, _) = tensors(data)
        return fit(network(seed), mse_loss, train, seed=seed, **SETTING).predict(X_val).numpy()

    return run


def library():
    import torch

    from shared.by_hand import fit

    def run(data, seed):
        train, (X_val, _) = tensors(data)
        model = network(seed)
        fit(model, torch.nn.functional.mse_loss, train, seed=seed, **SETTING)
        with torch.no_grad():
            return model(X_val).numpy()

    return run


score = r2_of
