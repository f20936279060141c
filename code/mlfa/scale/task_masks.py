"""Pictures and masks of the same names, for `python -m mlfa.scale masks`."""

import argparse
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, interpolate

from mlfa.datasets import FolderError, read_image
from mlfa.images.masks import intersection_over_union
from mlfa.images.pixels import to_floats
from mlfa.scale.options import CommandError
from mlfa.scale.tasks import Task, parts_of, seal

MOST_MB = 1000  # of pictures in memory


def masks_task(asked: argparse.Namespace) -> Task:
    """What is white in a mask is to be marked; scored as on the page of masks.

    Parameters
    ----------
    asked : Namespace
        What was typed.
    """
    size = tuple(asked.size) if asked.size else None
    X, masks = read_masks(asked.path, asked.masks, channels=asked.channels, size=size)
    _check_halving(X, asked.depth)
    parts = parts_of(len(X), asked.seed)
    train, validation, test = [(X[rows], masks[rows]) for rows in parts]

    def score(logits: Tensor, y: Tensor) -> Tensor:
        return intersection_over_union(y, logits).mean()

    return Task(
        train,
        validation,
        seal(f"test pictures of {asked.path.name}", *test),
        1,
        mask_loss,
        {"intersection over union": score},
        # As logits: above zero is marked.
        {
            "everything marked": lambda X: torch.ones_like(X[:, :1], dtype=torch.float),
            "nothing marked": lambda X: -torch.ones_like(X[:, :1], dtype=torch.float),
        },
        to_floats,
        [f"{float(masks.float().mean()):.1%} of all pixels are marked"],
    )


def read_masks(
    pictures: Path,
    masks: Path,
    *,
    channels: int = 3,
    size: tuple[int, int] | None = None,
) -> tuple[Tensor, Tensor]:
    """All pictures of a folder, with the masks of the same names in another one.

    Parameters
    ----------
    pictures, masks : Path
        The folders. Names are compared without their endings: a.jpg has the mask a.png.
    channels : int
        3 for color, 1 for gray pictures.
    size : (height, width), optional
        Pictures and masks are scaled to it; a mask stays black and white.

    Returns
    -------
    X : Tensor of bytes, shape (n, channels, height, width)
        The pictures, in the order of their names.
    masks : Tensor of bool, shape (n, 1, height, width)
        True where a mask is not black.

    Raises
    ------
    FolderError
        If a picture has no mask or a mask no picture, sizes differ, a mask has more
        than two values, or nothing or everything is marked; the message names the file.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> folder = tempfile.TemporaryDirectory()
    >>> pictures, masks = Path(folder.name, "scans"), Path(folder.name, "masks")
    >>> for path, mode, color in ((pictures, "RGB", "red"), (masks, "1", 0)):
    ...     path.mkdir()
    ...     image = Image.new(mode, (30, 20), color)
    ...     image.paste("white", (5, 5, 15, 15))
    ...     image.save(path / "a.png")
    >>> [tuple(part.shape) for part in read_masks(pictures, masks, size=(10, 15))]
    [(1, 3, 10, 15), (1, 1, 10, 15)]
    """
    names = _pairs(pictures, masks)
    first = read_image(names[0][0], channels=channels, size=size)
    _check_memory(len(names), first)
    X = first.new_empty(len(names), *first.shape)
    marked = torch.empty(len(names), 1, *first.shape[1:], dtype=torch.bool)
    values: set[int] = set()
    for k, (picture, mask) in enumerate(names):
        image = read_image(picture, channels=channels, size=size)  # (channels, h, w)
        pixels = read_image(mask, channels=1)  # (1, h, w)
        whole = image if size is None else read_image(picture, channels=1)
        _check_same_size(picture, whole, mask, pixels)
        _check_one_size(picture, image, names[0][0], first)
        values |= set(pixels.unique().tolist())
        _check_two_values(mask, values)
        if size is not None:  # the nearest pixel: in between lies gray
            pixels = interpolate(pixels[None], size, mode="nearest-exact")[0]
        X[k], marked[k] = image, pixels > 0
    _check_marked(masks, marked)
    return X, marked


