"""On a card: bfloat16 learns as well as float32, and two processes end where one does.

    python tests/device_scale.py [cuda|cpu]

Times are shown and never compared. Exits with 1 if a score or a weight differs by more than the bounds below. With two
cards or more the two processes have one each and send by NCCL, else they share one and send by gloo.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import torch
from torch import nn

from mlfa.images.cnn import CNN, ConvBlock
from mlfa.scale.launching import run_together
from mlfa.training.schedules import one_cycle
from mlfa.training.trainer import Trainer

ACCURACY = 0.02  # two precisions may differ by so much
WEIGHTS = 1e-3  # after 40 steps on a card, which adds in another order each time


def images(n: int, size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Noise, with a bright stripe whose place is the class."""
    generator = torch.Generator().manual_seed(0)
    X, y = torch.rand(n, 1, size, size, generator=generator), torch.randint(8, (n,), generator=generator)
    for k in range(8):
        X[y == k, :, k * size // 8 : (k + 1) * size // 8] += 0.15
    return X, y


def train(device: str, *, batch_size: int, n: int, size: int, filters: int, seed: int, **settings) -> Trainer:
    X, y = images(n, size)
    held = n // 4
    blocks = [ConvBlock(filters), ConvBlock(2 * filters)]
    model = CNN((1, size, size), blocks, [64], 8, generator=torch.Generator().manual_seed(seed))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.002, fused=True)
    epochs = settings.pop("epochs", 5)
    cycle = one_cycle(optimizer, 0.002, epochs=epochs, n_samples=n - held, batch_size=batch_size)
    settings |= {"scheduler": cycle, "scheduler_each_batch": True, "clip_norm": 1.0}
    trainer = Trainer(model, nn.functional.cross_entropy, optimizer, device=device, seed=seed, **settings)
    return trainer.fit((X[held:], y[held:]), (X[:held], y[:held]), epochs=epochs, batch_size=batch_size)


def flat(model: nn.Module) -> torch.Tensor:
    return torch.cat([weight.detach().cpu().flatten() for weight in model.parameters()])


def precisions(device: str) -> bool:
    scores, seconds = {}, {}
    for precision in ("float32", "bfloat16"):
        made = {"batch_size": 128, "n": 4096, "size": 32, "filters": 64, "precision": precision}
        train(device, seed=0, epochs=1, **made)  # the card warms up
        scores[precision], seconds[precision] = [], []
        for seed in range(3):
            start = time.perf_counter()
            trainer = train(device, seed=seed, **made)
            seconds[precision].append(time.perf_counter() - start)
            X, y = images(4096, 32)
            right = trainer.predict(X[:1024]).argmax(dim=1) == y[:1024]
            scores[precision].append(float(right.float().mean()))
    for precision in scores:
        median = statistics.median(seconds[precision])
        print(f"{precision:9} accuracy {scores[precision]}, median of 3 trainings {median:.2f} s")
    worst = max(abs(a - b) for a, b in zip(*scores.values(), strict=True))
    return worst <= ACCURACY and min(scores["float32"]) > 0.5  # an untrained network has an eighth


def halves(device: str) -> bool:
    made = {"n": 1640, "size": 16, "filters": 8, "seed": 0, "epochs": 4}
    one = train(device, batch_size=128, **made)
    with tempfile.TemporaryDirectory() as folder:
        ran = run_together(Path(__file__), "two", device, folder, processes=2, seconds=240)
        if ran.code:
            print(ran.words)
            return False
        backend, weights = torch.load(Path(folder, "end.pt"), weights_only=True)
    apart = (flat(one.model) - weights).abs().max().item()
    print(f"two processes ({backend}) and one: largest difference of a weight {apart:.1e}")
    return apart < WEIGHTS


def two(device: str, folder: str) -> None:
    trainer = train(device, batch_size=64, n=1640, size=16, filters=8, seed=0, epochs=4)
    if trainer.processes.first:
        backend = str(torch.distributed.get_backend())
        torch.save((backend, flat(trainer.model)), Path(folder, "end.pt"))


if __name__ == "__main__":
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    if sys.argv[1:2] == ["two"]:
        two(*sys.argv[2:])
    else:
        device = sys.argv[1] if len(sys.argv) > 1 else "cuda"
        sys.exit(not (precisions(device) & halves(device)))
