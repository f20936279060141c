"""Images on the page: grids, rows, bytes that can be read, and what a model makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from mlfa.book.checks import check_count
from mlfa.plotting.style import COLORS, LINE_STYLES, MARKERS, WIDTH, figure

# Dark blue is above zero, pale orange below: they differ in lightness too, not in hue alone.
SIGNED = LinearSegmentedColormap.from_list(
    "signed", ["#C28427", "#EBC68A", "#FFFFFF", "#4F93BF", "#003B63"]
)
GAP = 0.08  # between two images of a grid, as a share of an image's width
MARGIN = 0.15  # inches around a mosaic
LINE = 0.18  # inches of one line of a title


def mosaic(images: Any, columns: int) -> np.ndarray:
    """Images side by side in one array, row after row, with nan in the gaps.

    Parameters
    ----------
    images : array or Tensor of shape (n, H, W) or (n, 1, H, W)
    columns : int
        Images in a row.
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
    """A grid of gray images, ink dark on pale paper, drawn as one picture so that it stays small.

    Parameters
    ----------
    images : array or Tensor of shape (n, H, W) or (n, 1, H, W)
    titles : sequence of str, optional
        A short text above each image.
    columns : int, optional
        Images in a row; when left out, the grid is about as wide as it is high, ten at most.
    value_range : (float, float), optional
        Values of paper and of ink; when left out, 0 and 255 for bytes, else the smallest and the largest value.
    """
    stack = _as_stack(images)
    if value_range is None:
        is_bytes = np.asarray(images).dtype == np.uint8
        value_range = (0, 255) if is_bytes else (float(stack.min()), float(stack.max()))
    columns = columns or min(10, int(np.ceil(np.sqrt(len(stack)))))
    fig, ax = _draw(stack, titles, columns)
    # The paper is a little darker than the page, so that the edge of an image can be seen.
    low, high = value_range
    ax.images[0].set(cmap="Greys", clim=(low - 0.06 * (high - low), high))
    return fig


def image_row(
    images: Any, titles: Sequence[str] | None = None, **settings: Any
) -> Figure:
    """All images in one row; the rest as `image_grid`."""
    return image_grid(images, titles, columns=len(images), **settings)


def signed_grid(
    images: Any,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    *,
    label: str = "value",
    limit: float | None = None,
) -> Figure:
    """A grid of images whose values have a sign, on one scale for all: weights, or answers of an edge kernel.

    Parameters
    ----------
    images : array or Tensor of shape (n, H, W) or (n, 1, H, W)
    titles, columns
        As for `image_grid`.
    label : str
        What the values are, with their unit.
    limit : float, optional
        Where the scale ends on both sides; values beyond get its last color. When left out, the largest value.
    """
    stack = _as_stack(images)
    fig, ax = _draw(
        stack, titles, columns or min(10, int(np.ceil(np.sqrt(len(stack))))), below=0.65
    )
    most = limit or float(np.abs(stack).max()) or 1.0
    ax.images[0].set(cmap=SIGNED, clim=(-most, most))
    extend = "neither" if np.abs(stack).max() <= most else "both"
    settings = {"location": "bottom", "shrink": 0.7, "aspect": 28, "pad": 0.03}
    fig.colorbar(
        ax.images[0],
        ax=ax,
        label=label,
        extend=extend,
        ticks=MaxNLocator(5),
        **settings,
    )
    return fig


