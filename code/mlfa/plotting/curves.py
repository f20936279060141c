"""Curves: one figure of lines for most pages, and some with a form of their own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mlfa.book.checks import check_same_length, check_shapes
from mlfa.plotting.style import (
    COLORS,
    draw_samples,
    figure,
    legend_above,
    panels,
    styles,
)


def lines(
    curves: Mapping[str, Any],
    xlabel: str,
    ylabel: str,
    *,
    x: Sequence[Any] | Mapping[str, Sequence[Any]] | None = None,
    log: str = "",
    middle: Callable[..., np.ndarray] = np.mean,
    faint: Sequence[str] = (),
    ylim: tuple[float | None, float | None] | None = None,
) -> Figure:
    """A line for each name; of several runs their middle, with a band of their range.

    Parameters
    ----------
    curves : dict
        Name, and values of shape (m,) or, with several runs, (runs, m). A line is known
        by its color, its dashes and its marker, so 12 are drawn at the most.
    xlabel, ylabel : str
        What the axes show, with units.
    x : sequence of m numbers or words, or dict of such sequences, optional
        The places of the values: one sequence for all curves, or one for each name.
        Words are written below the axis. When left out, places count from 0.
    log : str
        Axes with a logarithmic scale: "", "x", "y" or "xy".
    middle : callable
        What the line shows of several runs: `np.mean` or `np.median`.
    faint : sequence of str
        Names of curves that are drawn thin and grey, behind the others.
    ylim : (float, float), optional
        Lower and upper end of the vertical axis; None leaves an end free.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a curve does not match its places, holds a value that cannot be drawn, or
        would look like another one.
    """
    places = _places(curves, x, log, faint)
    fig, ax = figure(height=3.8)
    strong = [name for name in curves if name not in faint]
    looks = dict(zip(strong, styles(len(strong)), strict=True)) if strong else {}
    for k, (name, values) in enumerate(curves.items()):
        runs = np.atleast_2d(np.asarray(values, dtype=float))  # (runs, m)
        if name in faint:
            style = {"color": COLORS["grey"], "linestyle": "-", "linewidth": 1}
        else:
            color, dashes, marker, _ = looks[name]
            every = max(1, runs.shape[1] // 10)
            start = k * every // len(curves)  # markers of two curves stand apart
            style = {"color": color, "linestyle": dashes, "marker": marker}
            style["markevery"] = (start, every)
        if len(runs) > 1:
            low, high = runs.min(axis=0), runs.max(axis=0)
            band = {"color": style["color"], "alpha": 0.25, "linewidth": 0}
            ax.fill_between(places[name], low, high, **band)
        ax.plot(places[name], middle(runs, axis=0), label=name, **style)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set_xscale("log" if "x" in log else "linear")
    ax.set_yscale("log" if "y" in log else "linear")
    ticks = sorted({place for found in places.values() for place in found})
    if _are_words(x):
        ax.set_xticks(ticks, x)
    elif "x" in log and len(ticks) <= 10:
        ax.set_xticks(ticks, [f"{place:g}" for place in ticks])
        ax.minorticks_off()
    elif "x" not in log and all(float(place).is_integer() for place in ticks):
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if ylim is not None:
        ax.set_ylim(*ylim)
    legend_above(fig)
    return fig


def learning_curve(
    train: Sequence[float],
    validation: Sequence[float] | None = None,
    *,
    ylabel: str = "loss",
    best: int | None = None,
    note: str = "kept",
    ylim: tuple[float | None, float | None] | None = None,
) -> Figure:
    """Training loss and validation loss over the epochs.

    Parameters
    ----------
    train : sequence of float
        A value for each epoch.
    validation : sequence of float, optional
        The same on validation data.
    ylabel : str
        What the values are, with their unit.
    best : int, optional
        An epoch that is marked by a dotted line.
    note : str
        What is said of this epoch in the legend.
    ylim : (float, float), optional
        Lower and upper end of the vertical axis; None leaves an end free.

    Returns
    -------
    Figure
    """
    fig, ax = figure()
    ax.plot(train, color=COLORS["blue"], linestyle="-", label="training")
    if validation is not None:
        check_same_length(train=train, validation=validation)
        ax.plot(validation, color=COLORS["orange"], linestyle="--", label="validation")
    if best is not None:
        style = {"color": COLORS["grey"], "linestyle": ":"}
        ax.axvline(best, label=f"{note}: epoch {best}", **style)
    ax.set(xlabel="epoch", ylabel=ylabel)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if ylim is not None:
        ax.set_ylim(*ylim)
    ax.legend()
    return fig


def line_fit(
    x: np.ndarray,
    y: np.ndarray,
    fits: Mapping[str, tuple[float, float]],
    xlabel: str,
    ylabel: str,
) -> Figure:
    """Samples as dots, with straight lines through them.

    Parameters
    ----------
    x, y : ndarray of shape (n_samples,)
        One feature and the target.
    fits : dict
        Name, bias and weight of each line.
    xlabel, ylabel : str
        What the axes show, with units.

    Returns
    -------
    Figure
    """
    fig, ax = figure(height=3.8)
    draw_samples(ax, x, y)
    ends = np.array([x.min(), x.max()])
    for (name, (b, w)), look in zip(fits.items(), styles(len(fits)), strict=True):
        style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
        ax.plot(ends, b + w * ends, linewidth=2.5, label=name, **style)
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=(min(0, y.min()), y.max() * 1.15))
    ax.legend(loc="lower right")
    return fig


def rate_panels(losses: Mapping[str, Sequence[float]]) -> Figure:
    """The loss over the steps on a logarithmic scale, a panel for each learning rate.

    Parameters
    ----------
    losses : dict
        Title of each panel, and a loss for each step.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(losses), row=2.1, margin=0, sharex=True)
    for ax, (title, values) in zip(axes, losses.items(), strict=True):
        ax.semilogy(values, color=COLORS["blue"], marker="o", markersize=3)
        ax.set(title=title, ylabel="loss")
    axes[-1].set_xlabel("step")
    return fig


