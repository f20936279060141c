"""Tasks of Part II."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from loops import fit_plainly
from PIL import Image
from torch import nn
from torch.utils.data import Dataset
from torchvision.transforms.functional import to_tensor

from mlfa.images.cnn import CNN, ConvLayer
from mlfa.images.completion import hide_right, squared_error
from mlfa.images.convolution import convolve as convolve_patches
from mlfa.datasets import load_mnist
from mlfa.images.pixels import to_floats, to_vectors
from mlfa.scoring.metrics import accuracy
from mlfa.training.mlp import MLP
from mlfa.training.trainer import Trainer
from mlfa.images.unet import UNet


class OneByOne(Dataset):
    """As `torchvision.datasets.MNIST` with `ToTensor` does it: a picture for each sample, changed by itself."""

    def __init__(self, X: torch.Tensor, y: torch.Tensor) -> None:
        self.X, self.y = X, y

    def __len__(self) -> int:
        return len(self.X)

    def __getitem__(self, i: int) -> tuple[torch.Tensor, torch.Tensor]:
        return to_tensor(Image.fromarray(self.X[i, 0].numpy())), self.y[i]


class HalfByHalf(OneByOne):
    """The same for the task of completing an image."""

    def __init__(self, X: torch.Tensor) -> None:
        super().__init__(X, torch.zeros(len(X)))

    def __getitem__(self, i: int) -> tuple[torch.Tensor, torch.Tensor]:
        target, _ = super().__getitem__(i)
        half = target.clone()
        half[..., 14:] = 0
        return half, target


@cache
def digits(n: int):
    """The first `n` training digits and 2,000 validation digits, as bytes with their classes."""
    parts = load_mnist()
    (X, y), (X_val, y_val) = parts.train, parts.validation
    return X[:n], y[:n], X_val[:2000], y_val[:2000]


def one_epoch_of_small_cnn() -> float:
    X, y, X_val, y_val = digits(50_000)
    model = CNN((1, 28, 28), [ConvLayer(4), ConvLayer(8)], [16], 10, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005, fused=True)
    trainer = Trainer(model, nn.functional.cross_entropy, optimizer, transform=to_floats, device="cpu")
    trainer.fit((X, y), epochs=1, batch_size=128)
    return accuracy(y_val.numpy(), trainer.predict(X_val).argmax(dim=1).numpy())


def one_epoch_of_small_cnn_plainly() -> float:
    """Images fetched and changed one by one, ReLU before the pooling, channels before pixels in memory."""
    X, y, X_val, y_val = digits(50_000)
    model = CNN((1, 28, 28), [ConvLayer(4), ConvLayer(8)], [16], 10, generator=torch.Generator().manual_seed(0))
    first, second = model.features[0], model.features[3]
    blocks = [first, nn.ReLU(), nn.MaxPool2d(2), second, nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), model.classifier]
    plain = nn.Sequential(*blocks).to(memory_format=torch.contiguous_format)
    fit_plainly(plain, nn.functional.cross_entropy, OneByOne(X, y), 1, 128, 0.005)
    with torch.no_grad():
        return accuracy(y_val.numpy(), plain(to_floats(X_val)).argmax(dim=1).numpy())


def unet() -> float:
    X, _, X_val, _ = digits(2000)
    model = UNet(1, 1, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005, fused=True)
    trainer = Trainer(model, nn.functional.mse_loss, optimizer, transform=hide_right, device="cpu")
    trainer.fit((X, to_floats(X)), epochs=3, batch_size=32)
    return -squared_error(to_floats(X_val), trainer.predict(X_val))


class PlainUNet(nn.Module):
    """The same weights with the image doubled before its channels are reduced, in contiguous memory."""

    def __init__(self) -> None:
        super().__init__()
        self.unet = UNet(1, 1, generator=torch.Generator().manual_seed(0)).to(memory_format=torch.contiguous_format)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        unet, pool, seen = self.unet, nn.functional.max_pool2d, []
        for level, convolutions in enumerate(unet.encoder):
            X = convolutions(pool(X, 2) if level else X)
            seen.append(X)
        for level, upward, convolutions in zip((1, 0), unet.upward, unet.decoder, strict=True):
            X = upward(nn.functional.interpolate(X, scale_factor=2))
            X = convolutions(torch.cat([seen[level], X], dim=1))
        return unet.head(X)


def unet_plainly() -> float:
    X, _, X_val, _ = digits(2000)
    plain = PlainUNet()
    fit_plainly(plain, nn.functional.mse_loss, HalfByHalf(X), 3, 32, 0.005)
    with torch.no_grad():
        return -squared_error(to_floats(X_val), plain(hide_right(X_val)))


# Pixels and patches ----------------------------------------------------------------


def pixels_mlp() -> float:
    X, y, X_val, y_val = digits(50_000)
    model = MLP(28 * 28, [128], 10, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
    trainer = Trainer(model, nn.functional.cross_entropy, optimizer, device="cpu", transform=to_vectors)
    trainer.fit((X, y), epochs=1, batch_size=128)
    return accuracy(y_val.numpy(), trainer.predict(X_val).argmax(dim=1).numpy())


def pixels_mlp_plainly() -> float:
    X, y, X_val, y_val = digits(50_000)
    model = nn.Sequential(nn.Flatten(), MLP(28 * 28, [128], 10, generator=torch.Generator().manual_seed(0)))
    fit_plainly(model, nn.functional.cross_entropy, OneByOne(X, y), 1, 128, 0.002)
    with torch.no_grad():
        return accuracy(y_val.numpy(), model(to_floats(X_val)).argmax(dim=1).numpy())


def filters_and_images() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(32, 3, 28, 28)), rng.normal(size=(8, 3, 5, 5))


def closeness(answers: np.ndarray) -> float:
    """Minus the largest distance from PyTorch's answers, rounded: 0 if they are equal to ten digits."""
    X, kernels = filters_and_images()
    expected = nn.functional.conv2d(torch.tensor(X), torch.tensor(kernels), padding=2).numpy()
    return -round(float(np.abs(answers - expected).max()), 10) + 0.0


def convolve() -> float:
    X, kernels = filters_and_images()
    return closeness(convolve_patches(X, kernels, padding=2))


def convolve_plainly() -> float:
    """Image by image, filter by filter, place by place."""
    X, kernels = filters_and_images()
    padded = np.pad(X, [(0, 0), (0, 0), (2, 2), (2, 2)])
    answers = np.zeros((len(X), len(kernels), 28, 28))
    for n in range(len(X)):
        for o in range(len(kernels)):
            for i in range(28):
                for j in range(28):
                    answers[n, o, i, j] = (padded[n, :, i : i + 5, j : j + 5] * kernels[o]).sum()
    return closeness(answers)


TASKS: dict[str, tuple[Callable[[], float], Callable[[], float]]] = {
    "digits by an MLP": (pixels_mlp, pixels_mlp_plainly),
    "convolution": (convolve, convolve_plainly),
    "small CNN, one epoch": (one_epoch_of_small_cnn, one_epoch_of_small_cnn_plainly),
    "U-Net": (unet, unet_plainly),
}


def prepare() -> None:
    """The data is no part of these tasks."""
    digits(50_000)
    digits(2000)
