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
        from 0 to 1, or of shape (n, 3, height, width) in red, green and blue; all of
        one n.
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
    height, width = np.shape(next(iter(rows.values())))[2:]
    row = (WIDTH - 0.2) / n * height / width + 0.3
    fig, axes = panels(len(rows), row=row, margin=0)
    for ax, (title, images) in zip(axes, rows.items(), strict=True):
        ink = {"cmap": "Greys", "vmin": -0.06, "vmax": 1}
        scale = {"cmap": SIGNED, "vmin": -1, "vmax": 1} if title in signed else ink
        channels = np.moveaxis(np.asarray(images, dtype=float), 1, 0)
        picture = np.stack([mosaic(channel, n) for channel in channels], axis=-1)
        if len(channels) == 1:
            picture, gaps = np.ma.masked_invalid(picture[..., 0]), None
        else:  # in color; the gaps let the page through
            gaps = np.isfinite(picture[..., 0]).astype(float)
            picture = np.nan_to_num(picture).clip(0, 1)
        ax.imshow(picture, alpha=gaps, interpolation="nearest", **scale)
        ax.set_title(title, fontsize=10, pad=2)
        ax.axis("off")
    return fig


def error_map(errors: Any, label: str, *, shares: Any = None) -> Figure:
    """A mean error for each pixel, above it the mean of each column.

    Parameters
    ----------
    errors : array of shape (height, width)
        The error of each pixel. A dotted line parts the left half from the right.
    label : str
        What the error is, with its unit.
    shares : array of shape (width,), optional
        The error of each column as a share of its variance; nan where it has none.

    Returns
    -------
    Figure
    """
    errors = np.asarray(errors, dtype=float)
    n, height = (2, 7.2) if shares is None else (3, 8.8)
    fig, axes = figure(n, height=height, height_ratios=[1] * (n - 1) + [3])
    style = {"color": COLORS["blue"], "linestyle": "-", "marker": "o", "markersize": 4}
    axes[0].plot(errors.mean(axis=0), **style)
    axes[0].set(xlabel="column (pixels)", ylabel=label)
    if shares is not None:
        style |= {"color": COLORS["orange"], "marker": "s"}
        axes[1].plot(np.asarray(shares, dtype=float), **style)
        axes[1].set(xlabel="column (pixels)", ylabel="share of\nvariance")
        axes[1].set(xlim=axes[0].get_xlim(), ylim=(0, None))
    drawn = axes[-1].imshow(errors, cmap="Greys", vmin=0, interpolation="nearest")
    for ax in axes:
        middle = errors.shape[1] / 2 - 0.5
        ax.axvline(middle, color=COLORS["grey"], linestyle=":")
    below = axes[-1]
    below.set(xlabel="column (pixels)", ylabel="row (pixels)")
    below.grid(False)
    fig.colorbar(drawn, ax=below, label=label, location="bottom", shrink=0.7, aspect=28)
    return fig
