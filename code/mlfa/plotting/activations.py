"""Activation functions and their slopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, LINE_STYLES, figure
from mlfa.tabular.activations import relu

Function = Callable[[np.ndarray], np.ndarray]


def activation_panels(
    functions: dict[str, tuple[Function, Function]], *, reach: float = 4.0
) -> Figure:
    """A panel for each function, with its derivative as a dashed line.

    Parameters
    ----------
    functions : dict
        Title of each panel, and the function with its derivative.
    reach : float
        Inputs go from ``-reach`` to ``reach``.
    """
    rows = (len(functions) + 1) // 2
    fig, axes = figure(
        rows, 2, height=0.5 + 1.9 * rows, sharex=True, sharey=True, squeeze=False
    )
    z = np.linspace(-reach, reach, 401)
    for ax, (name, (function, derivative)) in zip(
        axes.flat, functions.items(), strict=False
    ):
        ax.plot(z, function(z), color=COLORS["blue"], linestyle="-", label="value")
        ax.plot(z, derivative(z), color=COLORS["orange"], linestyle="--", label="slope")
        ax.set(title=name, ylim=(-1.3, 2.3))
    for ax in axes.flat[len(functions) :]:
        ax.remove()
    for column in range(2):
        lowest = [ax for ax in axes[:, column] if ax.figure is not None]
        if lowest:
            lowest[-1].set_xlabel("input $z$")
            lowest[-1].tick_params(labelbottom=True)
    axes[0, 0].legend(loc="upper left")
    return fig


def unit_sum(
    units: Sequence[tuple[float, float, float]], bias: float, *, reach: float = 3.0
) -> Figure:
    """ReLU units of one feature, each with its share of the output, and below them their sum.

    Parameters
    ----------
    units : sequence of (weight, bias, output weight)
        A unit gives ``output weight * relu(weight * x + bias)``.
    bias : float
        Bias of the output.
    reach : float
        The feature goes from ``-reach`` to ``reach``.
    """
    fig, (top, bottom) = figure(2, height=4.6, sharex=True)
    x = np.linspace(-reach, reach, 601)
    shares = [v * relu(w * x + b) for w, b, v in units]
    colors = [
        COLORS["blue"],
        COLORS["orange"],
        COLORS["green"],
        COLORS["purple"],
        COLORS["sky"],
        COLORS["grey"],
    ]
    for k, share in enumerate(shares):
        style = LINE_STYLES[k % len(LINE_STYLES)]
        top.plot(
            x,
            share,
            color=colors[k % len(colors)],
            linestyle=style,
            label=f"unit {k + 1}",
        )
    top.set_ylabel("share of a unit")
    top.legend(loc="lower left")
    bottom.plot(x, bias + np.sum(shares, axis=0), color=COLORS["black"], linestyle="-")
    for w, b, _ in units:
        bottom.axvline(-b / w, color=COLORS["grey"], linestyle=":", linewidth=1.2)
    bottom.set(xlabel="feature $x$", ylabel=r"sum $\hat{y}$")
    return fig
