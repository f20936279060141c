"""Read images of somebody's own from a folder that holds one folder for each class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from mlfa.book.checks import check_count

# What systems leave in folders without being asked.
NOT_IMAGES = ("Thumbs.db", "desktop.ini")
MODES = {1: "L", 3: "RGB"}


class FolderError(ValueError):
    """A folder does not hold the images that it was said to hold."""


@dataclass(frozen=True)
class ImageFolder:
    """Images in one tensor, with what each shows and which file it is.

    Attributes
    ----------
    X : Tensor of bytes, shape (n, channels, height, width)
    y : Tensor of class numbers, shape (n,)
        In the order of `class_names`.
    class_names : list of str
        Names of the folders, in the order of the alphabet.
    paths : list of Path
        The file of each image.
    """

    X: Tensor
    y: Tensor
    class_names: list[str]
    paths: list[Path]


def read_image_folder(
    root: str | Path,
    *,
    channels: int = 3,
    size: tuple[int, int] | None = None,
    most_mb: int = 1000,
) -> ImageFolder:
    """All images of ``root/<class>/<file>``.

    Parameters
    ----------
    root : str or Path
    channels : int
        3 for color, 1 for gray; images of the other kind are converted.
    size : (height, width), optional
        Every image is scaled to it, with its proportions or without. When left out, all must have one size already.
    most_mb : int
        Refuse to fill more memory than this.

    Raises
    ------
    FolderError
        If a folder is missing or empty, a file is no image, or sizes differ; the message names the file.
    """
    if channels not in MODES:
        raise ValueError(f"channels must be 1 (gray) or 3 (color), got {channels!r}.")
    for name, value in zip(("height", "width"), size or (), strict=False):
        check_count(f"the {name} of size", value)
    files = _files(Path(root))
    paths = [path for of_class in files.values() for path in of_class]
    height, width = size or _common_size(paths)
    megabytes = len(paths) * channels * height * width / 1e6
    if megabytes > most_mb:
        raise FolderError(
            f"{len(paths):,} images of {height} x {width} fill {megabytes:,.0f} MB,"
            f" more than most_mb={most_mb}. Give a smaller size, or read them batch by"
            " batch with torchvision.datasets.ImageFolder and a DataLoader."
        )
    X = torch.empty(len(paths), channels, height, width, dtype=torch.uint8)
    for image, path in zip(X, paths, strict=True):
        pixels = np.array(_load(path, channels, size))
        image[:] = (
            torch.from_numpy(pixels).view(height, width, channels).permute(2, 0, 1)
        )
    y = torch.repeat_interleave(
        torch.tensor([len(of_class) for of_class in files.values()])
    )
    return ImageFolder(X, y, list(files), paths)


def _files(root: Path) -> dict[str, list[Path]]:
    """The files of each class, both in the order of the alphabet: a disk lists them in any order."""
    if not root.is_dir():
        raise FolderError(f"there is no folder {root}.")
    folders = sorted(
        path
        for path in root.iterdir()
        if path.is_dir() and not path.name.startswith(".")
    )
    if len(folders) < 2:
        raise FolderError(
            f"{root} must hold a folder for each of at least two classes, found"
            f" {len(folders)}."
        )
    files = {}
    for folder in folders:
        inside = sorted(
            p
            for p in folder.iterdir()
            if not p.name.startswith(".") and p.name not in NOT_IMAGES
        )
        if deeper := [path for path in inside if path.is_dir()]:
            raise FolderError(
                "images must lie directly in the folder of their class, found a folder"
                f" {deeper[0]}."
            )
        if not inside:
            raise FolderError(
                f"the folder {folder} is empty: a class without images cannot be"
                " learned."
            )
        files[folder.name] = inside
    return files


def _common_size(paths: list[Path]) -> tuple[int, int]:
    """(height, width) of all images, read without their pixels."""
    sizes: Counter[tuple[int, int]] = Counter()
    examples = {}
    for path in paths:
        with _open(path) as image:
            width, height = image.size
            if (
                image.getexif().get(0x0112, 1) >= 5
            ):  # the camera was held upright: the sides change places
                width, height = height, width
        sizes[height, width] += 1
        examples.setdefault((height, width), path)
    if len(sizes) > 1:
        shown = "; ".join(
            f"{h} x {w} in {n} files, such as {examples[h, w]}"
            for (h, w), n in sizes.most_common(3)
        )
        raise FolderError(
            f"images must have one size (height x width), got {shown}. Or give `size`"
            " to scale them."
        )
    return next(iter(sizes))


@contextmanager
def _open(path: Path) -> Iterator[Image.Image]:
    """An image file, with the same words for whatever is wrong with it."""
    try:
        with Image.open(path) as image:
            yield image
    except (
        OSError,
        SyntaxError,
    ) as error:  # Pillow raises the second for broken PNG files
        reason = (
            "not a known format" if isinstance(error, UnidentifiedImageError) else error
        )
        raise FolderError(
            f"{path} cannot be read as an image ({reason}): mend it or take it out."
        ) from None


def _load(path: Path, channels: int, size: tuple[int, int] | None) -> Image.Image:
    with _open(path) as image:
        if (
            image.mode[0] in "IF"
        ):  # 16 or 32 bits a pixel: a conversion to bytes would cut the bright ones off
            raise FolderError(
                f"{path} has more than one byte a channel (mode {image.mode}): convert"
                " it to 8 bits."
            )
        # A phone stores its pixels as the sensor lies and notes how it was held: turn the image upright.
        upright = ImageOps.exif_transpose(image).convert(MODES[channels])
    return (
        upright
        if size is None
        else upright.resize(size[::-1], Image.Resampling.BILINEAR)
    )
