"""Figures about classes: the samples, the confusions, the worth of a probability."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.regions import CLASS_COLORS
from mlfa.plotting.style import COLORS, LINE_STYLES, MARKERS, figure


def shapes_figure(X: np.ndarray, y: np.ndarray, names: Sequence[str]) -> Figure:
    """Samples in the plane, each class with its color and marker."""
    fig, ax = figure(height=4.8)
    for k, name in enumerate(names):
        ax.plot(
            *X[y == k].T,
            MARKERS[k],
            color=CLASS_COLORS[k],
            markersize=4,
            alpha=0.9,
            label=name,
        )
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    ax.legend(loc="upper right")
    return fig


def confusion_figure(counts: np.ndarray, names: Sequence[str]) -> Figure:
    """The counts of a confusion matrix, darker where there are more, each written in its cell."""
    many = len(names) > 5
    fig, ax = figure(height=5.2 if many else 3.8)
    ax.imshow(
        counts / counts.sum(axis=1, keepdims=True), cmap="Blues", vmin=0, vmax=1.3
    )
    for i, j in np.ndindex(counts.shape):
        share = counts[i, j] / counts[i].sum()
        ax.text(
            j,
            i,
            f"{counts[i, j]:,}",
            ha="center",
            va="center",
            color="white" if share > 0.7 else "black",
            fontsize=8.5 if many else 11,
        )
    ax.set(
        xlabel="predicted class",
        ylabel="true class",
        xticks=range(len(names)),
        yticks=range(len(names)),
    )
    ax.set_xticklabels(names)
    ax.set_yticklabels(names)
    ax.grid(False)
    return fig


def reliability_figure(curves: dict[str, tuple[np.ndarray, np.ndarray]]) -> Figure:
    """How often the prediction is right, against the probability that it was given."""
    fig, ax = figure(height=4.4)
    ax.plot(
        [0.3, 1],
        [0.3, 1],
        color=COLORS["black"],
        linestyle=":",
        label="as often as it says",
    )
    colors = [COLORS["blue"], COLORS["orange"], COLORS["green"]]
    for (name, (said, found)), color, style, marker in zip(
        curves.items(), colors, LINE_STYLES, MARKERS, strict=False
    ):
        ax.plot(said, found, color=color, linestyle=style, marker=marker, label=name)
    ax.set(
        xlabel="probability of the predicted class",
        ylabel="share that is right",
        aspect="equal",
    )
    ax.legend(loc="upper left")
    return fig
