"""A convolutional network as stacks of maps that get smaller and more."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mlfa.book.checks import check_count
from mlfa.plotting.style import COLORS, WIDTH, figure


def cnn_diagram(
    shapes: Sequence[tuple[int, ...]], steps: Sequence[str], most: int = 8
) -> Figure:
    """Stacks of maps from the image to the prediction, with what happens between them.

    Parameters
    ----------
    shapes : sequence of tuples
        (channels, height, width) of a stack of maps, or (units,) of a layer.
    steps : sequence of str
        What leads from each shape to the next, one less than shapes.
    most : int
        Maps drawn of a stack at the most.
    """
    if len(steps) != len(shapes) - 1:
        raise ValueError(
            f"steps must be one fewer than the {len(shapes)} shapes, got {len(steps)}."
        )
    check_count("most", most)
    tallest = max(shape[1] for shape in shapes if len(shape) == 3)
    fig, ax = figure(height=2.75)
    ax.set(xlim=(0, WIDTH), ylim=(-1.25, 1.5), aspect="equal")
    ax.axis("off")
    drawn = [_stack_size(shape, tallest, most) for shape in shapes]
    gap = (WIDTH - 0.1 - sum(width for width, _ in drawn)) / (len(shapes) - 1)
    x = 0.05
    for number, (shape, (width, height)) in enumerate(zip(shapes, drawn, strict=True)):
        color = (
            COLORS["blue"]
            if number == 0
            else COLORS["green"]
            if number == len(shapes) - 1
            else COLORS["orange"]
        )
        if len(shape) == 3:
            count = min(shape[0], most)
            side = 1.2 * (shape[1] / tallest) ** 0.7
            for k in reversed(range(count)):
                corner = (x + 0.06 * k, -height / 2 + 0.06 * k)
                ax.add_patch(
                    Rectangle(
                        corner,
                        side,
                        side,
                        facecolor="white",
                        edgecolor=color,
                        linewidth=1.2,
                    )
                )
        else:
            ax.add_patch(
                Rectangle(
                    (x, -height / 2),
                    width,
                    height,
                    facecolor="white",
                    edgecolor=color,
                    linewidth=1.2,
                )
            )
        ax.text(
            x + width / 2,
            -height / 2 - 0.1,
            (
                "\n×\n".join(map(str, shape))
                if len(shape) == 1
                else f"{shape[0]}\n{shape[1]} × {shape[2]}"
            ),
            ha="center",
            va="top",
            fontsize=10,
        )
        if number < len(steps):
            middle = x + width + gap / 2
            ax.annotate(
                "",
                (x + width + gap - 0.05, 0),
                (x + width + 0.05, 0),
                arrowprops={"arrowstyle": "->"},
            )
            ax.text(
                middle,
                0.95,
                steps[number],
                ha="center",
                va="bottom",
                fontsize=9,
                linespacing=1.1,
            )
        x += width + gap
    return fig


def _stack_size(shape: tuple[int, ...], tallest: int, most: int) -> tuple[float, float]:
    """Width and height in inches; the side grows more slowly than the map, so that small maps stay visible."""
    if len(shape) == 1:
        return 0.14, 0.35 + 0.25 * min(shape[0], 40) ** 0.35
    side, extra = 1.2 * (shape[1] / tallest) ** 0.7, 0.06 * (min(shape[0], most) - 1)
    return side + extra, side + extra
