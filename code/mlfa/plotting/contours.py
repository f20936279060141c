"""The loss as a landscape of one or two weights, and how optimizers walk on it."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, figure, legend_above, panels, styles


def optimizer_paths(
    loss: Callable[[np.ndarray], float],
    paths: Mapping[str, np.ndarray],
    best: np.ndarray,
    xlabel: str,
    ylabel: str,
) -> Figure:
    """Lines of equal loss and, on them, the path of each optimizer.

    Parameters
    ----------
    loss : callable
        From two weights, an array of shape (2,), to their loss.
    paths : dict
        Name of each optimizer, and its weights of shape (steps + 1, 2). There is a
        marker at every fifth step.
    best : ndarray of shape (2,)
        The weights of the least loss.
    xlabel, ylabel : str
        What the first and the second weight are.

    Returns
    -------
    Figure
    """
    points = np.concatenate([*paths.values(), best[None]])
    low, high = points.min(axis=0) - 0.15, points.max(axis=0) + 0.15
    grid = [np.linspace(low[k], high[k], 80) for k in range(2)]
    heights = np.array([[loss(np.array([a, b])) for a in grid[0]] for b in grid[1]])
    fig, ax = figure(height=4.8)
    levels = heights.min() + np.geomspace(1e-3, 1, 12) * (heights.max() - heights.min())
    ax.contour(*grid, heights, levels=levels, colors=COLORS["grey"], linewidths=0.7)
    for (name, path), look in zip(paths.items(), styles(len(paths)), strict=True):
        style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
        style |= {"markersize": 4, "markevery": 5, "linewidth": 1.5}
        ax.plot(*path.T, label=name, **style)
    star = {"marker": "*", "markersize": 14, "linestyle": "none"}
    ax.plot(*best, color=COLORS["black"], label="least loss", **star)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.grid(False)
    ax.legend(loc="best")
    return fig


def parabola_walks(
    loss: Callable[[float], float],
    walks: Mapping[str, Sequence[float]],
    xlabel: str,
    ylabel: str,
) -> Figure:
    """The loss of one weight with the steps of a walk on it, a panel for each walk.

    Parameters
    ----------
    loss : callable
        From the weight to its loss.
    walks : dict
        Title of each panel, and the weight at the start and after each step.
    xlabel, ylabel : str
        What the weight and the loss are, with their units.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(walks), row=2.3, margin=0.2, sharex=True, sharey=True)
    places = np.concatenate([np.asarray(walk, float) for walk in walks.values()])
    low, high = places.min(), places.max()
    grid = np.linspace(low - 0.1 * (high - low), high + 0.1 * (high - low), 200)
    curve = [loss(w) for w in grid]
    for ax, (title, walk) in zip(axes, walks.items(), strict=True):
        heights = [loss(w) for w in walk]
        ax.plot(grid, curve, color=COLORS["grey"], linestyle="-", linewidth=1.5)
        style = {"color": COLORS["blue"], "linestyle": ":", "marker": "o"}
        ax.plot(walk, heights, linewidth=1.2, **style)
        for k in (0, 1, 2):  # which way the walk goes
            shift = {"xytext": (6, 6), "textcoords": "offset points", "fontsize": 9}
            ax.annotate(str(k), (walk[k], heights[k]), **shift)
        ax.set(title=title, ylabel=ylabel)
    axes[-1].set_xlabel(xlabel)
    return fig


def steps_by_rate(
    rates: Sequence[float], steps: Mapping[str, Mapping[str, Sequence[float]]]
) -> Figure:
    """How many steps each optimizer needs at each learning rate, a panel for each loss.

    Parameters
    ----------
    rates : sequence of float
        The learning rates.
    steps : dict
        Title of each panel, and in it, by the name of the optimizer, a number of steps
        for each rate; infinity where it does not arrive, which is left out.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(steps), row=2.7, margin=0.7, sharex=True, sharey=True)
    for ax, (title, counts) in zip(axes, steps.items(), strict=True):
        for (name, values), look in zip(
            counts.items(), styles(len(counts)), strict=True
        ):
            shown = np.where(np.isfinite(values), values, np.nan)
            style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
            ax.loglog(rates, shown, label=name, **style)
        ax.set(title=title, ylabel="steps")
    axes[-1].set_xlabel("learning rate")
    legend_above(fig)
    return fig
