"""Drawings of attention for one query, of heads, the block and the encoder-decoder."""

from functools import partial
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.book.checks import check_count
from mlfa.diagrams import _kit
from mlfa.diagrams._kit import CENTERED, GREY, arrow, canvas, path
from mlfa.plotting.style import COLORS

RADIUS = 0.18  # all lengths are inches
HEIGHT = 0.36  # of a box
STEP = 1.55  # from one part of a block to the next
BLUE, ORANGE, GREEN = COLORS["blue"], COLORS["orange"], COLORS["green"]
PURPLE = COLORS["purple"]
box = partial(_kit.box, height=HEIGHT)
circle = partial(_kit.circle, radius=RADIUS)


def attention_diagram(n_keys: int = 4) -> Figure:
    """One query meets every key; the weights that result average the values.

    Parameters
    ----------
    n_keys : int
        Positions that the query looks at, one row each.

    Returns
    -------
    Figure
    """
    check_count("n_keys", n_keys)
    row = 0.62
    fig, ax = canvas((-0.95, n_keys * row + 0.35))
    key, dot, norm, times, value = 0.5, 1.35, 2.3, 3.75, 4.75
    rows = [row * (n_keys - 1 - j) + 0.2 for j in range(n_keys)]
    top, below = rows[0] + 0.4, -0.6
    for x, text in [
        (key, "keys"),
        (dot, "scores"),
        (norm, "softmax"),
        (3.05, "weights"),
        (value, "values"),
    ]:
        ax.text(x, top, text, fontsize=11, **CENTERED)
    middle, height = (rows[0] + rows[-1]) / 2, rows[0] - rows[-1] + 0.45
    box(ax, (norm, middle), "", 0.4, height=height, color=ORANGE)
    for j, y in enumerate(rows, start=1):
        box(ax, (key, y), rf"$\mathbf{{k}}_{{{j}}}$", 0.5, color=BLUE)
        circle(ax, (dot, y), r"$\cdot$", ORANGE)
        circle(ax, (times, y), r"$\times$", GREEN)
        box(ax, (value, y), rf"$\mathbf{{v}}_{{{j}}}$", 0.5, color=GREEN)
        for start, end in [
            (key + 0.25, dot - RADIUS),
            (dot + RADIUS, norm - 0.2),
            (norm + 0.2, times - RADIUS),
            (value - 0.25, times + RADIUS),
        ]:
            arrow(ax, (start, y), (end, y))
        weight = {"ha": "center", "va": "bottom", "fontsize": 12}
        ax.text(3.02, y + 0.04, rf"$\alpha_{{{j}}}$", **weight)
    # The query climbs from score to score; the products fall into the sum.
    box(ax, (dot, below), r"$\mathbf{q}$", 0.5, color=PURPLE)
    circle(ax, (times, below), r"$\Sigma$", GREEN)
    for upper, lower in pairwise([*rows, below]):
        edge = HEIGHT / 2 if lower == below else RADIUS
        arrow(ax, (dot, lower + edge), (dot, upper - RADIUS), PURPLE)
        arrow(ax, (times, upper - RADIUS), (times, lower + RADIUS), GREEN)
    ax.text(dot - 0.32, below, "query", ha="right", va="center", fontsize=11)
    arrow(ax, (times + RADIUS, below), (value - 0.25, below), GREEN)
    ax.text(value - 0.2, below, "average", ha="left", va="center", fontsize=11)
    return fig


def heads_diagram() -> Figure:
    """The shapes on the way through two heads: dealt out, averaged, put side by side.

    Three positions of one sample are shown, each with four numbers, two for each head.

    Returns
    -------
    Figure
    """
    fig, ax = canvas((-0.65, 4.15))
    upper, lower = 2.75, 0.35  # middle of the two rows of the drawing
    one, whole, split = 0.6, 2.35, 4.45  # middle of what stands in a row
    _numbers(ax, (one, upper), [GREY])
    _numbers(ax, (whole, upper), [BLUE, BLUE, ORANGE, ORANGE])
    for middle in (upper, lower):
        for k, color in enumerate([BLUE, ORANGE]):
            center = (split, middle + (0.5, -0.5)[k])
            _numbers(ax, center, [color] * 2)
            ax.text(split + 0.32, center[1], f"head {k + 1}", fontsize=10, va="center")
    _numbers(ax, (whole, lower), [BLUE, BLUE, ORANGE, ORANGE])
    _numbers(ax, (one, lower), [GREEN] * 4)
    small = {"fontsize": 10, **CENTERED}
    for x, y, text in [
        (one, upper - 0.62, "(n, T, 1)"),
        (whole, upper - 0.62, "(n, T, d)"),
        (split + 0.1, upper + 1.15, "(n, H, T, d/H)"),
        (whole, lower - 0.62, "(n, T, d)"),
        (one, lower - 0.62, "(n, T, d)"),
        ((one + whole) / 2 - 0.18, upper + 0.3, "embed, then\nqueries"),
        ((whole + split) / 2 + 0.02, upper + 0.2, "deal out"),
        ((whole + split) / 2 + 0.02, lower + 0.3, "put side\nby side"),
        ((one + whole) / 2, lower + 0.3, "output\nlayer"),
    ]:
        ax.text(x, y, text, **small)
    ax.text(split - 0.75, (upper + lower) / 2, "attention\nin each head", **small)
    arrow(ax, (one + 0.25, upper), (whole - 0.6, upper))
    arrow(ax, (whole + 0.6, upper), (split - 0.4, upper))
    arrow(ax, (split, upper - 0.92), (split, lower + 0.92))
    arrow(ax, (split - 0.4, lower), (whole + 0.6, lower))
    arrow(ax, (whole - 0.6, lower), (one + 0.6, lower))
    return fig


