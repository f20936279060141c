"""A cell unrolled in time, the ways to use it, and the gates of an LSTM."""

from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.book.checks import check_count
from mlfa.diagrams import _kit
from mlfa.diagrams._kit import CENTERED, Point, arrow, canvas
from mlfa.plotting.style import COLORS, WIDTH

RADIUS = 0.2  # all lengths are inches
BOX = (0.62, 0.44)
RIGHT, TOP = BOX[0] / 2, BOX[1] / 2  # from the center of a box to its sides
ORANGE = COLORS["orange"]
circle = partial(_kit.circle, radius=RADIUS)


def unrolled_diagram(n_steps: int = 3) -> Figure:
    """A cell with its loop on the left, and on the right a copy of it for each step.

    Parameters
    ----------
    n_steps : int
        Steps in time.

    Returns
    -------
    Figure
    """
    check_count("n_steps", n_steps)
    fig, ax = canvas((-1.35, 1.35))
    _column(ax, 0.5, "$x_t$", r"$\hat{y}_t$")
    # The loop: out of the right side of the cell and back in below.
    loop = {"connectionstyle": "arc3,rad=-2.2"}
    arrow(ax, (0.5 + RIGHT, 0.12), (0.5 + RIGHT, -0.12), ORANGE, 1.6, **loop)
    ax.text(1.27, 0.0, "=", fontsize=16, **CENTERED)
    places = np.linspace(2.1, WIDTH - 0.75, n_steps) if n_steps > 1 else np.array([3.2])
    above = {"ha": "center", "va": "bottom", "fontsize": 12}
    arrow(ax, (1.47, 0), (places[0] - RIGHT, 0), ORANGE, 1.6)
    ax.text(1.6, 0.08, "$h_0$", **above)
    ends = [*(places[1:] - RIGHT), WIDTH - 0.1]
    for step, (x, end) in enumerate(zip(places, ends, strict=True), start=1):
        _column(ax, x, f"$x_{{{step}}}$", rf"$\hat{{y}}_{{{step}}}$")
        arrow(ax, (x + RIGHT, 0), (end, 0), ORANGE, 1.6)
        ax.text((x + RIGHT + end) / 2, 0.08, f"$h_{{{step}}}$", **above)
    return fig


def sequence_kinds_diagram(n_steps: int = 3) -> Figure:
    """One-to-many, many-to-one and many-to-many: which inputs and outputs are used.

    Parameters
    ----------
    n_steps : int
        Steps in time.

    Returns
    -------
    Figure
    """
    check_count("n_steps", n_steps)
    every, row = range(n_steps), 2.35
    kinds = [
        ("one-to-many", [0], every),
        ("many-to-one", every, [n_steps - 1]),
        ("many-to-many", every, every),
    ]
    fig, ax = canvas((-row * (len(kinds) - 1) - 1.1, 1.1))
    places = np.linspace(2.2, WIDTH - 0.6, n_steps) if n_steps > 1 else np.array([3.5])
    for k, (name, inputs, outputs) in enumerate(kinds):
        y = -row * k
        ax.text(0.05, y, name, ha="left", va="center", fontsize=12)
        for step, x in enumerate(places):
            _cell(ax, (x, y))
            if step:
                before = (places[step - 1] + RIGHT, y)
                arrow(ax, before, (x - RIGHT, y), ORANGE, 1.6)
            if step in inputs:
                circle(ax, (x, y - 0.8), f"$x_{{{step + 1}}}$", COLORS["blue"])
                arrow(ax, (x, y - 0.8 + RADIUS), (x, y - TOP))
            if step in outputs:
                number = "" if name == "many-to-one" else f"_{{{step + 1}}}"
                circle(ax, (x, y + 0.8), rf"$\hat{{y}}{number}$", COLORS["green"])
                arrow(ax, (x, y + TOP), (x, y + 0.8 - RADIUS))
    return fig


def lstm_diagram() -> Figure:
    """One step of an LSTM: the memory runs along the top, gates multiply and add.

    Returns
    -------
    Figure
    """
    fig, ax = canvas((-1.35, 1.25))
    memory, product, gates, bottom = 0.95, 0.22, -0.55, -1.17  # heights
    f, i, write, g, o = 1.15, 2.1, 2.6, 3.1, 4.05  # places along
    green = COLORS["green"]
    for start, end in [(0.45, f - RADIUS), (f + RADIUS, write - RADIUS)]:
        arrow(ax, (start, memory), (end, memory), ORANGE, 2)
    arrow(ax, (write + RADIUS, memory), (4.95, memory), ORANGE, 2)
    ax.text(0.4, memory, "$c_{t-1}$", ha="right", va="center", fontsize=13)
    ax.text(5.0, memory, "$c_t$", ha="left", va="center", fontsize=13)
    circle(ax, (f, memory), r"$\times$", ORANGE)
    circle(ax, (write, memory), "$+$", ORANGE)
    circle(ax, (write, product), r"$\times$", ORANGE)
    circle(ax, (o, product), r"$\times$", green)
    for x, letter, name in [
        (f, "$f$", "forget"),
        (i, "$i$", "input"),
        (g, "$g$", "candidate"),
        (o, "$o$", "output"),
    ]:
        _cell(ax, (x, gates), letter)
        below = gates - TOP - 0.06
        ax.text(x, below, name, ha="center", va="top", fontsize=10)
        arrow(ax, (x, bottom), (x, below - 0.18))
    _kit.path(ax, [(0.75, bottom), (o, bottom)])
    ax.text(0.7, bottom, "$x_t, h_{t-1}$", ha="right", va="center", fontsize=13)
    for start, end in [
        ((f, gates + TOP), (f, memory - RADIUS)),
        ((i, gates + TOP), (write - 0.15, product - 0.14)),
        ((g, gates + TOP), (write + 0.15, product - 0.14)),
        ((write, product + RADIUS), (write, memory - RADIUS)),
        ((o, gates + TOP), (o, product - RADIUS)),
        ((o, memory), (o, product + RADIUS)),
    ]:
        arrow(ax, start, end)
    between = (memory + product) / 2 + 0.02
    ax.text(o - 0.05, between, "tanh", ha="right", va="center", fontsize=10)
    arrow(ax, (o + RADIUS, product), (4.95, product), green, 2)
    ax.text(5.0, product, "$h_t$", ha="left", va="center", fontsize=13)
    return fig


def _column(ax: Axes, x: float, below: str, above: str) -> None:
    """A cell with its input below and its output above."""
    _cell(ax, (x, 0))
    circle(ax, (x, -1.05), below, COLORS["blue"])
    circle(ax, (x, 1.05), above, COLORS["green"])
    arrow(ax, (x, -1.05 + RADIUS), (x, -TOP))
    arrow(ax, (x, TOP), (x, 1.05 - RADIUS))


def _cell(ax: Axes, center: Point, text: str = "cell") -> None:
    _kit.box(ax, center, text, *BOX, ORANGE, fontsize=12)
