"""A causal Transformer of two blocks learns a sine from 2,000 windows and continues it for 120 steps."""

import torch

from shared.sines import LENGTH, STEPS, last_position, roll_on, rollout_score, sines
from shared.task import Task

TASK = Task(
    title="continue a sine, Transformer",
    score="minus the root mean squared error of the rollout",
    plain="PyTorch: blocks with one head after the other and nn.LayerNorm, a loop over a DataLoader",
    library="PyTorch: nn.TransformerEncoder, a loop over tensors that nothing checks",
    trains=True,
    from_scratch=True,
)
SIZE, HEADS, HIDDEN, BLOCKS = 16, 2, 32, 2
SETTING = {"epochs": 5, "batch_size": 32, "learning_rate": 0.01, "cycle_of": 5 * 63}


def data(seed):
    return sines(seed, 2000)


def book():
    from mlfa.series.rollouts import rollout
    from mlfa.series.transformers import Transformer
    from shared.by_trainer import fit

    def run(data, seed):
        generator = torch.Generator().manual_seed(seed)
        model = Transformer(1, 1, size=SIZE, n_heads=HEADS, n_hidden=HIDDEN, n_blocks=BLOCKS, generator=generator)
        fit(model, last_position, (data.X, data.y), seed=seed, **SETTING)
        return rollout(model, data.starts, STEPS)

    return run


def positions():
    """Sines and cosines, made once."""
    angle = torch.arange(LENGTH)[:, None] * 10_000.0 ** (-torch.arange(0, SIZE, 2) / SIZE)
    return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


def plain():
    from torch import nn

    from shared.by_dataloader import fit

    class Head(nn.Module):
        def __init__(self):
            super().__init__()
            self.query, self.key, self.value = (nn.Linear(SIZE, SIZE // HEADS, bias=False) for _ in range(3))
            self.register_buffer("tril", torch.tril(torch.ones(LENGTH, LENGTH)))

        def forward(self, X):
            q, k, v = self.query(X), self.key(X), self.value(X)
            scores = q @ k.transpose(-2, -1) * k.shape[-1] ** -0.5
            scores = scores.masked_fill(self.tril == 0, float("-inf"))
            return torch.softmax(scores, dim=-1) @ v

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.heads, self.last = nn.ModuleList(Head() for _ in range(HEADS)), nn.Linear(SIZE, SIZE)
            self.network = nn.Sequential(nn.Linear(SIZE, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, SIZE))
            self.norm1, self.norm2 = nn.LayerNorm(SIZE), nn.LayerNorm(SIZE)

        def forward(self, X):
            normal = self.norm1(X)
            X = X + self.last(torch.cat([head(normal) for head in self.heads], dim=-1))
            return X + self.network(self.norm2(X))

    class Continue(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed, self.blocks = nn.Linear(1, SIZE), nn.Sequential(*(Block() for _ in range(BLOCKS)))
            self.norm, self.head = nn.LayerNorm(SIZE), nn.Linear(SIZE, 1)
            self.register_buffer("positions", positions())

        def forward(self, X):
            return self.head(self.norm(self.blocks(self.embed(X) + self.positions)))

    def run(data, seed):
        torch.manual_seed(seed)
        model = Continue()
        fit(model, last_position, torch.utils.data.TensorDataset(data.X, data.y), seed=seed, **SETTING)
        return roll_on(model, data.starts)

    return run


def library():
    from torch import nn

    from shared.by_hand import fit

    class Continue(nn.Module):
        def __init__(self):
            super().__init__()
            block = nn.TransformerEncoderLayer(SIZE, HEADS, HIDDEN, dropout=0.0, batch_first=True, norm_first=True)
            self.embed, self.head = nn.Linear(1, SIZE), nn.Linear(SIZE, 1)
            self.encoder = nn.TransformerEncoder(block, BLOCKS, norm=nn.LayerNorm(SIZE), enable_nested_tensor=False)
            self.register_buffer("positions", positions())
            self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(LENGTH))

        def forward(self, X):
            return self.head(self.encoder(self.embed(X) + self.positions, mask=self.mask, is_causal=True))

    def run(data, seed):
        torch.manual_seed(seed)
        model = Continue()
        fit(model, last_position, (data.X, data.y), seed=seed, **SETTING)
        return roll_on(model, data.starts)

    return run


score = rollout_score
