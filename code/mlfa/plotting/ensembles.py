"""Figures about splits, forests and boosting."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from mlfa.book.checks import check_shapes
from mlfa.plotting.style import COLORS, draw_samples, figure, panels, styles


def split_search_figure(
    x: np.ndarray,
    y: np.ndarray,
    thresholds: np.ndarray,
    errors: np.ndarray,
    xlabel: str,
    ylabel: str,
    error_label: str = "squared error left",
) -> Figure:
    """The error that each threshold leaves, and below it the step of the best one.

    Parameters
    ----------
    x, y : ndarray of shape (n_samples,)
        One feature and the target.
    thresholds, errors : ndarray of shape (n_thresholds,)
        Where the samples could be parted, and the squared error that is left then.
    xlabel, ylabel : str
        What the feature and the target are, with units.
    error_label : str
        What the error is, with its unit.

    Returns
    -------
    Figure
    """
    fig, (top, bottom) = figure(2, height=5.6, sharex=True)
    top.plot(thresholds, errors, color=COLORS["blue"], linestyle="-")
    best = thresholds[errors.argmin()]
    top.set_ylabel(error_label)
    draw_samples(bottom, x, y)
    left, right = y[x <= best].mean(), y[x > best].mean()
    step = [x.min(), best, x.max()], [left, left, right]
    orange = COLORS["orange"]
    bottom.step(*step, color=orange, linestyle="-", where="pre", linewidth=3)
    for ax in (top, bottom):
        ax.axvline(best, color=orange, linestyle="--")
    bottom.set(xlabel=xlabel, ylabel=ylabel)
    return fig


def importance_figure(names: Sequence[str], repeats: np.ndarray, xlabel: str) -> Figure:
    """A bar for the mean of each feature with a dot for each repeat, the longest above.

    Parameters
    ----------
    names : sequence of str
        Name of each feature.
    repeats : ndarray of shape (n_features, n_repeats)
        The importance of each feature in each repeat.
    xlabel : str
        What the importance is, with its unit.

    Returns
    -------
    Figure
    """
    check_shapes(names=(names, "n_features"), repeats=(repeats, "n_features n_repeats"))
    means = repeats.mean(axis=1)
    order = np.argsort(means)
    fig, ax = figure(height=0.45 * len(names) + 0.9)
    bars = {"color": "none", "edgecolor": COLORS["blue"], "hatch": "//"}
    ax.barh(range(len(names)), means[order], **bars)
    for place, feature in enumerate(order):
        dots = {"color": COLORS["orange"], "marker": "o", "linestyle": "none"}
        ax.plot(repeats[feature], [place] * repeats.shape[1], markersize=4, **dots)
    ax.set_yticks(range(len(names)), [names[j] for j in order])
    ax.set_xlabel(xlabel)
    return fig


def boosting_panels(
    x: np.ndarray,
    y: np.ndarray,
    stages: Mapping[str, np.ndarray],
    xlabel: str,
    ylabel: str,
) -> Figure:
    """The samples of one feature and the function that some numbers of trees fit.

    Parameters
    ----------
    x, y : ndarray of shape (n_samples,)
        One feature and the target.
    stages : dict
        Title of each panel, and the predictions of shape (n_samples,).
    xlabel, ylabel : str
        What the feature and the target are, with units.

    Returns
    -------
    Figure
    """
    shared = {"sharex": True, "sharey": True}
    fig, axes = panels(len(stages), row=2.3, margin=0, **shared)
    order = np.argsort(x)
    for ax, (title, y_pred) in zip(axes, stages.items(), strict=True):
        draw_samples(ax, x, y)
        style = {"color": COLORS["orange"], "linestyle": "-", "linewidth": 2.5}
        ax.plot(x[order], y_pred[order], **style)
        ax.set(title=title, ylabel=ylabel)
    axes[-1].set_xlabel(xlabel)
    return fig


def dependence_panels(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    ylabel: str,
    *,
    shown: int = 30,
    others: Mapping[str, Mapping[str, np.ndarray]] | None = None,
) -> Figure:
    """How predictions follow a feature: a thin line for each sample, their mean thick.

    Parameters
    ----------
    curves : dict
        Name of each feature, with its unit, and a pair: values of shape (n_values,),
        and the predictions at them, of shape (n_samples, n_values).
    ylabel : str
        What is predicted, with its unit.
    shown : int
        The first so many samples get a line. The mean is that of all.
    others : dict, optional
        Name of a feature, and further curves in its panel: name, and heights of shape
        (n_values,).

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(curves), row=2.9, margin=0.7, sharey=True)
    thin = {"color": COLORS["grey"], "linestyle": "-", "linewidth": 0.6}
    for ax, (name, (values, runs)) in zip(axes, curves.items(), strict=True):
        for k, run in enumerate(runs[:shown]):
            ax.plot(values, run, label="single homes" if k == 0 else None, **thin)
        drawn = {"mean of all": runs.mean(axis=0)} | (others or {}).get(name, {})
        for (label, heights), look in zip(
            drawn.items(), styles(len(drawn)), strict=True
        ):
            style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
            ax.plot(values, heights, label=label, linewidth=2.5, **style)
        ax.set(title=name, ylabel=ylabel)
        ax.margins(y=0.22)  # room for the legend
        ax.legend(fontsize=9, ncols=2, loc="upper left")
    return fig
