"""Drawings of deeper networks: which numbers a norm shares, and the residual block."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.book.checks import check_count
from mlfa.diagrams._kit import CENTERED, GREY, arrow, box, canvas, cell, circle, path
from mlfa.plotting.style import COLORS, WIDTH, styles


def norm_axes_diagram(
    n_images: int = 4, n_channels: int = 3, *, side: int = 3
) -> Figure:
    """A batch of maps, and for each channel the numbers that share mean and variance.

    Parameters
    ----------
    n_images : int
        Images of the batch, a column of maps each.
    n_channels : int
        Channels, a row of maps each.
    side : int
        Height and width of a map, in numbers.

    Returns
    -------
    Figure
    """
    for name, count in [
        ("n_images", n_images),
        ("n_channels", n_channels),
        ("side", side),
    ]:
        check_count(name, count)
    left, right, row = 1.05, 1.15, 0.95  # inches
    column = (WIDTH - left - right) / n_images
    small = min(0.62, column - 0.12) / side
    fig, ax = canvas((-0.1, row * n_channels + 0.4))
    for image in range(n_images):
        x = left + column * (image + 0.5)
        top = row * n_channels + 0.2
        ax.text(x, top, f"image {image + 1}", fontsize=10, **CENTERED)
    for channel, look in enumerate(styles(n_channels)):
        y = row * (n_channels - channel - 0.5)
        ax.text(0.05, y, f"channel {channel + 1}", va="center", fontsize=11)
        style = {"facecolor": "none", "linestyle": "--", "linewidth": 1.3}
        width, height = column * n_images, row - 0.12
        corner = (left, y - height / 2)
        cell(ax, corner, width, height, look.color, **style)
        for image in range(n_images):
            middle = left + column * (image + 0.5)
            _map(ax, (middle, y), side, small, look.color, look.hatch)
        arrow(ax, (left + width + 0.04, y), (left + width + 0.24, y), look.color)
        shared = f"$m_{{{channel + 1}}}$, $v_{{{channel + 1}}}$"
        ax.text(left + width + 0.3, y, shared, va="center", fontsize=12)
    return fig


def residual_diagram() -> Figure:
    """Two plain layers, and the same with a way around, from the bottom up.

    Returns
    -------
    Figure
    """
    fig, ax = canvas((-0.75, 4.2))
    for x, title, around in [(1.2, "plain", False), (3.7, "residual", True)]:
        ax.text(x, -0.6, title, fontsize=11, **CENTERED)
        ax.text(x, -0.25, r"$\mathbf{x}$", fontsize=13, **CENTERED)
        top = _block(ax, x, around=around)
        result = r"$\mathbf{x} + f(\mathbf{x})$" if around else r"$f(\mathbf{x})$"
        ax.text(x, top + 0.15, result, fontsize=13, **CENTERED)
    return fig


def _map(
    ax: Axes,
    middle: tuple[float, float],
    side: int,
    small: float,
    color: str,
    hatch: str,
) -> None:
    left, bottom = (place - side * small / 2 for place in middle)
    cell(ax, (left, bottom), side * small, side * small, color, hatch=hatch, alpha=0.45)
    for row in range(side):
        for column in range(side):
            corner = (left + column * small, bottom + row * small)
            cell(ax, corner, small, small, color, linewidth=0.9)


def _block(ax: Axes, x: float, *, around: bool) -> float:
    """The layers of one block, and its way around; returns where the result stands."""
    start, step = -0.1, 0.52
    below = start
    for k, name in enumerate(["norm", "ReLU", "convolution"] * 2):
        middle = start + 0.55 + step * k
        color = {"norm": GREY, "ReLU": COLORS["purple"]}.get(name, COLORS["orange"])
        arrow(ax, (x, below), (x, middle - 0.15))
        box(ax, (x, middle), name, 1.25, 0.3, color, fontsize=10)
        below = middle + 0.15
    end = below + 0.5
    if not around:
        arrow(ax, (x, below), (x, end))
        return end
    plus, fork, side = below + 0.26, start + 0.15, x + 1.0
    arrow(ax, (x, below), (x, plus - 0.13))
    circle(ax, (x, plus), "$+$", COLORS["blue"], 0.13)
    path(ax, [(x, fork), (side, fork), (side, plus)], COLORS["blue"], 1.8)
    arrow(ax, (side, plus), (x + 0.13, plus), COLORS["blue"], 1.8)
    arrow(ax, (x, plus + 0.13), (x, end))
    return end