def mask_loss(logits: Tensor, masks: Tensor) -> Tensor:
    """The cross-entropy of each pixel; masks become numbers only here.

    Parameters
    ----------
    logits : Tensor of floats, shape (n, 1, height, width)
        What a model answered.
    masks : Tensor of bool of the same shape
        Where it should mark.

    Examples
    --------
    >>> mask_loss(torch.zeros(1, 1, 1, 2), torch.tensor([[[[True, False]]]]))
    tensor(0.6931)
    """
    return binary_cross_entropy_with_logits(logits, masks.float())


def _pairs(pictures: Path, masks: Path) -> list[tuple[Path, Path]]:
    """The files that belong together, in the order of their names."""
    found = [_by_name(pictures), _by_name(masks)]
    _check_partners(pictures, masks, *found)
    return [(found[0][name], found[1][name]) for name in sorted(found[0])]


def _by_name(folder: Path) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in ("Thumbs.db", "desktop.ini"):
            continue
        if path.stem in files:
            raise FolderError(f"{path} and {files[path.stem]} have the same name.")
        files[path.stem] = path
    return files


# Checks of arguments
def _check_partners(pictures: Path, masks: Path, of_pictures: dict, of_masks: dict):
    for own, other, where in (
        (of_pictures, of_masks, f"mask in {masks}"),
        (of_masks, of_pictures, f"picture in {pictures}"),
    ):
        if alone := sorted(own.keys() - other.keys()):
            raise FolderError(
                f"{own[alone[0]]} has no {where} of the same name (so for"
                f" {len(alone)} in all)."
            )
    if not of_pictures:
        raise FolderError(f"{pictures} is empty.")


def _check_memory(n: int, image: Tensor) -> None:
    height, width = image.shape[1:]
    if n * image.numel() > MOST_MB * 1e6:
        raise FolderError(
            f"{n:,} pictures of {height} x {width} pixels fill more than {MOST_MB} MB:"
            " give a smaller --size."
        )


def _check_same_size(picture: Path, whole: Tensor, mask: Path, pixels: Tensor) -> None:
    """A mask must lie on its picture, before both are scaled."""
    if pixels.shape[1:] != whole.shape[1:]:
        raise FolderError(
            f"{picture} has {whole.shape[1]} x {whole.shape[2]} pixels (height x"
            f" width), its mask {mask} {pixels.shape[1]} x {pixels.shape[2]}: they must"
            " be equal."
        )


def _check_one_size(picture: Path, image: Tensor, other: Path, first: Tensor) -> None:
    if image.shape != first.shape:
        raise FolderError(
            f"{picture} has {image.shape[1]} x {image.shape[2]} pixels, {other}"
            f" {first.shape[1]} x {first.shape[2]}: give --size to scale all of them to"
            " one size."
        )


def _check_two_values(mask: Path, values: set[int]) -> None:
    """Black and one other value, the same in all masks."""
    if len(values | {0}) > 2:
        shown = ", ".join(map(str, sorted(values)[:5]))
        raise FolderError(
            f"masks must be black (0) and one other value; with {mask} there are"
            f" {len(values)}, such as {shown}. (JPEG files blur their edges: save masks"
            " as PNG.)"
        )


def _check_marked(masks: Path, marked: Tensor) -> None:
    if not marked.any() or marked.all():
        which = "every" if marked.any() else "no"
        raise FolderError(f"{which} pixel is marked in the masks of {masks}.")


def _check_halving(X: Tensor, depth: int) -> None:
    height, width = X.shape[2:]
    if min(height, width) < 2**depth:
        raise CommandError(
            f"pictures of {height} x {width} pixels cannot be halved {depth} times:"
            " take a smaller --depth, or a larger --size"
        )
