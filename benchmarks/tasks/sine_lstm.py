"""An LSTM of two layers learns a sine from 2,000 windows and continues it for 120 steps."""

from shared.sines import STEPS, last_position, roll_on, rollout_score, sines
from shared.task import Task

TASK = Task(
    title="continue a sine, LSTM",
    score="minus the root mean squared error of the rollout",
    plain="PyTorch: nn.LSTMCell step by step, as in PyTorch's own example for sines (pytorch/examples, "
    "time_sequence_prediction), and a loop over a DataLoader",
    library="PyTorch: nn.LSTM and a loop over tensors that nothing checks",
    trains=True,
)
SETTING = {"epochs": 5, "batch_size": 32, "learning_rate": 0.01, "cycle_of": 5 * 63}


def data(seed):
    return sines(seed, 2000)


def book():
    import torch

    from mlfa.series.recurrent import RNN
    from mlfa.series.rollouts import rollout
    from shared.by_trainer import fit

    def run(data, seed):
        model = RNN(1, 20, 1, n_layers=2, generator=torch.Generator().manual_seed(seed))
        fit(model, last_position, (data.X, data.y), seed=seed, **SETTING)
        return rollout(model, data.starts, STEPS)

    return run


def open_gates(biases):
    """Gates that start open, as the book's do."""
    import torch

    with torch.no_grad():
        for bias in biases:
            bias[20:40] = 0.5


def plain():
    import torch
    from torch import nn

    from shared.by_dataloader import fit

    class Stepped(nn.Module):
        def __init__(self):
            super().__init__()
            self.cells, self.head = nn.ModuleList([nn.LSTMCell(1, 20), nn.LSTMCell(20, 20)]), nn.Linear(20, 1)
            open_gates(bias for cell in self.cells for bias in (cell.bias_ih, cell.bias_hh))

        def forward(self, X):
            states, answers = [None, None], []
            for h in X.unbind(dim=1):
                for k, cell in enumerate(self.cells):
                    states[k] = cell(h, states[k])
                    h = states[k][0]
                answers.append(self.head(h))
            return torch.stack(answers, dim=1)

    def run(data, seed):
        torch.manual_seed(seed)
        model = Stepped()
        fit(model, last_position, torch.utils.data.TensorDataset(data.X, data.y), seed=seed, **SETTING)
        return roll_on(model, data.starts)

    return run


def library():
    import torch
    from torch import nn

    from shared.by_hand import fit

    class Continue(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm, self.head = nn.LSTM(1, 20, num_layers=2, batch_first=True), nn.Linear(20, 1)
            open_gates(bias for name, bias in self.lstm.named_parameters() if name.startswith("bias"))

        def forward(self, X):
            hidden, _ = self.lstm(X)
            return self.head(hidden)

    def run(data, seed):
        torch.manual_seed(seed)
        model = Continue()
        fit(model, last_position, (data.X, data.y), seed=seed, **SETTING)
        return roll_on(model, data.starts)

    return run


score = rollout_score
