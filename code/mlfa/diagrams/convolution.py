"""Drawings of a kernel that slides over an image, and of the patches that become a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mlfa.images.convolution import convolve, output_size, patches
from mlfa.plotting.style import COLORS, LINE_STYLES, WIDTH, figure

GAP = 1.3  # cells between two grids
HATCHES = ["///", "...", "\\\\\\", "xxx"]


def sliding_kernel_diagram(
    image: Any, kernel: Any, places: Sequence[tuple[int, int]]
) -> Figure:
    """For each place: the image with the kernel's frame, the kernel, and the answers known so far.

    Parameters
    ----------
    image, kernel : arrays of small whole numbers
    places : sequence of (row, column)
        Where the kernel stands; one drawing below the other.
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
    height, width = image.shape
    across = width + kernel.shape[1] + columns + 2 * GAP
    cell = WIDTH / (across + 0.4)
    fig, axes = figure(
        len(places), height=len(places) * (height + 1.4) * cell, squeeze=False
    )
    for ax, (row, column) in zip(axes[:, 0], places, strict=True):
        known = np.arange(answers.size).reshape(answers.shape) <= row * columns + column
        at_kernel, at_answers = width + GAP, width + kernel.shape[1] + 2 * GAP
        middle = height / 2
        _grid(ax, 0, height, image, COLORS["blue"])
        _grid(ax, at_kernel, middle + kernel.shape[0] / 2, kernel, COLORS["orange"])
        _grid(
            ax,
            at_answers,
            middle + rows / 2,
            np.where(known, answers, np.nan),
            COLORS["green"],
        )
        frame = {"facecolor": "none", "edgecolor": COLORS["orange"], "linewidth": 3}
        ax.add_patch(
            Rectangle(
                (column, height - row - kernel.shape[0]),
                kernel.shape[1],
                kernel.shape[0],
                **frame,
            )
        )
        top = middle + rows / 2
        frame["edgecolor"] = COLORS["green"]
        ax.add_patch(Rectangle((at_answers + column, top - row - 1), 1, 1, **frame))
        ax.text(
            width + GAP / 2, middle, r"$\star$", ha="center", va="center", fontsize=15
        )
        ax.text(
            at_answers - GAP / 2, middle, "$=$", ha="center", va="center", fontsize=15
        )
        for x, count, name in (
            (0, width, "image"),
            (at_kernel, kernel.shape[1], "kernel"),
            (at_answers, columns, "map"),
        ):
            ax.text(x + count / 2, height + 0.2, name, ha="center", va="bottom")
        ax.set(xlim=(-0.2, across + 0.2), ylim=(-0.2, height + 1.2), aspect="equal")
        ax.axis("off")
    return fig


def patches_diagram(size: int = 4, kernel_size: int = 3) -> Figure:
    """A square image of numbered pixels, its patches as the rows of a matrix, times the kernel as a column."""
    count = output_size(size, kernel_size)
    image = np.arange(float(size**2)).reshape(size, size)
    matrix = patches(image[None, None], (kernel_size, kernel_size)).reshape(
        count**2, -1
    )
    n_rows, n_columns = matrix.shape
    across, high = n_columns + 2 * GAP + 2, max(n_columns, n_rows + size + GAP)
    cell = WIDTH / (across + 2.0)
    fig, ax = figure(height=(high + 1.7) * cell)
    left, top = (n_columns - size) / 2, high
    _grid(ax, left, top, image, COLORS["grey"])
    ax.text(left - 0.3, top - size / 2, "image", ha="right", va="center")
    colors = [COLORS[name] for name in ("blue", "orange", "green", "purple")]
    for i in range(n_rows):
        row, column = divmod(i, count)
        shrink = 0.06 + 0.07 * (i % 4)  # frames that overlap stay apart
        side = kernel_size - 2 * shrink
        place = (left + column + shrink, top - row - kernel_size + shrink)
        style = {"facecolor": "none", "edgecolor": colors[i % 4]}
        ax.add_patch(
            Rectangle(
                place, side, side, linewidth=2, linestyle=LINE_STYLES[i % 4], **style
            )
        )
        ax.add_patch(
            Rectangle(
                (0, n_rows - 1 - i),
                n_columns,
                1,
                hatch=HATCHES[i % 4],
                alpha=0.25,
                **style,
            )
        )
    _grid(ax, 0, n_rows, matrix, COLORS["black"])
    ax.text(n_columns / 2, -0.25, r"patches $\mathbf{P}$", ha="center", va="top")
    x = n_columns + GAP
    for j in range(n_columns):
        _cell(ax, x, n_columns - 1 - j, f"$w_{{{j + 1}}}$", COLORS["orange"])
    ax.text(x + 0.5, -0.25, r"kernel $\mathbf{w}$", ha="center", va="top")
    x += 1 + GAP
    for i in range(n_rows):
        _cell(ax, x, n_rows - 1 - i, f"$z_{{{i + 1}}}$", colors[i % 4])
    ax.text(x + 0.5, -0.25, r"map $\mathbf{z}$", ha="center", va="top")
    for sign, place in (
        (r"$\cdot$", n_columns + GAP / 2),
        ("$=$", n_columns + 1.5 * GAP + 1),
    ):
        ax.text(place, n_rows / 2, sign, ha="center", va="center", fontsize=15)
    ax.set(xlim=(-0.3, across + 0.7), ylim=(-1.4, high + 0.2), aspect="equal")
    ax.axis("off")
    return fig


def _grid(ax: Axes, left: float, top: float, values: np.ndarray, color: str) -> None:
    for (row, column), value in np.ndenumerate(values):
        text = "" if np.isnan(value) else f"{value:.0f}".replace("-", "−")
        _cell(ax, left + column, top - row - 1, text, color)


def _cell(ax: Axes, x: float, y: float, text: str, color: str) -> None:
    ax.add_patch(
        Rectangle((x, y), 1, 1, facecolor="none", edgecolor=color, linewidth=1)
    )
    ax.text(x + 0.5, y + 0.5, text, ha="center", va="center", fontsize=11)
