"""What a convolutional network sees: its maps."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.plotting.images import mosaic
from mlfa.plotting.style import WIDTH, panels


def feature_maps(image: Any, *levels: Any) -> Figure:
    """An image above, and below it a row of maps for each level of a network.

    Parameters
    ----------
    image : array or Tensor of shape (height, width)
        What the network saw.
    *levels : arrays or Tensors of shape (n_maps, height, width)
        What it made of it. Every level has a scale of its own.

    Returns
    -------
    Figure
    """
    rows = [("image", np.asarray(image, dtype=float)[None])]
    for level in levels:
        n, height, width = level.shape
        title = f"{n} maps of {height} × {width}"
        rows.append((title, np.asarray(level, dtype=float)))
    sides = [min(1.5, (WIDTH - 0.3) / len(maps)) for _, maps in rows]
    ratios = [side + 0.3 for side in sides]
    fig, axes = panels(len(rows), row=0.35, margin=sum(sides), height_ratios=ratios)
    for ax, (title, maps) in zip(axes, rows, strict=True):
        low, high = maps.min(), maps.max()
        _draw(ax, maps, cmap="Greys", vmin=low - 0.06 * (high - low), vmax=high)
        ax.set_title(title)
    return fig


def _draw(ax: Axes, images: np.ndarray, **scale: Any) -> None:
    picture = np.ma.masked_invalid(mosaic(images, len(images)))
    ax.imshow(picture, interpolation="nearest", **scale)
    ax.axis("off")
