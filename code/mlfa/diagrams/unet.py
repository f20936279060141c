"""A U-Net as the letter that gave it its name."""

from functools import partial

from matplotlib.figure import Figure

from mlfa.book.checks import check_count
from mlfa.diagrams import _kit
from mlfa.diagrams._kit import canvas
from mlfa.plotting.style import COLORS, WIDTH

STEP = 1.05  # inches from one level to the next
box = partial(_kit.box, width=0.8, height=0.56, fontsize=10)
arrow = partial(_kit.arrow, width=1.4)


def unet_diagram(
    depth: int = 2, n_filters: int = 8, size: int = 28, *, skips: bool = True
) -> Figure:
    """Encoder on the left, decoder on the right; each box with its maps and their size.

    Parameters
    ----------
    depth : int
        How often the maps are halved.
    n_filters : int
        Maps of the first level; every level doubles them.
    size : int
        Side of the image in pixels.
    skips : bool
        Whether the skip connections are drawn.

    Returns
    -------
    Figure
    """
    for name, value in [("depth", depth), ("n_filters", n_filters), ("size", size)]:
        check_count(name, value)
    fig, ax = canvas((-STEP * depth - 0.55, STEP))
    sides = [size]
    for _ in range(depth):
        sides.append(-(-sides[-1] // 2))
    maps = [n_filters * 2**level for level in range(depth + 1)]
    texts = [f"{n}\n{side} × {side}" for n, side in zip(maps, sides, strict=True)]
    inward = 0.62 if depth > 1 else 0.9
    left = [0.85 + inward * level for level in range(depth)]
    small = {"fontsize": 10}
    for level, x in enumerate(left):
        y, mirrored = -STEP * level, WIDTH - x
        box(ax, (x, y), texts[level], color=COLORS["blue"])
        box(ax, (mirrored, y), texts[level], color=COLORS["orange"])
        if skips:
            arrow(ax, (x + 0.4, y), (mirrored - 0.4, y), linestyle="--")
            ax.text(WIDTH / 2, y + 0.05, "skip", ha="center", va="bottom", **small)
        # A little beside the middle of the box: the ways down and up never touch.
        below = (left[level + 1] if level + 1 < depth else WIDTH / 2 - 0.3) - 0.02
        arrow(ax, (x, y - 0.3), (below, y - STEP + 0.3))
        arrow(ax, (WIDTH - below, y - STEP + 0.3), (mirrored, y - 0.3))
    box(ax, (WIDTH / 2, -STEP * depth), texts[-1], color=COLORS["purple"])
    x, mirrored = left[0], WIDTH - left[0]
    arrow(ax, (x, 0.72), (x, 0.3))
    arrow(ax, (mirrored, 0.3), (mirrored, 0.72))
    ax.text(x, 0.75, "input", ha="center", va="bottom")
    ax.text(mirrored, 0.75, "output", ha="center", va="bottom")
    x, y = left[-1] - 0.5, -STEP * (depth - 0.5)
    ax.text(x, y, "halve", ha="right", va="center", **small)
    ax.text(WIDTH - x, y, "double", ha="left", va="center", **small)
    return fig
