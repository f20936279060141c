"""Activation functions and their slopes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, figure

Function = Callable[[np.ndarray], np.ndarray]


def activation_panels(functions: dict[str, tuple[Function, Function]], *, reach: float = 4.0) -> Figure:
    """A panel for each function, with its derivative as a dashed line.

    Parameters
    ----------
    functions : dict
        Title of each panel, and the function with its derivative.
    reach : float
        Inputs go from ``-reach`` to ``reach``.
    """
    rows = (len(functions) + 1) // 2
    fig, axes = figure(rows, 2, height=0.5 + 1.9 * rows, sharex=True, sharey=True, squeeze=False)
    z = np.linspace(-reach, reach, 401)
    for ax, (name, (function, derivative)) in zip(axes.flat, functions.items(), strict=False):
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
