"""Conditional flow matching: learn a velocity from noise to images, and follow it."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, Sampler

from mlfa.book.checks import check_count, check_shapes
from mlfa.images.completion import right_half
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


def split_halves(X: Tensor) -> tuple[Tensor, Tensor]:
    """The left and the right half of images, as floats from -1 to 1.

    Parameters
    ----------
    X : Tensor of bytes, shape (n, channels, height, width)
        Whole images; the width must be even.

    Returns
    -------
    left, right : Tensor of shape (n, channels, height, width / 2)
    """
    X = to_signed(X)
    right = right_half(X)
    return X[..., : right.shape[-1]], right


def as_channels(x: Tensor, left: Tensor, t: Tensor) -> Tensor:
    """All that the velocity depends on, as channels of one image of half the width.

    The left half is folded over: mirrored, so that pixels which meet at the seam lie at
    the same place.

    Parameters
    ----------
    x : Tensor of shape (n, channels, height, width / 2)
        Right halves on their way.
    left : Tensor of the same shape
        The left halves, which are given.
    t : Tensor of shape (n, 1, 1, 1), or (1, 1, 1, 1) for all
        Times from 0 to 1; each becomes a channel that is the same at every pixel.

    Returns
    -------
    Tensor of shape (n, 2 * channels + 1, height, width / 2)

    Examples
    --------
    >>> x, left = torch.zeros(1, 1, 1, 2), torch.tensor([[[[8.0, 9.0]]]])
    >>> as_channels(x, left, torch.full((1, 1, 1, 1), 0.5))[0, :, 0]
    tensor([[0.0000, 0.0000],
            [9.0000, 8.0000],
            [0.5000, 0.5000]])
    """
    time = t.expand(len(x), 1, *x.shape[2:])  # (n, 1, height, width / 2)
    return torch.cat([x, left.flip(-1), time], dim=1)


class Velocity(nn.Module):
    """The velocity as a network's output minus the place.

    At time 0 it is the mean of what may come, minus the place; so the network does not
    have to learn to copy the noise from its input to its output.

    Parameters
    ----------
    network : nn.Module
        From the channels of `as_channels` to images of the shape of right halves.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, inputs: Tensor) -> Tensor:
        """From what `draw_on_the_way` gives to velocities of right halves."""
        output = self.network(inputs)  # (n, channels, height, width / 2)
        return output - inputs[:, : output.shape[1]]


def draw_on_the_way(X: Tensor, *, seed: int) -> tuple[Tensor, Tensor]:
    """Right halves on their way from noise, each at a time of its own, with velocities.

    Parameters
    ----------
    X : Tensor of bytes, shape (n, channels, height, width)
        Whole images.
    seed : int
        Draws the noise and the times.

    Returns
    -------
    inputs : Tensor of shape (n, 2 * channels + 1, height, width / 2)
        What a model sees, from `as_channels`.
    velocity : Tensor of shape (n, channels, height, width / 2)
        What it has to predict.
    """
    generator = torch.Generator().manual_seed(seed)
    left, x1 = split_halves(X)  # each (n, channels, height, width / 2)
    x0 = torch.randn(x1.shape, generator=generator)
    t = torch.rand(len(X), 1, 1, 1, generator=generator)  # all times equally often
    return as_channels((1 - t) * x0 + t * x1, left, t), x1 - x0


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
    [lipman2023flow], [liu2023flow]
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
    model: nn.Module,
    X: Tensor,
    *,
    steps: int,
    seed: int,
    heun: bool = False,
    batch_size: int = 64,
) -> Tensor:
    """One completion for each image, by following the velocity in equal steps.

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
    heun : bool
        Heun's method: each step goes with the mean of the velocities at its beginning
        and, as far as that leads, at its end. Else Euler's: with that at its beginning.
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
    generator = torch.Generator().manual_seed(seed)
    done = []
    with predicting(model) as device:
        for part in X.split(batch_size):
            left, right = split_halves(part)
            x = torch.randn(right.shape, generator=generator).to(device)
            left = left.to(device)  # (n, channels, height, width / 2), as x
            for k in range(steps):
                v = _velocity(model, x, left, k / steps)
                if heun:
                    v_ahead = _velocity(model, x + v / steps, left, (k + 1) / steps)
                    v = (v + v_ahead) / 2
                x = x + v / steps
            done.append(torch.cat([left, x], dim=-1).cpu())
    return ((torch.cat(done) + 1) / 2).clamp(0, 1)


def _velocity(model: nn.Module, x: Tensor, left: Tensor, t: float) -> Tensor:
    """What the model answers at one time for all."""
    time = torch.full((1, 1, 1, 1), t, device=x.device)
    return model(as_channels(x, left, time))
