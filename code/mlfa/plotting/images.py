"""Images on the page: grids, rows, and bytes that can be read."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from mlfa.book.checks import check_count
from mlfa.plotting.style import COLORS, SIGNED, WIDTH, figure

GAP = 0.08  # between two images of a grid, as a share of an image's width
MARGIN = 0.15  # inches around a mosaic
LINE = 0.18  # inches of one line of a title


def mosaic(images: Any, columns: int) -> np.ndarray:
    """Images side by side in one array, row after row, with nan in the gaps.

    Parameters
    ----------
    images : array or Tensor of shape (n, H, W) or (n, 1, H, W)
        Images of one size.
    columns : int
        Images in a row.

    Returns
    -------
    ndarray
        The picture that figures of images show; no figure itself.
    """
    images = _as_stack(images)
    check_count("columns", columns)
    n, height, width = images.shape
    gap = max(1, round(GAP * width))
    rows = -(-n // columns)
    canvas = np.full(
        (rows * (height + gap) - gap, columns * (width + gap) - gap), np.nan
    )
    for i, image in enumerate(images):
        top, left = i // columns * (height + gap), i % columns * (width + gap)
        canvas[top : top + height, left : left + width] = image
    return canvas


def image_grid(
    images: Any,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    *,
    value_range: tuple[float, float] | None = None,
) -> Figure:
    """A grid of gray images, ink dark on pale paper, drawn as one small picture.

    Parameters
    ----------
    images : array or Tensor of shape (n, H, W) or (n, 1, H, W)
        Images of one size.
    titles : sequence of str, optional
        A short text above each image.
    columns : int, optional
        Images in a row; when left out, the grid is about as wide as it is high, ten at
        most.
    value_range : (float, float), optional
        Values of paper and of ink; when left out, 0 and 255 for bytes, else the
        smallest and the largest value.

    Returns
    -------
    Figure
    """
    stack = _as_stack(images)
    if value_range is None:
        is_bytes = np.asarray(images).dtype == np.uint8
        value_range = (0, 255) if is_bytes else (float(stack.min()), float(stack.max()))
    fig, ax = _draw(stack, titles, columns)
    # Paper is a little darker than the page, so that the edge of an image can be seen.
    low, high = value_range
    ax.images[0].set(cmap="Greys", clim=(low - 0.06 * (high - low), high))
    return fig


def image_row(
    images: Any, titles: Sequence[str] | None = None, **settings: Any
) -> Figure:
    """All images in one row.

    Parameters
    ----------
    images, titles
        As for `image_grid`.
    **settings
        Passed on to `image_grid`.

    Returns
    -------
    Figure
    """
    return image_grid(images, titles, columns=len(images), **settings)


def signed_grid(
    images: Any,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    *,
    label: str = "value",
    limit: float | None = None,
) -> Figure:
    """A grid of images whose values have a sign, on one scale for all.

    Parameters
    ----------
    images : array or Tensor of shape (n, H, W) or (n, 1, H, W)
        Weights, or answers of a kernel; blue above zero, orange below.
    titles, columns
        As for `image_grid`.
    label : str
        What the values are, with their unit.
    limit : float, optional
        Where the scale ends on both sides; values beyond get its last color. When left
        out, the largest value.

    Returns
    -------
    Figure
    """
    stack = _as_stack(images)
    fig, ax = _draw(stack, titles, columns, below=0.65)
    most = limit or float(np.abs(stack).max()) or 1.0
    ax.images[0].set(cmap=SIGNED, clim=(-most, most))
    extend = "neither" if np.abs(stack).max() <= most else "both"
    settings = {"location": "bottom", "shrink": 0.7, "aspect": 28, "pad": 0.03}
    settings |= {"extend": extend, "ticks": MaxNLocator(5)}
    fig.colorbar(ax.images[0], ax=ax, label=label, **settings)
    return fig


def pixel_values(image: Any, top: int, left: int, size: int = 10) -> Figure:
    """An image with a frame around some of its pixels, and below their values.

    Parameters
    ----------
    image : array or Tensor of shape (H, W), (1, H, W) or (1, 1, H, W)
        Values from 0 to 255.
    top, left : int
        Row and column of the frame's first pixel.
    size : int
        Side of the frame in pixels.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If the frame does not lie inside of the image.
    """
    (image,) = _as_stack(np.asarray(image)[None] if np.ndim(image) == 2 else image)
    check_count("size", size)
    height, width = image.shape
    if not (0 <= top <= height - size and 0 <= left <= width - size):
        raise ValueError(
            f"top and left must keep {size} pixels inside of {image.shape}, got {top}"
            f" and {left}."
        )
    fig, (above, below) = figure(2, height=7.0, height_ratios=[2.3, 5])
    # Below, black ends at a light grey, on which numbers are read in both themes.
    for ax, black in ((above, 255), (below, 600)):
        ax.imshow(image, cmap="Greys", vmin=-15, vmax=black, interpolation="nearest")
        ax.grid(False)
    style = {"facecolor": "none", "edgecolor": COLORS["orange"], "linewidth": 2.5}
    above.add_patch(Rectangle((left - 0.5, top - 0.5), size, size, **style))
    rows, columns = range(top, top + size), range(left, left + size)
    below.set(xlim=(left - 0.5, left + size - 0.5), ylim=(top + size - 0.5, top - 0.5))
    below.set(xticks=columns, yticks=rows)
    for ax in (above, below):
        ax.set(xlabel="column", ylabel="row")
    for row in rows:
        for column in columns:
            text = f"{image[row, column]:.0f}"
            below.text(column, row, text, ha="center", va="center", fontsize=10)
    return fig


def _as_stack(images: Any) -> np.ndarray:
    stack = np.asarray(images, dtype=float)
    if stack.ndim == 4 and stack.shape[1] == 1:
        stack = stack[:, 0]
    if stack.ndim != 3 or stack.size == 0:
        raise ValueError(
            "images must have shape (n, H, W) or (n, 1, H, W), got shape"
            f" {np.shape(images)}."
        )
    return stack


def _draw(
    stack: np.ndarray,
    titles: Sequence[str] | None,
    columns: int | None,
    below: float = 0.0,
) -> tuple[Figure, Axes]:
    """A figure of the images, with room for their titles and `below` them."""
    n, height, width = stack.shape
    if titles is not None and len(titles) != n:
        raise ValueError(
            f"titles must have one text for each of the {n} images, got {len(titles)}."
        )
    if columns is None:
        columns = min(10, int(np.ceil(np.sqrt(n))))
    columns = min(columns, n)
    picture = mosaic(stack, columns)
    gap = max(1, round(GAP * width))
    # A few images would be drawn huge at the full width: none is wider than two inches.
    inch = min(2.0, (WIDTH - 2 * MARGIN) / columns) / width
    n_lines = 0 if titles is None else max(title.count("\n") + 1 for title in titles)
    strip = int(np.ceil(LINE * n_lines / inch))  # rows of nan above each row of images
    if strip:
        blank = np.full((gap, picture.shape[1]), np.nan)
        parts = np.split(np.vstack([picture, blank]), -(-n // columns))
        room = np.full((strip, picture.shape[1]), np.nan)
        picture = np.vstack([row for part in parts for row in (room, part)])[:-gap]
    fig, ax = figure(height=picture.shape[0] * inch + 2 * MARGIN + below)
    ax.imshow(np.ma.masked_invalid(picture), interpolation="nearest")
    ax.axis("off")
    for i, title in enumerate(titles or ()):
        x = i % columns * (width + gap) + (width - 1) / 2
        y = i // columns * (strip + height + gap) + strip - 0.5 - 0.02 / inch
        ax.text(x, y, title, ha="center", va="bottom", fontsize=10)
    return fig, ax
