"""Windows, far predictions, and how far gradients and answers reach back."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
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


def target_panels(
    windows: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    ylabel: str = "value",
) -> Figure:
    """Windows and the target at each of their positions: the value one step later.

    Parameters
    ----------
    windows : dict
        Title of each panel, and two sequences of one length: the inputs and, for each,
        the next value.
    ylabel : str
        What the numbers are, with their unit.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are more or fewer targets than inputs.
    """
    fig, axes = panels(len(windows), columns=2, row=1.75, margin=0.9, sharey=True)
    for ax, (title, (inputs, targets)) in zip(axes, windows.items(), strict=True):
        if len(inputs) != len(targets):
            raise ValueError(
                f"inputs and targets must have one length, got {len(inputs)} and"
                f" {len(targets)}."
            )
        at = np.arange(1, len(inputs) + 1)
        dots = {"marker": "o", "markersize": 3.5, "linestyle": "none"}
        squares = dots | {"marker": "s", "markersize": 7, "markerfacecolor": "none"}
        ax.plot(at, inputs, label="input", color=COLORS["blue"], **dots)
        ax.plot(at + 1, targets, label="target", color=COLORS["orange"], **squares)
        ax.set(title=title)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    for ax in axes[::2]:
        ax.set_ylabel(ylabel)
    for ax in axes[-2:]:
        ax.set_xlabel("position")
    legend_above(fig)
    return fig


def sequence_panels(
    sequences: Mapping[str, np.ndarray], *, longest: int, xlabel: str = "step"
) -> Figure:
    """Sequences of different lengths as images, a column a step, padded to one length.

    Parameters
    ----------
    sequences : dict
        Title of each panel, and numbers of shape (length, d), zero to one: dark is one.
    longest : int
        Steps to which they are padded; the padding is hatched.
    xlabel : str
        What a step is.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a sequence is longer.
    """
    n = len(sequences)
    fig, axes = panels(n, columns=4, row=2.1, margin=0.4, sharex=True, sharey=True)
    for ax, (title, values) in zip(axes, sequences.items(), strict=True):
        length, d = np.shape(values)
        if length > longest:
            raise ValueError(f"sequences have at most {longest} steps, got {length}.")
        extent = (0.5, length + 0.5, d + 0.5, 0.5)
        ax.imshow(np.transpose(values), cmap="Greys", vmin=0, vmax=1, extent=extent)
        corner, size = (length + 0.5, 0.5), (longest - length, d)
        hatched = {"facecolor": "none", "edgecolor": COLORS["grey"], "hatch": "//"}
        ax.add_patch(Rectangle(corner, *size, **hatched))
        ax.set(title=title, xlim=(0.5, longest + 0.5), yticks=[])
        ax.grid(False)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    for ax in axes[-min(4, n) :]:
        ax.set_xlabel(xlabel)
    return fig


def wave_panels(
    late: Mapping[str, Sequence[Sequence[float]]],
    height: Mapping[str, Sequence[Sequence[float]]],
) -> Figure:
    """By how much predicted waves are late, and how high they are, period by period.

    Parameters
    ----------
    late : dict
        Name of each way, and steps of shape (runs, periods).
    height : dict
        The same names, and heights of the same shape, relative to the truth.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If the names differ, or values have another shape.
    """
    if list(late) != list(height):
        raise ValueError(
            f"both parts need the same names, got {list(late)} and {list(height)}."
        )
    fig, axes = panels(2, row=2.2, margin=0.7, sharex=True)
    parts = [(late, 0.0, "late (steps)"), (height, 1.0, "height / true height")]
    for ax, (part, right, ylabel) in zip(axes, parts, strict=True):
        ax.axhline(right, color=COLORS["grey"], linestyle="-", linewidth=1)
        looks = styles(len(part))
        for (name, values), look in zip(part.items(), looks, strict=True):
            style = {"color": look.color, "marker": look.marker, "linestyle": look.line}
            for k, run in enumerate(_runs(name, values)):
                label = name if k == 0 else None
                at = np.arange(1, len(run) + 1)
                ax.plot(at, run, label=label, linewidth=1.4, **style)
        ax.set_ylabel(ylabel)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[-1].set_xlabel("period after the window")
    legend_above(fig)
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
