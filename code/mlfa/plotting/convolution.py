"""Figures about convolution: where patches lie, and which dense layer does the same."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from mlfa.images.convolution import output_size
from mlfa.plotting.style import COLORS, SIGNED, figure, panels, styles


def patch_frames(
    image: np.ndarray,
    kernel_size: int,
    stride: int,
    padding: int,
    places: Sequence[tuple[int, int]],
) -> Figure:
    """An image in its padding, with the frames of some patches and the center of all.

    Parameters
    ----------
    image : array of shape (height, width)
        Values from 0 on; ink is dark.
    kernel_size : int
        Side of a patch in pixels.
    stride : int
        Pixels from one patch to the next.
    padding : int
        Pixels added on each side.
    places : sequence of (row, column)
        Which patches get a frame, counted in patches.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is no patch at one of the places.
    """
    height, width = image.shape
    n_rows, n_columns = (
        output_size(size, kernel_size, stride, padding) for size in (height, width)
    )
    fig, ax = figure(height=5.2)
    paper = -0.06 * max(image.max(), 1)
    ax.imshow(image, cmap="Greys", vmin=paper, interpolation="nearest")
    corner = (-0.5 - padding, -0.5 - padding)
    sides = (width + 2 * padding, height + 2 * padding)
    dotted = {"facecolor": "none", "edgecolor": COLORS["grey"], "linestyle": ":"}
    ax.add_patch(Rectangle(corner, *sides, **dotted))
    first = (kernel_size - 1) / 2 - padding  # center of the first patch
    x, y = np.meshgrid(
        first + stride * np.arange(n_columns), first + stride * np.arange(n_rows)
    )
    dots = {"color": COLORS["orange"], "marker": ".", "linestyle": "none"}
    ax.plot(x.ravel(), y.ravel(), markersize=5, **dots)
    for (row, column), look in zip(places, styles(len(places)), strict=True):
        if not (0 <= row < n_rows and 0 <= column < n_columns):
            raise ValueError(
                f"places must lie inside of the {n_rows} x {n_columns} patches, got"
                f" {(row, column)}."
            )
        corner = (column * stride - padding - 0.5, row * stride - padding - 0.5)
        style = {"edgecolor": look.color, "linestyle": look.line, "linewidth": 2.5}
        frame = Rectangle(corner, kernel_size, kernel_size, facecolor="none", **style)
        ax.add_patch(frame)
    reach = padding + 1
    ax.set(xlim=(-reach, width - 1 + reach), ylim=(height - 1 + reach, -reach))
    ax.set(xlabel="column", ylabel="row")
    ax.grid(False)
    return fig


def coverage_maps(
    size: int, kernel_size: int, stride: int, *, paddings: Sequence[int]
) -> Figure:
    """How many patches cover each pixel of a square image; a cross marks none.

    Parameters
    ----------
    size : int
        Side of the image in pixels.
    kernel_size : int
        Side of a patch in pixels.
    stride : int
        Pixels from one patch to the next.
    paddings : sequence of int
        Pixels added on each side; a map for each.

    Returns
    -------
    Figure
    """
    row = 3.7 if len(paddings) > 1 else 5.4
    fig, axes = panels(len(paddings), columns=2, row=row, margin=0)
    coverages = []
    for padding in paddings:
        covered = np.zeros(size + 2 * padding)
        for place in range(output_size(size, kernel_size, stride, padding)):
            covered[place * stride : place * stride + kernel_size] += 1
        inner = covered[padding : padding + size]
        coverages.append(np.outer(inner, inner))  # rows and columns are independent
    most = max(counts.max() for counts in coverages)
    for ax, padding, counts in zip(axes, paddings, coverages, strict=True):
        scale = {"cmap": "Blues", "vmin": 0, "vmax": most, "interpolation": "nearest"}
        picture = ax.imshow(counts, **scale)
        y, x = np.nonzero(counts == 0)
        ax.plot(x, y, "x", color=COLORS["orange"], markersize=4)
        ax.set(title=f"padding {padding}", xlabel="column")
        ax.set(xlim=(-0.5, size - 0.5), ylim=(size - 0.5, -0.5))
        ax.grid(False)
        fig.colorbar(picture, ax=ax, location="bottom", label="patches over the pixel")
    for ax in axes[::2]:
        ax.set_ylabel("row")
    return fig


def kernel_panels(image: np.ndarray, kernel: np.ndarray, answers: np.ndarray) -> Figure:
    """An image, a kernel and the feature map that they give, each with its own scale.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        Values from 0 on; ink is dark.
    kernel : ndarray of shape (kernel_height, kernel_width)
        Weights; blue above zero, orange below.
    answers : ndarray of shape (places_down, places_across)
        The map, in the same two colors.

    Returns
    -------
    Figure
    """
    fig, axes = figure(1, 3, height=3.0)
    shown = {"image": image, "kernel": kernel, "feature map": answers}
    units = ("ink", "weight", "answer")
    for ax, unit, (title, values) in zip(axes, units, shown.items(), strict=True):
        most = float(np.abs(values).max()) or 1.0
        scale = {"cmap": SIGNED, "vmin": -most, "vmax": most}
        if title == "image":
            scale = {"cmap": "Greys", "vmin": -0.06 * most, "vmax": most}
        picture = ax.imshow(values, interpolation="nearest", **scale)
        high, wide = np.shape(values)
        ax.set(title=f"{title}\n{high} × {wide}", xticks=[], yticks=[])
        ax.grid(False)
        bar = {"location": "bottom", "ticks": MaxNLocator(3), "aspect": 14}
        fig.colorbar(picture, ax=ax, label=unit, **bar)
    return fig


def weight_matrix_figure(matrix: np.ndarray) -> Figure:
    """A matrix of weights, blue above zero, orange below, blank at zero.

    Parameters
    ----------
    matrix : ndarray of shape (n_outputs, n_inputs)
        A row of weights for each place of the map.

    Returns
    -------
    Figure
    """
    fig, ax = figure(height=5.2 * min(1.2, matrix.shape[0] / matrix.shape[1]) + 1.3)
    most = float(np.abs(matrix).max()) or 1.0
    scale = {"cmap": SIGNED, "vmin": -most, "vmax": most}
    picture = ax.imshow(matrix, interpolation="nearest", **scale)
    ax.set(xlabel="pixel of the image", ylabel="place of the map")
    ax.grid(False)
    bar = {"location": "bottom", "shrink": 0.7, "aspect": 28}
    fig.colorbar(picture, ax=ax, label="weight", **bar)
    return fig
