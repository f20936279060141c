"""Figures of forecasts: where they are wrong, how sure they are, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.dates as mdates
import numpy as np
from matplotlib.figure import Figure

from mlfa.book.checks import check_same_length
from mlfa.plotting.style import COLORS, LINE_STYLES, MARKERS, figure

_NAMES = ("blue", "orange", "green", "purple", "sky", "black")


def grouped_errors(
    errors: dict[str, Sequence[float]], groups: Sequence[str], xlabel: str, ylabel: str
) -> Figure:
    """For each forecast a line over groups of days.

    Parameters
    ----------
    errors : dict of str to sequence of float
        An error for each group.
    groups : sequence of str
        Their names, in a natural order.
    xlabel, ylabel : str
        What the groups are, and what the error is, with its unit.
    """
    check_same_length(groups=groups, **errors)
    fig, ax = figure()
    for (name, values), color, style, marker in zip(
        errors.items(), _NAMES, LINE_STYLES, MARKERS, strict=False
    ):
        ax.plot(
            np.arange(len(groups)),
            values,
            color=COLORS[color],
            linestyle=style,
            marker=marker,
            label=name,
        )
    ax.set_xticks(np.arange(len(groups)), groups)
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=(0, None))
    ax.legend()
    return fig


def change_scatter(
    change: np.ndarray, predicted: dict[str, np.ndarray], unit: str
) -> Figure:
    """The change that was predicted over the change that came, a panel for each forecast."""
    check_same_length(change=change, **predicted)
    fig, axes = figure(
        1, len(predicted), height=3.3, sharex=True, sharey=True, squeeze=False
    )
    reach = 1.05 * np.abs(change).max()
    for ax, (name, values), color, marker in zip(
        axes[0], predicted.items(), _NAMES, MARKERS, strict=False
    ):
        ax.plot(
            [-reach, reach],
            [-reach, reach],
            color=COLORS["grey"],
            linestyle="--",
            linewidth=1.2,
        )
        ax.plot(
            change,
            values,
            color=COLORS[color],
            marker=marker,
            markersize=2.5,
            linestyle="none",
            alpha=0.9,
        )
        ax.set(
            xlim=(-reach, reach),
            ylim=(-reach, reach),
            aspect="equal",
            xlabel=f"true change ({unit})",
        )
        ax.set_title(name, loc="left")
    axes[0, 0].set_ylabel(f"predicted change ({unit})")
    return fig


def interval_figure(
    dates: np.ndarray, y: np.ndarray, y_pred: np.ndarray, radius: float, label: str
) -> Figure:
    """Forecasts with their interval as a band; days outside of it are ringed."""
    check_same_length(dates=dates, y=y, y_pred=y_pred)
    fig, ax = figure()
    ax.fill_between(
        dates,
        y_pred - radius,
        y_pred + radius,
        color=COLORS["grey"],
        alpha=0.25,
        linewidth=0,
    )
    ax.plot(
        dates,
        y_pred,
        color=COLORS["orange"],
        linestyle="-",
        linewidth=1.5,
        label="forecast of the day before",
    )
    ax.plot(
        dates,
        y,
        color=COLORS["blue"],
        marker="o",
        markersize=4,
        linestyle="none",
        label="what came",
    )
    outside = np.abs(y - y_pred) > radius
    rings = {
        "markerfacecolor": "none",
        "markeredgecolor": COLORS["black"],
        "markeredgewidth": 1.5,
    }
    ax.plot(
        dates[outside],
        y[outside],
        marker="o",
        markersize=10,
        linestyle="none",
        label="outside",
        **rings,
    )
    ax.xaxis.set_major_locator(mdates.MonthLocator())
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%b"))
    ax.set_ylabel(label)
    ax.legend(
        ncols=3,
        loc="lower center",
        bbox_to_anchor=(0.45, 1.0),
        columnspacing=1,
        handlelength=1.2,
    )
    return fig


def coverage_curves(
    stated: Sequence[float], observed: dict[str, Sequence[float]]
) -> Figure:
    """How often intervals held the truth over how often they said they would, a line for each group of days."""
    fig, ax = figure(height=3.8)
    ax.plot(
        [0, 1],
        [0, 1],
        color=COLORS["grey"],
        linestyle="--",
        linewidth=1.2,
        label="as stated",
    )
    for (name, shares), color, style, marker in zip(
        observed.items(), _NAMES, LINE_STYLES, MARKERS, strict=False
    ):
        check_same_length(stated=stated, shares=shares)
        ax.plot(
            stated,
            shares,
            color=COLORS[color],
            linestyle=style,
            marker=marker,
            label=name,
        )
    low = min(stated) - 0.1
    ax.set(xlim=(low, 1), ylim=(min(low, *map(min, observed.values())) - 0.02, 1.02))
    ax.set(xlabel="share of days that should lie inside", ylabel="share that did")
    ax.legend()
    return fig
