"""Conditional flow matching: learn a velocity from noise to images, and follow it."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, Sampler

from mlfa.book.checks import check_count, check_shapes
from mlfa.images.pixels import to_floats
from mlfa.training.predicting import predicting


def to_signed(X: Tensor) -> Tensor:
    """Bytes as floats from -1 (paper) to 1 (ink), as wide as the noise is.

    Parameters
    ----------
    X : Tensor of bytes, any shape
        Pixels from 0 to 255.

    Examples
    --------
    >>> to_signed(torch.tensor([0, 51, 255], dtype=torch.uint8))
    tensor([-1.0000, -0.6000,  1.0000])
    """
    return 2 * to_floats(X) - 1


def start_from(x1: Tensor, noise: Tensor) -> Tensor:
    """Where each path starts: the left half as it is given, noise in the right half.

    Parameters
    ----------
    x1 : Tensor of shape (n, channels, height, width)
        Whole images; only their left halves are used.
    noise : Tensor of the same shape
        Normal noise; only its right half is used.

    Examples
    --------
    >>> start_from(torch.ones(1, 1, 1, 4), torch.zeros(1, 1, 1, 4))
    tensor([[[[1., 1., 0., 0.]]]])
    """
    half = x1.shape[-1] // 2
    return torch.cat([x1[..., :half], noise[..., half:]], dim=-1)


def with_time(x: Tensor, t: Tensor) -> Tensor:
    """Images with their time as one more channel, the same number at every pixel.

    Parameters
    ----------
    x : Tensor of shape (n, channels, height, width)
        Images on their way.
    t : Tensor of shape (n, 1, 1, 1), or (1, 1, 1, 1) for all
        Times from 0 to 1.

    Returns
    -------
    Tensor of shape (n, channels + 1, height, width)
    """
    return torch.cat([x, t.expand(len(x), 1, *x.shape[2:])], dim=1)


def draw_on_the_way(X: Tensor, *, seed: int) -> tuple[Tensor, Tensor]:
    """Images on their way from noise, each at a time of its own, with their velocities.

    Parameters
    ----------
    X : Tensor of bytes, shape (n, channels, height, width)
        Whole images. The left half is known from the start: it holds no noise, and its
        velocity is zero.
    seed : int
        Draws the noise and the times.

    Returns
    -------
    inputs : Tensor of shape (n, channels + 1, height, width)
        The images on their way, and the time as one more channel.
    velocity : Tensor of shape (n, channels, height, width)
        What a model has to predict from them.
    """
    generator = torch.Generator().manual_seed(seed)
    x1 = to_signed(X)  # (n, channels, height, width)
    x0 = start_from(x1, torch.randn(x1.shape, generator=generator))
    # Times around the middle come more often: there it is decided what it becomes.
    t = torch.randn(len(X), 1, 1, 1, generator=generator).sigmoid()  # (n, 1, 1, 1)
    return with_time((1 - t) * x0 + t * x1, t), x1 - x0


class FlowBatches(DataLoader):
    """Batches to learn the velocity from, with new noise and new times in every epoch.

    Each is a pair (inputs, velocity) of `draw_on_the_way`. One seed gives the same
    batches with any number of workers: what is drawn is decided in the main process.

    Parameters
    ----------
    X : Tensor of bytes, shape (n_samples, channels, height, width)
        Whole images. Each occurs once in an epoch.
    batch_size : int
        Images a batch; the last may be smaller.
    seed : int
        Draws the order, the noise and the times.
    n_workers : int
        Processes that make batches ready while the model learns; 0 for none.

    References
    ----------
    [lipman2023flow], [liu2023flow]; the times as in [esser2024scaling]
    """

    def __init__(
        self, X: Tensor, *, batch_size: int, seed: int, n_workers: int = 0
    ) -> None:
        check_shapes(X=(X, "n_samples channels height width"))
        generator = torch.Generator().manual_seed(seed)
        # A draw becomes a whole batch, so that the loader has nothing to collect.
        super().__init__(
            _Making(X),
            sampler=_Drawing(len(X), batch_size, generator),
            batch_size=None,
            num_workers=n_workers,
            generator=generator,
        )


class _Drawing(Sampler):
    """The main process draws the rows of every batch, and a seed for all the rest."""

    def __init__(self, n: int, batch_size: int, generator: torch.Generator) -> None:
        self.n, self.batch_size, self.generator = n, batch_size, generator

    def __iter__(self) -> Iterator[tuple[Tensor, int]]:
        order = torch.randperm(self.n, generator=self.generator)
        batches = order.split(self.batch_size)
        seeds = torch.randint(2**32, (len(batches),), generator=self.generator)
        yield from zip(batches, seeds.tolist(), strict=True)

    def __len__(self) -> int:
        return -(-self.n // self.batch_size)


class _Making(Dataset):
    """A worker, if there are any, makes the batch from what was drawn."""

    def __init__(self, X: Tensor) -> None:
        self.X = X

    def __getitem__(self, draw: tuple[Tensor, int]) -> tuple[Tensor, Tensor]:
        rows, seed = draw
        return draw_on_the_way(self.X[rows], seed=seed)


def complete_by_flow(
    model: nn.Module, X: Tensor, *, steps: int, seed: int, batch_size: int = 64
) -> Tensor:
    """One completion for each image, by following the velocity (Euler's method).

    Parameters
    ----------
    model : nn.Module
        From inputs as those of `draw_on_the_way` to velocities, on any device. It
        answers without dropout, and is in its old mode afterwards.
    X : Tensor of bytes, shape (n, channels, height, width)
        Only the left half is used.
    steps : int
        Equal steps from noise to image; more of them follow the paths more closely.
    seed : int
        Draws the noise: another seed, another completion.
    batch_size : int
        Images at a time.

    Returns
    -------
    Tensor of shape (n, channels, height, width), on the CPU
        Images from 0 to 1, with the left half as it was given.

    Raises
    ------
    ValueError
        If no step is made, which would leave the noise as it is.
    """
    check_count("steps", steps)
    generator, half = torch.Generator().manual_seed(seed), X.shape[-1] // 2
    done = []
    with predicting(model) as device:
        for part in X.split(batch_size):
            noise = torch.randn(part.shape, generator=generator)
            x = start_from(to_signed(part), noise).to(device)
            for k in range(steps):
                t = torch.full((1, 1, 1, 1), k / steps, device=device)
                velocity = model(with_time(x, t))  # (n, channels, height, width)
                x[..., half:] += velocity[..., half:] / steps
            done.append(((x + 1) / 2).clamp(0, 1).cpu())
    return torch.cat(done)
