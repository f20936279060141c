"""Train each kind of model shortly on a device and on the CPU: the losses must agree up to rounding.

    python tests/device_losses.py [cuda|mps|cpu]

Exits with 1 if a loss differs by more than `RTOL`, or if a prediction does not come back to the CPU.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import torch
from torch import Tensor, nn

from mlfa.datasets.sines import make_sine_windows
from mlfa.images.augmentation import RandomShift
from mlfa.images.cnn import CNN, ConvBlock
from mlfa.images.completion import completion_loss, hide_right
from mlfa.images.flows import FlowBatches
from mlfa.images.pixels import to_floats
from mlfa.images.unet import UNet
from mlfa.series.recurrent import RNN
from mlfa.series.transformers import Transformer
from mlfa.training.devices import pick_device
from mlfa.training.mlp import MLP
from mlfa.training.schedules import one_cycle
from mlfa.training.trainer import Trainer

RTOL = 2e-3  # a device adds in another order, and some steps of training make more of it
EPOCHS, BATCH, N = 3, 16, 128


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def train(model: nn.Module, loss: Callable, data: object, device: str, transform: Callable | None = None) -> Trainer:
    """With everything that has a state on the device: a fused optimizer, a cycle, cut gradients."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.005, fused=True)
    cycle = one_cycle(optimizer, 0.005, epochs=EPOCHS, n_samples=N, batch_size=BATCH)
    settings = {"scheduler": cycle, "scheduler_each_batch": True, "clip_norm": 1.0, "transform": transform}
    trainer = Trainer(model, loss, optimizer, **settings, device=device, seed=0)
    if isinstance(data, tuple):
        return trainer.fit(data, data, epochs=EPOCHS, batch_size=BATCH, keep_best=True)
    return trainer.fit(data, epochs=EPOCHS)


def some_bytes() -> Tensor:
    return torch.randint(0, 256, (N, 1, 16, 16), dtype=torch.uint8, generator=generator())


def mlp(device: str) -> Trainer:
    X = torch.randn(N, 4, generator=generator())
    y = X[:, :1] - X[:, 1:2] ** 2
    model = MLP(4, [16, 16], 1, dropout=0.2, generator=generator())
    return train(model, nn.functional.mse_loss, (X, y), device)


def cnn(device: str) -> Trainer:
    X = some_bytes()
    y = (X[:, 0, :8].float().mean(dim=(1, 2)) > X[:, 0, 8:].float().mean(dim=(1, 2))).long()
    blocks = [ConvBlock(4), ConvBlock(8)]
    model = nn.Sequential(
        RandomShift(1, generator=generator()), CNN((1, 16, 16), blocks, [16], 2, generator=generator())
    )
    return train(model, nn.functional.cross_entropy, (X, y), device, to_floats)


def unet(device: str) -> Trainer:
    X = some_bytes()
    return train(UNet(1, 1, generator=generator()), completion_loss, (X, X), device, hide_right)


def flow(device: str) -> Trainer:
    batches = FlowBatches(some_bytes(), batch_size=BATCH, seed=0)
    return train(UNet(2, 1, generator=generator()), nn.functional.mse_loss, batches, device)


def rnn(device: str) -> Trainer:
    return train(RNN(1, 16, 1, generator=generator()), nn.functional.mse_loss, make_sine_windows(N, 12, seed=0), device)


def transformer(device: str) -> Trainer:
    model = Transformer(1, 1, generator=generator())
    return train(model, nn.functional.mse_loss, make_sine_windows(N, 12, seed=0), device)


MODELS = {"MLP": mlp, "CNN": cnn, "UNet": unet, "Flow": flow, "RNN": rnn, "Transformer": transformer}


def largest_difference(ours: Trainer, theirs: Trainer) -> float:
    """The largest relative difference of two histories of losses."""
    pairs = [
        (a, b)
        for name in ("train_loss", "validation_loss")
        for a, b in zip(ours.history[name], theirs.history[name], strict=True)
    ]
    return max(abs(a - b) / abs(b) for a, b in pairs)


def main(device: str) -> int:
    pick_device(device)  # a missing one is an error at once
    wrong = []
    for name, make in MODELS.items():
        there, here = make(device), make("cpu")
        difference = largest_difference(there, here)
        inputs = {"MLP": (2, 4), "CNN": (2, 1, 16, 16), "UNet": (2, 1, 16, 16), "Flow": (2, 2, 16, 16)}
        X = torch.zeros(inputs.get(name, (2, 12, 1)), dtype=torch.uint8 if there.transform else torch.float32)
        back = there.predict(X).device.type == "cpu"
        fine = difference <= RTOL and back
        loss = there.history["train_loss"][-1]
        print(f"{name:12} last loss {loss:.6f}, largest difference {difference:.1e} {'' if fine else '  <- WRONG'}")
        if not fine:
            wrong.append(name)
    print(f"{device} and cpu agree" if not wrong else f"{device} and cpu differ: {', '.join(wrong)}")
    return len(wrong) > 0


if __name__ == "__main__":
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False  # ten bits are not enough here
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "cuda"))
