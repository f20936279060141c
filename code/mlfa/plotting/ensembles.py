"""Figures about splits, forests and boosting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, LINE_STYLES, MARKERS, figure


def split_search_figure(
    x: np.ndarray,
    y: np.ndarray,
    thresholds: np.ndarray,
    errors: np.ndarray,
    xlabel: str,
    ylabel: str,
) -> Figure:
    """Above, the error that each threshold leaves; below, the samples and the step of the best one."""
    fig, (top, bottom) = figure(2, height=5.6, sharex=True)
    top.plot(thresholds, errors, color=COLORS["blue"])
    best = thresholds[errors.argmin()]
    top.axvline(best, color=COLORS["orange"], linestyle="--")
    top.set_ylabel("squared error left")
    bottom.scatter(
        x, y, s=3, alpha=0.25, color=COLORS["grey"], linewidths=0, rasterized=True
    )
    left, right = y[x <= best].mean(), y[x > best].mean()
    bottom.step(
        [x.min(), best, x.max()],
        [left, left, right],
        color=COLORS["orange"],
        where="pre",
        linewidth=3,
    )
    bottom.axvline(best, color=COLORS["orange"], linestyle="--")
    bottom.set(xlabel=xlabel, ylabel=ylabel)
    return fig


def staged_losses(
    curves: dict[str, tuple[Sequence[float], Sequence[float]]],
    xlabel: str,
    ylabel: str,
    log: bool = False,
) -> Figure:
    """One curve for each name, given by its places and its values, with its own line and marker."""
    fig, ax = figure(height=3.9)
    for (name, (places, values)), color, style, marker in zip(
        curves.items(), COLORS.values(), LINE_STYLES, MARKERS, strict=False
    ):
        every = max(1, len(places) // 10)
        ax.plot(
            places,
            values,
            color=color,
            linestyle=style,
            marker=marker,
            markevery=every,
            label=name,
        )
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if log:
        ax.set_xscale("log")
    ax.legend()
    return fig


def importance_figure(names: Sequence[str], repeats: np.ndarray, xlabel: str) -> Figure:
    """A bar a feature with a dot for each repeat; `repeats` has shape (n_features, n_repeats)."""
    order = np.argsort(repeats.mean(axis=1))
    fig, ax = figure(height=0.45 * len(names) + 0.9)
    ax.barh(
        range(len(names)),
        repeats.mean(axis=1)[order],
        color="none",
        edgecolor=COLORS["blue"],
        hatch="//",
    )
    for place, feature in enumerate(order):
        ax.plot(
            repeats[feature],
            np.full(repeats.shape[1], place),
            "o",
            color=COLORS["orange"],
            markersize=4,
        )
    ax.set(
        yticks=range(len(names)), yticklabels=[names[j] for j in order], xlabel=xlabel
    )
    return fig


def boosting_stages(
    x: np.ndarray,
    y: np.ndarray,
    stages: dict[str, np.ndarray],
    xlabel: str,
    ylabel: str,
) -> Figure:
    """The samples of one feature and the fitted function after some numbers of trees, a panel each."""
    fig, axes = figure(len(stages), height=2.3 * len(stages), sharex=True, sharey=True)
    order = np.argsort(x)
    for ax, (title, y_pred) in zip(np.atleast_1d(axes), stages.items(), strict=True):
        ax.scatter(
            x, y, s=3, alpha=0.25, color=COLORS["grey"], linewidths=0, rasterized=True
        )
        ax.plot(x[order], y_pred[order], color=COLORS["orange"], linewidth=2.5)
        ax.set(title=title, ylabel=ylabel)
    axes[-1].set_xlabel(xlabel)
    return fig
