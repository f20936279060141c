"""An LSTM written out: 32 sequences of 20 steps, forward and backward."""

import torch

from shared.task import Task

TASK = Task(
    title="an LSTM, step by step",
    score="share of states and gradients that are right to four digits",
    plain="PyTorch: nn.LSTMCell in a loop over the steps",
    library="PyTorch: nn.LSTM",
    from_scratch=True,
    note="nn.LSTM multiplies the inputs of all steps at once, and its steps never come back to Python. The RNN of the "
    "book is built on it; the cell is there to be read.",
)
N, LENGTH, INPUTS, HIDDEN = 32, 20, 3, 16


def data(seed):
    """Sequences, and an nn.LSTM whose weights all sides take."""
    torch.manual_seed(seed)
    return torch.randn(N, LENGTH, INPUTS), torch.nn.LSTM(INPUTS, HIDDEN, batch_first=True)


def book():
    from mlfa.series.cells import lstm_cell

    def run(data, seed):
        X, lstm = data
        X = X.clone().requires_grad_()
        W_x, W_h = (w.detach().T.clone().requires_grad_() for w in (lstm.weight_ih_l0, lstm.weight_hh_l0))
        b = (lstm.bias_ih_l0 + lstm.bias_hh_l0).detach().requires_grad_()
        h = c = torch.zeros(N, HIDDEN)
        states = []
        for x in X.unbind(dim=1):
            h, c = lstm_cell(x, h, c, W_x, W_h, b)
            states.append(h)
        states = torch.stack(states, dim=1)
        states.square().mean().backward()
        return states.detach(), X.grad

    return run


def plain():
    def run(data, seed):
        X, lstm = data
        X = X.clone().requires_grad_()
        cell = torch.nn.LSTMCell(INPUTS, HIDDEN)
        with torch.no_grad():
            for name, weights in cell.named_parameters():
                weights.copy_(getattr(lstm, f"{name}_l0"))
        state, states = None, []
        for x in X.unbind(dim=1):
            state = cell(x, state)
            states.append(state[0])
        states = torch.stack(states, dim=1)
        states.square().mean().backward()
        return states.detach(), X.grad

    return run


def library():
    def run(data, seed):
        X, lstm = data
        X = X.clone().requires_grad_()
        states, _ = lstm(X)
        states.square().mean().backward()
        return states.detach(), X.grad

    return run


def score(data, answer):
    X, lstm = data
    X = X.double().requires_grad_()
    exact = torch.nn.LSTM(INPUTS, HIDDEN, batch_first=True).double()
    exact.load_state_dict(lstm.state_dict())
    states, _ = exact(X)
    states.square().mean().backward()
    return share_right(answer, (states.detach(), X.grad))


def share_right(answers, exact):
    """Share of the numbers that miss the exact ones by at most a ten-thousandth of the largest."""
    right = [((a - e).abs() <= 1e-4 * e.abs().max()).double().flatten() for a, e in zip(answers, exact, strict=True)]
    return torch.cat(right).mean().item()
