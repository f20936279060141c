"""Maps of attention, waves of positions, and what a long series costs."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mlfa.plotting.style import figure, legend_above, panels, styles


def attention_maps(
    maps: Mapping[str, Sequence[Sequence[float]]],
    columns: int = 2,
    *,
    label: str = "weight",
    xlabel: str = "key at position",
    ylabel: str = "query at position",
    marks: Mapping[str, Sequence[int]] | None = None,
    words: Mapping[str, tuple[Sequence[str], Sequence[str]]] | None = None,
) -> Figure:
    """A square of weights for each name, brighter for a larger weight.

    Parameters
    ----------
    maps : dict
        Title of each map, and its weights of shape (queries, keys): a row for each
        query, a column for each key.
    columns : int
        Maps beside each other.
    label : str
        What the colors show.
    xlabel, ylabel : str
        What the columns and the rows are.
    marks : dict, optional
        For some of the maps, the column that each row should look at, counted from 1:
        it gets a ring.
    words : dict, optional
        For some of the maps, the words below its columns and beside its rows; else
        these are counted from 1. Then no two maps share their axes.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is no map, or one has another shape, or its marks or words do not fit.
    """
    marks, words = marks or {}, words or {}
    grids = {title: np.asarray(map_, dtype=float) for title, map_ in maps.items()}
    for title, grid in grids.items():
        if grid.ndim != 2 or 0 in grid.shape:
            raise ValueError(
                f"every map needs weights of shape (queries, keys), got {grid.shape}"
                f" for {title!r}."
            )
        _check_labels(grid.shape, marks.get(title), words.get(title))
    share, row = not words, 2.35 if columns > 1 else 3.6
    shared = {"sharex": share, "sharey": share}
    fig, axes = panels(len(grids), columns=columns, row=row, margin=0.8, **shared)
    highest = max(grid.max() for grid in grids.values())
    for ax, (title, grid) in zip(axes, grids.items(), strict=True):
        queries, keys = grid.shape
        ends = (0.5, keys + 0.5, queries + 0.5, 0.5)  # positions count from 1
        style = {"vmin": 0, "vmax": highest, "interpolation": "nearest"}
        image = ax.imshow(grid, extent=ends, **style)
        ax.set_title(title)
        ax.grid(False)
        if title in words:
            ax.set_xticks(range(1, keys + 1), words[title][0])
            ax.set_yticks(range(1, queries + 1), words[title][1])
        else:
            for axis in (ax.xaxis, ax.yaxis):
                axis.set_major_locator(MaxNLocator(5, integer=True))
        if title in marks:
            # A dark ring in a pale one: seen on every color of the map.
            for color, width in (("white", 3.5), ("black", 1.5)):
                ring = {"s": 90, "facecolors": "none", "edgecolors": color}
                places = marks[title], range(1, queries + 1)
                ax.scatter(*places, linewidths=width, **ring)
    for ax in axes[::columns]:
        ax.set_ylabel(ylabel)
    for ax in axes[-columns:]:
        ax.set_xlabel(xlabel)
    fig.colorbar(image, ax=axes, location="top", aspect=40, shrink=0.7, label=label)
    return fig


def position_figure(P: Sequence[Sequence[float]]) -> Figure:
    """The numbers of every position above, and the waves of some of them below.

    Parameters
    ----------
    P : array of shape (length, size)
        As `sinusoidal_positions` gives them. The waves are those of the first, the
        third, the fifth and the seventh number.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If `P` is no matrix of at least two columns.
    """
    P = np.asarray(P, dtype=float)
    if P.ndim != 2 or P.shape[1] < 2:
        raise ValueError(
            f"P must have shape (length, size) with size >= 2, got {P.shape}."
        )
    length, size = P.shape
    fig, (top, bottom) = figure(2, height=5.2, sharex=True, height_ratios=[1.2, 1])
    ends = (-0.5, length - 0.5, size - 0.5, -0.5)
    image = top.imshow(P.T, aspect="auto", vmin=-1, vmax=1, extent=ends)
    top.set(ylabel="number", yticks=range(0, size, max(1, size // 8)))
    top.grid(False)
    fig.colorbar(image, ax=top, location="top", aspect=40, shrink=0.7, label="value")
    shown = range(0, min(size, 8), 2)
    for column, look in zip(shown, styles(len(shown)), strict=True):
        style = {"color": look.color, "linestyle": look.line}
        bottom.plot(P[:, column], label=f"{column}", **style)
    bottom.set(xlabel="position", ylabel="value")
    bottom.legend(title="number", loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def cost_panels(
    lengths: Sequence[int], costs: Mapping[str, Mapping[str, Sequence[float]]]
) -> Figure:
    """A panel for each kind of cost, a line for each model, both axes logarithmic.

    Parameters
    ----------
    lengths : sequence of int
        Positions in a series.
    costs : dict
        What is counted, and for each model its counts, one for each length. Every
        panel has the same models.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a count is missing, or the panels have different models.
    """
    fig, axes = panels(len(costs), row=2.3, margin=0.9, sharex=True)
    names = list(next(iter(costs.values())))
    for ax, (ylabel, counts) in zip(axes, costs.items(), strict=True):
        if list(counts) != names:
            raise ValueError(f"{ylabel!r} must have the models {names}: {list(counts)}")
        looks = styles(len(names))
        for (name, values), look in zip(counts.items(), looks, strict=True):
            if len(values) != len(lengths):
                raise ValueError(
                    f"counts of {name!r} must match the {len(lengths)} lengths, got"
                    f" {len(values)}."
                )
            style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
            ax.loglog(lengths, values, label=name, **style)
        ax.set_ylabel(ylabel)
    axes[-1].set_xlabel("length of the series (positions)")
    axes[-1].set_xticks(lengths, [f"{length}" for length in lengths])
    axes[-1].minorticks_off()
    legend_above(fig)
    return fig


# Checks of arguments


def _check_labels(
    shape: tuple[int, ...],
    marks: Sequence[int] | None,
    words: tuple[Sequence[str], Sequence[str]] | None,
) -> None:
    """Make sure that every row has a mark, and every row and column a word."""
    queries, keys = shape
    if marks is not None and len(marks) != queries:
        raise ValueError(f"marks must be one for each of {queries} rows: {len(marks)}.")
    if words is not None and (len(words[0]), len(words[1])) != (keys, queries):
        raise ValueError(
            f"words must be {keys} for the columns, {queries} for the rows."
        )
