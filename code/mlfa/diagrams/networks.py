"""Drawings of a unit, a layer and a network, with their sizes as arguments."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.book.checks import check_count
from mlfa.diagrams._kit import CENTERED, GREY, Point, arrow, canvas, circle
from mlfa.plotting.style import COLORS, WIDTH

RADIUS = 0.19  # all lengths are inches
ROW = 0.5  # from one unit of a layer to the next
BOTH_WAYS = ("blue", "black")  # colors of values and of derivatives


def unit_diagram(n_features: int = 3) -> Figure:
    """One unit: features times weights, summed with the bias, through the activation.

    Parameters
    ----------
    n_features : int
        Features that the unit reads.

    Returns
    -------
    Figure
    """
    check_count("n_features", n_features)
    rows = _rows(n_features, n_features, 0.75)
    height = max(2.0, 2 * rows[0] + 0.6)
    fig, ax = canvas((-height / 2, height / 2))
    total, after = (2.35, 0.0), (3.65, 0.0)
    for j, y in enumerate(rows, start=1):
        _edge(ax, (0.35, y), total)
        _text_on_edge(ax, (0.35, y), total, 0.4, f"$w_{{{j}}}$")
        circle(ax, (0.35, y), f"$x_{{{j}}}$", COLORS["blue"], RADIUS)
    _edge(ax, (total[0], -0.8), total, start_gap=0.14)
    ax.text(total[0], -0.82, "$b$", fontsize=13, **CENTERED)
    circle(ax, total, r"$\Sigma$", COLORS["orange"], RADIUS)
    _edge(ax, total, after)
    above = {"ha": "center", "va": "bottom"}
    ax.text((total[0] + after[0]) / 2, 0.07, "$z$", fontsize=13, **above)
    circle(ax, after, r"$\phi$", COLORS["green"], RADIUS)
    _edge(ax, after, (4.5, 0), end_gap=0.05, head="->")
    ax.text(4.53, 0, r"$a=\phi(z)$", ha="left", va="center", fontsize=13)
    ax.text(total[0], 0.3, "sum", **above)
    ax.text(after[0], 0.3, "activation", **above)
    return fig


def layer_diagram(n_features: int = 3, n_units: int = 4) -> Figure:
    """One layer: every feature feeds every unit.

    Parameters
    ----------
    n_features : int
        Features that the layer reads.
    n_units : int
        Its units. The edges of the first stand out, with their weights.

    Returns
    -------
    Figure
    """
    check_count("n_features", n_features)
    check_count("n_units", n_units)
    left, right = (_rows(size, size, 0.7) for size in (n_features, n_units))
    half = max(left[0], right[0]) + 0.3
    fig, ax = canvas((-half, half))
    x, x_next = 0.7, 4.1
    for y in left:
        for y_next in right[1:]:
            _edge(ax, (x, y), (x_next, y_next), width=0.6)
        _edge(ax, (x, y), (x_next, right[0]), color=COLORS["orange"], width=2.2)
    for j, y in enumerate(left, start=1):
        edge, weight = ((x, y), (x_next, right[0])), f"$w_{{{j}1}}$"
        _text_on_edge(ax, *edge, 0.3, weight, ha="right")
        circle(ax, (x, y), f"$x_{{{j}}}$", COLORS["blue"], RADIUS)
    for k, y in enumerate(right, start=1):
        _edge(ax, (x_next, y), (x_next + 0.6, y), end_gap=0.03, head="->")
        circle(ax, (x_next, y), "", COLORS["orange"], RADIUS)
        ax.text(x_next + 0.62, y, f"$a_{{{k}}}$", ha="left", va="center", fontsize=13)
    return fig


def network_diagram(sizes: Sequence[int], *, most: int = 6) -> Figure:
    """Layers of units, each joined to every unit of the next.

    Parameters
    ----------
    sizes : sequence of int
        Features, units of each hidden layer, outputs: at least two numbers.
    most : int
        Rows of a layer at the most; at least 3. In a longer one three dots stand for
        the units that are not drawn.

    Returns
    -------
    Figure

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
    fig, ax = canvas((-half - 0.6, half))
    places = np.linspace(0.55, WIDTH - 0.55, len(sizes))
    drawn = [
        [(x, y) for row, y in enumerate(rows) if not _is_dots(row, len(rows), size)]
        for x, rows, size in zip(places, columns, sizes, strict=True)
    ]
    for here, after in pairwise(drawn):
        for start in here:
            for end in after:
                _edge(ax, start, end, width=0.7)
    hidden = [(f"hidden {i}", COLORS["orange"]) for i in range(1, len(sizes) - 1)]
    looks = [("features", COLORS["blue"]), *hidden, ("output", COLORS["green"])]
    for x, rows, size, units, (name, color) in zip(
        places, columns, sizes, drawn, looks, strict=True
    ):
        for unit in units:
            circle(ax, unit, "", color, RADIUS)
        if len(units) < len(rows):
            ax.text(x, rows[-2], r"$\vdots$", fontsize=14, **CENTERED)
        below = {"ha": "center", "va": "top", "fontsize": 11 if len(sizes) < 7 else 8}
        ax.text(x, -half - 0.08, f"{name}\n{size}", **below)
    return fig


