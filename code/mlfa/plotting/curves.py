"""Curves: losses over epochs, weights over steps, scores over splits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, LINE_STYLES, MARKERS, figure
from mlfa.tabular.linear import Descent


def learning_curve(
    ax: Axes,
    train: Sequence[float],
    validation: Sequence[float] | None = None,
    *,
    best: int | None = None,
) -> None:
    """Training loss, and validation loss if given, for each epoch; `best` marks one epoch."""
    ax.plot(train, color=COLORS["blue"], linestyle="-", label="training")
    if validation:
        ax.plot(validation, color=COLORS["orange"], linestyle="--", label="validation")
    if best is not None:
        ax.axvline(
            best, color=COLORS["grey"], linestyle=":", label=f"kept: epoch {best}"
        )
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()


def line_fit(
    x: np.ndarray,
    y: np.ndarray,
    lines: dict[str, tuple[float, float]],
    xlabel: str,
    ylabel: str,
) -> Figure:
    """Samples as dots and lines, each given by (bias, weight)."""
    fig, ax = figure(height=3.8)
    ax.scatter(
        x, y, s=3, alpha=0.25, color=COLORS["grey"], linewidths=0, rasterized=True
    )
    ends = np.array([x.min(), x.max()])
    for (name, (b, w)), color, style in zip(
        lines.items(),
        [COLORS["orange"], COLORS["blue"], COLORS["green"]],
        LINE_STYLES,
        strict=False,
    ):
        ax.plot(
            ends, b + w * ends, color=color, linestyle=style, linewidth=2.5, label=name
        )
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=(min(0, y.min()), y.max() * 1.15))
    ax.legend(loc="lower right")
    return fig


def rate_panels(runs: dict[str, Descent]) -> Figure:
    """The loss over the steps, one panel for each learning rate, on a logarithmic scale."""
    fig, axes = figure(len(runs), height=2.1 * len(runs), sharex=True)
    for ax, (title, run) in zip(np.atleast_1d(axes), runs.items(), strict=True):
        ax.semilogy(run.losses, color=COLORS["blue"], marker="o", markersize=3)
        ax.set(title=title, ylabel="loss")
    axes[-1].set_xlabel("step")
    return fig


def weight_traces(run: Descent, names: Sequence[str], target: np.ndarray) -> Figure:
    """The loss above, the weights below, and the weights of least squares as dots at the end."""
    fig, (top, bottom) = figure(2, height=6.2, sharex=True, height_ratios=[1, 2])
    top.semilogy(run.losses, color=COLORS["blue"])
    top.set_ylabel("loss")
    colors = list(COLORS.values())
    for j, name in enumerate(names):
        color, style = colors[j % len(colors)], LINE_STYLES[j % len(LINE_STYLES)]
        bottom.plot(run.weights[:, j], color=color, linestyle=style, label=name)
        bottom.plot(
            len(run.losses) - 1,
            target[j],
            color=color,
            marker=MARKERS[j % len(MARKERS)],
            clip_on=False,
        )
    bottom.set(xlabel="step", ylabel="weight (100,000 US dollars)")
    bottom.legend(ncols=3, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.18))
    return fig


def split_scores(scores: dict[str, Sequence[float]], floor: float) -> Figure:
    """The R² of each model on each split; scores below `floor` are drawn at its edge with their value."""
    fig, ax = figure(height=4.2)
    colors = [COLORS["blue"], COLORS["orange"], COLORS["green"]]
    for (name, values), color, marker, shift in zip(
        scores.items(), colors, MARKERS, [-0.25, 0, 0.25], strict=False
    ):
        places = np.arange(len(values)) + shift
        shown = np.maximum(values, floor)
        ax.plot(
            places,
            shown,
            color=color,
            marker=marker,
            linestyle="none",
            markersize=7,
            label=name,
        )
        for place, value in zip(places, values, strict=True):
            if value < floor:
                ax.text(
                    place,
                    floor + 0.06,
                    f"{value:,.0f}",
                    rotation=90,
                    ha="center",
                    va="bottom",
                    fontsize=8,
                )
    ax.set(
        xlabel="split (seed)",
        ylabel="held-out R²",
        ylim=(floor - 0.05, 1),
        xticks=range(len(values)),
    )
    ax.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, 1.2),
        ncols=3,
        columnspacing=1,
        handletextpad=0.1,
    )
    return fig
