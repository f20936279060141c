"""What a convolutional network sees: its maps, and the pixels that decide."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.book.checks import check_shapes
from mlfa.plotting.images import mosaic
from mlfa.plotting.style import SIGNED, WIDTH, figure, panels


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


def saliency_figure(images: Any, gradients: Any) -> Figure:
    """Images in the upper row, and below each the gradient of its score.

    Parameters
    ----------
    images : array or Tensor of shape (n, 1, height, width)
        Values from 0 on; ink is dark.
    gradients : array or Tensor of shape (n, 1, height, width)
        Blue above zero, orange below; each on a scale of its own.

    Returns
    -------
    Figure
    """
    shape = "n 1 height width"
    n = check_shapes(images=(images, shape), gradients=(gradients, shape))["n"]
    images, gradients = (np.asarray(a, dtype=float) for a in (images, gradients))
    fig, (above, below) = figure(2, height=2 * WIDTH / n + 0.1)
    high = images.max()
    _draw(above, images, cmap="Greys", vmin=-0.06 * high, vmax=high)
    most = np.abs(gradients).max(axis=(1, 2, 3), keepdims=True)  # (n, 1, 1, 1)
    scaled = gradients / np.where(most > 0, most, 1)
    _draw(below, scaled, cmap=SIGNED, vmin=-1, vmax=1)
    return fig


def _draw(ax: Axes, images: np.ndarray, **scale: Any) -> None:
    picture = np.ma.masked_invalid(mosaic(images, len(images)))
    ax.imshow(picture, interpolation="nearest", **scale)
    ax.axis("off")
