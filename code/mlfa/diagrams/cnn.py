"""A convolutional network as stacks of maps that get smaller and more."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from mlfa.book.checks import check_count
from mlfa.diagrams._kit import arrow, canvas, cell
from mlfa.plotting.style import COLORS, WIDTH


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


def _stack_size(shape: tuple[int, ...], tallest: int, most: int) -> tuple[float, float]:
    """Width and height in inches; sides grow slowly, so that small maps are seen."""
    if len(shape) == 1:
        return 0.14, 0.35 + 0.25 * min(shape[0], 40) ** 0.35
    side = 1.2 * (shape[1] / tallest) ** 0.7 + 0.06 * (min(shape[0], most) - 1)
    return side, side
