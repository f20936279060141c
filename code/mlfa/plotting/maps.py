"""Maps of samples that have a latitude and a longitude."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, figure
from mlfa.scoring.splitting import Split


def _as_map(ax: Axes, latitude: np.ndarray) -> None:
    # A degree of longitude is shorter than one of latitude, by the cosine of the latitude.
    ax.set_aspect(1 / np.cos(np.deg2rad(latitude.mean())))
    ax.set(xlabel="longitude (degrees east)", ylabel="latitude (degrees north)")


def price_map(
    latitude: np.ndarray, longitude: np.ndarray, price: np.ndarray, label: str
) -> Figure:
    """A dot for each sample, colored by its price; all arrays have shape (n_samples,)."""
    fig, ax = figure(height=5.2)
    order = np.argsort(price)  # dear places on top, so that they are not hidden
    dots = ax.scatter(
        longitude[order],
        latitude[order],
        c=price[order],
        s=3,
        linewidths=0,
        rasterized=True,
    )
    fig.colorbar(dots, ax=ax, label=label, shrink=0.8)
    _as_map(ax, latitude)
    return fig


def split_maps(
    latitude: np.ndarray, longitude: np.ndarray, splits: dict[str, Split]
) -> Figure:
    """Where the training and the validation samples of each split lie, one map below the other."""
    fig, axes = figure(len(splits), height=4.3 * len(splits))
    for ax, (title, split) in zip(np.atleast_1d(axes), splits.items(), strict=True):
        for rows, name, color, marker in [
            (split.train, "training", COLORS["sky"], "o"),
            (split.validation, "validation", COLORS["orange"], "x"),
        ]:
            ax.scatter(
                longitude[rows],
                latitude[rows],
                s=5,
                color=color,
                marker=marker,
                linewidths=0.6,
                label=name,
                rasterized=True,
            )
        ax.set_title(title)
        ax.legend(markerscale=3)
        _as_map(ax, latitude)
    return fig
