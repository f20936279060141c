"""Completed images beside the truth, and where they are wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from mlfa.book.checks import check_same_length
from mlfa.plotting.images import mosaic
from mlfa.plotting.style import COLORS, SIGNED, WIDTH, figure, panels


def completion_rows(rows: Mapping[str, Any], *, signed: Sequence[str] = ()) -> Figure:
    """A row of images for each name.

    Parameters
    ----------
    rows : dict
        Title of each row, and its images of shape (n, 1, height, width), with values
        from 0 to 1; all of one n.
    signed : sequence of str
        Titles of rows that hold differences, with values from -1 to 1. They get two
        colors.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If rows have different numbers of images, or `signed` names no row.
    """
    n = check_same_length(**rows)
    if unknown := sorted(set(signed) - set(rows)):
        raise ValueError(f"signed must name rows of {list(rows)}, got {unknown}.")
    fig, axes = panels(len(rows), row=(WIDTH - 0.2) / n + 0.3, margin=0)
    for ax, (title, images) in zip(axes, rows.items(), strict=True):
        ink = {"cmap": "Greys", "vmin": -0.06, "vmax": 1}
        scale = {"cmap": SIGNED, "vmin": -1, "vmax": 1} if title in signed else ink
        picture = np.ma.masked_invalid(mosaic(images, n))
        ax.imshow(picture, interpolation="nearest", **scale)
        ax.set_title(title, fontsize=10, pad=2)
        ax.axis("off")
    return fig


def error_map(errors: Any, label: str) -> Figure:
    """A mean error for each pixel, above it the mean of each column.

    Parameters
    ----------
    errors : array of shape (height, width)
        The error of each pixel. A dotted line parts the left half from the right.
    label : str
        What the error is, with its unit.

    Returns
    -------
    Figure
    """
    errors = np.asarray(errors, dtype=float)
    fig, (above, below) = figure(2, height=7.2, height_ratios=[1, 3])
    style = {"color": COLORS["blue"], "linestyle": "-", "marker": "o"}
    above.plot(errors.mean(axis=0), markersize=4, **style)
    above.set(xlabel="column (pixels)", ylabel=label)
    drawn = below.imshow(errors, cmap="Greys", vmin=0, interpolation="nearest")
    for ax in (above, below):
        middle = errors.shape[1] / 2 - 0.5
        ax.axvline(middle, color=COLORS["grey"], linestyle=":")
    below.set(xlabel="column (pixels)", ylabel="row (pixels)")
    below.grid(False)
    fig.colorbar(drawn, ax=below, label=label, location="bottom", shrink=0.7, aspect=28)
    return fig
