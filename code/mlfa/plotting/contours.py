"""The loss of two weights as a landscape, with the paths of optimizers on it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, LINE_STYLES, MARKERS, figure


def optimizer_paths(
    loss: Callable[[np.ndarray], float],
    paths: dict[str, np.ndarray],
    best: np.ndarray,
    names: tuple[str, str],
) -> Figure:
    """Lines of equal loss and, on them, a path of shape (steps + 1, 2) for each optimizer."""
    points = np.concatenate([*paths.values(), best[None]])
    low, high = points.min(axis=0) - 0.15, points.max(axis=0) + 0.15
    grid = [np.linspace(low[k], high[k], 80) for k in range(2)]
    heights = np.array([[loss(np.array([a, b])) for a in grid[0]] for b in grid[1]])
    fig, ax = figure(height=4.8)
    levels = heights.min() + np.geomspace(1e-3, 1, 12) * (heights.max() - heights.min())
    ax.contour(*grid, heights, levels=levels, colors=COLORS["grey"], linewidths=0.7)
    colors = [COLORS["blue"], COLORS["orange"], COLORS["green"]]
    for (name, path), color, style, marker in zip(
        paths.items(), colors, LINE_STYLES, MARKERS, strict=False
    ):
        ax.plot(path[:, 0], path[:, 1], color=color, linestyle=style, linewidth=1.5)
        ax.plot(
            path[::5, 0],
            path[::5, 1],
            color=color,
            marker=marker,
            markersize=4,
            linestyle="none",
            label=name,
        )
    ax.plot(
        *best,
        marker="*",
        markersize=14,
        color=COLORS["black"],
        linestyle="none",
        label="least loss",
    )
    ax.set(xlabel=names[0], ylabel=names[1])
    ax.grid(False)
    ax.legend(loc="best")
    return fig
