"""Figures about yes or no: a fitted sigmoid, costs over thresholds, rankings."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import (
    COLORS,
    MARKERS,
    figure,
    legend_above,
    panels,
    styles,
)


def sigmoid_figure(
    x: np.ndarray,
    y: np.ndarray,
    places: np.ndarray,
    p: np.ndarray,
    counted: tuple[np.ndarray, np.ndarray],
    xlabel: str,
    ylabel: str,
) -> Figure:
    """Samples at yes and no, the probability of a yes, and shares that were counted.

    Parameters
    ----------
    x, y : ndarray of shape (n_samples,)
        One feature, and 1 for yes or 0 for no: short strokes above and below.
    places, p : ndarray of shape (n_places,)
        Where the probability is known, in ascending order, and what it is.
    counted : tuple of two ndarrays of shape (n_groups,)
        Mean feature of some groups of samples, and their share of yes.
    xlabel, ylabel : str
        What the feature and the probability are, with units.

    Returns
    -------
    Figure
    """
    fig, ax = figure(height=3.8)
    looks = styles(2)
    for answer, look, name in ((0, looks[0], "no"), (1, looks[1], "yes")):
        style = {"color": look.color, "marker": "|", "linestyle": "none"}
        height = np.full(int(np.sum(y == answer)), 1.06 if answer else -0.06)
        ax.plot(x[y == answer], height, markersize=9, label=name, **style)
    ax.plot(places, p, color=COLORS["black"], linestyle="-", label="model")
    dots = {"color": COLORS["green"], "marker": "D", "linestyle": "none"}
    ax.plot(*counted, label="counted in groups", **dots)
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=(-0.12, 1.12))
    legend_above(fig)
    return fig


def cost_curves(
    curves: Mapping[str, Mapping[str, np.ndarray]],
    thresholds: np.ndarray,
    marks: Mapping[str, float],
    ylabel: str,
) -> Figure:
    """The cost of each threshold, a panel for each table and a line for each model.

    Parameters
    ----------
    curves : dict
        Title of each panel, and a dict of its models: name, and mean cost of a row at
        each threshold, of shape (n_thresholds,). The first panel has all models.
    thresholds : ndarray of shape (n_thresholds,)
        Probabilities from which on the answer is yes, on a logarithmic scale.
    marks : dict
        Name and place of thresholds that are marked by an upright line.
    ylabel : str
        What the cost is, with its unit.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(curves), row=2.3, margin=0.9, sharex=True)
    looks = _looks(curves)
    for ax, (title, models) in zip(axes, curves.items(), strict=True):
        for name, cost in models.items():
            ax.plot(thresholds, cost, label=name, markevery=0.2, **looks[name])
        for k, (name, place) in enumerate(marks.items()):
            style = {"color": COLORS["grey"], "linestyle": [":", "--", "-."][k]}
            ax.axvline(place, label=f"threshold {name}", linewidth=1.5, **style)
        ax.set(title=title, ylabel=ylabel, xscale="log", ylim=(0, None))
    axes[-1].set_xlabel("threshold")
    legend_above(fig)
    return fig


def roc_panels(
    curves: Mapping[str, Mapping[str, tuple[np.ndarray, np.ndarray]]],
    points: Mapping[str, Mapping[str, tuple[float, float]]],
) -> Figure:
    """Recall over the false positive rate, a panel for each table.

    Parameters
    ----------
    curves : dict
        Title of each panel, and a dict of its models: name, and false positive rate and
        recall of each threshold. The first panel has all models.
    points : dict
        Title of each panel, and a dict of its thresholds: name, and false positive rate
        and recall there.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(curves), columns=2, row=2.5, margin=0.7, sharey=True)
    looks = _looks(curves)
    chance = {"color": COLORS["black"], "linestyle": ":", "linewidth": 1.2}
    for ax, (title, models) in zip(axes, curves.items(), strict=True):
        for name, (alarms, hits) in models.items():
            style = looks[name] | {"marker": ""}
            ax.plot(alarms, hits, label=name, clip_on=False, **style)
        for k, (name, place) in enumerate(points[title].items()):
            dot = {"color": COLORS["black"], "marker": MARKERS[k], "linestyle": "none"}
            ax.plot(*place, label=f"threshold {name}", zorder=3, **dot)
        ax.plot([0, 1], [0, 1], label="chance", **chance)
        ax.set(title=title, xlabel="false positive rate", ylabel="recall")
        ax.set_aspect("equal")
        ax.label_outer()
    legend_above(fig)
    return fig


def precision_recall_figure(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]], prevalence: float
) -> Figure:
    """Precision over recall, with the level of a ranking by chance.

    Parameters
    ----------
    curves : dict
        Name of each model, and precision and recall of each threshold.
    prevalence : float
        Share of yes: the precision of chance.

    Returns
    -------
    Figure
    """
    fig, ax = figure(height=3.8)
    looks = styles(len(curves))
    for (name, (precision, recall)), look in zip(curves.items(), looks, strict=True):
        style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
        ax.plot(recall, precision, label=name, markevery=0.15, **style)
    chance = {"color": COLORS["black"], "linestyle": ":", "linewidth": 1.5}
    ax.axhline(prevalence, label="chance", **chance)
    ax.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.04))
    legend_above(fig)
    return fig


def _looks(curves: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, object]]:
    """How each model is drawn, the same in all panels; the first has all of them."""
    if not curves:
        raise ValueError("a figure needs at least one panel, got none.")
    names = list(next(iter(curves.values())))
    if unknown := {name for models in curves.values() for name in models} - {*names}:
        raise ValueError(
            f"the first panel must have all models for the legend, not {unknown}."
        )
    return {
        name: {"color": look.color, "linestyle": look.line, "marker": look.marker}
        for name, look in zip(names, styles(len(names)), strict=True)
    }
