"""How much faster are two processes than one? The small CNN and the U-Net on two cores: `make speedup`.

One process with batches of 128 and two with batches of 64 make the same steps (tests/unit/test_scale.py proves it),
with one thread each. The two sides take turns; each run trains one epoch to get warm and is timed for the next. What is
timed is the training alone: no start, no import. Run it where nothing else runs: a busy core is a core less for two.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from importlib import metadata
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
MODELS = {"cnn": "small CNN, 28 × 28", "unet": "U-Net, 28 × 28"}
SIDES = {"one": 1, "two": 2}  # processes
TOGETHER = 128  # samples a step, of all processes
HEAD = (
    "# Speed-up of two processes\n\n"
    "Written by `make speedup`. One process takes batches of 128, two take 64 each: the same steps, one thread a "
    "process. Seconds of one epoch of training after a first one, without start and imports: the median of {repeats}, "
    "and from least to most in brackets, the sides in turn. The speed-up is the first median divided by the second; in "
    "brackets, from least to most of the pairs that were measured one after the other. Times belong to the machine: "
    "{processor}, {cores} cores, {system}, Python {python}, PyTorch {torch}.\n\n"
    "| model | images | one process, s | two processes, s | times as fast |\n"
    "| --- | ---: | ---: | ---: | ---: |\n"
)


# In the processes that train -------------------------------------------------------


def train(model: str, images: int, out: str) -> None:
    """Train twice; the first process writes the seconds of the second time."""
    import torch

    from mlfa.training.processes import n_processes

    torch.set_num_threads(1)
    trainer, data = {"cnn": cnn, "unet": unet}[model](images)
    size = TOGETHER // n_processes()
    trainer.fit(data, epochs=1, batch_size=size)
    start = time.perf_counter()
    trainer.fit(data, epochs=1, batch_size=size)
    seconds = time.perf_counter() - start
    if trainer.processes.first:
        Path(out).write_text(json.dumps(seconds), encoding="utf-8")


def bytes_of_images(images: int):
    """Pixels of the size of MNIST's; what they show does not matter to the time."""
    import torch

    generator = torch.Generator().manual_seed(0)
    X = torch.randint(0, 256, (images, 1, 28, 28), dtype=torch.uint8, generator=generator)
    return X, torch.randint(10, (images,), generator=generator), generator


def cnn(images: int):
    """The network of "Convolutional networks"."""
    import torch

    from mlfa.images.cnn import small_cnn
    from mlfa.images.pixels import to_floats
    from mlfa.training.trainer import Trainer

    X, y, _ = bytes_of_images(images)
    model = small_cnn(seed=0)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
    loss = torch.nn.functional.cross_entropy
    return Trainer(model, loss, optimizer, transform=to_floats, device="cpu", seed=0), (X, y)


def unet(images: int):
    """The network of "From image to image", which completes halves."""
    import torch

    from mlfa.images.completion import completion_loss, hide_right
    from mlfa.images.unet import UNet
    from mlfa.training.trainer import Trainer

    X, _, generator = bytes_of_images(images)
    model = UNet(1, 1, generator=generator)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.001, fused=True)
    return Trainer(model, completion_loss, optimizer, transform=hide_right, device="cpu", seed=0), (X, X)


# In the process that compares ------------------------------------------------------


def seconds_of(model: str, processes: int, images: int, folder: Path) -> float:
    """One run, started in the same way whether it has one process or two."""
    from mlfa.scale.launching import run_together

    out = folder / "seconds.json"
    out.unlink(missing_ok=True)
    ran = run_together(__file__, "--train", model, "--images", images, "--out", out, processes=processes, seconds=600)
    if ran.code:
        raise SystemExit(f"{model} on {processes} processes failed:\n{ran.words}")
    return json.loads(out.read_text(encoding="utf-8"))


def compare(model: str, images: int, repeats: int, measure) -> dict:
    """The row of a model; who begins changes from pair to pair."""
    seconds: dict[str, list[float]] = {side: [] for side in SIDES}
    for pair in range(repeats):
        for side in list(SIDES)[:: 1 if pair % 2 == 0 else -1]:
            seconds[side].append(measure(model, SIDES[side], images))
    row = {"model": model, "title": MODELS[model], "images": images, "seconds": seconds}
    return row | {side: spread(seconds[side]) for side in SIDES} | {"speedup": speedup(seconds)}


def spread(values: list[float]) -> dict[str, float]:
    return {"median": median(values), "low": min(values), "high": max(values)}


def speedup(seconds: dict[str, list[float]]) -> dict[str, float]:
    """The ratio of the medians; least and most of the pairs that were measured together."""
    pairs = [one / two for one, two in zip(seconds["one"], seconds["two"], strict=True)]
    return {"median": median(seconds["one"]) / median(seconds["two"]), "low": min(pairs), "high": max(pairs)}


def page(results: dict) -> str:
    """All of `speedup.md`."""
    lines = [HEAD.format(repeats=results["repeats"], **results["machine"])]
    for row in results["rows"]:
        cells = [row["title"], f"{row['images']:,}", *(span(row[name]) for name in ("one", "two", "speedup"))]
        lines.append(f"| {' | '.join(cells)} |\n")
    return "".join(lines)


def span(found: dict[str, float]) -> str:
    return f"{found['median']:.2f} ({found['low']:.2f}–{found['high']:.2f})"


def machine() -> dict[str, str | int]:
    """What the times belong to."""
    from hardware import processor  # beside this file; the processes that train do not ask

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    told = {"processor": processor(), "cores": cores, "system": platform.system()}
    return told | {"python": platform.python_version(), "torch": metadata.version("torch")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--images", type=int, help="by default 8,192 for the CNN and 1,024 for the U-Net")
    parser.add_argument("--folder", type=Path, default=HERE, help="where speedup.json and speedup.md go")
    parser.add_argument("--train", choices=MODELS, help=argparse.SUPPRESS)
    parser.add_argument("--out", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.train:
        return train(asked.train, asked.images, asked.out)
    with tempfile.TemporaryDirectory() as folder:

        def measure(model: str, processes: int, images: int) -> float:
            return seconds_of(model, processes, images, Path(folder))

        rows = []
        for model, images in (("cnn", 8192), ("unet", 1024)):
            rows.append(compare(model, asked.images or images, asked.repeats, measure))
            print(rows[-1]["title"], rows[-1]["speedup"], flush=True)
    results = {"repeats": asked.repeats, "machine": machine(), "rows": rows}
    (asked.folder / "speedup.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (asked.folder / "speedup.md").write_text(page(results), encoding="utf-8")
    print(f"{asked.folder / 'speedup.md'} is written")


if __name__ == "__main__":
    main()
