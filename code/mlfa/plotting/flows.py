"""Paths from noise to answers."""

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, figure


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
