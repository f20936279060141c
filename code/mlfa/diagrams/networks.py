"""Drawings of a unit, a layer and a network, with their sizes as arguments."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from mlfa.book.checks import check_count
from mlfa.plotting.style import COLORS, WIDTH, figure

RADIUS = 0.19  # all lengths are inches
ROW = 0.5  # from one unit of a layer to the next


def unit_diagram(n_features: int = 3) -> Figure:
    """One unit: features times weights, summed with the bias, through the activation function."""
    check_count("n_features", n_features)
    rows = _rows(n_features, n_features, 0.75)
    height = max(2.0, 2 * rows[0] + 0.6)
    fig, ax = _canvas(-height / 2, height / 2)
    total, after = (2.35, 0.0), (3.65, 0.0)
    for j, y in enumerate(rows, start=1):
        _edge(ax, (0.35, y), total)
        _text_on_edge(ax, (0.35, y), total, 0.4, f"$w_{{{j}}}$")
        _unit(ax, (0.35, y), f"$x_{{{j}}}$", COLORS["blue"])
    _edge(ax, (total[0], -0.8), total, start_gap=0.14)
    ax.text(total[0], -0.82, "$b$", ha="center", va="center", fontsize=13)
    _unit(ax, total, r"$\Sigma$", COLORS["orange"])
    _edge(ax, total, after)
    ax.text(
        (total[0] + after[0]) / 2, 0.07, "$z$", ha="center", va="bottom", fontsize=13
    )
    _unit(ax, after, r"$\phi$", COLORS["green"])
    _edge(ax, after, (4.5, 0), end_gap=0.05, arrow=True)
    ax.text(4.53, 0, r"$a=\phi(z)$", ha="left", va="center", fontsize=13)
    ax.text(total[0], 0.3, "sum", ha="center", va="bottom")
    ax.text(after[0], 0.3, "activation", ha="center", va="bottom")
    return fig


def layer_diagram(n_features: int = 3, n_units: int = 4) -> Figure:
    """One layer: every feature feeds every unit; the edges of the first unit stand out with their weights."""
    check_count("n_features", n_features)
    check_count("n_units", n_units)
    left, right = (_rows(size, size, 0.7) for size in (n_features, n_units))
    half = max(left[0], right[0]) + 0.3
    fig, ax = _canvas(-half, half)
    x, x_next = 0.7, 4.1
    for y in left:
        for y_next in right[1:]:
            _edge(ax, (x, y), (x_next, y_next), width=0.6)
        _edge(ax, (x, y), (x_next, right[0]), color=COLORS["orange"], width=2.2)
    for j, y in enumerate(left, start=1):
        _text_on_edge(
            ax, (x, y), (x_next, right[0]), 0.3, f"$w_{{{j}1}}$", align="right"
        )
        _unit(ax, (x, y), f"$x_{{{j}}}$", COLORS["blue"])
    for k, y in enumerate(right, start=1):
        _edge(ax, (x_next, y), (x_next + 0.6, y), end_gap=0.03, arrow=True)
        _unit(ax, (x_next, y), "", COLORS["orange"])
        ax.text(x_next + 0.62, y, f"$a_{{{k}}}$", ha="left", va="center", fontsize=13)
    return fig


def network_diagram(sizes: Sequence[int], most: int = 6) -> Figure:
    """Layers of units, each joined to every unit of the next; three dots stand for the units of a long layer.

    Parameters
    ----------
    sizes : sequence of int
        Features, units of each hidden layer, outputs: at least two numbers.
    most : int
        Rows of a layer at the most, its dots included; at least 3.

    Raises
    ------
    ValueError
        If there are fewer than two sizes, or one is not a positive whole number.
    """
    if len(sizes) < 2:
        raise ValueError(
            "sizes must hold at least two numbers, features and outputs, got"
            f" {list(sizes)}."
        )
    for size in sizes:
        check_count("every size", size)
    check_count("most", most, least=3)
    columns = [_rows(size, most) for size in sizes]
    half = max(rows[0] for rows in columns) + 0.3
    fig, ax = _canvas(-half - 0.6, half)
    places = np.linspace(0.55, WIDTH - 0.55, len(sizes))
    drawn = [
        [(x, y) for row, y in enumerate(rows) if not _is_dots(row, len(rows), size)]
        for x, rows, size in zip(places, columns, sizes, strict=True)
    ]
    for here, after in pairwise(drawn):
        for start in here:
            for end in after:
                _edge(ax, start, end, width=0.7)
    for i, (x, rows, size) in enumerate(zip(places, columns, sizes, strict=True)):
        name, color = f"hidden {i}", COLORS["orange"]
        if i == 0:
            name, color = "features", COLORS["blue"]
        elif i == len(sizes) - 1:
            name, color = "output", COLORS["green"]
        for row, y in enumerate(rows):
            if _is_dots(row, len(rows), size):
                ax.text(x, y, r"$\vdots$", ha="center", va="center", fontsize=14)
            else:
                _unit(ax, (x, y), "", color)
        ax.text(
            x,
            -half - 0.08,
            f"{name}\n{size}",
            ha="center",
            va="top",
            fontsize=11 if len(sizes) < 7 else 8,
        )
    return fig


def _canvas(bottom: float, top: float) -> tuple[Figure, Axes]:
    fig, ax = figure(height=top - bottom)
    ax.set(xlim=(0, WIDTH), ylim=(bottom, top), aspect="equal")
    ax.axis("off")
    return fig, ax


def _rows(size: int, most: int, row: float = ROW) -> np.ndarray:
    """Heights of the units of a layer around zero, the first at the top."""
    count = min(size, most)
    return row * ((count - 1) / 2 - np.arange(count))


def _is_dots(row: int, n_rows: int, size: int) -> bool:
    return size > n_rows and row == n_rows - 2


def _unit(ax: Axes, center: tuple[float, float], text: str, color: str) -> None:
    ax.add_patch(
        Circle(center, RADIUS, facecolor="none", edgecolor=color, linewidth=1.8)
    )
    ax.text(*center, text, ha="center", va="center", fontsize=12)


def _edge(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    color: str = COLORS["grey"],
    width: float = 1.0,
    start_gap: float = RADIUS,
    end_gap: float = RADIUS,
    arrow: bool = False,
) -> None:
    """A line from rim to rim, so that circles need no filling and stay clear in the dark theme."""
    a, b = np.array(start), np.array(end)
    along = (b - a) / np.linalg.norm(b - a)
    a, b = a + start_gap * along, b - end_gap * along
    style = {
        "arrowstyle": "->" if arrow else "-",
        "color": color,
        "linewidth": width,
        "shrinkA": 0,
        "shrinkB": 0,
    }
    ax.annotate("", b, a, arrowprops=style)


def _text_on_edge(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    share: float,
    text: str,
    align: str = "center",
) -> None:
    a, b = np.array(start), np.array(end)
    x, y = a + share * (b - a)
    ax.text(x, y + 0.05, text, ha=align, va="bottom", fontsize=13)
