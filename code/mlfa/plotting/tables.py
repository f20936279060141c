"""Figures that look at a table before any model does."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, figure


def histograms(
    columns: dict[str, np.ndarray], units: dict[str, str], bins: int = 40
) -> Figure:
    """One histogram a column, two beside each other, cut at the outermost thousandths.

    Parameters
    ----------
    columns : dict of ndarray of shape (n_samples,)
    units : dict of str
        A unit for each column.
    bins : int
    """
    rows = (len(columns) + 1) // 2
    fig, axes = figure(rows, 2, height=1.75 * rows)
    for ax, (name, values) in zip(axes.flat, columns.items(), strict=False):
        low, high = np.quantile(values, [0.001, 0.999])
        ax.hist(values, bins=bins, range=(low, high), color=COLORS["blue"])
        ax.set(title=name, xlabel=units[name])
        ax.tick_params(labelsize=9)
        ax.xaxis.label.set_size(9)
    for ax in axes[:, 0]:
        ax.set_ylabel("samples", fontsize=9)
    for ax in axes.flat[len(columns) :]:
        ax.axis("off")
    return fig
