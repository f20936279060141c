"""Predictions beside the truth."""

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, legend_above, panels


def prediction_panels(
    y: np.ndarray, y_pred: np.ndarray, unit: str, *, n_groups: int = 10
) -> Figure:
    """Truth over prediction, prediction over truth, and the means of groups of each.

    A dot for each sample. The groups are of equal size and sorted by what stands on
    the horizontal axis.

    Parameters
    ----------
    y, y_pred : ndarray of shape (n_samples,)
        True and predicted values.
    unit : str
        Their unit.
    n_groups : int
        How many groups have their mean drawn.

    Returns
    -------
    Figure
    """
    fig, axes = panels(2, columns=2, row=2.9, margin=0.6)
    ends = [min(y.min(), y_pred.min()), max(y.max(), y_pred.max())]
    dots = {"color": COLORS["blue"], "alpha": 0.3, "rasterized": True}
    line = {"color": COLORS["black"], "linestyle": "--", "linewidth": 1.5}
    means = {"color": COLORS["orange"], "marker": "s", "s": 30, "zorder": 3}
    columns = {"predicted value": y_pred, "true value": y}
    titles = ["grouped by prediction", "grouped by truth"]
    pairs = zip(axes, titles, (columns, reversed(columns)), strict=True)
    for ax, title, (xname, yname) in pairs:
        x, t = columns[xname], columns[yname]
        ax.scatter(x, t, s=4, linewidths=0, **dots)
        ax.plot(ends, ends, label="both equal", **line)
        groups = np.array_split(np.argsort(x, kind="stable"), n_groups)
        centers = [(x[rows].mean(), t[rows].mean()) for rows in groups]
        ax.scatter(*zip(*centers, strict=True), label="mean of a group", **means)
        ax.set(title=title, xlabel=f"{xname}\n({unit})", ylabel=yname, aspect="equal")
    legend_above(fig)
    return fig
