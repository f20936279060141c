"""Drawings of attention for one query, of the block, and of the encoder-decoder."""

from __future__ import annotations

from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from mlfa.book.checks import check_count
from mlfa.plotting.style import COLORS, WIDTH, figure

RADIUS = 0.18  # all lengths are inches
HEIGHT = 0.36  # of a box
Point = tuple[float, float]


def attention_diagram(n_keys: int = 4) -> Figure:
    """One query meets every key; the weights that result average the values.

    Parameters
    ----------
    n_keys : int
        Positions that the query looks at, one row each.
    """
    check_count("n_keys", n_keys)
    row = 0.62
    fig, ax = _canvas(-0.95, n_keys * row + 0.35)
    key, dot, norm, times, value = 0.5, 1.35, 2.3, 3.75, 4.75
    rows = [row * (n_keys - 1 - j) + 0.2 for j in range(n_keys)]
    below = -0.6
    for x, text in (
        (key, "keys"),
        (dot, "scores"),
        (norm, "softmax"),
        (3.05, "weights"),
        (value, "values"),
    ):
        ax.text(x, rows[0] + 0.4, text, ha="center", va="center", fontsize=11)
    _box(
        ax,
        (norm, (rows[0] + rows[-1]) / 2),
        "",
        0.4,
        rows[0] - rows[-1] + 0.45,
        COLORS["orange"],
    )
    for j, y in enumerate(rows, start=1):
        _box(ax, (key, y), rf"$\mathbf{{k}}_{{{j}}}$", 0.5)
        _circle(ax, (dot, y), r"$\cdot$", COLORS["orange"])
        _circle(ax, (times, y), r"$\times$", COLORS["green"])
        _box(ax, (value, y), rf"$\mathbf{{v}}_{{{j}}}$", 0.5, color=COLORS["green"])
        _arrow(ax, (key + 0.25, y), (dot - RADIUS, y))
        _arrow(ax, (dot + RADIUS, y), (norm - 0.2, y))
        _arrow(ax, (norm + 0.2, y), (times - RADIUS, y))
        ax.text(
            3.02, y + 0.04, rf"$\alpha_{{{j}}}$", ha="center", va="bottom", fontsize=12
        )
        _arrow(ax, (value - 0.25, y), (times + RADIUS, y))
    # The query climbs from score to score; the products fall into the sum.
    _box(ax, (dot, below), r"$\mathbf{q}$", 0.5, color=COLORS["purple"])
    _circle(ax, (times, below), r"$\Sigma$", COLORS["green"])
    ends = [*rows, below]
    for upper, lower in pairwise(ends):
        top_of_lower = HEIGHT / 2 if lower == below else RADIUS
        _arrow(ax, (dot, lower + top_of_lower), (dot, upper - RADIUS), COLORS["purple"])
        _arrow(ax, (times, upper - RADIUS), (times, lower + RADIUS), COLORS["green"])
    ax.text(dot - 0.32, below, "query", ha="right", va="center", fontsize=11)
    _arrow(ax, (times + RADIUS, below), (value - 0.25, below), COLORS["green"])
    ax.text(value - 0.2, below, "average", ha="left", va="center", fontsize=11)
    return fig


def block_diagram() -> Figure:
    """The block from the bottom up, twice: normalizing each sum as in the original, and normalizing first."""
    fig, ax = _canvas(-0.55, 3.75)
    for x, title, norm_first in (
        (1.35, "norm after (original)", False),
        (4.1, "norm first", True),
    ):
        ax.text(x, -0.35, title, ha="center", va="center", fontsize=11)
        top = _parts(ax, x, 0.15, ["attention", "network"], norm_first=norm_first)
        _arrow(ax, (x, top), (x, top + 0.35))
    return fig