def graph_diagram(x: float, w: float, b: float, v: float, y: float) -> Figure:
    """One ReLU unit and its squared error as a graph of operations, with numbers.

    Above each edge stands its value, below it the derivative of the loss with respect
    to this value.

    Parameters
    ----------
    x : float
        The feature.
    w, b : float
        Weight and bias of the unit.
    v : float
        Weight of the unit in the prediction.
    y : float
        The target.

    Returns
    -------
    Figure
    """
    z = w * x + b
    a = max(z, 0)
    error = v * a - y
    d_error = 2 * error  # from here on, each is the one before times a slope
    d_a = d_error * v
    d_z = d_a * (z > 0)
    below = {"x": (x, None), "w": (w, d_z * x), "b": (b, d_z)}
    below |= {"v": (v, d_error * a), "y": (y, None)}
    along = [
        ("", w * x, d_z),
        ("z", z, d_z),
        ("a", a, d_a),
        (r"\hat{y}", v * a, d_error),
        ("", error, d_error),
        ("L", error**2, 1),
    ]
    nodes = [
        (r"$\times$", "w"),
        ("$+$", "b"),
        (r"$\phi$", None),
        (r"$\times$", "v"),
        ("$-$", "y"),
        (r"$(\;)^2$", None),
    ]
    fig, ax = canvas((-1.75, 0.75))
    radius, step, y_leaf = 0.17, 0.81, -1.25
    places = [0.62 + step * k for k in range(len(nodes))]
    blue, black = ({"color": COLORS[name], "fontsize": 11} for name in BOTH_WAYS)
    _edge(ax, (0.1, 0), (places[0], 0), start_gap=0.12, end_gap=radius, head="->")
    ax.text(0.12, 0.0, f"$x$\n{_number(x)}", **CENTERED, **blue)
    for k, (here, (sign, leaf)) in enumerate(zip(places, nodes, strict=True)):
        circle(ax, (here, 0), sign, COLORS["black"], radius)
        name, value, derivative = along[k]
        end = here + step if k + 1 < len(nodes) else here + 0.66
        gap = radius if k + 1 < len(nodes) else 0.02
        _edge(ax, (here, 0), (end, 0), start_gap=radius, end_gap=gap, head="->")
        middle = (here + radius + end - gap) / 2
        words = f"${name}$\n{_number(value)}" if name else _number(value)
        ax.text(middle, 0.07, words, ha="center", va="bottom", **blue)
        back = f"← {_number(derivative)}"
        ax.text(middle, -0.09, back, ha="center", va="top", **black)
        if leaf is None:
            continue
        value, derivative = below[leaf]
        start = (here, y_leaf + 0.2)
        _edge(ax, start, (here, 0), start_gap=0, end_gap=radius, head="->")
        ax.text(here, y_leaf, f"${leaf}$\n{_number(value)}", **CENTERED, **blue)
        if derivative is not None:
            down = f"↓ {_number(derivative)}"
            ax.text(here + 0.06, -0.72, down, ha="left", va="center", **black)
    return fig


def _rows(size: int, most: int, row: float = ROW) -> np.ndarray:
    """Heights of the units of a layer around zero, the first at the top."""
    count = min(size, most)
    return row * ((count - 1) / 2 - np.arange(count))


def _number(value: float) -> str:
    return f"{value + 0:.3g}".replace("-", "−")  # and no minus before a zero


def _is_dots(row: int, n_rows: int, size: int) -> bool:
    return size > n_rows and row == n_rows - 2


def _edge(
    ax: Axes,
    start: Point,
    end: Point,
    *,
    color: str = GREY,
    width: float = 1.0,
    start_gap: float = RADIUS,
    end_gap: float = RADIUS,
    head: str = "-",
) -> None:
    """A line from rim to rim, so that circles need no filling."""
    a, b = np.array(start), np.array(end)
    along = (b - a) / np.linalg.norm(b - a)
    arrow(ax, a + start_gap * along, b - end_gap * along, color, width, head=head)


def _text_on_edge(
    ax: Axes, start: Point, end: Point, share: float, text: str, *, ha: str = "center"
) -> None:
    a, b = np.array(start), np.array(end)
    x, y = a + share * (b - a)
    ax.text(x, y + 0.05, text, ha=ha, va="bottom", fontsize=13)