def pixel_values(image: Any, top: int, left: int, size: int = 10) -> Figure:
    """An image with a frame around `size` x `size` of its pixels, and below these pixels with their values."""
    (image,) = _as_stack(np.asarray(image)[None] if np.ndim(image) == 2 else image)
    check_count("size", size)
    height, width = image.shape
    if not (0 <= top <= height - size and 0 <= left <= width - size):
        raise ValueError(
            f"top and left must keep {size} pixels inside of {image.shape}, got {top}"
            f" and {left}."
        )
    fig, (above, below) = figure(2, height=7.0, height_ratios=[2.3, 5])
    # Below, black ends at a light grey: numbers are read on it, also when the dark theme turns it over.
    for ax, black in ((above, 255), (below, 600)):
        ax.imshow(image, cmap="Greys", vmin=-15, vmax=black, interpolation="nearest")
        ax.grid(False)
    above.add_patch(
        Rectangle(
            (left - 0.5, top - 0.5),
            size,
            size,
            facecolor="none",
            edgecolor=COLORS["orange"],
            linewidth=2.5,
        )
    )
    above.set(xlabel="column", ylabel="row")
    below.set(
        xlim=(left - 0.5, left + size - 0.5),
        ylim=(top + size - 0.5, top - 0.5),
        xlabel="column",
        ylabel="row",
    )
    below.set(xticks=range(left, left + size), yticks=range(top, top + size))
    for row in range(top, top + size):
        for column in range(left, left + size):
            below.text(
                column,
                row,
                f"{image[row, column]:.0f}",
                ha="center",
                va="center",
                fontsize=10,
            )
    return fig


def value_curves(
    x: Sequence[float],
    curves: dict[str, Any],
    xlabel: str,
    ylabel: str,
    *,
    height: float = 3.6,
) -> Figure:
    """A line for each name, the mean of its runs, and a band from their lowest to their highest value.

    Parameters
    ----------
    x : sequence of m numbers
    curves : dict
        Name, and values of shape (runs, m) or (m,).
    xlabel, ylabel : str
        With units.
    """
    fig, ax = figure(height=height)
    colors = [COLORS[name] for name in ("blue", "orange", "green", "purple")]
    for (name, values), color, style, marker in zip(
        curves.items(), colors, LINE_STYLES, MARKERS, strict=False
    ):
        values = np.atleast_2d(np.asarray(values, dtype=float))
        if values.shape[1] != len(x):
            raise ValueError(
                f"curve {name!r} must have {len(x)} values a run, got"
                f" {values.shape[1]}."
            )
        ax.fill_between(
            x,
            values.min(axis=0),
            values.max(axis=0),
            color=color,
            alpha=0.25,
            linewidth=0,
        )
        ax.plot(
            x,
            values.mean(axis=0),
            color=color,
            linestyle=style,
            marker=marker,
            label=name,
        )
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
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
    stack: np.ndarray, titles: Sequence[str] | None, columns: int, below: float = 0.0
) -> tuple[Figure, Axes]:
    n, height, width = stack.shape
    if titles is not None and len(titles) != n:
        raise ValueError(
            f"titles must have one text for each of the {n} images, got {len(titles)}."
        )
    columns = min(columns, n)
    picture = mosaic(stack, columns)
    gap = max(1, round(GAP * width))
    # A few images would be drawn huge at the full width: none is wider than two inches.
    inch = min(2.0, (WIDTH - 2 * MARGIN) / columns) / width
    lines = 0 if titles is None else max(title.count("\n") + 1 for title in titles)
    rows = -(-n // columns)
    if lines:  # room for the titles: strips of nan above each row
        strip = int(np.ceil(LINE * lines / inch))
        parts = np.split(
            np.vstack([picture, np.full((gap, picture.shape[1]), np.nan)]), rows
        )
        picture = np.vstack(
            [
                np.vstack([np.full((strip, picture.shape[1]), np.nan), part])
                for part in parts
            ]
        )[:-gap]
    fig, ax = figure(height=picture.shape[0] * inch + 2 * MARGIN + below)
    ax.imshow(np.ma.masked_invalid(picture), interpolation="nearest")
    ax.axis("off")
    if titles is not None:
        for i, title in enumerate(titles):
            x = i % columns * (width + gap) + (width - 1) / 2
            y = i // columns * (strip + height + gap) + strip - 0.5
            ax.text(x, y - 0.02 / inch, title, ha="center", va="bottom", fontsize=10)
    return fig, ax
