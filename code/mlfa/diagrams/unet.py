"""A U-Net as the letter that gave it its name, and what its decoder does."""

from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.book.checks import check_count, check_shapes
from mlfa.diagrams import _kit
from mlfa.diagrams._kit import canvas
from mlfa.plotting.style import COLORS, WIDTH

STEP = 1.05  # inches from one level to the next
box = partial(_kit.box, width=1.08, height=0.56, fontsize=10)
arrow = partial(_kit.arrow, width=1.4)


def unet_diagram(
    depth: int = 2, n_filters: int = 8, size: int = 28, *, skips: bool = True
) -> Figure:
    """Encoder on the left, decoder on the right; each box with its maps and their size.

    At a level of the decoder that gets a skip connection, both stacks of maps that are
    joined are counted.

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
    sizes = [f"{side} × {side}" for side in sides]
    texts = [f"{n}\n{side}" for n, side in zip(maps, sizes, strict=True)]
    inward = 0.55 if depth > 1 else 0.9
    left = [0.6 + inward * level for level in range(depth)]
    small = {"fontsize": 10}
    for level, x in enumerate(left):
        y, mirrored, n = -STEP * level, WIDTH - x, maps[level]
        joined = f"{n} + {n} → {n}\n{sizes[level]}" if skips else texts[level]
        box(ax, (x, y), texts[level], color=COLORS["blue"])
        box(ax, (mirrored, y), joined, color=COLORS["orange"])
        if skips:
            arrow(ax, (x + 0.54, y), (mirrored - 0.54, y), linestyle="--")
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
    x, y = left[-1] - 0.4, -STEP * (depth - 0.4)
    ax.text(x, y, "halve", ha="right", va="center", **small)
    ax.text(WIDTH - x, y, "double", ha="left", va="center", **small)
    return fig


def concatenation_diagram(n_filters: int = 8, size: int = 28) -> Figure:
    """The uppermost level of the decoder: two stacks of maps become one.

    Parameters
    ----------
    n_filters : int
        Maps of the uppermost level.
    size : int
        Side of the image in pixels.

    Returns
    -------
    Figure
    """
    for name, value in [("n_filters", n_filters), ("size", size)]:
        check_count(name, value)
    fig, ax = canvas((-1.65, 1.75))
    n, shape = n_filters, f"{size} × {size}"
    blue, orange, purple = (COLORS[name] for name in ("blue", "orange", "purple"))
    wide = 0.42  # inches by which a stack is wider than one of its maps
    text = f"encoder: {n} maps,\n{shape}"
    _stack(ax, (0.1, 0.8), {blue: n}, wide, text)
    text = f"from below: {n} maps,\ndoubled to {shape}"
    _stack(ax, (0.1, -0.9), {orange: n}, wide, text)
    text = f"{n} + {n} maps,\n{shape}"
    _stack(ax, (2.0, 0.0), {blue: n, orange: n}, 2 * wide, text)
    _stack(ax, (4.2, 0.0), {purple: n}, wide, f"{n} maps,\n{shape}")
    arrow(ax, (1.2, 1.05), (1.9, 0.6), linestyle="--")
    arrow(ax, (1.2, -0.5), (1.9, 0.1))
    arrow(ax, (3.55, 0.4), (4.1, 0.4))
    ax.text(3.83, 1.0, "convolve\ntwice", ha="center", va="bottom", fontsize=10)
    ax.text(1.75, 1.0, "joined along\nthe channels", va="bottom", fontsize=10)
    return fig


def _stack(
    ax: Axes, corner: _kit.Point, maps: dict[str, int], wider: float, text: str
) -> None:
    """Maps as squares one behind the other, by their color, with a text below."""
    n, (x, y) = sum(maps.values()), corner
    colors = [color for color, count in maps.items() for _ in range(count)]
    for k, color in enumerate(colors):
        shift = wider * k / max(1, n - 1)
        _kit.cell(ax, (x + shift, y + shift / 3), 0.6, 0.6, color, linewidth=1.2)
    ax.text(x, y - 0.08, text, ha="left", va="top", fontsize=10)


def upsampling_diagram(values: np.ndarray) -> Figure:
    """A small picture, and four ways to double it, as numbers in cells.

    Both transposed convolutions have a kernel of ones and a stride of two.

    Parameters
    ----------
    values : ndarray of shape (height, width)
        The pixels of the small picture; multiples of 16 come out whole everywhere.

    Returns
    -------
    Figure
    """
    import torch  # only here: pages about tables load no PyTorch
    from torch.nn.functional import conv_transpose2d, interpolate

    check_shapes(values=(values, "height width"))
    X = torch.as_tensor(values, dtype=torch.float32)[None, None]  # (1, 1, h, w)
    pictures = {"small picture": X, "nearest": interpolate(X, scale_factor=2)}
    pictures["bilinear"] = interpolate(X, scale_factor=2, mode="bilinear")
    for k in (2, 3):
        kernel = torch.ones(1, 1, k, k)
        name = f"transposed, kernel {k} × {k}"
        pictures[name] = conv_transpose2d(X, kernel, stride=2)
    height, width = (2 * side + 2.5 for side in values.shape)
    scale = WIDTH / (2 * width)  # inches of a cell
    tall = 3 * height - values.shape[0]  # the small picture stands alone, and is small
    fig, ax = canvas((-tall, 0), xlim=(0, 2 * width), height=tall * scale)
    top, colors = 0.0, ["blue", "orange", "green", "purple", "sky"]
    for k, (title, picture) in enumerate(pictures.items()):
        left = width * ((k + 1) % 2) * (k > 0) + 0.1
        ax.text(left, top - 0.5, title, va="center", fontsize=10)
        _kit.grid(ax, left, top - 1, picture[0, 0].numpy(), COLORS[colors[k]])
        if k % 2 == 0:  # the row is full
            top -= height - (values.shape[0] if k == 0 else 0)
    return fig
