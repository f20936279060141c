"""A convolutional network: its stacks of maps, pooling, and what one number sees."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from mlfa.book.checks import check_count
from mlfa.diagrams._kit import arrow, canvas, cell, grid, path
from mlfa.plotting.style import COLORS, WIDTH, styles


def cnn_diagram(
    shapes: Sequence[tuple[int, ...]], steps: Sequence[str], *, most: int = 8
) -> Figure:
    """Stacks of maps from the image to the prediction, with what happens between them.

    Parameters
    ----------
    shapes : sequence of tuples
        (channels, height, width) of a stack of maps, or (units,) of a layer.
    steps : sequence of str
        What leads from each shape to the next, one less than shapes.
    most : int
        Maps drawn of a stack at the most; how many there are is written below it.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are too few or too many steps.
    """
    if len(steps) != len(shapes) - 1:
        raise ValueError(
            f"steps must be one fewer than the {len(shapes)} shapes, got {len(steps)}."
        )
    check_count("most", most)
    tallest = max(shape[1] for shape in shapes if len(shape) == 3)
    fig, ax = canvas((-1.25, 1.5), height=2.75)
    drawn = [_stack_size(shape, tallest, most) for shape in shapes]
    gap = (WIDTH - 0.1 - sum(width for width, _ in drawn)) / max(len(steps), 1)
    colors = [COLORS["orange"]] * len(shapes)
    colors[0], colors[-1] = COLORS["blue"], COLORS["green"]
    x = 0.05
    for k, (shape, (width, height)) in enumerate(zip(shapes, drawn, strict=True)):
        style = {"color": colors[k], "facecolor": "white", "linewidth": 1.2}
        if len(shape) == 3:
            n_drawn = min(shape[0], most)
            side = width - 0.06 * (n_drawn - 1)
            for back in reversed(range(n_drawn)):  # the first map hides the others
                corner = (x + 0.06 * back, -height / 2 + 0.06 * back)
                cell(ax, corner, side, side, **style)
            size = f"{shape[0]}\n{shape[1]} × {shape[2]}"
        else:
            cell(ax, (x, -height / 2), width, height, **style)
            size = f"{shape[0]}"
        below = {"ha": "center", "va": "top", "fontsize": 10}
        ax.text(x + width / 2, -height / 2 - 0.1, size, **below)
        x += width
        if k < len(steps):
            arrow(ax, (x + 0.05, 0), (x + gap - 0.05, 0), COLORS["black"])
            above = {"ha": "center", "va": "bottom", "fontsize": 9, "linespacing": 1.1}
            ax.text(x + gap / 2, 0.95, steps[k], **above)
        x += gap
    return fig


def pooling_diagram(values: Any, pool: int = 2) -> Figure:
    """A map of numbers, its blocks, and the largest of each as a smaller map.

    Parameters
    ----------
    values : array of shape (height, width)
        Whole numbers; both sides must be multiples of `pool`.
    pool : int
        Rows and columns of a block.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If the blocks do not fit.
    """
    values = np.asarray(values, dtype=float)
    check_count("pool", pool)
    height, width = values.shape
    if height % pool or width % pool:
        raise ValueError(
            f"values must have sides that {pool} divides, got {values.shape}."
        )
    blocks = values.reshape(height // pool, pool, width // pool, pool)
    largest = blocks.max(axis=(1, 3))  # (height / pool, width / pool)
    rows, columns = largest.shape
    gap = 2.6
    across = width + gap + columns
    xlim, ylim = (-0.2, across + 0.2), (-0.2, height + 0.9)
    inches = (ylim[1] - ylim[0]) * min(0.55, WIDTH / (xlim[1] - xlim[0]))
    fig, ax = canvas(ylim, xlim=xlim, height=inches)
    at_map, top = width + gap, height / 2 + rows / 2
    grid(ax, 0, height, values, COLORS["grey"])
    grid(ax, at_map, top, largest, COLORS["grey"])
    for k, look in enumerate(styles(rows * columns)):
        row, column = divmod(k, columns)
        frame = {"linewidth": 2.5, "linestyle": look.line}
        corner = (column * pool + 0.06, height - (row + 1) * pool + 0.06)
        side = pool - 0.12
        cell(ax, corner, side, side, look.color, **frame)
        corner = (at_map + column + 0.06, top - row - 0.94)
        cell(ax, corner, 0.88, 0.88, look.color, **frame)
        found = np.argwhere(blocks[row, :, column] == largest[row, column])[0]
        x, y = column * pool + found[1] + 0.5, height - row * pool - found[0] - 0.5
        ax.plot(x, y, "o", markersize=19, fillstyle="none", color=look.color)
    arrow(ax, (width + 0.3, height / 2), (at_map - 0.3, height / 2))
    label = {"ha": "center", "va": "bottom"}
    ax.text(width + gap / 2, height / 2 + 0.15, "largest\nof each", **label)
    ax.text(width / 2, height + 0.15, "map", **label)
    ax.text(at_map + columns / 2, top + 0.15, "pooled", **label)
    return fig


def receptive_field_diagram(layers: Sequence[tuple[str, int, int]]) -> Figure:
    """A cut along one axis: from one number down to the pixels on which it depends.

    Parameters
    ----------
    layers : sequence of (name, width, stride)
        Name of each layer from the image up, how many numbers below it one of its
        numbers reads, and the step from one of its numbers to the next.

    Returns
    -------
    Figure
    """
    from mlfa.images.cnn import receptive_field  # it loads PyTorch

    seen = receptive_field([(width, stride) for _, width, stride in layers])
    # From the top down: how many numbers of each row the one at the top depends on.
    counts = [1]
    for _, width, stride in reversed(layers):
        counts.append((counts[-1] - 1) * stride + width)
    counts.reverse()
    steps = np.cumprod([1, *(stride for _, _, stride in layers)])
    names = ["image", *(name for name, _, _ in layers)]
    row, left = 1.6, 3.4  # heights of a row and room for its name, in pixels
    right = 3.6
    xlim = (-left, counts[0] + right)
    ylim = (-0.3, row * len(layers) + 1.3)
    inches = (ylim[1] - ylim[0]) * WIDTH / (xlim[1] - xlim[0])
    fig, ax = canvas(ylim, xlim=xlim, height=inches)
    looks = styles(len(names))
    for level, (name, count, step, look) in enumerate(
        zip(names, counts, steps, looks, strict=True)
    ):
        y, middle = level * row, counts[0] / 2
        start = middle - count * step / 2
        for k in range(count):
            corner = (start + k * step + 0.06, y)
            cell(ax, corner, step - 0.12, 0.8, look.color, linewidth=1.7)
        if level:
            # What the outermost numbers read reaches this far in the row below.
            reach = counts[level - 1] * steps[level - 1] / 2
            for side in (-1, 1):
                here = middle + side * (count * step / 2 - 0.06)
                path(ax, [(here, y), (middle + side * reach, y - row + 0.8)])
        ax.text(-0.3, y + 0.4, name, ha="right", va="center")
        sees = f"{seen[level]} pixel" + "s" * (seen[level] > 1)
        ax.text(counts[0] + 0.3, y + 0.4, sees, ha="left", va="center")
    return fig


def _stack_size(shape: tuple[int, ...], tallest: int, most: int) -> tuple[float, float]:
    """Width and height in inches; sides grow slowly, so that small maps are seen."""
    if len(shape) == 1:
        return 0.14, 0.35 + 0.25 * min(shape[0], 40) ** 0.35
    side = 1.2 * (shape[1] / tallest) ** 0.7 + 0.06 * (min(shape[0], most) - 1)
    return side, side
