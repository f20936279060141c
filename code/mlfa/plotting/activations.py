"""Activation functions and their slopes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, figure

Function = Callable[[np.ndarray], np.ndarray]


def activation_panels(functions: dict[str, tuple[Function, Function]]) -> Figure:
    """A panel for each function with its derivative beside it as a dashed line."""
    rows = (len(functions) + 1) // 2
    fig, axes = figure(rows, 2, height=2.4 * rows, sharex=True)
    z = np.linspace(-4, 4, 401)
    for ax, (name, (function, derivative)) in zip(axes.flat, functions.items(), strict=True):
        ax.plot(z, function(z), color=COLORS["blue"], label="value")
        ax.plot(z, derivative(z), color=COLORS["orange"], linestyle="--", label="slope")
        ax.set(title=name, ylim=(-1.3, 2.2))
    axes.flat[0].legend()
    for ax in axes[-1]:
        ax.set_xlabel("input $z$")
    return fig
