"""Maps of attention, waves of positions, and what a long series costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mlfa.plotting.style import COLORS, LINE_STYLES, MARKERS, figure


def attention_maps(
    maps: dict[str, Sequence[Sequence[float]]], columns: int = 2, label: str = "weight"
) -> Figure:
    """A square for each map: a row for each query, a column for each key, brighter for a larger weight.

    Parameters
    ----------
    maps : dict
        Title of each map, and its weights of shape (queries, keys).
    columns : int
        Maps beside each other.
    label : str
        What the colors show.
    """
    grids = {}
    for title, weights in maps.items():
        grid = np.asarray(weights, dtype=float)
        if grid.ndim != 2 or 0 in grid.shape:
            raise ValueError(
                f"every map needs weights of shape (queries, keys), got {grid.shape}"
                f" for {title!r}."
            )
        grids[title] = grid
    if not grids:
        raise ValueError("maps must hold at least one map, got none.")
    rows = -(-len(grids) // columns)
    fig, axes = figure(
        rows, columns, height=0.8 + 2.35 * rows, squeeze=False, sharex=True, sharey=True
    )
    highest = max(grid.max() for grid in grids.values())
    for ax in axes.flat[len(grids) :]:
        ax.axis("off")
    for ax, (title, grid) in zip(axes.flat, grids.items(), strict=False):
        ends = (
            0.5,
            grid.shape[1] + 0.5,
            grid.shape[0] + 0.5,
            0.5,
        )  # positions count from 1
        image = ax.imshow(
            grid, vmin=0, vmax=highest, extent=ends, interpolation="nearest"
        )
        ax.set_title(title)
        ax.grid(False)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(5, integer=True))
    for ax in axes[:, 0]:
        ax.set_ylabel("query at position")
    for ax in axes[-1]:
        ax.set_xlabel("key at position")
    fig.colorbar(image, ax=axes, location="top", aspect=40, shrink=0.7, label=label)
    return fig


def position_figure(P: Sequence[Sequence[float]]) -> Figure:
    """The numbers of every position above, and some of their waves below.

    Parameters
    ----------
    P : array of shape (length, size)
        As `sinusoidal_positions` gives them.
    """
    P = np.asarray(P, dtype=float)
    if P.ndim != 2 or P.shape[1] < 2:
        raise ValueError(
            f"P must have shape (length, size) with size >= 2, got {P.shape}."
        )
    fig, (top, bottom) = figure(2, height=5.2, sharex=True, height_ratios=[1.2, 1])
    length, size = P.shape
    image = top.imshow(
        P.T,
        aspect="auto",
        vmin=-1,
        vmax=1,
        extent=(-0.5, length - 0.5, size - 0.5, -0.5),
    )
    top.set(ylabel="number", yticks=range(0, size, max(1, size // 8)))
    top.grid(False)
    fig.colorbar(image, ax=top, location="top", aspect=40, shrink=0.7, label="value")
    colors = [COLORS[name] for name in ("blue", "orange", "green", "purple")]
    shown = range(0, min(size, 8), 2)
    for k, column in enumerate(shown):
        bottom.plot(
            P[:, column], color=colors[k], linestyle=LINE_STYLES[k], label=f"{column}"
        )
    bottom.set(xlabel="position", ylabel="value")
    bottom.legend(title="number", loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def cost_panels(
    lengths: Sequence[int], panels: dict[str, dict[str, Sequence[float]]]
) -> Figure:
    """A panel for each kind of cost, a line for each model, both axes logarithmic.

    Parameters
    ----------
    lengths : sequence of int
        Positions in a series.
    panels : dict
        What is counted, and for each model its counts, one for each length.
    """
    fig, axes = figure(
        len(panels), height=0.9 + 2.3 * len(panels), sharex=True, squeeze=False
    )
    colors = [COLORS[name] for name in ("orange", "blue", "green", "purple")]
    for ax, (label, counts) in zip(axes[:, 0], panels.items(), strict=True):
        for k, (name, values) in enumerate(counts.items()):
            if len(values) != len(lengths):
                raise ValueError(
                    f"counts of {name!r} must match the {len(lengths)} lengths, got"
                    f" {len(values)}."
                )
            ax.loglog(lengths, values, color=colors[k % 4], linestyle=LINE_STYLES[k % 6], marker=MARKERS[k % 6],
                      label=name)  # fmt: skip
        ax.set_ylabel(label)
    axes[-1, 0].set_xlabel("length of the series (positions)")
    axes[-1, 0].set_xticks(lengths, [f"{length}" for length in lengths])
    axes[-1, 0].minorticks_off()
    fig.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2
    )
    return fig
