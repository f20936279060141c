"""Figures of series: over time, against themselves, and around the year."""

from collections.abc import Mapping, Sequence

import matplotlib.dates as mdates
import numpy as np
from matplotlib.figure import Figure

from mlfa.book.checks import check_same_length
from mlfa.plotting.style import COLORS, figure, legend_above, panels, styles


def series_panels(
    dates: np.ndarray, columns: Mapping[str, np.ndarray], units: Mapping[str, str]
) -> Figure:
    """A panel for each column, one below the other, over the same days.

    Parameters
    ----------
    dates : ndarray of datetime64, of shape (n_days,)
        The days.
    columns : dict
        Name of each column, and its values of shape (n_days,).
    units : dict
        A unit for each column.

    Returns
    -------
    Figure
    """
    check_same_length(dates=dates, **columns)
    fig, axes = panels(len(columns), row=1.15, sharex=True)
    looks = styles(len(columns))
    for ax, (name, y), look in zip(axes, columns.items(), looks, strict=True):
        ax.plot(dates, y, color=look.color, linestyle="-", linewidth=0.8)
        ax.set_title(f"{name} ({units[name]})", loc="left")
    axes[-1].xaxis.set_major_locator(mdates.MonthLocator(bymonth=(1, 7)))
    axes[-1].xaxis.set_major_formatter(mdates.DateFormatter("%b %Y"))
    return fig


def correlograms(
    correlations: Mapping[str, np.ndarray], n_steps: int, xlabel: str
) -> Figure:
    """Autocorrelation over the lag, a panel for each series.

    Parameters
    ----------
    correlations : dict
        Title of each panel, and correlations of shape (n_lags + 1,), from lag 0 on.
    n_steps : int
        Length of the series. It sets the width of the grey band, which holds what
        independent numbers would mostly give.
    xlabel : str
        What a lag is, with its unit.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(correlations), row=1.35, margin=0.7, sharex=True)
    limit, looks = 2 / np.sqrt(n_steps), styles(len(correlations))
    for ax, (title, r), look in zip(axes, correlations.items(), looks, strict=True):
        band = {"facecolor": (COLORS["grey"], 0.25), "edgecolor": COLORS["grey"]}
        ax.axhspan(-limit, limit, linewidth=0.6, **band)
        ax.axhline(0, color=COLORS["grey"], linewidth=0.8, linestyle="-")
        ax.vlines(np.arange(len(r)), 0, r, color=look.color, linewidth=1.5)
        ax.plot(r, color=look.color, marker="o", markersize=3, linestyle="none")
        lowest = min(0, np.min(r))
        ax.set(ylim=(min(-0.25, lowest - 0.08), 1.08), yticks=[0, 0.5, 1])
        ax.set_title(title, loc="left")
    axes[-1].set_xlabel(xlabel)
    fig.supylabel("autocorrelation", fontsize=11)
    return fig


def walk_panels(walks: Mapping[str, Sequence[np.ndarray]]) -> Figure:
    """Several runs of each process, a panel for each process.

    Parameters
    ----------
    walks : dict
        Title of each panel, and its runs, each of shape (n_steps,).

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(walks), row=1.5, sharex=True)
    for ax, (title, runs) in zip(axes, walks.items(), strict=True):
        for y, look in zip(runs, styles(len(runs)), strict=True):
            style = {"color": look.color, "linestyle": look.line, "linewidth": 1}
            ax.plot(y, marker=look.marker, markevery=1 + len(y) // 8, **style)
        ax.set_title(title, loc="left")
    axes[-1].set_xlabel("step")
    return fig


def season_figure(
    dates: np.ndarray, y: np.ndarray, season: np.ndarray, ylabel: str
) -> Figure:
    """Every year laid over the others, with the smooth season through them.

    Parameters
    ----------
    dates : ndarray of datetime64[D], of shape (n_days,)
        The days.
    y : ndarray of shape (n_days,)
        What was measured.
    season : ndarray of shape (n_days,)
        What is usual on that day. The line shows the year with the most days.
    ylabel : str
        What was measured, with its unit.

    Returns
    -------
    Figure
    """
    check_same_length(dates=dates, y=y, season=season)
    year_of = dates.astype("datetime64[Y]")
    day = (dates - year_of.astype("datetime64[D]")).astype(int)
    years, counts = np.unique(year_of, return_counts=True)
    fig, ax = figure()
    for year, look in zip(years, styles(len(years)), strict=True):
        rows = year_of == year
        style = {"color": look.color, "marker": look.marker, "linestyle": "none"}
        ax.plot(day[rows], y[rows], markersize=2.5, label=f"{year}", **style)
    rows = year_of == years[counts.argmax()]
    smooth = {"color": COLORS["black"], "linestyle": "-"}
    ax.plot(day[rows], season[rows], label="season", **smooth)
    months = np.arange("2013-01", "2014-01", 2, dtype="datetime64[M]")
    starts = months.astype("datetime64[D]") - np.datetime64("2013-01-01")
    names = [f"{month.item():%b}" for month in months]
    ax.set_xticks(starts.astype(int), names, ha="left")
    ax.set_ylabel(ylabel)
    legend_above(fig, markerscale=2, handlelength=1.5)
    return fig


def class_shares(
    shares: Mapping[str, Sequence[float]], names: Sequence[str], ylabel: str
) -> Figure:
    """A bar for each class and year; years differ in hatch as well as in color.

    Parameters
    ----------
    shares : dict
        Name of each year, and a share for each class.
    names : sequence of str
        Name of each class.
    ylabel : str
        What the shares are parts of.

    Returns
    -------
    Figure
    """
    check_same_length(names=names, **shares)
    fig, ax = figure()
    looks = styles(len(shares))
    width = 0.8 / len(shares)
    for k, ((year, values), look) in enumerate(zip(shares.items(), looks, strict=True)):
        places = np.arange(len(names)) + (k - (len(shares) - 1) / 2) * width
        style = {"facecolor": "none", "edgecolor": look.color, "hatch": look.hatch}
        ax.bar(places, values, width, linewidth=1.5, label=year, **style)
    ax.set_xticks(np.arange(len(names)), names)
    ax.set_ylabel(ylabel)
    legend_above(fig)
    return fig
