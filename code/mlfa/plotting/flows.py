"""Paths from noise to answers, and the velocities that lead there."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from mlfa.book.checks import check_shapes
from mlfa.plotting.style import COLORS, figure, panels


def flow_paths(paths: np.ndarray) -> Figure:
    """Positions over time; solid lines end above zero, dashed ones below.

    Parameters
    ----------
    paths : ndarray of shape (steps + 1, n)
        The position of each of `n` points from time 0 to time 1.

    Returns
    -------
    Figure
    """
    fig, ax = figure(height=4.0)
    times = np.linspace(0, 1, len(paths))
    for path in paths.T:
        up = path[-1] > 0
        color, dashes = (COLORS["blue"], "-") if up else (COLORS["orange"], "--")
        ax.plot(times, path, color=color, linestyle=dashes, linewidth=1)
    ax.set(xlabel="time $t$", ylabel="position $x$")
    return fig


def cloud_panels(
    clouds: Mapping[str, np.ndarray],
    arrows: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None,
    *,
    reach: float = 3.0,
) -> Figure:
    """A panel of dots in the plane for each cloud, with arrows where they are given.

    Parameters
    ----------
    clouds : mapping from str to ndarray of shape (n, 2)
        Names and places.
    arrows : mapping from str to pairs of ndarrays of shape (m, 2), optional
        For names of `clouds`: where arrows begin, and the velocities that they show.
    reach : float
        Both axes go from minus this number to this number.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(clouds), columns=2, row=2.6, sharex=True, sharey=True)
    for ax, (name, cloud) in zip(axes, clouds.items(), strict=True):
        check_shapes(cloud=(cloud, "n 2"))
        dots = {"color": COLORS["orange"], "alpha": 0.35, "rasterized": True}
        ax.scatter(*np.transpose(cloud), s=4, linewidths=0, **dots)
        if arrows and name in arrows:
            places, velocities = arrows[name]
            settings = {"angles": "xy", "scale_units": "xy", "scale": 5, "width": 0.006}
            ax.quiver(*places.T, *velocities.T, color=COLORS["blue"], **settings)
        ax.set(title=name, aspect="equal", xlim=(-reach, reach), ylim=(-reach, reach))
    return fig
