"""Cells in time and from inside, their gates, and sequences of different lengths."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.book.checks import check_count
from mlfa.diagrams import _kit
from mlfa.diagrams._kit import CENTERED, GREY, Point, arrow, canvas
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


def plain_cell_diagram() -> Figure:
    """The inside of the plain cell: two products, a sum with the bias, and tanh.

    Returns
    -------
    Figure
    """
    fig, ax = canvas((-1.5, 1.15))
    add, bend = 2.35, 3.35  # places along
    circle(ax, (add, 0), "$+$", ORANGE)
    _kit.box(ax, (bend, 0), "tanh", *BOX, ORANGE, fontsize=12)
    for center, text in [((1.35, 0), "$W_h$"), ((add, -0.62), "$W_x$")]:
        _kit.box(ax, center, text, *BOX, GREY, fontsize=12)
    circle(ax, (add, -1.28), "$x_t$", COLORS["blue"])
    ax.text(0.45, 0, "$h_{t-1}$", ha="right", va="center", fontsize=13)
    ax.text(add, 0.78, "$b$", fontsize=13, **CENTERED)
    ax.text(4.95, 0, "$h_t$", ha="left", va="center", fontsize=13)
    for start, end in [
        ((0.5, 0), (1.35 - RIGHT, 0)),
        ((1.35 + RIGHT, 0), (add - RADIUS, 0)),
        ((add + RADIUS, 0), (bend - RIGHT, 0)),
        ((bend + RIGHT, 0), (4.85, 0)),
    ]:
        arrow(ax, start, end, ORANGE, 1.6)
    arrow(ax, (add, -1.28 + RADIUS), (add, -0.62 - TOP))
    arrow(ax, (add, -0.62 + TOP), (add, -RADIUS))
    arrow(ax, (add, 0.64), (add, RADIUS))
    arrow(ax, (4.3, 0), (4.3, 0.85 - RADIUS))
    circle(ax, (4.3, 0.85), r"$\hat{y}_t$", COLORS["green"])
    ax.text(4.36, 0.32, "head", ha="left", va="center", fontsize=10)
    return fig


LSTM_PARTS = ("forget", "write", "show")


def lstm_diagram(part: str | None = None) -> Figure:
    """One step of an LSTM: the memory runs along the top, gates multiply and add.

    Parameters
    ----------
    part : str, optional
        "forget", "write" or "show": this part is drawn in color with thick lines, and
        the others thin. When left out, all are alike.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is no such part.
    """
    if part not in (None, *LSTM_PARTS):
        raise ValueError(f"part must be one of {', '.join(LSTM_PARTS)}, got {part!r}.")

    def ink(name: str, color: str = ORANGE) -> dict[str, object]:
        seen = part in (None, name)
        return {"color": color if seen else GREY, "width": 2.2 if seen else 0.8}

    fig, ax = canvas((-1.4, 1.25))
    memory, product, gates, bottom = 0.95, 0.22, -0.5, -1.22  # heights
    f, i, write, g, o = 1.15, 2.1, 2.6, 3.1, 4.05  # places along
    green = COLORS["green"]
    for start, end, name in [
        (0.45, f - RADIUS, "forget"),
        (f + RADIUS, write - RADIUS, "forget"),
        (write + RADIUS, 4.95, "write"),
    ]:
        arrow(ax, (start, memory), (end, memory), **ink(name))
    ax.text(0.4, memory, "$c_{t-1}$", ha="right", va="center", fontsize=13)
    ax.text(5.0, memory, "$c_t$", ha="left", va="center", fontsize=13)
    for center, sign, name, color in [
        ((f, memory), r"$\times$", "forget", ORANGE),
        ((write, memory), "$+$", "write", ORANGE),
        ((write, product), r"$\times$", "write", ORANGE),
        ((o, product), r"$\times$", "show", green),
    ]:
        circle(ax, center, sign, ink(name, color)["color"])
    for x, bend, label, name, color in [
        (f, r"$\sigma$", "forget gate", "forget", ORANGE),
        (i, r"$\sigma$", "input gate", "write", ORANGE),
        (g, "tanh", "candidate", "write", ORANGE),
        (o, r"$\sigma$", "output gate", "show", green),
    ]:
        look = ink(name, color)
        _kit.box(ax, (x, gates), bend, *BOX, look["color"], fontsize=12)
        below = gates - TOP - 0.05
        ax.text(x, below, label, ha="center", va="top", fontsize=9.5)
        arrow(ax, (x, bottom), (x, below - 0.17), look["color"], look["width"] / 1.6)
    _kit.path(ax, [(0.75, bottom), (o, bottom)])
    ax.text(0.7, bottom, "$x_t, h_{t-1}$", ha="right", va="center", fontsize=13)
    for start, end, letter, name, color in [
        ((f, gates + TOP), (f, memory - RADIUS), "$f_t$", "forget", ORANGE),
        ((i, gates + TOP), (write - 0.15, product - 0.14), "$i_t$", "write", ORANGE),
        ((g, gates + TOP), (write + 0.15, product - 0.14), "$g_t$", "write", ORANGE),
        ((write, product + RADIUS), (write, memory - RADIUS), "", "write", ORANGE),
        ((o, gates + TOP), (o, product - RADIUS), "$o_t$", "show", green),
        ((o, memory), (o, product + RADIUS), "", "show", green),
    ]:
        look = ink(name, color)
        arrow(ax, start, end, look["color"], look["width"] / 1.6)
        left = letter in ("$f_t$", "$i_t$")
        place = {"ha": "right" if left else "left", "va": "center", "fontsize": 11}
        shift = -0.07 if left else 0.07
        at = start[0] + (end[0] - start[0]) / 3 + shift
        ax.text(at, gates + TOP + 0.2, letter, **place)
    between = (memory + product) / 2 + 0.02
    ax.text(o - 0.05, between, "tanh", ha="right", va="center", fontsize=10)
    arrow(ax, (o + RADIUS, product), (4.95, product), **ink("show", green))
    ax.text(5.0, product, "$h_t$", ha="left", va="center", fontsize=13)
    return fig


def gru_diagram() -> Figure:
    """One step of a GRU: the state runs along the top and is mixed with a candidate.

    Returns
    -------
    Figure
    """
    fig, ax = canvas((-1.4, 1.3))
    state, middle, gates, bottom = 1.0, 0.28, -0.5, -1.22  # heights
    r, z, g, mix = 1.1, 2.5, 3.7, 4.4  # places along
    green = COLORS["green"]
    ax.text(0.4, state, "$h_{t-1}$", ha="right", va="center", fontsize=13)
    ax.text(5.0, state, "$h_t$", ha="left", va="center", fontsize=13)
    for start, end in [
        (0.45, z - RADIUS),
        (z + RADIUS, mix - RADIUS),
        (mix + RADIUS, 4.95),
    ]:
        arrow(ax, (start, state), (end, state), ORANGE, 2.2)
    circle(ax, (z, state), r"$\times$", ORANGE)
    circle(ax, (mix, state), "$+$", ORANGE)
    circle(ax, (mix, middle), r"$\times$", ORANGE)
    circle(ax, (r, middle), r"$\times$", green)
    for x, bend, label, color in [
        (r, r"$\sigma$", "reset gate", green),
        (z, r"$\sigma$", "update gate", ORANGE),
        (g, "tanh", "candidate", ORANGE),
    ]:
        _kit.box(ax, (x, gates), bend, *BOX, color, fontsize=12)
        below = gates - TOP - 0.05
        ax.text(x, below, label, ha="center", va="top", fontsize=9.5)
        arrow(ax, (x, bottom), (x, below - 0.17))
    _kit.path(ax, [(0.75, bottom), (g, bottom)])
    ax.text(0.7, bottom, "$x_t, h_{t-1}$", ha="right", va="center", fontsize=13)
    # The reset gate acts on the part of the state that the candidate gets to see.
    arrow(ax, (r, state), (r, middle + RADIUS), green, 1.4)
    arrow(ax, (r, gates + TOP), (r, middle - RADIUS), green, 1.4)
    _kit.path(ax, [(r + RADIUS, middle), (1.85, middle), (1.85, -0.0)], green, 1.4)
    _kit.path(ax, [(1.85, 0.0), (3.2, 0.0)], green, 1.4)
    arrow(ax, (3.2, 0.0), (g - 0.2, gates + TOP), green, 1.4)
    arrow(ax, (z, gates + TOP), (z, state - RADIUS), ORANGE, 1.4)
    arrow(ax, (z, middle), (mix - RADIUS, middle), ORANGE, 1.4)
    arrow(ax, (g + 0.1, gates + TOP), (mix - 0.1, middle - RADIUS + 0.02), ORANGE, 1.4)
    arrow(ax, (mix, middle + RADIUS), (mix, state - RADIUS), ORANGE, 1.4)
    for x, y, text, side in [
        (r - 0.07, gates + TOP + 0.16, "$r_t$", "right"),
        (z - 0.07, gates + TOP + 0.16, "$z_t$", "right"),
        (g + 0.42, gates + TOP + 0.2, "$g_t$", "left"),
        (3.3, middle + 0.13, "$1 - z_t$", "center"),
    ]:
        ax.text(x, y, text, ha=side, va="center", fontsize=11)
    return fig


def padding_diagram(lengths: Sequence[int] = (5, 3, 2)) -> Figure:
    """Sequences of different lengths: padded to one table, and packed.

    Parameters
    ----------
    lengths : sequence of int
        Steps of one to three sequences, the longest first; at most ten in all together
        fit into the lower row.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are more sequences or more steps than fit.
    """
    if not 1 <= len(lengths) <= 3 or sum(lengths) > 10:
        raise ValueError(
            f"lengths must be of 1 to 3 sequences, 10 in all, got {list(lengths)}."
        )
    n, longest = len(lengths), max(lengths)
    side, colors = 0.42, [COLORS[name] for name in ("blue", "orange", "green")][:n]
    fig, ax = canvas((-side * (n + 3.4), 0.45))
    left = 1.0
    ax.text(0, 0.22, "padded", ha="left", va="center", fontsize=12)
    for row, (length, color) in enumerate(zip(lengths, colors, strict=True)):
        for step in range(longest):
            corner = (left + step * side, -side * (row + 1))
            if step < length:
                name = f"${'abc'[row]}_{step + 1}$"
                _kit.cell(ax, corner, side, side, color, name)
            else:
                _kit.cell(ax, corner, side, side, GREY, hatch="//", linewidth=0.8)
        place = {"ha": "left", "va": "center", "fontsize": 10.5}
        end = left + longest * side + 0.12
        ax.text(end, -side * (row + 0.5), f"length {length}", **place)
    bottom = -side * (n + 2.6)
    ax.text(0, bottom + side + 0.42, "packed", ha="left", va="center", fontsize=12)
    x = 0.05
    for step in range(longest):
        rows = [row for row in range(n) if lengths[row] > step]
        for row in rows:
            name = f"${'abc'[row]}_{step + 1}$"
            _kit.cell(ax, (x, bottom), side, side, colors[row], name)
            x += side
        middle = x - len(rows) * side / 2
        ax.text(middle, bottom - 0.17, f"step {step + 1}", fontsize=9, **CENTERED)
        x += 0.08
    return fig


def truncated_diagram(n_steps: int = 6, k: int = 3) -> Figure:
    """Truncated backpropagation: the state goes on, the gradient stops.

    Parameters
    ----------
    n_steps : int
        Steps in time.
    k : int
        Steps of a piece.

    Returns
    -------
    Figure
    """
    check_count("n_steps", n_steps)
    check_count("k", k)
    fig, ax = canvas((-1.35, 1.15))
    places = np.linspace(0.6, WIDTH - 0.55, n_steps)
    for step, x in enumerate(places):
        _cell(ax, (x, 0))
        circle(ax, (x, -0.75), f"$x_{{{step + 1}}}$", COLORS["blue"])
        arrow(ax, (x, -0.75 + RADIUS), (x, -TOP))
        if step:
            before = (places[step - 1] + RIGHT, 0.09)
            arrow(ax, before, (x - RIGHT, 0.09), ORANGE, 1.6)
            if step % k:
                back = (places[step - 1] + RIGHT, -0.09)
                purple = COLORS["purple"]
                arrow(ax, (x - RIGHT, -0.09), back, purple, 1.6, linestyle="--")
            else:
                cut = (places[step - 1] + x) / 2
                grey = {"color": COLORS["grey"], "linestyle": ":", "linewidth": 1.6}
                ax.plot([cut, cut], [-1.05, 0.75], **grey)
    for start in range(0, n_steps, k):
        part = places[start : start + k]
        name = f"steps {start + 1} to {start + len(part)}"
        ax.text(part.mean(), 0.55, name, fontsize=10.5, **CENTERED)
    ax.text(0.1, 0.98, "state (solid) →", fontsize=11, ha="left", va="center")
    style = {"fontsize": 11, "ha": "right", "va": "center"}
    ax.text(WIDTH - 0.1, 0.98, "← gradient (dashed)", color=COLORS["purple"], **style)
    return fig


def rollout_diagram(n_true: int = 3, n_steps: int = 3) -> Figure:
    """Teacher forcing above, a rollout below: true inputs, and answers fed back.

    Parameters
    ----------
    n_true : int
        True values that both read first.
    n_steps : int
        Steps after them.

    Returns
    -------
    Figure
    """
    check_count("n_true", n_true)
    check_count("n_steps", n_steps)
    fig, ax = canvas((-3.75, 1.35))
    n = n_true + n_steps
    places = np.linspace(0.55, WIDTH - 0.55, n)
    for name, y in [("training: teacher forcing", 0.0), ("rollout", -2.65)]:
        ax.text(0.1, y + 1.17, name, ha="left", va="center", fontsize=12)
        for step, x in enumerate(places, start=1):
            _cell(ax, (x, y))
            if step > 1:
                before = (places[step - 2] + RIGHT, y)
                arrow(ax, before, (x - RIGHT, y), ORANGE, 1.6)
            answer = rf"$\hat{{x}}_{{{step + 1}}}$"
            circle(ax, (x, y + 0.75), answer, COLORS["green"])
            arrow(ax, (x, y + TOP), (x, y + 0.75 - RADIUS))
            own = name == "rollout" and step > n_true
            text = rf"$\hat{{x}}_{{{step}}}$" if own else f"$x_{{{step}}}$"
            circle(ax, (x, y - 0.75), text, COLORS["green" if own else "blue"])
            arrow(ax, (x, y - 0.75 + RADIUS), (x, y - TOP))
            if own:  # down between two cells, from the answer to the next input
                middle, green = (places[step - 2] + x) / 2, COLORS["green"]
                start = places[step - 2] + RADIUS
                corners = [(start, y + 0.75), (middle, y + 0.75), (middle, y - 0.75)]
                _kit.path(ax, corners, green, 1.4)
                arrow(ax, (middle, y - 0.75), (x - RADIUS, y - 0.75), green, 1.4)
    return fig


def two_way_diagram(n_steps: int = 4) -> Figure:
    """Reading in both directions: two rows of cells, and answers that see both.

    Parameters
    ----------
    n_steps : int
        Steps in time.

    Returns
    -------
    Figure
    """
    check_count("n_steps", n_steps)
    fig, ax = canvas((-1.0, 2.15))
    places = np.linspace(1.5, WIDTH - 0.7, n_steps) if n_steps > 1 else np.array([3.0])
    heights, purple = {"forward": 0.1, "backward": 0.85}, COLORS["purple"]
    for name, y in heights.items():
        ax.text(0.05, y, name, ha="left", va="center", fontsize=11)
    for step, x in enumerate(places):
        circle(ax, (x, -0.75), f"$x_{{{step + 1}}}$", COLORS["blue"])
        circle(ax, (x, 1.75), rf"$\hat{{y}}_{{{step + 1}}}$", COLORS["green"])
        for y, color, shift in [(0.1, ORANGE, -0.17), (0.85, purple, 0.17)]:
            _kit.box(ax, (x + shift, y), "", 0.34, 0.36, color)
            arrow(ax, (x + shift, -0.75 + 0.12), (x + shift, y - 0.18))
            arrow(ax, (x + shift, y + 0.18), (x + shift, 1.75 - 0.12))
        if step:
            before = places[step - 1]
            arrow(ax, (before, 0.1), (x - 0.34, 0.1), ORANGE, 1.8)
            arrow(ax, (x, 0.85), (before + 0.34, 0.85), purple, 1.8)
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