def weight_traces(
    losses: np.ndarray,
    weights: np.ndarray,
    names: Sequence[str],
    target: np.ndarray,
    ylabel: str,
) -> Figure:
    """The loss above, the weights below, and a mark where each should arrive.

    Parameters
    ----------
    losses : ndarray of shape (n_steps,)
        The loss after each step.
    weights : ndarray of shape (n_steps, n_weights)
        The weights after each step.
    names : sequence of str
        Name of each weight.
    target : ndarray of shape (n_weights,)
        Where each weight should arrive.
    ylabel : str
        What the weights are, with their unit.

    Returns
    -------
    Figure
    """
    check_shapes(
        losses=(losses, "n_steps"),
        weights=(weights, "n_steps n_weights"),
        names=(names, "n_weights"),
        target=(target, "n_weights"),
    )
    fig, (top, bottom) = figure(2, height=6.2, sharex=True, height_ratios=[1, 2])
    top.semilogy(losses, color=COLORS["blue"])
    top.set_ylabel("loss")
    last, looks = len(losses) - 1, styles(len(names))
    for name, trace, end, look in zip(names, weights.T, target, looks, strict=True):
        line = {"color": look.color, "linestyle": look.line}
        bottom.plot(trace, **line)
        bottom.plot(last, end, color=look.color, marker=look.marker, clip_on=False)
        bottom.plot([], [], marker=look.marker, label=name, **line)  # for the legend
    bottom.set(xlabel="step", ylabel=ylabel)
    bottom.legend(ncols=3, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.18))
    return fig


def split_scores(
    scores: Mapping[str, Sequence[float]], ylabel: str, *, floor: float
) -> Figure:
    """The score of each model on each split; what is too low for the axis is written.

    Parameters
    ----------
    scores : dict
        Name of each model, and a score for each split.
    ylabel : str
        What the scores are; 1 is the best.
    floor : float
        Lower end of the axis. Scores below it are drawn there, with their value.

    Returns
    -------
    Figure
    """
    n_splits = check_same_length(**scores)
    fig, ax = figure(height=4.2)
    step, size = 0.75 / len(scores), 7 if len(scores) < 5 else 5
    looks = styles(len(scores))
    for k, ((name, values), look) in enumerate(zip(scores.items(), looks, strict=True)):
        places = np.arange(n_splits) + step * (k - (len(scores) - 1) / 2)
        style = {"color": look.color, "marker": look.marker, "linestyle": "none"}
        shown = np.maximum(values, floor)
        ax.plot(places, shown, markersize=size, label=name, **style)
        for place, value in zip(places, values, strict=True):
            if value < floor:
                style = {"rotation": 90, "ha": "center", "va": "bottom", "fontsize": 8}
                ax.text(place, floor + 0.06, f"{value:,.0f}", **style)
    ax.set(xlabel="split (seed)", ylabel=ylabel, xticks=range(n_splits))
    ax.set_ylim(floor - 0.05, 1)
    legend_above(fig, handletextpad=0.1)
    return fig


# Checks of arguments


def _places(
    curves: Mapping[str, Any], x: Any, log: str, faint: Sequence[str]
) -> dict[str, Sequence[float]]:
    """By the name of the curve, a place for each of its values."""
    if log not in ("", "x", "y", "xy"):
        raise ValueError(f"log must be '', 'x', 'y' or 'xy', got {log!r}.")
    if not curves:
        raise ValueError("curves must hold at least one curve, got none.")
    if unknown := sorted(set(faint) - set(curves)):
        raise ValueError(f"faint must name curves of {list(curves)}, got {unknown}.")
    if isinstance(x, Mapping) and set(x) != set(curves):
        raise ValueError(f"x must have the names {list(curves)}, got {list(x)}.")
    found: dict[str, Sequence[float]] = {}
    for name, values in curves.items():
        values = np.asarray(values, dtype=float)
        if values.ndim not in (1, 2) or values.size == 0:
            raise ValueError(
                f"curve {name!r} must have shape (m,) or (runs, m), got {values.shape}."
            )
        m = values.shape[-1]
        places = range(m) if x is None else x[name] if isinstance(x, Mapping) else x
        if len(places) != m:
            raise ValueError(
                f"curve {name!r} must have {len(places)} values a run, got {m}."
            )
        found[name] = range(m) if _are_words(x) else np.asarray(places, float)
        for axis, numbers in (("x", found[name]), ("y", values)):
            low = 0 if axis in log else -np.inf
            if not np.isfinite(numbers).all() or np.min(numbers) <= low:
                kind = "positive" if axis in log else "finite"
                raise ValueError(
                    f"curve {name!r} must have {kind} numbers on the axis {axis}."
                )
    return found


def _are_words(x: Any) -> bool:
    return isinstance(x, Sequence) and all(isinstance(place, str) for place in x)
