"""Predictions beside the truth."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, figure


def predicted_against_true(y: np.ndarray, y_pred: np.ndarray, unit: str) -> Figure:
    """A dot for each sample and the line on which perfect predictions lie.

    Parameters
    ----------
    y, y_pred : ndarray of shape (n_samples,)
    unit : str
        Unit of both.
    """
    fig, ax = figure(height=4.6)
    low, high = min(y.min(), y_pred.min()), max(y.max(), y_pred.max())
    ax.scatter(
        y, y_pred, s=4, alpha=0.4, color=COLORS["blue"], linewidths=0, rasterized=True
    )
    ax.plot(
        [low, high],
        [low, high],
        color=COLORS["black"],
        linestyle="--",
        linewidth=1.5,
        label="perfect prediction",
    )
    ax.set(
        xlabel=f"true value ({unit})",
        ylabel=f"predicted value ({unit})",
        aspect="equal",
    )
    ax.legend(loc="upper left")
    return fig
