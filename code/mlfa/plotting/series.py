"""Figures of series: over time, against themselves, around the year, and how far a forecast reaches."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.dates as mdates
import numpy as np
from matplotlib.figure import Figure

from mlfa.book.checks import check_same_length
from mlfa.plotting.style import COLORS, LINE_STYLES, MARKERS, figure

_NAMES = ("blue", "orange", "green", "purple", "sky", "black")


def series_panels(
    dates: np.ndarray, columns: dict[str, np.ndarray], units: dict[str, str]
) -> Figure:
    """One panel below the other, one for each column, over the same days."""
    check_same_length(dates=dates, **columns)
    fig, axes = figure(
        len(columns), height=0.6 + 1.15 * len(columns), sharex=True, squeeze=False
    )
    for ax, (name, y), color in zip(axes[:, 0], columns.items(), _NAMES, strict=False):
        ax.plot(dates, y, color=COLORS[color], linestyle="-", linewidth=0.8)
        ax.set_title(f"{name} ({units[name]})", loc="left")
    _years(axes[-1, 0])
    return fig


def correlograms(correlations: dict[str, np.ndarray], n_steps: int) -> Figure:
    """Autocorrelation over the lag, a panel for each series, with the band of independent numbers.

    Parameters
    ----------
    correlations : dict of str to ndarray of shape (n_lags + 1,)
    n_steps : int
        Length of the series, which sets the width of the band.
    """
    fig, axes = figure(
        len(correlations),
        height=0.7 + 1.35 * len(correlations),
        sharex=True,
        squeeze=False,
    )
    limit = 2 / np.sqrt(n_steps)
    for ax, (name, r), color in zip(
        axes[:, 0], correlations.items(), _NAMES, strict=False
    ):
        ax.axhspan(
            -limit,
            limit,
            facecolor=(COLORS["grey"], 0.25),
            edgecolor=COLORS["grey"],
            linewidth=0.6,
        )
        ax.axhline(0, color=COLORS["grey"], linewidth=0.8, linestyle="-")
        ax.vlines(np.arange(len(r)), 0, r, color=COLORS[color], linewidth=1.5)
        ax.plot(r, color=COLORS[color], marker="o", markersize=3, linestyle="none")
        ax.set(ylim=(-0.25, 1.08), yticks=[0, 0.5, 1])
        ax.set_title(name, loc="left")
    axes[-1, 0].set_xlabel("lag (days)")
    fig.supylabel("autocorrelation", fontsize=11)
    return fig


def walk_panels(rows: Sequence[tuple[str, Sequence[np.ndarray]]]) -> Figure:
    """Several runs of each process, a panel for each process."""
    fig, axes = figure(
        len(rows), height=0.6 + 1.5 * len(rows), sharex=True, squeeze=False
    )
    for ax, (name, runs) in zip(axes[:, 0], rows, strict=True):
        for y, color, style in zip(runs, _NAMES, LINE_STYLES, strict=False):
            ax.plot(y, color=COLORS[color], linestyle=style, linewidth=1)
        ax.set_title(name, loc="left")
    axes[-1, 0].set_xlabel("step")
    return fig


def season_figure(
    dates: np.ndarray, y: np.ndarray, season: np.ndarray, label: str
) -> Figure:
    """Every year laid over the others, with the smooth season through them.

    Parameters
    ----------
    dates : ndarray of datetime64[D], of shape (n_days,)
    y, season : ndarray of shape (n_days,)
        What was measured, and what is usual on that day.
    label : str
        What `y` is, with its unit.
    """
    check_same_length(dates=dates, y=y, season=season)
    years = dates.astype("datetime64[Y]")
    day = (dates - years.astype("datetime64[D]")).astype(int)
    fig, ax = figure()
    for year, color, marker in zip(np.unique(years), _NAMES, MARKERS, strict=False):
        rows = years == year
        ax.plot(
            day[rows],
            y[rows],
            linestyle="none",
            color=COLORS[color],
            marker=marker,
            markersize=2.5,
            label=f"{year}",
        )
    rows = years == years[0]
    ax.plot(
        day[rows], season[rows], color=COLORS["black"], linestyle="-", label="season"
    )
    months = np.arange("2013-01", "2014-01", 2, dtype="datetime64[M]").astype(
        "datetime64[D]"
    )
    ax.set_xticks(
        (months - np.datetime64("2013-01-01")).astype(int),
        [f"{m.item():%b}" for m in months],
        ha="left",
    )
    ax.set(ylabel=label)
    ax.legend(
        ncols=4,
        loc="lower center",
        bbox_to_anchor=(0.45, 1.0),
        markerscale=2,
        columnspacing=1,
        handlelength=1.5,
    )
    return fig


def class_shares(
    shares: dict[str, np.ndarray], names: Sequence[str], label: str
) -> Figure:
    """For each year, a bar for each class; bars differ in hatch as well as in color."""
    fig, ax = figure()
    width = 0.8 / len(shares)
    hatches = ("", "///", "...", "xx")
    for k, ((year, values), color) in enumerate(
        zip(shares.items(), _NAMES, strict=False)
    ):
        places = np.arange(len(names)) + (k - (len(shares) - 1) / 2) * width
        ax.bar(
            places,
            values,
            width,
            facecolor="none",
            edgecolor=COLORS[color],
            hatch=hatches[k],
            linewidth=1.5,
            label=year,
        )
    ax.set_xticks(np.arange(len(names)), names)
    ax.set_ylabel(label)
    ax.legend()
    return fig


def horizon_errors(errors: dict[str, Sequence[float]], label: str) -> Figure:
    """The error of each forecast over the days ahead, with its name at the line's end."""
    fig, ax = figure()
    for (name, values), color, style, marker in zip(
        errors.items(), _NAMES, LINE_STYLES, MARKERS, strict=False
    ):
        days = np.arange(1, len(values) + 1)
        ax.plot(
            days,
            values,
            color=COLORS[color],
            linestyle=style,
            marker=marker,
            label=name,
        )
    ax.set(xlabel="days ahead", ylabel=label, xticks=days)
    columns = 2 if len(errors) < 5 else 3
    ax.legend(
        ncols=columns, loc="lower center", bbox_to_anchor=(0.45, 1.0), columnspacing=1.2
    )
    return fig


def _years(ax) -> None:
    ax.xaxis.set_major_locator(mdates.MonthLocator(bymonth=(1, 7)))
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%b %Y"))
