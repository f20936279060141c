"""Far predictions, and how far gradients and answers reach back."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mlfa.plotting.style import COLORS, figure, legend_above, panels, styles


def gradient_lags(
    gradients: Mapping[str, Sequence[Sequence[float]]],
    rates: Mapping[str, float] | None = None,
    *,
    floor: float = 1e-16,
) -> Figure:
    """Norm of the gradient against the lag, a line for each run, logarithmic.

    Parameters
    ----------
    gradients : dict
        Name of each cell, and its norms of shape (runs, lags), from lag 0 on. There are
        markers at the median of the runs.
    rates : dict, optional
        For some of the names, a factor a step whose powers are drawn dotted.
    floor : float
        Lower end of the axis.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If norms have another shape, or a rate belongs to no cell.
    """
    rates = rates or {}
    if unknown := sorted(set(rates) - set(gradients)):
        raise ValueError(f"rates must be of cells in {list(gradients)}, got {unknown}.")
    fig, ax = figure(height=4.4)
    looks = styles(len(gradients))
    for k, ((name, values), look) in enumerate(
        zip(gradients.items(), looks, strict=True)
    ):
        runs = _runs(name, values)
        lags = np.arange(runs.shape[1])
        style = {"color": look.color, "linestyle": look.line, "linewidth": 1.2}
        ax.semilogy(lags, runs.T, **style)
        ax.plot([], [], marker=look.marker, label=name, **style)  # for the legend
        places = lags[min(5 + 2 * k, len(lags) - 1) :: 10]
        marks = {"color": look.color, "linestyle": "none", "marker": look.marker}
        ax.semilogy(places, np.median(runs, axis=0)[places], **marks)
        if name in rates:
            dotted = {"color": COLORS["grey"], "linestyle": ":", "linewidth": 1.5}
            ax.semilogy(lags, rates[name] ** lags, **dotted)
    ax.set(xlabel="lag (steps back)", ylabel="gradient, relative to lag 0")
    ax.set_ylim(floor, None)
    legend_above(fig)
    return fig


def rollout_panels(
    rollouts: Mapping[str, tuple[Sequence[float], Sequence[float], Sequence[float]]],
    *,
    ylabel: str = "value",
) -> Figure:
    """The window that was shown, the true values after it, and the rollout.

    Parameters
    ----------
    rollouts : dict
        Title of each panel, and three sequences of numbers: window, truth, prediction.
        Truth and prediction have one length.
    ylabel : str
        What the numbers are, with their unit.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a prediction is longer or shorter than the truth.
    """
    fig, axes = panels(len(rollouts), row=1.75, margin=0.9, sharex=True)
    for ax, (title, (window, truth, prediction)) in zip(
        axes, rollouts.items(), strict=True
    ):
        if len(truth) != len(prediction):
            raise ValueError(
                f"truth and prediction must have one length, got {len(truth)} and"
                f" {len(prediction)}."
            )
        before, after = np.arange(-len(window) + 1, 1), np.arange(1, len(truth) + 1)
        for at, values, name, color, dashes, width in [
            (before, window, "window", COLORS["black"], "-", 3),
            (after, truth, "truth", COLORS["blue"], "-", 2),
            (after, prediction, "rollout", COLORS["orange"], "--", 2),
        ]:
            style = {"color": color, "linestyle": dashes, "linewidth": width}
            ax.plot(at, values, label=name, **style)
        ax.axvline(0.5, color=COLORS["grey"], linestyle=":", linewidth=1)
        ax.set(title=title, ylabel=ylabel)
    axes[-1].set_xlabel("steps after the window")
    legend_above(fig)
    return fig


def sensitivity_panels(
    sensitivities: Mapping[str, Sequence[Sequence[float]]],
) -> Figure:
    """How an answer depends on each position of the window, a panel for each way.

    Parameters
    ----------
    sensitivities : dict
        Title of each panel, and derivatives of shape (runs, length), the oldest
        position first: a line for each run.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If derivatives have another shape.
    """
    fig, axes = panels(len(sensitivities), row=2.1, sharex=True)
    for ax, (title, values) in zip(axes, sensitivities.items(), strict=True):
        runs = _runs(title, values)
        places = np.arange(1 - runs.shape[1], 1)
        ax.axhline(0, color=COLORS["grey"], linestyle="-", linewidth=1)
        for run, look in zip(runs, styles(len(runs)), strict=True):
            style = {"color": look.color, "marker": look.marker, "linestyle": "-"}
            ax.plot(places, run, linewidth=1, **style)
        ax.set(title=title, ylabel="sensitivity")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[-1].set_xlabel("position (0 is the latest value of the window)")
    return fig


# Checks of arguments


def _runs(name: str, values: Sequence[Sequence[float]]) -> np.ndarray:
    runs = np.asarray(values, dtype=float)
    if runs.ndim != 2 or 0 in runs.shape:
        raise ValueError(
            f"every entry needs values of shape (runs, steps), got {runs.shape} for"
            f" {name!r}."
        )
    return runs
