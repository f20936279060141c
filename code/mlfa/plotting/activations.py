"""Activation functions and their slopes."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, figure, panels, styles
from mlfa.tabular.activations import relu

Function = Callable[[np.ndarray], np.ndarray]


def activation_panels(
    functions: Mapping[str, tuple[Function, Function]], *, reach: float = 4.0
) -> Figure:
    """A panel for each function, with its derivative as a dashed line.

    Parameters
    ----------
    functions : dict
        Title of each panel, and the function with its derivative.
    reach : float
        Inputs go from ``-reach`` to ``reach``.

    Returns
    -------
    Figure
    """
    shared = {"sharex": True, "sharey": True}
    fig, axes = panels(len(functions), columns=2, row=1.9, margin=0.5, **shared)
    z = np.linspace(-reach, reach, 401)
    for ax, (name, (function, slope)) in zip(axes, functions.items(), strict=True):
        ax.plot(z, function(z), color=COLORS["blue"], linestyle="-", label="value")
        ax.plot(z, slope(z), color=COLORS["orange"], linestyle="--", label="slope")
        ax.set(title=name, ylim=(-1.3, 2.3))
    for ax in axes[-2:]:
        ax.set_xlabel("input $z$")
    axes[0].legend(loc="upper left")
    return fig


def unit_sum(
    units: Sequence[tuple[float, float, float]], bias: float, *, reach: float = 3.0
) -> Figure:
    """ReLU units of one feature with their shares of the output, and below their sum.

    Parameters
    ----------
    units : sequence of (weight, bias, output weight)
        A unit gives ``output weight * relu(weight * x + bias)``.
    bias : float
        Bias of the output.
    reach : float
        The feature goes from ``-reach`` to ``reach``.

    Returns
    -------
    Figure
    """
    fig, (top, bottom) = figure(2, height=4.6, sharex=True)
    x = np.linspace(-reach, reach, 601)
    shares = [v * relu(w * x + b) for w, b, v in units]
    for k, (share, look) in enumerate(zip(shares, styles(len(units)), strict=True), 1):
        style = {"color": look.color, "linestyle": look.line}
        style |= {"marker": look.marker, "markevery": (20 * k, 120)}
        top.plot(x, share, label=f"unit {k}", **style)
    top.set_ylabel("share of a unit")
    top.legend(loc="lower left")
    bottom.plot(x, bias + np.sum(shares, axis=0), color=COLORS["black"], linestyle="-")
    for w, b, _ in units:
        bottom.axvline(-b / w, color=COLORS["grey"], linestyle=":", linewidth=1.2)
    bottom.set(xlabel="feature $x$", ylabel=r"sum $\hat{y}$")
    return fig
