"""Drawings of a unit, a layer and a network, with their sizes as arguments."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from mlfa.checks import check_count
from mlfa.plotting.style import COLORS, figure


def _circle(ax: Axes, x: float, y: float, text: str, color: str, radius: float = 0.3) -> None:
    ax.add_patch(Circle((x, y), radius, facecolor="white", edgecolor=color, linewidth=1.8, zorder=2))
    ax.text(x, y, text, ha="center", va="center", zorder=3, fontsize=10)


def _places(count: int, height: float) -> np.ndarray:
    return np.linspace(height, -height, count) if count > 1 else np.zeros(1)


def unit_diagram(n_features: int = 3) -> Figure:
    """One unit: features times weights, summed with the bias, through the activation."""
    check_count("n_features", n_features)
    fig, ax = figure(height=3.0)
    for j, y in enumerate(_places(n_features, 1.2), start=1):
        ax.annotate("", (2.6, 0), (0.3, y), arrowprops={"arrowstyle": "-", "color": COLORS["grey"]})
        ax.text(1.35, y * 0.57 + 0.08, f"$w_{j}$", ha="center", va="bottom")
        _circle(ax, 0, y, f"$x_{j}$", COLORS["blue"])
    ax.annotate("", (2.6, 0), (2.6, -1.3), arrowprops={"arrowstyle": "-", "color": COLORS["grey"]})
    ax.text(2.6, -1.35, "$b$", ha="center", va="top")
    for start, end in ((2.9, 4.0), (4.6, 5.7)):
        ax.annotate("", (end, 0), (start, 0), arrowprops={"arrowstyle": "->", "color": COLORS["grey"]})
    _circle(ax, 2.6, 0, "$z$", COLORS["orange"])
    _circle(ax, 4.3, 0, r"$\phi$", COLORS["green"])
    ax.text(5.8, 0, r"$a = \phi(z)$", ha="left", va="center")
    ax.text(2.6, 0.45, "sum", ha="center", va="bottom")
    ax.text(4.3, 0.45, "activation", ha="center", va="bottom")
    ax.set(xlim=(-0.5, 7.3), ylim=(-1.8, 1.6), aspect="equal")
    ax.axis("off")
    return fig


def network_diagram(sizes: Sequence[int], most: int = 6) -> Figure:
    """Layers of units, each joined to every unit of the next; a long layer is drawn with dots.

    Parameters
    ----------
    sizes : sequence of int
        Features, then units of each layer; at least two.
    most : int
        Units drawn in a layer at the most.
    """
    if len(sizes) < 2:
        raise ValueError(f"sizes must name at least an input and an output layer, got {list(sizes)}.")
    for size in sizes:
        check_count("every size", size)
    fig, ax = figure(height=3.8)
    step = 6.0 / (len(sizes) - 1)
    columns = [(i * step, _places(min(size, most), 0.36 * (min(size, most) - 1))) for i, size in enumerate(sizes)]
    for (x, ys), (x_next, ys_next) in pairwise(columns):
        for y in ys:
            for y_next in ys_next:
                ax.plot([x, x_next], [y, y_next], color=COLORS["grey"], linewidth=0.6, zorder=0)
    for i, ((x, ys), size) in enumerate(zip(columns, sizes, strict=True)):
        kind = "input" if i == 0 else "output" if i == len(sizes) - 1 else f"hidden {i}"
        color = COLORS["blue"] if i == 0 else COLORS["green"] if i == len(sizes) - 1 else COLORS["orange"]
        for row, y in enumerate(ys):
            hidden = size > most and row == len(ys) - 2
            _circle(ax, x, y, r"$\vdots$" if hidden else "", color, radius=0.27)
        ax.text(x, -2.35, f"{kind}\n{size}", ha="center", va="top", fontsize=10)
    ax.set(xlim=(-0.8, 6.8), ylim=(-3.2, 2.3), aspect="equal")
    ax.axis("off")
    return fig


def layer_diagram(n_features: int = 3, n_units: int = 4) -> Figure:
    """One layer: every feature feeds every unit."""
    return network_diagram([n_features, n_units])
