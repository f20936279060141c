"""Figures of series: over time, against themselves, around the year, and ahead."""

from collections.abc import Mapping, Sequence

import matplotlib.dates as mdates
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from mlfa.book.checks import check_same_length
from mlfa.plotting.style import (
    COLORS,
    draw_samples,
    figure,
    legend_above,
    panels,
    styles,
)


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


def evening_figure(
    past: np.ndarray, ahead: np.ndarray, forecasts: Mapping[str, np.ndarray], label: str
) -> Figure:
    """The last days as seen on one evening, what came after it, and what was said.

    Parameters
    ----------
    past : ndarray of shape (n_days,)
        The days up to that evening.
    ahead : ndarray of shape (horizon,)
        The days that came.
    forecasts : dict
        Name of each forecast, and what it said of these days, of shape (horizon,).
    label : str
        What is forecast, with its unit.

    Returns
    -------
    Figure
    """
    check_same_length(ahead=ahead, **forecasts)
    fig, ax = figure(height=4.2)
    days = np.arange(1, len(ahead) + 1)
    came = {"color": COLORS["black"], "marker": "o", "linewidth": 1.2}
    ax.plot(np.arange(1 - len(past), 1), past, label="known", linestyle="-", **came)
    hollow = {"markerfacecolor": "none", "linestyle": "none", "markersize": 9}
    ax.plot(days, ahead, label="what came", **came | hollow)
    looks = styles(len(forecasts))
    for (name, values), look in zip(forecasts.items(), looks, strict=True):
        style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
        ax.plot(days, values, label=name, markersize=4, linewidth=1.6, **style)
    ax.axvline(0.5, color=COLORS["grey"], linewidth=1.2, linestyle=":")
    ax.xaxis.set_major_locator(MultipleLocator(7))
    ax.xaxis.set_minor_locator(MultipleLocator(1))
    ax.set(xlabel="days ahead of that evening", ylabel=label)
    legend_above(fig)
    return fig


def lag_panels(z: np.ndarray, lags: Sequence[int], unit: str) -> Figure:
    """Each day against a later one, with three lines through zero to forecast by.

    Parameters
    ----------
    z : ndarray of shape (n_steps,)
        Deviations from the mean.
    lags : sequence of int
        A panel for each shift, in days.
    unit : str
        That of `z`.

    Returns
    -------
    Figure
    """
    shared = {"sharex": True, "sharey": True}
    fig, axes = panels(len(lags), columns=2, row=2.9, margin=0.3, **shared)
    ends = 1.05 * np.abs(z).max() * np.array([-1, 1])
    same, mean, best = styles(3)
    for ax, lag in zip(axes, lags, strict=True):
        draw_samples(ax, z[:-lag], z[lag:])
        r = z[:-lag] @ z[lag:] / (z @ z)
        for factor, look, name in (
            (1, same, "as today: factor 1"),
            (0, mean, "the mean: factor 0"),
            (r, best, "best factor"),
        ):
            style = {"color": look.color, "linestyle": look.line}
            ax.plot(ends, factor * ends, linewidth=1.6, label=name, **style)
        ax.set(xlim=ends, ylim=ends, aspect="equal", xlabel=f"today ({unit})")
        ax.set_title("tomorrow" if lag == 1 else f"{lag} days later", loc="left")
    axes[0].set_ylabel(f"later day ({unit})")
    legend_above(fig)
    return fig


def runs_figure(runs: np.ndarray, step: int, ylabel: str) -> Figure:
    """Many runs of one process: the mean along one, and the mean across all of them.

    Parameters
    ----------
    runs : ndarray of shape (n_runs, n_steps)
        The runs; the first one is drawn in front.
    step : int
        Where the mean across the runs is taken.
    ylabel : str
        What a run is a series of.

    Returns
    -------
    Figure
    """
    fig, ax = figure()
    for run in runs[1:]:
        ax.plot(run, color=COLORS["grey"], linewidth=0.5, linestyle="-")
    ax.plot(runs[0], color=COLORS["blue"], linestyle="-", label="the run that we have")
    along = {"color": COLORS["orange"], "linestyle": "--"}
    ax.axhline(runs[0].mean(), label="its mean over all steps", **along)
    at = np.full(len(runs), step)
    dots = {"color": COLORS["green"], "marker": "D", "linestyle": "none"}
    ax.plot(at, runs[:, step], markersize=4, label=f"all runs at step {step}", **dots)
    ax.set(xlabel="step", ylabel=ylabel)
    legend_above(fig)
    return fig


