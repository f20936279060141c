"""Far predictions, how their errors grow, and how far gradients reach back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mlfa.plotting.style import COLORS, LINE_STYLES, MARKERS, figure

_COLORS = [
    COLORS[name] for name in ("blue", "orange", "green", "purple", "black", "sky")
]


def _runs(name: str, values: Sequence[Sequence[float]]) -> np.ndarray:
    runs = np.asarray(values, dtype=float)
    if runs.ndim != 2 or 0 in runs.shape:
        raise ValueError(
            f"every way needs values of shape (runs, steps), got {runs.shape} for"
            f" {name!r}."
        )
    return runs


def error_growth(
    errors: dict[str, Sequence[Sequence[float]]], label: str = "RMSE over the phases"
) -> Figure:
    """Error at each step of a rollout: the median of the runs as a line, their range as a band; logarithmic.

    Parameters
    ----------
    errors : dict
        Name of each way, and its errors of shape (runs, steps).
    label : str
        What the errors are, with their unit.
    """
    fig, ax = figure(height=3.8)
    for k, (name, values) in enumerate(errors.items()):
        runs = _runs(name, values)
        steps = np.arange(1, runs.shape[1] + 1)
        color, style = _COLORS[k % 6], LINE_STYLES[k % 6]
        ax.fill_between(
            steps,
            runs.min(axis=0),
            runs.max(axis=0),
            color=color,
            alpha=0.2,
            linewidth=0,
        )
        marks = {"marker": MARKERS[k % 6], "markevery": (5 * k, 20)}
        ax.semilogy(
            steps,
            np.median(runs, axis=0),
            color=color,
            linestyle=style,
            label=name,
            **marks,
        )
    ax.set(xlabel="steps after the window", ylabel=label)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.22), ncols=2)
    return fig


def gradient_lags(
    gradients: dict[str, Sequence[Sequence[float]]],
    rates: dict[str, float] | None = None,
    floor: float = 1e-16,
) -> Figure:
    """Norm of the gradient against the lag, a line for each run, on a logarithmic scale.

    Parameters
    ----------
    gradients : dict
        Name of each cell, and its norms of shape (runs, lags), from lag 0 on.
    rates : dict, optional
        For some of the names, a factor a step whose powers are drawn as a thin dotted line.
    floor : float
        Lower end of the axis.
    """
    fig, ax = figure(height=4.4)
    styles = [
        "-",
        "--",
        "-.",
        (0, (5, 1)),
        (0, (3, 1, 1, 1)),
    ]  # none is dotted: that is left to the rates
    for k, (name, values) in enumerate(gradients.items()):
        runs = _runs(name, values)
        lags = np.arange(runs.shape[1])
        color, style = _COLORS[k % 6], styles[k % len(styles)]
        for i, run in enumerate(runs):
            ax.semilogy(
                lags,
                run,
                color=color,
                linestyle=style,
                linewidth=1.2,
                label=name if i == 0 else None,
            )
        places = lags[5 + 2 * k :: 10]
        ax.semilogy(
            places,
            np.median(runs, axis=0)[places],
            color=color,
            marker=MARKERS[k % 6],
            linestyle="none",
        )
        if rates and name in rates:
            ax.semilogy(
                lags,
                rates[name] ** lags,
                color=COLORS["grey"],
                linestyle=":",
                linewidth=1.5,
            )
    ax.set(
        xlabel="lag (steps back)",
        ylabel="gradient, relative to lag 0",
        ylim=(floor, None),
    )
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.28), ncols=2, columnspacing=1)
    return fig


def rollout_panels(
    panels: dict[str, tuple[Sequence[float], Sequence[float], Sequence[float]]],
    ylabel: str = "value",
) -> Figure:
    """A panel for each case: the window that was shown, the true values after it, and the rollout.

    Parameters
    ----------
    panels : dict
        Title of each panel, and three sequences of numbers: window, truth, prediction. Truth and
        prediction have one length.
    """
    fig, axes = figure(
        len(panels), height=0.9 + 1.75 * len(panels), sharex=True, squeeze=False
    )
    for ax, (title, (window, truth, prediction)) in zip(
        axes[:, 0], panels.items(), strict=True
    ):
        if len(truth) != len(prediction):
            raise ValueError(
                f"truth and prediction must have one length, got {len(truth)} and"
                f" {len(prediction)}."
            )
        before, after = np.arange(-len(window) + 1, 1), np.arange(1, len(truth) + 1)
        ax.plot(before, window, color=COLORS["black"], linewidth=3, label="window")
        ax.plot(after, truth, color=COLORS["blue"], linestyle="-", label="truth")
        ax.plot(
            after, prediction, color=COLORS["orange"], linestyle="--", label="rollout"
        )
        ax.axvline(0.5, color=COLORS["grey"], linestyle=":", linewidth=1)
        ax.set(title=title, ylabel=ylabel)
    axes[-1, 0].set_xlabel("steps after the window")
    fig.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3
    )
    return fig


def sensitivity_panels(sensitivities: dict[str, Sequence[Sequence[float]]]) -> Figure:
    """How the answer depends on each position of the window: a panel for each way, a line for each run.

    Parameters
    ----------
    sensitivities : dict
        Name of each way, and its derivatives of shape (runs, length), the oldest position first.
    """
    fig, axes = figure(
        len(sensitivities),
        height=0.6 + 2.1 * len(sensitivities),
        sharex=True,
        squeeze=False,
    )
    for ax, (name, values) in zip(axes[:, 0], sensitivities.items(), strict=True):
        runs = _runs(name, values)
        steps_back = np.arange(runs.shape[1] - 1, -1, -1)
        ax.axhline(0, color=COLORS["grey"], linewidth=1)
        for i, run in enumerate(runs):
            ax.plot(
                -steps_back,
                run,
                color=_COLORS[i % 6],
                linestyle="-",
                linewidth=1,
                marker=MARKERS[i % 6],
            )
        ax.set(title=name, ylabel="sensitivity")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[-1, 0].set_xlabel("position (0 is the latest value of the window)")
    return fig