def block_diagram() -> Figure:
    """The block from the bottom up: with the norm of each sum, and with the norm first.

    Returns
    -------
    Figure
    """
    fig, ax = canvas((-0.55, 3.75))
    for x, title, norm_first in [
        (1.35, "norm after (original)", False),
        (4.1, "norm first", True),
    ]:
        ax.text(x, -0.35, title, fontsize=11, **CENTERED)
        top = _parts(ax, x, 0.15, ["attention", "network"], norm_first=norm_first)
        arrow(ax, (x, top), (x, top + 0.35))
    return fig


def encoder_decoder_diagram(n_blocks: int = 6) -> Figure:
    """The Transformer of the original paper, whose decoder asks the encoder.

    Parameters
    ----------
    n_blocks : int
        Blocks on top of each other in the encoder and in the decoder.

    Returns
    -------
    Figure
    """
    check_count("n_blocks", n_blocks)
    fig, ax = canvas((-1.65, 6.75))
    left, right, first = 1.3, 4.1, 0.15
    encoder = ["attention", "network"]
    decoder = ["masked attention", "cross-attention", "network"]
    encoder_top = _parts(ax, left, first, encoder)
    decoder_top = _parts(ax, right, first, decoder)
    for x, top, title, what in [
        (left, encoder_top, "encoder", "input series"),
        (right, decoder_top, "decoder", "answer so far"),
    ]:
        width, height = 2.4, top - first + 0.22
        center = (x + 0.05, first + height / 2 - 0.08)
        box(ax, center, "", width, height=height, color=GREY, linestyle="--")
        corner = {"ha": "left", "va": "top", "fontsize": 10}
        name = f"{title}\n{n_blocks} blocks"
        ax.text(x + 0.12 - width / 2, top + 0.06, name, **corner)
        circle(ax, (x, -0.35), "$+$", BLUE)
        arrow(ax, (x, -0.35 + RADIUS), (x, first))
        ax.text(x + 0.3, -0.35, "positions", ha="left", va="center", fontsize=10)
        box(ax, (x, -0.95), "embedding", 1.5, color=BLUE)
        arrow(ax, (x, -0.95 + HEIGHT / 2), (x, -0.35 - RADIUS))
        arrow(ax, (x, -1.38), (x, -0.95 - HEIGHT / 2))
        ax.text(x, -1.42, what, ha="center", va="top", fontsize=11)
    # What the encoder found goes to the keys and values of the cross-attention.
    between, over, target = (left + right) / 2, encoder_top + 0.6, first + STEP + 0.37
    way = [(left, encoder_top), (left, over), (between, over), (between, target)]
    path(ax, way, ORANGE, 1.8)
    arrow(ax, (between, target), (right - 0.8, target), ORANGE, 1.8)
    last = decoder_top + 0.85
    box(ax, (right, last), "linear, softmax", 1.6, color=GREEN)
    arrow(ax, (right, decoder_top), (right, last - HEIGHT / 2))
    arrow(ax, (right, last + HEIGHT / 2), (right, last + 0.55))
    above = {"ha": "center", "va": "bottom", "fontsize": 11}
    ax.text(right, last + 0.58, "what comes next", **above)
    return fig


def _numbers(ax: Axes, center: tuple[float, float], colors: list[str]) -> None:
    """A grid of three positions (rows), with a column in each of the colors."""
    side = 0.24
    for row in range(3):
        for column, color in enumerate(colors):
            x = center[0] + (column - len(colors) / 2) * side
            y = center[1] + (row - 1.5) * side
            hatch = "//" if color == ORANGE else ""
            _kit.cell(ax, (x, y), side, side, color, hatch=hatch, linewidth=1.2)


def _parts(
    ax: Axes, x: float, bottom: float, names: list[str], *, norm_first: bool = False
) -> float:
    """Parts of a block, each with its norm and its way around; returns their top."""
    for k, name in enumerate(names):
        start = bottom + STEP * k
        color = PURPLE if name == "network" else ORANGE
        middle, plus = start + 0.45, start + 0.88  # of the part, of the sum
        norm, lower, upper = start + 1.25, start, start + STEP
        if norm_first:
            middle, plus, norm = middle + 0.5, plus + 0.5, start + 0.42
            arrow(ax, (x, lower), (x, norm - 0.14))
            lower = norm + 0.14
        box(ax, (x, norm), "norm", 0.8, height=0.28, color=GREY)
        box(ax, (x, middle), name, 1.6, color=color)
        arrow(ax, (x, lower), (x, middle - HEIGHT / 2))
        circle(ax, (x, plus), "$+$", color, radius=0.13)
        arrow(ax, (x, middle + HEIGHT / 2), (x, plus - 0.13))
        fork = start + 0.08  # here the way around leaves
        path(ax, [(x, fork), (x + 1.0, fork), (x + 1.0, plus)], width=1.2)
        arrow(ax, (x + 1.0, plus), (x + 0.13, plus))
        top = plus + 0.13
        if not norm_first:
            arrow(ax, (x, top), (x, norm - 0.14))
            top = norm + 0.14
        path(ax, [(x, top), (x, upper)])
    return bottom + STEP * len(names)