def error_figure(
    dates: np.ndarray, errors: np.ndarray, levels: Mapping[str, np.ndarray], ylabel: str
) -> Figure:
    """Errors as dots over the days, and levels that follow them as lines.

    Parameters
    ----------
    dates : ndarray of datetime64, of shape (n_days,)
        The days.
    errors : ndarray of shape (n_days,)
        What came less what was forecast.
    levels : dict
        Name of each level, and its values of shape (n_days,).
    ylabel : str
        What an error is, with its unit.

    Returns
    -------
    Figure
    """
    check_same_length(dates=dates, errors=errors, **levels)
    fig, ax = figure()
    dots = {"color": COLORS["grey"], "marker": "o", "linestyle": "none"}
    ax.plot(dates, errors, markersize=2.5, label="error", **dots)
    ax.axhline(0, color=COLORS["black"], linewidth=0.8, linestyle="-")
    for (name, level), look in zip(levels.items(), styles(len(levels)), strict=True):
        style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
        ax.plot(dates, level, markevery=1 + len(dates) // 8, label=name, **style)
    ax.xaxis.set_major_locator(mdates.MonthLocator(bymonth=(1, 4, 7, 10)))
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%b %Y"))
    ax.set_ylabel(ylabel)
    legend_above(fig)
    return fig


def band_panels(
    dates: np.ndarray,
    y: np.ndarray,
    bands: Mapping[str, tuple[np.ndarray, np.ndarray]],
    ylabel: str,
) -> Figure:
    """Intervals over the days, a panel for each way to make them; misses are crosses.

    Parameters
    ----------
    dates : ndarray of datetime64, of shape (n_days,)
        The days.
    y : ndarray of shape (n_days,)
        What came.
    bands : dict
        Title of each panel, and the lower and the upper ends of shape (n_days,).
    ylabel : str
        What is forecast, with its unit.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(bands), row=1.9, margin=0.6, sharex=True, sharey=True)
    looks = styles(len(bands))
    for ax, (title, (lower, upper)), look in zip(
        axes, bands.items(), looks, strict=True
    ):
        check_same_length(dates=dates, y=y, lower=lower, upper=upper)
        band = {"facecolor": (look.color, 0.25), "edgecolor": look.color}
        ax.fill_between(dates, lower, upper, linewidth=0.8, **band)
        inside = (lower <= y) & (y <= upper)
        for rows, marker, size, name in (
            (inside, "o", 2.5, "inside"),
            (~inside, "x", 6, "outside"),
        ):
            dots = {"color": COLORS["black"], "marker": marker, "markersize": size}
            ax.plot(dates[rows], y[rows], linestyle="none", label=name, **dots)
        ax.set_title(title, loc="left")
        ax.set_ylabel(ylabel)
    axes[-1].xaxis.set_major_locator(mdates.MonthLocator(bymonth=(1, 4, 7, 10)))
    axes[-1].xaxis.set_major_formatter(mdates.DateFormatter("%b %Y"))
    legend_above(fig)
    return fig


def holes_figure(
    dates: np.ndarray, y: np.ndarray, filled: np.ndarray, ylabel: str
) -> Figure:
    """A stretch of a series, with the values that were put into its holes.

    Parameters
    ----------
    dates : ndarray of datetime64, of shape (n_steps,)
        The steps.
    y : ndarray of shape (n_steps,)
        What was measured; nan marks a hole.
    filled : ndarray of shape (n_steps,)
        The same with the holes filled.
    ylabel : str
        What was measured, with its unit.

    Returns
    -------
    Figure
    """
    check_same_length(dates=dates, y=y, filled=filled)
    is_hole = np.isnan(y)
    fig, ax = figure()
    line = {"color": COLORS["blue"], "linestyle": "-", "linewidth": 1}
    ax.plot(dates, y, marker="o", markersize=4, label="measured", **line)
    marks = {"color": COLORS["orange"], "linestyle": "none", "markeredgewidth": 1.5}
    look = {"marker": "s", "markersize": 6, "markerfacecolor": "none"}
    ax.plot(dates[is_hole], filled[is_hole], label="carried on", **look, **marks)
    foot = np.full(is_hole.sum(), np.nanmin(filled) - 0.08 * np.ptp(y[~is_hole]))
    ax.plot(dates[is_hole], foot, marker="|", markersize=9, **marks)
    ax.xaxis.set_major_locator(mdates.MonthLocator())
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%b %Y"))
    ax.set_ylabel(ylabel)
    legend_above(fig)
    return fig
