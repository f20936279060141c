"""Maps of samples that have a latitude and a longitude."""

from collections.abc import Mapping

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mlfa.plotting.style import COLORS, figure, panels
from mlfa.scoring.splitting import Split
from mlfa.tabular.trees import Node


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


def cell_maps(
    latitude: np.ndarray,
    longitude: np.ndarray,
    trees: Mapping[str, Node],
    *,
    label: str,
) -> Figure:
    """The rectangles into which trees cut a map, each in the color of its prediction.

    Parameters
    ----------
    latitude, longitude : ndarray of shape (n_samples,)
        Places in degrees north and east, drawn as small dots.
    trees : dict
        Title of each map, and a tree over the two features latitude and longitude.
    label : str
        What a tree predicts, with its unit.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(trees), columns=2, row=3.1, sharex=True, sharey=True)
    low = np.array([latitude.min(), longitude.min()]) - 0.2
    high = np.array([latitude.max(), longitude.max()]) + 0.2
    cells = {title: _cells(root, low, high) for title, root in trees.items()}
    values = [value for found in cells.values() for *_, value in found]
    norm = Normalize(min(values), max(values))
    for ax, (title, found) in zip(axes, cells.items(), strict=True):
        for (south, west), (north, east), value in found:
            size = east - west, north - south
            color = colormaps["cividis"](norm(value))
            style = {"facecolor": color, "edgecolor": COLORS["grey"], "linewidth": 0.6}
            ax.add_patch(Rectangle((west, south), *size, **style))
        dots = {"s": 0.5, "color": "white", "linewidths": 0, "alpha": 0.5}
        ax.scatter(longitude, latitude, rasterized=True, **dots)
        ax.set(title=title, xlim=(low[1], high[1]), ylim=(low[0], high[0]))
        ax.grid(visible=False)
        _as_map(ax, latitude)
    for ax in axes:
        ax.label_outer()
    colors = ScalarMappable(norm, "cividis")
    fig.colorbar(colors, ax=axes, label=label, location="bottom", shrink=0.8)
    return fig


def _cells(
    node: Node, low: np.ndarray, high: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """Lower corner, upper corner and value of each leaf of a tree within a box."""
    if node.cut is None:
        return [(low, high, node.value)]
    feature, threshold = node.cut.feature, node.cut.threshold
    below, above = high.copy(), low.copy()
    below[feature] = above[feature] = threshold
    return _cells(node.left, low, below) + _cells(node.right, above, high)


def _as_map(ax: Axes, latitude: np.ndarray) -> None:
    # A degree of longitude is shorter than one of latitude: by its cosine.
    ax.set_aspect(1 / np.cos(np.deg2rad(latitude.mean())))
    ax.set(xlabel="longitude (degrees east)", ylabel="latitude (degrees north)")
