"""Which class is predicted where in the plane."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, MARKERS, figure

CLASS_COLORS = [COLORS["blue"], COLORS["orange"], COLORS["green"]]
HATCHES = ["//", "..", "\\\\"]


def region_panels(
    panels: dict[str, Callable[[np.ndarray], np.ndarray]],
    X: np.ndarray,
    y: np.ndarray,
    names: Sequence[str],
    limit: float = 3.2,
) -> Figure:
    """For each panel, the plane parted by predicted class, in color and hatching, with some samples.

    Parameters
    ----------
    panels : dict of callables
        From places of shape (n, 2) to class numbers of shape (n,).
    X, y : ndarray of shape (n_samples, 2) and (n_samples,)
        Samples to draw.
    names : sequence of str
        Name of each class.
    limit : float
        Half the side of the drawn square.
    """
    ticks = np.linspace(-limit, limit, 161)
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1)
    fig, axes = figure(len(panels), height=4.4 * len(panels))
    levels = np.arange(len(names) + 1) - 0.5
    for ax, (title, predict) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        classes = predict(grid.reshape(-1, 2)).reshape(grid.shape[:2])
        with plt.rc_context({"hatch.linewidth": 0.4}):
            ax.contourf(
                ticks,
                ticks,
                classes,
                levels=levels,
                cmap=ListedColormap(CLASS_COLORS),
                alpha=0.25,
            )
            ax.contourf(
                ticks,
                ticks,
                classes,
                levels=levels,
                colors="none",
                hatches=HATCHES[: len(names)],
            )
        for k, name in enumerate(names):
            ax.plot(
                *X[y == k].T,
                MARKERS[k],
                color=CLASS_COLORS[k],
                markersize=3,
                label=name,
            )
        ax.set(title=title, xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
        ax.grid(False)
        ax.legend(loc="upper left", fontsize=9, frameon=True, framealpha=0.8)
    return fig
