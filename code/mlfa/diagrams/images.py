"""A batch of images: its four axes, and how an image becomes a row."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.book.checks import check_count
from mlfa.diagrams._kit import GREY, Point, arrow, canvas, cell
from mlfa.plotting.style import styles


def image_axes_diagram(
    n_images: int = 3, n_channels: int = 3, height: int = 4, width: int = 5
) -> Figure:
    """Images side by side, each a stack of channels, with the names of the axes.

    Parameters
    ----------
    n_images : int
        Images of the batch.
    n_channels : int
        Grids of each image, one behind the other.
    height, width : int
        Pixels of a grid.

    Returns
    -------
    Figure
    """
    counts = {"n_images": n_images, "n_channels": n_channels}
    for name, value in (counts | {"height": height, "width": width}).items():
        check_count(name, value)
    step = 0.55  # from one channel to the next, back and up
    back = step * (n_channels - 1)
    across = width + back + 1.6  # from one image to the next
    last, top = (n_images - 1) * across + width + back, height + back + 0.5
    fig, ax = canvas((-1.5, top + 1.0), xlim=(-1.6, last + 0.5), height=2.7)
    looks = styles(n_channels)
    for i in range(n_images):
        for c in reversed(range(n_channels)):
            corner, front = (i * across + step * c, step * c), n_channels - c
            _channel(ax, corner, height, width, looks[c].color, front=front)
    _measure(ax, (0, -0.45), (width, -0.45))
    ax.text(width / 2, -0.7, "width $W$", ha="center", va="top")
    _measure(ax, (-0.45, 0), (-0.45, height))
    turned = {"ha": "right", "va": "center", "rotation": 90}
    ax.text(-0.75, height / 2, "height $H$", **turned)
    behind = step * n_channels
    _measure(ax, (width + 0.25, -0.1), (width + 0.25 + behind, -0.1 + behind))
    ax.text(width + 0.25 + step, -0.7, "channels $C$", ha="left", va="top")
    _measure(ax, (0, top), (last, top))
    ax.text(last / 2, top + 0.2, "images $N$", ha="center", va="bottom")
    return fig


def flatten_diagram(height: int = 3, width: int = 4) -> Figure:
    """A grid of numbered pixels, and below it the same pixels in one long row.

    Parameters
    ----------
    height, width : int
        Pixels of the grid. Each of its rows, twelve at the most, has a hatching of its
        own.

    Returns
    -------
    Figure
    """
    check_count("height", height)
    check_count("width", width)
    total, left = height * width, (height * width - 1.6 * width) / 2
    limits = {"xlim": (-0.1, total + 0.1), "height": 3.0}
    fig, ax = canvas((-1.1, 4.2 + 1.6 * height), **limits)
    for h, look in enumerate(styles(height)):
        for w in range(width):
            pixel = h * width + w
            text, hatch = f"{pixel}", look.hatch
            corner = (left + 1.6 * w, 3.2 + 1.6 * (height - 1 - h))
            cell(ax, corner, 1.6, 1.6, look.color, text, hatch=hatch, fontsize=13)
            cell(ax, (pixel, 0), 1, 1, look.color, text, hatch=hatch, fontsize=12)
    filled = {"head": "-|>", "mutation_scale": 16}
    arrow(ax, (total / 2, 3.0), (total / 2, 1.2), **filled)
    ax.text(total / 2 + 0.3, 2.1, "flatten", ha="left", va="center")
    ax.text(left - 0.2, 3.2 + 0.8 * height, "rows $h$", ha="right", va="center")
    ax.text(total / 2, 3.3 + 1.6 * height, "columns $w$", ha="center", va="bottom")
    ax.text(total / 2, -0.2, "features $j$", ha="center", va="top")
    return fig


def _channel(
    ax: Axes, corner: Point, height: int, width: int, color: str, *, front: int
) -> None:
    """A grid of pixels on white; a larger `front` hides a smaller one."""
    x, y = corner
    filled = {"facecolor": "white", "linewidth": 2, "zorder": front}
    cell(ax, corner, width, height, color, **filled)
    thin = {"color": color, "linestyle": "-", "linewidth": 0.8, "zorder": front}
    for k in range(1, width):
        ax.plot([x + k, x + k], [y, y + height], **thin)
    for k in range(1, height):
        ax.plot([x, x + width], [y + k, y + k], **thin)


def _measure(ax: Axes, start: Point, end: Point) -> None:
    arrow(ax, start, end, GREY, head="<|-|>", mutation_scale=9)
