"""Boxes, circles, cells and arrows: what the drawings are made of.

Lengths are inches where a drawing does not say otherwise. Nothing is filled, so that
the page shows through in both themes, and lines are solid unless they are asked for
otherwise.
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

from mlfa.plotting.style import COLORS, WIDTH, figure

Point = tuple[float, float]
GREY = COLORS["grey"]
CENTERED = {"ha": "center", "va": "center"}


def canvas(
    ylim: tuple[float, float],
    *,
    xlim: tuple[float, float] = (0, WIDTH),
    height: float | None = None,
) -> tuple[Figure, Axes]:
    """A blank figure; `height` in inches if the limits are no inches."""
    fig, ax = figure(height=ylim[1] - ylim[0] if height is None else height)
    blank(ax, xlim, ylim)
    return fig, ax


def blank(ax: Axes, xlim: tuple[float, float], ylim: tuple[float, float]) -> None:
    """Axes without a frame, on which a circle is round."""
    ax.set(xlim=xlim, ylim=ylim, aspect="equal")
    ax.axis("off")


def box(
    ax: Axes,
    center: Point,
    text: str,
    width: float,
    height: float,
    color: str,
    **style: Any,
) -> None:
    """A box with round corners and a text in it."""
    fontsize = style.pop("fontsize", 11)
    corner = (center[0] - width / 2, center[1] - height / 2)
    shape = {"boxstyle": "round,pad=0,rounding_size=0.07", "facecolor": "none"}
    shape |= {"edgecolor": color, "linewidth": 1.7} | style
    ax.add_patch(FancyBboxPatch(corner, width, height, **shape))
    ax.text(*center, text, fontsize=fontsize, **CENTERED)


def circle(ax: Axes, center: Point, text: str, color: str, radius: float) -> None:
    """A circle with a text in it."""
    style = {"facecolor": "none", "edgecolor": color, "linewidth": 1.7}
    ax.add_patch(Circle(center, radius, **style))
    ax.text(*center, text, fontsize=12, **CENTERED)


def cell(
    ax: Axes,
    corner: Point,
    width: float,
    height: float,
    color: str,
    text: str = "",
    *,
    hatch: str = "",
    fontsize: float = 11,
    **style: Any,
) -> None:
    """A rectangle from its lower left corner; below a text a hatching is pale."""
    shape = {"facecolor": "none", "edgecolor": color, "linewidth": 1.4} | style
    if hatch and text:
        pale = {"facecolor": "none", "edgecolor": color, "alpha": 0.35}
        ax.add_patch(Rectangle(corner, width, height, hatch=hatch, **pale))
        hatch = ""
    ax.add_patch(Rectangle(corner, width, height, hatch=hatch, **shape))
    if text:
        middle = corner[0] + width / 2, corner[1] + height / 2
        ax.text(*middle, text, fontsize=fontsize, **CENTERED)


def grid(ax: Axes, left: float, top: float, values: np.ndarray, color: str) -> None:
    """Numbers in cells of side 1; a cell is empty where there is none (nan)."""
    for (row, column), value in np.ndenumerate(values):
        text = "" if np.isnan(value) else f"{value:.0f}".replace("-", "−")
        cell(ax, (left + column, top - row - 1), 1, 1, color, text, linewidth=1)


def arrow(
    ax: Axes,
    start: Point,
    end: Point,
    color: str = GREY,
    width: float = 1.0,
    *,
    head: str = "->",
    **style: Any,
) -> None:
    """An arrow, or with the head "-" a line."""
    look = {"arrowstyle": head, "color": color, "linewidth": width}
    ax.annotate("", end, start, arrowprops=look | {"shrinkA": 0, "shrinkB": 0} | style)


def path(ax: Axes, places: list[Point], color: str = GREY, width: float = 1.0) -> None:
    """A line with corners."""
    ax.plot(*zip(*places, strict=True), color=color, linewidth=width, linestyle="-")
