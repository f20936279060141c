"""A U-Net as the letter that gave it its name."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mlfa.book.checks import check_count
from mlfa.plotting.style import COLORS, WIDTH, figure

STEP = 1.05  # inches from one level to the next


def unet_diagram(
    depth: int = 2, filters: int = 8, size: int = 28, *, skips: bool = True
) -> Figure:
    """Encoder on the left, decoder on the right, skips across; each box with its channels and its size."""
    for name, value, least in (
        ("depth", depth, 1),
        ("filters", filters, 1),
        ("size", size, 1),
    ):
        check_count(name, value, least=least)
    fig, ax = figure(height=STEP * (depth + 1) + 0.55)
    ax.set(xlim=(0, WIDTH), ylim=(-STEP * depth - 0.55, STEP), aspect="equal")
    ax.axis("off")
    heights, side = [], size
    for _ in range(depth + 1):
        heights.append(side)
        side = -(-side // 2)
    inward = 0.62 if depth > 1 else 0.9
    left = [0.85 + inward * level for level in range(depth)]
    for level in range(depth):
        y, channels = -STEP * level, filters * 2**level
        text = f"{channels}\n{heights[level]} × {heights[level]}"
        _box(ax, left[level], y, text, COLORS["blue"])
        _box(ax, WIDTH - left[level], y, text, COLORS["orange"])
        if skips:
            _arrow(
                ax, (left[level] + 0.4, y), (WIDTH - left[level] - 0.4, y), dashed=True
            )
            ax.text(WIDTH / 2, y + 0.05, "skip", ha="center", va="bottom", fontsize=10)
        below = left[level + 1] if level + 1 < depth else WIDTH / 2 - 0.3
        # A little to the side of the box's middle, so that the way down and the way up never touch.
        _arrow(ax, (left[level], y - 0.3), (below - 0.02, y - STEP + 0.3))
        _arrow(
            ax, (WIDTH - below + 0.02, y - STEP + 0.3), (WIDTH - left[level], y - 0.3)
        )
    middle = f"{filters * 2**depth}\n{heights[-1]} × {heights[-1]}"
    _box(ax, WIDTH / 2, -STEP * depth, middle, COLORS["purple"])
    _arrow(ax, (left[0], 0.72), (left[0], 0.3))
    _arrow(ax, (WIDTH - left[0], 0.3), (WIDTH - left[0], 0.72))
    ax.text(left[0], 0.75, "input", ha="center", va="bottom")
    ax.text(WIDTH - left[0], 0.75, "output", ha="center", va="bottom")
    ax.text(
        left[-1] - 0.5,
        -STEP * (depth - 0.5),
        "halve",
        ha="right",
        va="center",
        fontsize=10,
    )
    ax.text(
        WIDTH - left[-1] + 0.5,
        -STEP * (depth - 0.5),
        "double",
        ha="left",
        va="center",
        fontsize=10,
    )
    return fig


def _box(ax: Axes, x: float, y: float, text: str, color: str) -> None:
    ax.add_patch(
        Rectangle(
            (x - 0.4, y - 0.28),
            0.8,
            0.56,
            facecolor="none",
            edgecolor=color,
            linewidth=1.8,
        )
    )
    ax.text(x, y, text, ha="center", va="center", fontsize=10)


def _arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    dashed: bool = False,
) -> None:
    style = {
        "arrowstyle": "->",
        "color": COLORS["grey"],
        "linewidth": 1.4,
        "shrinkA": 0,
        "shrinkB": 0,
    }
    ax.annotate(
        "", end, start, arrowprops=style | ({"linestyle": "--"} if dashed else {})
    )
