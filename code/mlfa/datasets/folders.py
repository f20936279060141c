"""Read images of somebody's own from a folder that holds one folder for each class."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from mlfa.datasets._checks import (
    FolderError,
    check_bytes,
    check_files,
    check_kind,
    check_memory,
    check_one_size,
)

# What systems leave in folders without being asked.
NOT_IMAGES = ("Thumbs.db", "desktop.ini")
PHONES = (".heic", ".heif", ".avif")  # Pillow reads these with an addition only
MODES = {1: "L", 3: "RGB"}


@dataclass(frozen=True)
class ImageFolder:
    """Images in one tensor, with what each shows and which file it is.

    Attributes
    ----------
    X : Tensor of bytes, shape (n, channels, height, width)
        The pixels, from 0 (black) to 255.
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
        The folder.
    channels : int
        3 for color, 1 for gray; images of the other kind are converted. What is
        transparent becomes white. Of an animation, the first picture counts.
    size : (height, width), optional
        Every image is scaled to it, whatever its proportions. When left out, all must
        have one size already.
    most_mb : int
        Refuse to fill more memory than this.

    Raises
    ------
    FolderError
        If a folder is empty, a file is no image, or sizes differ; the message names the
        file.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> root = Path(folder.name)
    >>> for name in ("day", "night"):
    ...     (root / name).mkdir()
    ...     Image.new("RGB", (30, 20), "white").save(root / name / "a.png")
    >>> images = read_image_folder(root, channels=1, size=(10, 15))
    >>> images.X.shape, images.y.tolist(), images.class_names
    (torch.Size([2, 1, 10, 15]), [0, 1], ['day', 'night'])
    """
    check_kind(channels, size)
    files = _files(Path(root))
    paths = [path for of_class in files.values() for path in of_class]
    height, width = size or _common_size(paths)
    check_memory(len(paths), channels, height, width, most_mb)
    X = torch.empty(len(paths), channels, height, width, dtype=torch.uint8)
    for image, path in zip(X, paths, strict=True):
        image[:] = read_image(path, channels=channels, size=size)
    numbers = [len(of_class) for of_class in files.values()]
    y = torch.repeat_interleave(torch.tensor(numbers))
    return ImageFolder(X, y, list(files), paths)


def read_image(
    path: str | Path, *, channels: int = 3, size: tuple[int, int] | None = None
) -> Tensor:
    """One image, as `read_image_folder` reads each: for a trained model to look at.

    Parameters
    ----------
    path : str or Path
        The file.
    channels, size
        As they were when the model was trained.

    Returns
    -------
    Tensor of bytes, shape (channels, height, width)

    Raises
    ------
    FolderError
        If the file is no image.
    """
    check_kind(channels, size)
    pixels = np.array(_load(Path(path), channels, size))  # (height, width[, channels])
    height, width = pixels.shape[:2]
    return torch.from_numpy(pixels).view(height, width, channels).permute(2, 0, 1)


def _files(root: Path) -> dict[str, list[Path]]:
    """The files of each class, in the order of the alphabet: a disk has no order."""
    folders = sorted(
        path
        for path in root.iterdir()
        if path.is_dir() and not path.name.startswith(".")
    )
    files = {}
    for folder in folders:
        files[folder.name] = sorted(
            path
            for path in folder.iterdir()
            if not path.name.startswith(".") and path.name not in NOT_IMAGES
        )
    check_files(root, files)
    return files


def _common_size(paths: list[Path]) -> tuple[int, int]:
    """(height, width) of all images, read without their pixels."""
    sizes = {}
    for path in paths:
        with _open(path) as image:
            width, height = image.size
            # The camera was held upright: the sides change places.
            turned = image.getexif().get(0x0112, 1) >= 5
        sizes[path] = (width, height) if turned else (height, width)
    check_one_size(sizes)
    return sizes[paths[0]]


def _load(path: Path, channels: int, size: tuple[int, int] | None) -> Image.Image:
    """An image as it is seen: upright, without transparency, in gray or color."""
    with _open(path) as image:
        check_bytes(path, image.mode)
        # A phone stores its pixels as the sensor lies and notes how it was held.
        image = ImageOps.exif_transpose(image)
        if "A" in image.getbands() or "transparency" in image.info:
            # Below what is transparent lies any color, most often black.
            image = image.convert("RGBA")
            white = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(white, image)
        image = image.convert(MODES[channels])
    if size is None:
        return image
    return image.resize(size[::-1], Image.Resampling.BILINEAR)


@contextmanager
def _open(path: Path) -> Iterator[Image.Image]:
    """An image file, with the same words for whatever is wrong with it."""
    try:
        with Image.open(path) as image:
            yield image
    except (OSError, SyntaxError) as error:  # the second is for broken PNG files
        unknown = isinstance(error, UnidentifiedImageError)
        reason = "not a known format" if unknown else error
        if path.suffix.lower() in PHONES:
            reason = "a format of telephones: save it as JPEG or PNG"
        raise FolderError(
            f"{path} cannot be read as an image ({reason}): mend it or take it out."
        ) from None
