"""What a convolutional network sees: its maps, and the pixels that decide."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.images import SIGNED, mosaic
from mlfa.plotting.style import WIDTH, figure


def feature_maps(image: Any, *levels: Any) -> Figure:
    """An image above, and below it a row of maps for each level, each level on a scale of its own.

    Parameters
    ----------
    image : array or Tensor of shape (height, width)
    *levels : arrays or Tensors of shape (maps, height, width)
    """
    rows = [
        np.asarray(image, dtype=float)[None],
        *(np.asarray(level, dtype=float) for level in levels),
    ]
    sides = [min(1.5, (WIDTH - 0.3) / len(maps)) for maps in rows]
    fig, axes = figure(
        len(rows),
        height=sum(sides) + 0.35 * len(rows),
        height_ratios=[side + 0.3 for side in sides],
    )
    titles = [
        "image",
        *(
            f"{len(maps)} maps of {maps.shape[1]} × {maps.shape[2]}"
            for maps in rows[1:]
        ),
    ]
    for ax, maps, title in zip(axes, rows, titles, strict=True):
        low, high = maps.min(), maps.max()
        drawn = np.ma.masked_invalid(mosaic(maps, len(maps)))
        ax.imshow(
            drawn,
            cmap="Greys",
            vmin=low - 0.06 * (high - low),
            vmax=high,
            interpolation="nearest",
        )
        ax.set_title(title)
        ax.axis("off")
    return fig


def saliency_figure(images: Any, gradients: Any) -> Figure:
    """Images in the upper row, and below each the gradient of its score; every gradient on a scale of its own."""
    images, gradients = (
        np.asarray(stack, dtype=float).squeeze(1) for stack in (images, gradients)
    )
    fig, (above, below) = figure(2, height=2 * WIDTH / len(images) + 0.1)
    high = images.max()
    drawn = np.ma.masked_invalid(mosaic(images, len(images)))
    above.imshow(
        drawn, cmap="Greys", vmin=-0.06 * high, vmax=high, interpolation="nearest"
    )
    scaled = gradients / np.abs(gradients).max(axis=(1, 2), keepdims=True)
    below.imshow(
        np.ma.masked_invalid(mosaic(scaled, len(images))),
        cmap=SIGNED,
        vmin=-1,
        vmax=1,
        interpolation="nearest",
    )
    for ax in (above, below):
        ax.axis("off")
    return fig
