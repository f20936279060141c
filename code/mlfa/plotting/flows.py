"""Paths from noise to answers."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, figure


def flow_paths(paths: np.ndarray) -> Figure:
    """Positions over time, of shape (steps + 1, n); solid above zero at the end, dashed below."""
    fig, ax = figure(height=4.0)
    times = np.linspace(0, 1, len(paths))
    for path in paths.T:
        up = path[-1] > 0
        ax.plot(
            times,
            path,
            color=COLORS["blue" if up else "orange"],
            linestyle="-" if up else "--",
            linewidth=1,
        )
    ax.set(xlabel="time $t$", ylabel="position $x$")
    return fig
