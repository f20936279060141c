"""Figures of forecasts: what they make of a change, how sure they are, what came."""

from collections.abc import Mapping, Sequence

import matplotlib.dates as mdates
import numpy as np
from matplotlib.figure import Figure

from mlfa.book.checks import check_same_length
from mlfa.plotting.style import COLORS, figure, legend_above, panels, styles


def change_panels(
    change: np.ndarray, predicted: Mapping[str, np.ndarray], xlabel: str, ylabel: str
) -> Figure:
    """The change that was predicted over the change that came, for each forecast.

    Parameters
    ----------
    change : ndarray of shape (n_days,)
        How much the value changed from the day before.
    predicted : dict
        Title of each panel, and the change that was predicted, of shape (n_days,).
    xlabel, ylabel : str
        What both are, with their unit.

    Returns
    -------
    Figure
    """
    check_same_length(change=change, **predicted)
    shared = {"sharex": True, "sharey": True}
    fig, axes = panels(len(predicted), columns=2, row=3.3, margin=0, **shared)
    reach = 1.05 * max(np.abs(values).max() for values in (change, *predicted.values()))
    looks = styles(len(predicted))
    for ax, (title, values), look in zip(axes, predicted.items(), looks, strict=True):
        line = {"color": COLORS["grey"], "linestyle": "--", "linewidth": 1.2}
        ax.plot([-reach, reach], [-reach, reach], **line)
        dots = {"color": look.color, "marker": look.marker, "linestyle": "none"}
        ax.plot(change, values, markersize=2.5, alpha=0.9, **dots)
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        ax.set_title(title, loc="left")
    for ax in axes[-2:]:
        ax.set_xlabel(xlabel)
    for ax in axes[::2]:
        ax.set_ylabel(ylabel)
    return fig


def interval_figure(
    dates: np.ndarray,
    y: np.ndarray,
    y_pred: np.ndarray,
    radius: float | np.ndarray,
    ylabel: str,
) -> Figure:
    """Forecasts with their interval as a band; days outside of it are ringed.

    Parameters
    ----------
    dates : ndarray of datetime64, of shape (n_days,)
        The days.
    y, y_pred : ndarray of shape (n_days,)
        What came, and what was forecast.
    radius : float, or ndarray of shape (n_days,)
        How far the interval reaches to both sides of the forecast.
    ylabel : str
        What is forecast, with its unit.

    Returns
    -------
    Figure
    """
    check_same_length(dates=dates, y=y, y_pred=y_pred)
    fig, ax = figure()
    band = {"color": COLORS["grey"], "alpha": 0.25, "linewidth": 0}
    ax.fill_between(dates, y_pred - radius, y_pred + radius, **band)
    line = {"color": COLORS["orange"], "linestyle": "-", "linewidth": 1.5}
    ax.plot(dates, y_pred, label="forecast", **line)
    dots = {"color": COLORS["blue"], "marker": "o", "linestyle": "none"}
    ax.plot(dates, y, markersize=4, label="what came", **dots)
    outside = np.abs(y - y_pred) > radius
    rings = {"marker": "o", "linestyle": "none", "markerfacecolor": "none"}
    rings |= {"markeredgecolor": COLORS["black"], "markeredgewidth": 1.5}
    ax.plot(dates[outside], y[outside], markersize=10, label="outside", **rings)
    ax.xaxis.set_major_locator(mdates.MonthLocator())
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%b"))
    ax.set_ylabel(ylabel)
    legend_above(fig, handlelength=1.2)
    return fig


def coverage_curves(
    stated: Sequence[float], observed: Mapping[str, Sequence[float]]
) -> Figure:
    """How often intervals held the truth, over how often they said they would.

    Parameters
    ----------
    stated : sequence of float
        Shares of days that should lie inside, from 0 to 1.
    observed : dict
        Name of each group of days, and the share that did, one for each of `stated`.

    Returns
    -------
    Figure
    """
    check_same_length(stated=stated, **observed)
    fig, ax = figure(height=3.8)
    line = {"color": COLORS["grey"], "linestyle": "--", "linewidth": 1.2}
    ax.plot([0, 1], [0, 1], label="as stated", **line)
    looks = styles(len(observed))
    for (name, shares), look in zip(observed.items(), looks, strict=True):
        style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
        ax.plot(stated, shares, label=name, **style)
    low = min(stated) - 0.1
    ax.set(xlim=(low, 1), ylim=(min(low, *map(min, observed.values())) - 0.02, 1.02))
    ax.set(xlabel="share of days that should lie inside", ylabel="share that did")
    ax.legend()
    return fig
