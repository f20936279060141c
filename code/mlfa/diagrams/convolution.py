"""A kernel that slides over an image, and the patches that become a matrix."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from mlfa.diagrams._kit import CENTERED, arrow, blank, canvas, cell, grid
from mlfa.images.convolution import convolve, output_size, patches
from mlfa.plotting.style import COLORS, WIDTH, panels, styles

GAP = 1.3  # cells between two grids
BELOW = {"ha": "center", "va": "top"}


def sliding_kernel_diagram(
    image: Any, kernel: Any, places: Sequence[tuple[int, int]]
) -> Figure:
    """The image with the kernel's frame, the kernel, and the answers known so far.

    Parameters
    ----------
    image : array of shape (height, width)
        Small whole numbers.
    kernel : array of shape (kernel_height, kernel_width)
        Small whole numbers.
    places : sequence of (row, column)
        Where the kernel stands; one drawing below the other.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If the kernel cannot stand at one of the places.
    """
    image, kernel = np.asarray(image), np.asarray(kernel)
    answers = convolve(image[None, None].astype(float), kernel[None, None])[0, 0]
    rows, columns = answers.shape
    for row, column in places:
        if not (0 <= row < rows and 0 <= column < columns):
            raise ValueError(
                f"places must lie inside of the {rows} x {columns} answers, got"
                f" {(row, column)}."
            )
    (height, width), (kernel_height, kernel_width) = image.shape, kernel.shape
    blue, orange, green = COLORS["blue"], COLORS["orange"], COLORS["green"]
    at_kernel, at_answers = width + GAP, width + kernel_width + 2 * GAP
    across, middle = at_answers + columns, height / 2
    inches = (height + 1.4) * WIDTH / (across + 0.4)
    fig, axes = panels(len(places), row=inches, margin=0)
    for ax, (row, column) in zip(axes, places, strict=True):
        known = np.arange(answers.size).reshape(answers.shape) <= row * columns + column
        top = middle + rows / 2
        grid(ax, 0, height, image, blue)
        grid(ax, at_kernel, middle + kernel_height / 2, kernel, orange)
        grid(ax, at_answers, top, np.where(known, answers, np.nan), green)
        corner = (column, height - row - kernel_height)
        cell(ax, corner, kernel_width, kernel_height, orange, linewidth=3)
        cell(ax, (at_answers + column, top - row - 1), 1, 1, green, linewidth=3)
        ax.text(width + GAP / 2, middle, r"$\star$", fontsize=15, **CENTERED)
        ax.text(at_answers - GAP / 2, middle, "$=$", fontsize=15, **CENTERED)
        for x, count, name in [
            (0, width, "image"),
            (at_kernel, kernel_width, "kernel"),
            (at_answers, columns, "map"),
        ]:
            ax.text(x + count / 2, height + 0.2, name, ha="center", va="bottom")
        blank(ax, (-0.2, across + 0.2), (-0.2, height + 1.2))
    return fig


def patches_diagram(size: int = 4, kernel_size: int = 3) -> Figure:
    """An image, its patches as the rows of a matrix, times the kernel as a column.

    Parameters
    ----------
    size : int
        Side of the square image, whose pixels are numbered.
    kernel_size : int
        Side of the kernel. With more than twelve patches the drawing is refused.

    Returns
    -------
    Figure
    """
    count = output_size(size, kernel_size)
    image = np.arange(float(size**2)).reshape(size, size)
    P = patches(image[None, None], (kernel_size, kernel_size)).reshape(count**2, -1)
    n_rows, n_columns = P.shape
    across, high = n_columns + 2 * GAP + 2, max(n_columns, n_rows + size + GAP)
    inches = (high + 1.7) * WIDTH / (across + 2.0)
    fig, ax = canvas((-1.4, high + 0.2), xlim=(-0.3, across + 0.7), height=inches)
    left, top = (n_columns - size) / 2, high
    grid(ax, left, top, image, COLORS["grey"])
    ax.text(left - 0.3, top - size / 2, "image", ha="right", va="center")
    at_kernel, at_map = n_columns + GAP, n_columns + 1 + 2 * GAP
    for i, look in enumerate(styles(n_rows)):
        row, column = divmod(i, count)
        shrink = 0.06 + 0.07 * (i % 4)  # frames that overlap stay apart
        side = kernel_size - 2 * shrink
        place = (left + column + shrink, top - row - kernel_size + shrink)
        cell(ax, place, side, side, look.color, linewidth=2, linestyle=look.line)
        y = n_rows - 1 - i
        cell(ax, (0, y), n_columns, 1, look.color, hatch=look.hatch, alpha=0.25)
        cell(ax, (at_map, y), 1, 1, look.color, f"$z_{{{i + 1}}}$", linewidth=1)
    grid(ax, 0, n_rows, P, COLORS["black"])
    for j in range(n_columns):
        corner = (at_kernel, n_columns - 1 - j)
        cell(ax, corner, 1, 1, COLORS["orange"], f"$w_{{{j + 1}}}$", linewidth=1)
    for x, name in [
        (n_columns / 2, r"patches $\mathbf{P}$"),
        (at_kernel + 0.5, r"kernel $\mathbf{w}$"),
        (at_map + 0.5, r"map $\mathbf{z}$"),
    ]:
        ax.text(x, -0.25, name, ha="center", va="top")
    for x, sign in [(at_kernel, r"$\cdot$"), (at_map, "$=$")]:
        ax.text(x - GAP / 2, n_rows / 2, sign, fontsize=15, **CENTERED)
    return fig


def filter_diagram(
    image: Any, kernels: Any, bias: float = 0, place: tuple[int, int] = (0, 0)
) -> Figure:
    """One answer of a filter: a kernel for each channel, one sum over all of them.

    Parameters
    ----------
    image : array of shape (channels, height, width)
        Small whole numbers.
    kernels : array of shape (channels, kernel_height, kernel_width)
        Those of one filter, small whole numbers.
    bias : float
        Added at the end, a small whole number.
    place : (row, column)
        Where the filter stands.

    Returns
    -------
    Figure
    """
    image, kernels = np.asarray(image, dtype=float), np.asarray(kernels, dtype=float)
    (n_channels, height, width), (high, wide) = image.shape, kernels.shape[1:]
    row, column = place
    under = image[:, row : row + high, column : column + wide]
    sums = (under * kernels).sum(axis=(1, 2))  # (channels,)
    blue, orange, green = COLORS["blue"], COLORS["orange"], COLORS["green"]
    at_kernel, at_sum = width + GAP, width + wide + 2 * GAP
    at_end, step = at_sum + 2.8, height + 1
    top = n_channels * step
    limits = {"xlim": (-0.2, at_end + 1.8), "height": (top + 1.0) * WIDTH / 13}
    fig, ax = canvas((-0.1, top + 0.9), **limits)
    end = (at_end, top / 2 - 1)
    for c in range(n_channels):
        above = top - c * step - 0.4
        middle = above - height / 2
        ax.text(0, above + 0.1, f"channel {c + 1}", ha="left", va="bottom")
        grid(ax, 0, above, image[c], blue)
        corner = (column, above - row - high)
        cell(ax, corner, wide, high, orange, linewidth=3)
        grid(ax, at_kernel, middle + high / 2, kernels[c], orange)
        ax.text(width + GAP / 2, middle, r"$\star$", fontsize=15, **CENTERED)
        ax.text(at_sum - GAP / 2, middle, "$=$", fontsize=15, **CENTERED)
        grid(ax, at_sum, middle + 0.5, sums[c : c + 1, None], green)
        arrow(ax, (at_sum + 1.1, middle), (at_end - 0.1, end[1] + 0.6))
    grid(ax, at_end, end[1] + 1.1, np.array([[sums.sum() + bias]]), green)
    cell(ax, (at_end, end[1] + 0.1), 1, 1, green, linewidth=3)
    ax.text(at_end + 0.5, end[1] - 0.2, f"bias {bias:+g}".replace("-", "−"), **BELOW)
    for x, count, name in [
        (at_kernel, wide, "filter"),
        (at_sum, 1, "sums"),
        (at_end, 1, "answer"),
    ]:
        ax.text(x + count / 2, top + 0.1, name, ha="center", va="bottom")
    return fig
