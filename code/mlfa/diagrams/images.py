"""Drawings of a batch of images: its four axes, and how an image becomes a row."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

from mlfa.book.checks import check_count
from mlfa.plotting.style import COLORS, figure

HATCHES = ["", "///", "..."]


def image_axes_diagram(
    n_images: int = 3, n_channels: int = 3, height: int = 4, width: int = 5
) -> Figure:
    """Images side by side, each a stack of channels, each channel a grid of pixels, with the names of the axes."""
    for name, value in (
        ("n_images", n_images),
        ("n_channels", n_channels),
        ("height", height),
        ("width", width),
    ):
        check_count(name, value)
    fig, ax = figure(height=2.7)
    step = 0.55  # from one channel to the next, back and up
    colors = [COLORS["blue"], COLORS["orange"], COLORS["green"]]
    across = width + step * (n_channels - 1) + 1.6  # from one image to the next
    for i in range(n_images):
        for c in reversed(range(n_channels)):
            _grid(
                ax,
                i * across + step * c,
                step * c,
                height,
                width,
                colors[c % 3],
                front=n_channels - c,
            )
    last = (n_images - 1) * across + width + step * (n_channels - 1)
    _measure(ax, (0, -0.45), (width, -0.45), "width $W$", below=True)
    _measure(ax, (-0.45, 0), (-0.45, height), "height $H$", turned=True)
    _measure(
        ax,
        (width + 0.25, -0.1),
        (width + 0.25 + step * n_channels, -0.1 + step * n_channels),
        "",
    )
    ax.text(width + 0.25 + step, -0.7, "channels $C$", ha="left", va="top")
    top = height + step * (n_channels - 1) + 0.5
    _measure(ax, (0, top), (last, top), "images $N$")
    ax.set(xlim=(-1.6, last + 0.5), ylim=(-1.5, top + 1.0), aspect="equal")
    ax.axis("off")
    return fig


def flatten_diagram(height: int = 3, width: int = 4) -> Figure:
    """A grid of numbered pixels, row by row in its own shade, and below the same pixels in one long row."""
    check_count("height", height)
    check_count("width", width)
    fig, ax = figure(height=3.0)
    colors = [COLORS["blue"], COLORS["orange"], COLORS["green"]]
    total, left = height * width, (height * width - 1.6 * width) / 2
    for h in range(height):
        for w in range(width):
            pixel = h * width + w
            y = 3.2 + 1.6 * (height - 1 - h)
            _cell(
                ax,
                left + 1.6 * w,
                y,
                1.6,
                colors[h % 3],
                HATCHES[h % 3],
                str(pixel),
                13,
            )
            _cell(ax, pixel, 0, 1, colors[h % 3], HATCHES[h % 3], str(pixel), 12)
    ax.add_patch(
        FancyArrowPatch(
            (total / 2, 3.0),
            (total / 2, 1.2),
            arrowstyle="-|>",
            mutation_scale=16,
            color=COLORS["grey"],
        )
    )
    ax.text(total / 2 + 0.3, 2.1, "flatten", ha="left", va="center")
    ax.text(left - 0.2, 3.2 + 0.8 * height, "rows $h$", ha="right", va="center")
    ax.text(total / 2, 3.3 + 1.6 * height, "columns $w$", ha="center", va="bottom")
    ax.text(total / 2, -0.2, "features $j$", ha="center", va="top")
    ax.set(xlim=(-0.1, total + 0.1), ylim=(-1.1, 4.2 + 1.6 * height), aspect="equal")
    ax.axis("off")
    return fig


def _cell(
    ax: Axes,
    x: float,
    y: float,
    side: float,
    color: str,
    hatch: str,
    text: str,
    size: int,
) -> None:
    ax.add_patch(
        Rectangle(
            (x, y),
            side,
            side,
            facecolor="none",
            edgecolor=color,
            hatch=hatch,
            alpha=0.3,
        )
    )
    ax.add_patch(
        Rectangle((x, y), side, side, facecolor="none", edgecolor=color, linewidth=1.4)
    )
    ax.text(x + side / 2, y + side / 2, text, ha="center", va="center", fontsize=size)


def _grid(
    ax: Axes, x: float, y: float, height: int, width: int, color: str, front: int
) -> None:
    """One channel; a larger `front` hides a smaller one."""
    ax.add_patch(
        Rectangle(
            (x, y),
            width,
            height,
            facecolor="white",
            edgecolor=color,
            linewidth=2,
            zorder=front,
        )
    )
    thin = {"color": color, "linestyle": "-", "linewidth": 0.8, "zorder": front}
    for k in range(1, width):
        ax.plot([x + k, x + k], [y, y + height], **thin)
    for k in range(1, height):
        ax.plot([x, x + width], [y + k, y + k], **thin)


def _measure(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    text: str,
    *,
    below: bool = False,
    turned: bool = False,
) -> None:
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="<|-|>",
            mutation_scale=9,
            color=COLORS["grey"],
            shrinkA=0,
        )
    )
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    if turned:
        ax.text(x - 0.3, y, text, ha="right", va="center", rotation=90)
    else:
        ax.text(
            x,
            y + (-0.25 if below else 0.2),
            text,
            ha="center",
            va="top" if below else "bottom",
        )