def encoder_decoder_diagram(n_blocks: int = 6) -> Figure:
    """The Transformer of the original paper: the decoder's middle attention asks the encoder.

    Parameters
    ----------
    n_blocks : int
        Blocks on top of each other in the encoder and in the decoder.
    """
    check_count("n_blocks", n_blocks)
    fig, ax = _canvas(-1.65, 6.75)
    left, right = 1.3, 4.1
    first = 0.15
    encoder_top = _parts(ax, left, first, ["attention", "network"])
    decoder_top = _parts(
        ax, right, first, ["masked attention", "cross-attention", "network"]
    )
    for x, top, title in (
        (left, encoder_top, "encoder"),
        (right, decoder_top, "decoder"),
    ):
        width, height = 2.4, top - first + 0.22
        center = (x + 0.05, first + height / 2 - 0.08)
        _box(ax, center, "", width, height, COLORS["grey"], linestyle="--")
        ax.text(
            x + 0.12 - width / 2,
            top + 0.06,
            f"{title}\n{n_blocks} blocks",
            ha="left",
            va="top",
            fontsize=10,
        )
        _circle(ax, (x, -0.35), "$+$", COLORS["blue"])
        _arrow(ax, (x, -0.35 + RADIUS), (x, first))
        ax.text(x + 0.3, -0.35, "positions", ha="left", va="center", fontsize=10)
        _box(ax, (x, -0.95), "embedding", 1.5, color=COLORS["blue"])
        _arrow(ax, (x, -0.95 + HEIGHT / 2), (x, -0.35 - RADIUS))
        _arrow(ax, (x, -1.38), (x, -0.95 - HEIGHT / 2))
    ax.text(left, -1.42, "input series", ha="center", va="top", fontsize=11)
    ax.text(right, -1.42, "answer so far", ha="center", va="top", fontsize=11)
    # What the encoder found goes to the keys and values of the decoder's middle attention.
    between, target = (left + right) / 2, _part_heights(first, 3)[1] - 0.08
    arrow_start = encoder_top + 0.05
    ax.plot([left, left, between, between], [encoder_top, arrow_start + 0.55, arrow_start + 0.55, target],
            color=COLORS["orange"], linewidth=1.8, linestyle="-")  # fmt: skip
    _arrow(ax, (between, target), (right - 0.8, target), COLORS["orange"], 1.8)
    _box(ax, (right, decoder_top + 0.85), "linear, softmax", 1.6, color=COLORS["green"])
    _arrow(ax, (right, decoder_top), (right, decoder_top + 0.85 - HEIGHT / 2))
    _arrow(ax, (right, decoder_top + 0.85 + HEIGHT / 2), (right, decoder_top + 1.4))
    ax.text(
        right,
        decoder_top + 1.43,
        "what comes next",
        ha="center",
        va="bottom",
        fontsize=11,
    )
    return fig


STEP = 1.55  # from one part of a block to the next


def _part_heights(bottom: float, n_parts: int) -> list[float]:
    """Heights of the centers of the parts' main boxes in a block that normalizes each sum."""
    return [bottom + STEP * k + 0.45 for k in range(n_parts)]


def _parts(
    ax: Axes, x: float, bottom: float, names: list[str], *, norm_first: bool = False
) -> float:
    """Parts of a block, each with its way around and its norm; returns the height of the top."""
    for k, name in enumerate(names):
        start = bottom + STEP * k
        color = COLORS["purple"] if name == "network" else COLORS["orange"]
        middle, fork = (
            (start + 0.95, start + 0.08) if norm_first else (start + 0.45, start + 0.08)
        )
        plus = start + 1.38 if norm_first else start + 0.88
        lower = start
        if norm_first:
            _box(ax, (x, start + 0.42), "norm", 0.8, 0.28, COLORS["grey"])
            _arrow(ax, (x, lower), (x, start + 0.28))
            lower = start + 0.56
        _box(ax, (x, middle), name, 1.6, color=color)
        _arrow(ax, (x, lower), (x, middle - HEIGHT / 2))
        _circle(ax, (x, plus), "$+$", color, 0.13)
        _arrow(ax, (x, middle + HEIGHT / 2), (x, plus - 0.13))
        # The way around the part.
        ax.plot(
            [x, x + 1.0, x + 1.0],
            [fork, fork, plus],
            color=COLORS["grey"],
            linewidth=1.2,
            linestyle="-",
        )
        _arrow(ax, (x + 1.0, plus), (x + 0.13, plus))
        upper = plus + 0.13
        if not norm_first:
            _box(ax, (x, start + 1.25), "norm", 0.8, 0.28, COLORS["grey"])
            _arrow(ax, (x, upper), (x, start + 1.11))
            upper = start + 1.39
        ax.plot(
            [x, x],
            [upper, start + STEP],
            color=COLORS["grey"],
            linewidth=1,
            linestyle="-",
        )
    return bottom + STEP * len(names)


def _canvas(bottom: float, top: float) -> tuple[Figure, Axes]:
    fig, ax = figure(height=top - bottom)
    ax.set(xlim=(0, WIDTH), ylim=(bottom, top), aspect="equal")
    ax.axis("off")
    return fig, ax


def _circle(
    ax: Axes, center: Point, text: str, color: str, radius: float = RADIUS
) -> None:
    ax.add_patch(
        Circle(center, radius, facecolor="none", edgecolor=color, linewidth=1.6)
    )
    ax.text(*center, text, ha="center", va="center", fontsize=12)


def _box(
    ax: Axes,
    center: Point,
    text: str,
    width: float,
    height: float = HEIGHT,
    color: str = COLORS["blue"],
    linestyle: str = "-",
) -> None:
    corner = (center[0] - width / 2, center[1] - height / 2)
    shape = {
        "boxstyle": "round,pad=0,rounding_size=0.07",
        "facecolor": "none",
        "edgecolor": color,
    }
    ax.add_patch(
        FancyBboxPatch(
            corner, width, height, linewidth=1.6, linestyle=linestyle, **shape
        )
    )
    ax.text(*center, text, ha="center", va="center", fontsize=11)


def _arrow(
    ax: Axes, start: Point, end: Point, color: str = COLORS["grey"], width: float = 1.0
) -> None:
    style = {
        "arrowstyle": "->",
        "color": color,
        "linewidth": width,
        "shrinkA": 0,
        "shrinkB": 0,
    }
    ax.annotate("", end, start, arrowprops=style)
