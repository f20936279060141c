"""Figures about choosing a model: draws, parts of an error, penalties, intervals."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import (
    COLORS,
    draw_samples,
    figure,
    legend_above,
    panels,
    styles,
)


def draws_panels(
    x: np.ndarray,
    y: np.ndarray,
    places: np.ndarray,
    curves: Mapping[str, np.ndarray],
    xlabel: str,
    ylabel: str,
) -> Figure:
    """Curves fitted to several draws of training rows, a panel for each kind of curve.

    Parameters
    ----------
    x, y : ndarray of shape (n_samples,)
        Samples, drawn as dots in every panel.
    places : ndarray of shape (n_places,)
        Where the curves are known.
    curves : dict
        Title of each panel, and its curves of shape (n_draws, n_places). They are thin;
        their mean is a thick dashed line.
    xlabel, ylabel : str
        What the axes show, with units.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(curves), row=2.1, margin=0.3, sharex=True, sharey=True)
    thin = {"color": COLORS["blue"], "linestyle": "-", "linewidth": 0.9}
    thick = {"color": COLORS["orange"], "linestyle": "--", "linewidth": 2.5}
    for ax, (title, runs) in zip(axes, curves.items(), strict=True):
        draw_samples(ax, x, y)
        ax.plot(places, runs.T, **thin)
        ax.plot(places, runs.mean(axis=0), **thick)
        ax.set(title=title, ylabel=ylabel, ylim=(min(0, y.min()), y.max() * 1.15))
    axes[-1].set_xlabel(xlabel)
    return fig


def error_parts(
    parts: Mapping[str, Mapping[str, np.ndarray]],
    xlabel: str,
    ylabel: str,
    *,
    levels: Mapping[str, tuple[str, float]] | None = None,
) -> Figure:
    """Parts of an expected error on top of each other, a panel for each data set.

    Parameters
    ----------
    parts : dict
        Title of each panel, and a dict of its parts from the bottom up: name, and
        values of shape (n_settings,) for the settings 0, 1, 2 and so on.
    xlabel, ylabel : str
        What the axes show, with units.
    levels : dict, optional
        Title of a panel, and name and height of a level line in it.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(parts), row=2.9, margin=0.2, sharex=True)
    names = list(dict.fromkeys(name for panel in parts.values() for name in panel))
    looks = dict(zip(names, styles(len(names)), strict=True))
    for ax, (title, panel) in zip(axes, parts.items(), strict=True):
        bottom = np.zeros(len(next(iter(panel.values()))))
        for name, values in panel.items():
            color, hatch = looks[name].color, looks[name].hatch
            bar = {"facecolor": "none", "edgecolor": color, "hatch": hatch}
            ax.bar(np.arange(len(values)), values, 0.8, bottom, label=name, **bar)
            bottom = bottom + values
        if title in (levels or {}):
            name, height = levels[title]
            ax.axhline(height, color=COLORS["black"], linestyle="--", label=name)
        ax.set(title=title, ylabel=ylabel, xticks=np.arange(len(bottom)))
        handles, labels = ax.get_legend_handles_labels()
        ax.legend(handles[::-1], labels[::-1], loc="upper center")
    axes[-1].set_xlabel(xlabel)
    return fig


def weight_paths(
    paths: Mapping[str, np.ndarray],
    penalties: np.ndarray,
    ylabel: str,
    *,
    names: Sequence[str] | None = None,
) -> Figure:
    """Weights over the penalty, a panel for each method and a line for each weight.

    Parameters
    ----------
    paths : dict
        Title of each panel, and its weights of shape (n_penalties, n_weights).
    penalties : ndarray of shape (n_penalties,)
        Their places, on a logarithmic scale.
    ylabel : str
        What the weights are, with their unit.
    names : sequence of n_weights str, optional
        What each weight belongs to; written at the three largest of each panel.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(paths), row=2.5, margin=0.3, sharex=True, sharey=True)
    for ax, (title, weights) in zip(axes, paths.items(), strict=True):
        for j, weight in enumerate(weights.T):
            look = styles(12)[j % 12]
            style = {"color": look.color, "linestyle": look.line, "linewidth": 1.2}
            ax.plot(penalties, weight, **style)
        first = int(np.argmin(penalties))
        largest = np.argsort(np.abs(weights[first]))[-3:] if names is not None else []
        for j in largest:
            lowest = weights[first, j] == weights[first, largest].min()
            beside = {
                "textcoords": "offset points",
                "xytext": (3, -13 if lowest else 4),
            }
            ax.annotate(names[j], (penalties[first], weights[first, j]), **beside)
        ax.set(title=title, ylabel=ylabel, xscale="log")
        ax.margins(y=0.12)
    axes[-1].set_xlabel("penalty λ")
    return fig


