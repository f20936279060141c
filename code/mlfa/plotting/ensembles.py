"""Figures about splits, forests and boosting."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from mlfa.book.checks import check_shapes
from mlfa.plotting.style import COLORS, draw_samples, figure, panels


def split_search_figure(
    x: np.ndarray,
    y: np.ndarray,
    thresholds: np.ndarray,
    errors: np.ndarray,
    xlabel: str,
    ylabel: str,
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

    Returns
    -------
    Figure
    """
    fig, (top, bottom) = figure(2, height=5.6, sharex=True)
    top.plot(thresholds, errors, color=COLORS["blue"], linestyle="-")
    best = thresholds[errors.argmin()]
    top.set_ylabel("squared error left")
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
