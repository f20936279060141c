"""Drawings of a cell unrolled in time, of the ways to use it, and of the gates of an LSTM."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from mlfa.book.checks import check_count
from mlfa.plotting.style import COLORS, WIDTH, figure

RADIUS = 0.2  # all lengths are inches
BOX = (0.62, 0.44)
Point = tuple[float, float]


def unrolled_diagram(n_steps: int = 3) -> Figure:
    """The cell with its loop on the left; on the right one copy for each step, with the same weights."""
    check_count("n_steps", n_steps)
    fig, ax = _canvas(-1.35, 1.35)
    _column(ax, 0.5, "$x_t$", r"$\hat{y}_t$", "cell")
    # The loop: out of the right side of the cell and back in below.
    loop = _arrow(COLORS["orange"], 1.6) | {"connectionstyle": "arc3,rad=-2.2"}
    side = 0.5 + BOX[0] / 2
    ax.annotate("", (side, -0.12), (side, 0.12), arrowprops=loop)
    ax.text(1.27, 0.0, "=", ha="center", va="center", fontsize=16)
    places = np.linspace(2.1, WIDTH - 0.75, n_steps) if n_steps > 1 else np.array([3.2])
    _arrow_between(ax, (1.47, 0), (places[0] - BOX[0] / 2, 0), COLORS["orange"], 1.6)
    ax.text(1.6, 0.08, "$h_0$", ha="center", va="bottom", fontsize=12)
    for step, x in enumerate(places, start=1):
        _column(ax, x, f"$x_{{{step}}}$", rf"$\hat{{y}}_{{{step}}}$", "cell")
        end = places[step] - BOX[0] / 2 if step < n_steps else WIDTH - 0.1
        _arrow_between(ax, (x + BOX[0] / 2, 0), (end, 0), COLORS["orange"], 1.6)
        ax.text(
            (x + BOX[0] / 2 + end) / 2,
            0.08,
            f"$h_{{{step}}}$",
            ha="center",
            va="bottom",
            fontsize=12,
        )
    return fig


def sequence_kinds_diagram(n_steps: int = 3) -> Figure:
    """One-to-many, many-to-one and many-to-many: which inputs and which outputs are used."""
    check_count("n_steps", n_steps)
    kinds = [
        ("one-to-many", [0], range(n_steps)),
        ("many-to-one", range(n_steps), [n_steps - 1]),
        ("many-to-many", range(n_steps), range(n_steps)),
    ]
    row = 2.35
    fig, ax = _canvas(-row * (len(kinds) - 1) - 1.1, 1.1)
    places = np.linspace(2.2, WIDTH - 0.6, n_steps) if n_steps > 1 else np.array([3.5])
    for k, (name, inputs, outputs) in enumerate(kinds):
        y = -row * k
        ax.text(0.05, y, name, ha="left", va="center", fontsize=12)
        for step, x in enumerate(places):
            _box(ax, (x, y), "cell")
            if step:
                _arrow_between(
                    ax,
                    (places[step - 1] + BOX[0] / 2, y),
                    (x - BOX[0] / 2, y),
                    COLORS["orange"],
                    1.6,
                )
            if step in inputs:
                _circle(ax, (x, y - 0.8), f"$x_{{{step + 1}}}$", COLORS["blue"])
                _arrow_between(ax, (x, y - 0.8 + RADIUS), (x, y - BOX[1] / 2))
            if step in outputs:
                number = 1 if name == "many-to-one" else step + 1
                text = (
                    r"$\hat{y}$"
                    if name == "many-to-one"
                    else rf"$\hat{{y}}_{{{number}}}$"
                )
                _circle(ax, (x, y + 0.8), text, COLORS["green"])
                _arrow_between(ax, (x, y + BOX[1] / 2), (x, y + 0.8 - RADIUS))
    return fig


def lstm_diagram() -> Figure:
    """One step of an LSTM: the memory runs along the top, the gates multiply and add."""
    fig, ax = _canvas(-1.35, 1.25)
    memory, gates, bottom = 0.95, -0.55, -1.45
    forget, write, read = (1.15, memory), (2.6, memory), (4.05, gates + 0.55)
    orange, grey = COLORS["orange"], COLORS["grey"]
    _arrow_between(ax, (0.45, memory), (forget[0] - RADIUS, memory), orange, 2)
    _arrow_between(
        ax, (forget[0] + RADIUS, memory), (write[0] - RADIUS, memory), orange, 2
    )
    _arrow_between(ax, (write[0] + RADIUS, memory), (4.95, memory), orange, 2)
    ax.text(0.4, memory, "$c_{t-1}$", ha="right", va="center", fontsize=13)
    ax.text(5.0, memory, "$c_t$", ha="left", va="center", fontsize=13)
    _circle(ax, forget, r"$\times$", orange)
    _circle(ax, write, "$+$", orange)
    product = (2.6, 0.22)
    _circle(ax, product, r"$\times$", orange)
    _arrow_between(ax, (product[0], product[1] + RADIUS), (write[0], memory - RADIUS))
    for x, text, name in (
        (1.15, "$f$", "forget"),
        (2.1, "$i$", "input"),
        (3.1, "$g$", "candidate"),
        (4.05, "$o$", "output"),
    ):
        _box(ax, (x, gates), text)
        ax.text(x, gates - BOX[1] / 2 - 0.06, name, ha="center", va="top", fontsize=10)
        _arrow_between(ax, (x, bottom + 0.28), (x, gates - BOX[1] / 2 - 0.24), grey)
    ax.plot([0.75, 4.05], [bottom + 0.28] * 2, color=grey, linewidth=1, linestyle="-")
    ax.text(0.7, bottom + 0.28, "$x_t, h_{t-1}$", ha="right", va="center", fontsize=13)
    _arrow_between(ax, (1.15, gates + BOX[1] / 2), (1.15, memory - RADIUS))
    _arrow_between(
        ax, (2.1, gates + BOX[1] / 2), (product[0] - 0.15, product[1] - 0.14)
    )
    _arrow_between(
        ax, (3.1, gates + BOX[1] / 2), (product[0] + 0.15, product[1] - 0.14)
    )
    _circle(ax, (read[0], 0.22), r"$\times$", COLORS["green"])
    _arrow_between(ax, (4.05, gates + BOX[1] / 2), (4.05, 0.22 - RADIUS))
    _arrow_between(ax, (4.05, memory), (4.05, 0.22 + RADIUS))
    ax.text(
        4.0, (memory + 0.22) / 2 + 0.02, "tanh", ha="right", va="center", fontsize=10
    )
    _arrow_between(ax, (4.05 + RADIUS, 0.22), (4.95, 0.22), COLORS["green"], 2)
    ax.text(5.0, 0.22, "$h_t$", ha="left", va="center", fontsize=13)
    return fig


def _canvas(bottom: float, top: float) -> tuple[Figure, Axes]:
    fig, ax = figure(height=top - bottom)
    ax.set(xlim=(0, WIDTH), ylim=(bottom, top), aspect="equal")
    ax.axis("off")
    return fig, ax


def _column(ax: Axes, x: float, below: str, above: str, text: str) -> None:
    """A cell with its input below and its output above."""
    _box(ax, (x, 0), text)
    _circle(ax, (x, -1.05), below, COLORS["blue"])
    _circle(ax, (x, 1.05), above, COLORS["green"])
    _arrow_between(ax, (x, -1.05 + RADIUS), (x, -BOX[1] / 2))
    _arrow_between(ax, (x, BOX[1] / 2), (x, 1.05 - RADIUS))


def _circle(ax: Axes, center: Point, text: str, color: str) -> None:
    ax.add_patch(
        Circle(center, RADIUS, facecolor="none", edgecolor=color, linewidth=1.8)
    )
    ax.text(*center, text, ha="center", va="center", fontsize=12)


def _box(ax: Axes, center: Point, text: str) -> None:
    corner = (center[0] - BOX[0] / 2, center[1] - BOX[1] / 2)
    style = "round,pad=0,rounding_size=0.08"
    ax.add_patch(
        FancyBboxPatch(
            corner,
            *BOX,
            boxstyle=style,
            facecolor="none",
            edgecolor=COLORS["orange"],
            linewidth=1.8,
        )
    )
    ax.text(*center, text, ha="center", va="center", fontsize=12)


def _arrow(color: str, width: float) -> dict[str, object]:
    return {
        "arrowstyle": "->",
        "color": color,
        "linewidth": width,
        "shrinkA": 0,
        "shrinkB": 0,
    }


def _arrow_between(
    ax: Axes, start: Point, end: Point, color: str = COLORS["grey"], width: float = 1.0
) -> None:
    ax.annotate("", end, start, arrowprops=_arrow(color, width))
