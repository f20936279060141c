"""What a convolutional network learned to look for, and the test of such pictures."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mlfa.book.checks import check_shapes
from mlfa.plotting.images import mosaic
from mlfa.plotting.style import SIGNED, WIDTH, figure, styles


def receptive_frames(image: Any, frames: Mapping[str, tuple[int, int, int]]) -> Figure:
    """An image with the squares of pixels that numbers of several maps depend on.

    Parameters
    ----------
    image : array or Tensor of shape (height, width)
        Values from 0 on; ink is dark.
    frames : dict
        Name of each number, and (top, left, width) of its receptive field in pixels.

    Returns
    -------
    Figure
    """
    image = np.asarray(image, dtype=float)
    fig, ax = figure(height=3.6)
    paper = -0.06 * max(image.max(), 1)
    ax.imshow(image, cmap="Greys", vmin=paper, interpolation="nearest")
    for (name, (top, left, width)), look in zip(
        frames.items(), styles(len(frames)), strict=True
    ):
        style = {"edgecolor": look.color, "linestyle": look.line, "linewidth": 2.5}
        corner = (left - 0.5, top - 0.5)
        ax.add_patch(
            Rectangle(corner, width, width, facecolor="none", label=name, **style)
        )
    ax.axis("off")
    ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    return fig


def filter_rows(slices: Any, patches: Mapping[str, Any]) -> Figure:
    """A row for each filter: its weights for every map below, and what excites it.

    Parameters
    ----------
    slices : array or Tensor of shape (n_filters, n_maps, k, k)
        Weights; blue above zero, orange below, one scale for all.
    patches : dict
        Title of each column, and its patches, of shape (n_filters, n_patches, size,
        size); ink is dark, from 0 to 1.

    Returns
    -------
    Figure
    """
    shapes = {"slices": (slices, "filters maps k k")}
    for title, found in patches.items():
        shapes[title] = (found, "filters n size size")
    n_filters = check_shapes(**shapes)["filters"]
    columns = [np.asarray(part, dtype=float) for part in (slices, *patches.values())]
    pictures = [
        mosaic(part.reshape(-1, *part.shape[2:]), part.shape[1]) for part in columns
    ]
    # Rows of the same height, although kernels have fewer pixels than patches.
    widths = [picture.shape[1] / picture.shape[0] for picture in pictures]
    height = (WIDTH - 0.8) / sum(widths) + 0.4
    fig, axes = figure(1, len(columns), height=height, width_ratios=widths)
    limit = np.abs(columns[0]).max() or 1
    scales = [{"cmap": SIGNED, "vmin": -limit, "vmax": limit}]
    scales += [{"cmap": "Greys", "vmin": -0.06, "vmax": 1}] * len(patches)
    titles = ["weights", *patches]
    for ax, picture, scale, title in zip(axes, pictures, scales, titles, strict=True):
        ax.imshow(np.ma.masked_invalid(picture), interpolation="nearest", **scale)
        ax.set_title(title, fontsize=10)
        pitch = (picture.shape[0] + 1) / n_filters
        middles = [pitch * (f + 0.5) - 1 for f in range(n_filters)]
        ax.set_yticks(middles, range(1, n_filters + 1))
        ax.tick_params(length=0, labelleft=ax is axes[0])
        _bare(ax)
    axes[0].set_ylabel("filter")
    return fig


def explanation_rows(images: Any, maps: Mapping[str, Any]) -> Figure:
    """A row of images, and below it a row for each way to say which pixels decide.

    Parameters
    ----------
    images : array or Tensor of shape (n, 1, height, width)
        Values from 0 on; ink is dark.
    maps : dict
        Name of each way, and a map for each image, of shape (n, rows, columns); blue
        above zero, orange below. Every map has a scale of its own.

    Returns
    -------
    Figure
    """
    n = check_shapes(images=(images, "n 1 height width"))["n"]
    for name, found in maps.items():
        check_shapes(**{name: (found, f"{n} rows columns")})
    side = (WIDTH - 1.3) / n
    fig, axes = figure(1 + len(maps), 1, height=(side + 0.06) * (1 + len(maps)))
    stack = np.asarray(images, dtype=float)
    rows = {"image": stack / (stack.max() or 1)}
    for name, found in maps.items():
        found = np.asarray(found, dtype=float)
        most = np.abs(found).max(axis=(1, 2), keepdims=True)  # (n, 1, 1)
        rows[name] = found / np.where(most > 0, most, 1)
    for ax, (name, row) in zip(axes, rows.items(), strict=True):
        scale = {"cmap": SIGNED, "vmin": -1, "vmax": 1}
        if name == "image":
            scale = {"cmap": "Greys", "vmin": -0.06, "vmax": 1}
        picture = np.ma.masked_invalid(mosaic(row, n))
        ax.imshow(picture, interpolation="nearest", **scale)
        ax.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=10)
        ax.set_yticks([])
        ax.set_anchor("E")
        _bare(ax)
    return fig


def _bare(ax: Axes) -> None:
    """Only the picture and its words."""
    ax.set_xticks([])
    ax.grid(False)
    ax.spines[:].set_visible(False)
