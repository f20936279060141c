"""Conditional flow matching: learn a velocity that carries noise to images, and follow it."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.utils.data import IterableDataset

from mlfa.book.checks import check_count
from mlfa.images.pixels import to_floats


class FlowBatches(IterableDataset):
    """Batches to learn the velocity from, with new noise and new times in every epoch.

    Each pair (inputs, velocity) has inputs of shape (n, 2, height, width), the image on its way and the
    time as a second channel, and a velocity of shape (n, 1, height, width). The left half of an image is
    known from the start: it holds no noise, and its velocity is zero.

    Parameters
    ----------
    X : Tensor of bytes, shape (n_samples, 1, height, width)
        Whole images.
    batch_size : int
    seed : int
        Draws the order, the noise and the times.

    References
    ----------
    [lipman2023flow], [liu2023flow]; the times as in [esser2024scaling]
    """

    def __init__(self, X: Tensor, *, batch_size: int, seed: int) -> None:
        check_count("batch_size", batch_size)
        if X.ndim != 4 or X.shape[1] != 1:
            raise ValueError(
                "X must have shape (n_samples, 1, height, width), got"
                f" {tuple(X.shape)}."
            )
        self.X, self.batch_size = X, batch_size
        self.generator = torch.Generator().manual_seed(seed)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        for rows in torch.randperm(len(self.X), generator=self.generator).split(
            self.batch_size
        ):
            x1 = to_signed(self.X[rows])
            x0 = start_from(x1, self.generator)
            # Times around the middle come more often: there it is decided what the image becomes.
            t = torch.randn(len(rows), 1, 1, 1, generator=self.generator).sigmoid()
            yield with_time((1 - t) * x0 + t * x1, t), x1 - x0


def to_signed(X: Tensor) -> Tensor:
    """Bytes as floats from -1 (paper) to 1 (ink), as wide as the noise is."""
    return 2 * to_floats(X) - 1


def start_from(x1: Tensor, generator: torch.Generator) -> Tensor:
    """The start of each path: the left half of `x1` as it is, and normal noise in the right half."""
    x0 = x1.clone()
    right = x0[..., x0.shape[-1] // 2 :]
    right.copy_(torch.randn(right.shape, generator=generator))
    return x0


def with_time(x: Tensor, t: Tensor) -> Tensor:
    """Images with their time as one more channel, the same number at every pixel."""
    return torch.cat([x, t.expand(len(x), 1, *x.shape[2:])], dim=1)


@torch.no_grad()
def complete_by_flow(
    model: nn.Module, X: Tensor, *, steps: int, seed: int, batch_size: int = 64
) -> Tensor:
    """One completion for each image, drawn by following the velocity in equal steps (Euler's method).

    Parameters
    ----------
    model : nn.Module
        From batches as those of `FlowBatches` to velocities.
    X : Tensor of bytes, shape (n, 1, height, width)
        Only the left half is used.
    steps : int
        More steps follow the curved paths more closely.
    seed : int
        Draws the noise: another seed, another completion.

    Returns
    -------
    Tensor of shape (n, 1, height, width)
        Images from 0 to 1, with the left half as it was given.
    """
    check_count("steps", steps)
    check_count("batch_size", batch_size)
    generator, half = torch.Generator().manual_seed(seed), X.shape[-1] // 2
    done = []
    for part in X.split(batch_size):
        x = start_from(to_signed(part), generator)
        for k in range(steps):
            velocity = model(with_time(x, torch.full((1, 1, 1, 1), k / steps)))
            x[..., half:] += velocity[..., half:] / steps
        done.append(((x + 1) / 2).clamp(0, 1))
    return torch.cat(done)
