"""Maps of samples that have a latitude and a longitude."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, figure, panels
from mlfa.scoring.splitting import Split


def price_map(
    latitude: np.ndarray, longitude: np.ndarray, price: np.ndarray, *, label: str
) -> Figure:
    """A dot for each sample, colored by its price.

    Parameters
    ----------
    latitude, longitude : ndarray of shape (n_samples,)
        Places in degrees north and east.
    price : ndarray of shape (n_samples,)
        What the colors show. Dear places are drawn on top.
    label : str
        What the price is, with its unit.

    Returns
    -------
    Figure
    """
    fig, ax = figure(height=5.2)
    order = np.argsort(price)
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
    latitude: np.ndarray, longitude: np.ndarray, splits: Mapping[str, Split]
) -> Figure:
    """Where the training and the validation samples of each split lie.

    Parameters
    ----------
    latitude, longitude : ndarray of shape (n_samples,)
        Places in degrees north and east.
    splits : dict
        Title of each map, and its split. Test samples are not drawn.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(splits), row=4.3, margin=0)
    for ax, (title, split) in zip(axes, splits.items(), strict=True):
        for name, rows, color, marker in [
            ("training", split.train, COLORS["sky"], "o"),
            ("validation", split.validation, COLORS["orange"], "x"),
        ]:
            style = {"color": color, "marker": marker, "s": 5, "linewidths": 0.6}
            place = longitude[rows], latitude[rows]
            ax.scatter(*place, label=name, rasterized=True, **style)
        ax.set_title(title)
        ax.legend(markerscale=3)
        _as_map(ax, latitude)
    return fig


def _as_map(ax: Axes, latitude: np.ndarray) -> None:
    # A degree of longitude is shorter than one of latitude: by its cosine.
    ax.set_aspect(1 / np.cos(np.deg2rad(latitude.mean())))
    ax.set(xlabel="longitude (degrees east)", ylabel="latitude (degrees north)")