def penalty_curves(
    errors: Mapping[str, Mapping[str, np.ndarray]],
    penalties: np.ndarray,
    ylabel: str,
    *,
    floors: Mapping[str, float] | None = None,
    top: float | None = None,
) -> Figure:
    """Errors over the penalty, with a mark at the smallest one of each curve.

    Parameters
    ----------
    errors : dict
        Title of each panel, and a dict of its curves: name, and values of shape
        (n_penalties,). All panels have the same names.
    penalties : ndarray of shape (n_penalties,)
        Their places, on a logarithmic scale; a penalty of zero is drawn a tenth below
        the smallest other one and marked as 0.
    ylabel : str
        What the errors are, with their unit.
    floors : dict, optional
        Name and error of models without a penalty: level lines in every panel.
    top : float, optional
        Upper end of the axis; what lies above is not drawn.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(errors), row=2.6, margin=0.7, sharex=True, sharey=True)
    level = {"color": COLORS["grey"], "linewidth": 1.5}
    least_positive = penalties[penalties > 0].min()
    places = np.where(penalties > 0, penalties, least_positive / 10)
    for ax, (title, curves) in zip(axes, errors.items(), strict=True):
        for (name, values), look in zip(
            curves.items(), styles(len(curves)), strict=True
        ):
            least = [int(np.argmin(values))]
            style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
            ax.plot(places, values, label=name, markevery=least, markersize=9, **style)
        for k, (name, error) in enumerate((floors or {}).items()):
            ax.axhline(error, label=name, linestyle=[":", "--", "-."][k], **level)
        ax.set(title=title, ylabel=ylabel, xscale="log", ylim=(None, top))
    if (penalties == 0).any():
        low, high = np.log10([least_positive, penalties.max()]).round().astype(int)
        powers = range(low, high + 1, 2)
        labels = ["0", *(f"$10^{{{power}}}$" for power in powers)]
        axes[-1].set_xticks([least_positive / 10, *(10.0**k for k in powers)], labels)
    axes[-1].set_xlabel("penalty λ (mark: smallest error)")
    legend_above(fig)
    return fig


def interval_rows(
    intervals: Mapping[str, Mapping[str, Sequence[float]]], xlabel: str
) -> Figure:
    """Intervals around estimates, a row for each estimate, a line for each method.

    Parameters
    ----------
    intervals : dict
        Name of each estimate, and a dict of its intervals: name of the method, and low
        end, estimate and high end. All estimates have the same methods.
    xlabel : str
        What is estimated, with its unit.

    Returns
    -------
    Figure
    """
    fig, ax = figure(height=1.4 + 0.75 * len(intervals))
    for row, methods in enumerate(intervals.values()):
        looks = styles(len(methods))
        for k, (name, (low, middle, high)) in enumerate(methods.items()):
            y = -row - 0.28 * (k - (len(methods) - 1) / 2)
            style = {"color": looks[k].color, "linestyle": looks[k].line}
            label = name if row == 0 else None
            ax.plot([low, high], [y, y], marker="|", markersize=12, **style)
            style |= {"linestyle": "none", "marker": looks[k].marker}
            ax.plot([middle], [y], markersize=7, label=label, **style)
    ax.axvline(0, color=COLORS["black"], linestyle=":", linewidth=1.2)
    ax.set_yticks(-np.arange(len(intervals)), list(intervals))
    ax.set(xlabel=xlabel, ylim=(0.55 - len(intervals), 0.55))
    ax.locator_params(axis="x", nbins=5)
    legend_above(fig)
    return fig
