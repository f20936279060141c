"""Figures about convolution: where patches lie, what kernels look like, what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mlfa.images.convolution import output_size
from mlfa.plotting.images import SIGNED
from mlfa.plotting.style import COLORS, LINE_STYLES, MARKERS, figure


def patch_frames(
    image: np.ndarray,
    kernel_size: int,
    stride: int,
    padding: int,
    places: Sequence[tuple[int, int]],
) -> Figure:
    """An image within its padding, with the frames of some patches and the center of every one.

    Parameters
    ----------
    image : array of shape (H, W)
    kernel_size, stride, padding : int
    places : sequence of (row, column)
        Which patches get a frame, counted in patches.
    """
    height, width = image.shape
    fig, ax = figure(height=5.2)
    ax.imshow(
        image, cmap="Greys", vmin=-0.06 * max(image.max(), 1), interpolation="nearest"
    )
    ax.add_patch(
        Rectangle(
            (-0.5 - padding, -0.5 - padding),
            width + 2 * padding,
            height + 2 * padding,
            facecolor="none",
            edgecolor=COLORS["grey"],
            linestyle=":",
        )
    )
    rows, columns = (
        np.arange(output_size(size, kernel_size, stride, padding)) * stride
        - padding
        + (kernel_size - 1) / 2
        for size in (height, width)
    )
    x, y = np.meshgrid(columns, rows)
    ax.plot(x.ravel(), y.ravel(), ".", color=COLORS["orange"], markersize=5)
    colors = [COLORS[name] for name in ("blue", "orange", "green", "purple")]
    for k, (row, column) in enumerate(places):
        corner = (column * stride - padding - 0.5, row * stride - padding - 0.5)
        style = {
            "edgecolor": colors[k % 4],
            "linestyle": LINE_STYLES[k % 4],
            "linewidth": 2.5,
        }
        ax.add_patch(
            Rectangle(corner, kernel_size, kernel_size, facecolor="none", **style)
        )
    reach = padding + 1
    ax.set(
        xlim=(-reach, width - 1 + reach),
        ylim=(height - 1 + reach, -reach),
        xlabel="column",
        ylabel="row",
    )
    ax.grid(False)
    return fig


def coverage_figure(
    size: int, kernel_size: int, stride: int, paddings: Sequence[int]
) -> Figure:
    """How many patches cover each pixel of a square image, one panel for each padding; a cross marks none."""
    fig, axes = figure(
        1, len(paddings), height=3.7 if len(paddings) > 1 else 5.4, squeeze=False
    )
    coverages = []
    for padding in paddings:
        covered = np.zeros(size + 2 * padding)
        for place in range(output_size(size, kernel_size, stride, padding)):
            covered[place * stride : place * stride + kernel_size] += 1
        inner = covered[padding : padding + size]
        coverages.append(
            np.outer(inner, inner)
        )  # rows and columns are covered independently
    most = max(counts.max() for counts in coverages)
    for ax, padding, counts in zip(axes[0], paddings, coverages, strict=True):
        picture = ax.imshow(
            counts, cmap="Blues", vmin=0, vmax=most, interpolation="nearest"
        )
        row, column = np.nonzero(counts == 0)
        ax.plot(column, row, "x", color=COLORS["orange"], markersize=4)
        ax.set(
            title=f"padding {padding}",
            xlabel="column",
            xlim=(-0.5, size - 0.5),
            ylim=(size - 0.5, -0.5),
        )
        ax.grid(False)
        fig.colorbar(picture, ax=ax, location="bottom", label="patches over the pixel")
    axes[0, 0].set_ylabel("row")
    return fig


def kernel_profiles(profiles: dict[str, np.ndarray]) -> Figure:
    """Kernels of one axis, each centered at zero."""
    fig, ax = figure(height=3.2)
    colors = [COLORS[name] for name in ("blue", "orange", "green", "purple")]
    for (name, profile), color, style, marker in zip(
        profiles.items(), colors, LINE_STYLES, MARKERS, strict=False
    ):
        radius = len(profile) // 2
        ax.plot(
            range(-radius, radius + 1),
            profile,
            color=color,
            linestyle=style,
            marker=marker,
            label=name,
        )
    ax.set(xlabel="distance from the center (pixels)", ylabel="weight")
    ax.legend()
    return fig


def signals_figure(signals: dict[str, Any], xlabel: str, ylabel: str) -> Figure:
    """Signals over the same places, the first thin and pale, the others on top."""
    fig, ax = figure(height=3.2)
    colors = [COLORS[name] for name in ("grey", "orange", "blue", "green")]
    for k, (name, values) in enumerate(signals.items()):
        ax.plot(
            values,
            color=colors[k % 4],
            linestyle=LINE_STYLES[k % 4],
            linewidth=2.2 if k else 1.0,
            label=name,
        )
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.18), ncols=3)
    return fig


def weight_matrix_figure(matrix: np.ndarray) -> Figure:
    """A matrix of weights, blue above zero, orange below, blank at zero."""
    fig, ax = figure(height=5.2 * min(1.2, matrix.shape[0] / matrix.shape[1]) + 1.3)
    most = float(np.abs(matrix).max()) or 1.0
    picture = ax.imshow(
        matrix, cmap=SIGNED, vmin=-most, vmax=most, interpolation="nearest"
    )
    ax.set(xlabel="pixel of the image", ylabel="place of the map")
    ax.grid(False)
    fig.colorbar(
        picture, ax=ax, location="bottom", label="weight", shrink=0.7, aspect=28
    )
    return fig
