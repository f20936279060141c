"""Completed images beside the truth, and where they are wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.images import SIGNED, mosaic
from mlfa.plotting.style import WIDTH, figure


def completion_rows(rows: dict[str, Any], *, signed: tuple[str, ...] = ()) -> Figure:
    """One row of images for each name; those named in `signed` hold differences and get two colors.

    Parameters
    ----------
    rows : dict
        Name, and images of shape (n, 1, height, width) with values from 0 to 1; all of one n.
    signed : tuple of str
        Names of the rows whose values run from -1 to 1.
    """
    stacks = {
        name: np.asarray(images, dtype=float).reshape(len(images), *images.shape[-2:])
        for name, images in rows.items()
    }
    if len({len(stack) for stack in stacks.values()}) != 1:
        raise ValueError(
            "rows must have one number of images, got"
            f" {[len(stack) for stack in stacks.values()]}."
        )
    n = len(next(iter(stacks.values())))
    fig, axes = figure(len(rows), height=len(rows) * ((WIDTH - 0.2) / n + 0.3))
    for ax, (name, stack) in zip(np.atleast_1d(axes), stacks.items(), strict=True):
        settings = (
            {"cmap": SIGNED, "vmin": -1, "vmax": 1}
            if name in signed
            else {"cmap": "Greys", "vmin": -0.06, "vmax": 1}
        )
        ax.imshow(
            np.ma.masked_invalid(mosaic(stack, n)), interpolation="nearest", **settings
        )
        ax.set_title(name, fontsize=10, pad=2)
        ax.axis("off")
    return fig


def error_map(errors: Any, label: str) -> Figure:
    """A mean error for each pixel, above it the mean of each column.

    Parameters
    ----------
    errors : array of shape (height, width)
    label : str
        What the error is, with its unit.
    """
    errors = np.asarray(errors, dtype=float)
    fig, (above, below) = figure(2, height=7.2, height_ratios=[1, 3])
    above.plot(errors.mean(axis=0), color="#0072B2", marker="o", markersize=4)
    above.axvline(errors.shape[1] / 2 - 0.5, color="#6E6E6E", linestyle=":")
    above.set(xlabel="column (pixels)", ylabel=label)
    drawn = below.imshow(errors, cmap="Greys", vmin=0, interpolation="nearest")
    below.axvline(errors.shape[1] / 2 - 0.5, color="#6E6E6E", linestyle=":")
    below.set(xlabel="column (pixels)", ylabel="row (pixels)")
    below.grid(False)
    fig.colorbar(drawn, ax=below, label=label, location="bottom", shrink=0.7, aspect=28)
    return fig
