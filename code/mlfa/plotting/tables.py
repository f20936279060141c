"""Figures that look at the columns and rows of a table."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, legend_above, panels


def histograms(
    columns: Mapping[str, np.ndarray], units: Mapping[str, str], *, bins: int = 40
) -> Figure:
    """A histogram of each column, two beside each other.

    Parameters
    ----------
    columns : dict
        Name of each column, and its values of shape (n_samples,). The lowest and the
        highest thousandth of them are left out.
    units : dict
        A unit for each column.
    bins : int
        Bars of a histogram.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(columns), columns=2, row=1.75, margin=0)
    for ax, (name, values) in zip(axes, columns.items(), strict=True):
        ends = np.quantile(values, [0.001, 0.999])
        ax.hist(values, bins=bins, range=tuple(ends), color=COLORS["blue"])
        ax.set_title(name)
        ax.set_xlabel(units[name], fontsize=9)
        ax.tick_params(labelsize=9)
    for ax in axes[::2]:
        ax.set_ylabel("samples", fontsize=9)
    return fig


def neighbor_panels(
    X: np.ndarray,
    new: np.ndarray,
    rulers: Mapping[str, np.ndarray],
    k: int,
    xlabel: str,
    ylabel: str,
) -> Figure:
    """The `k` nearest neighbors of a new sample, a panel for each way to measure.

    Parameters
    ----------
    X : ndarray of shape (n_samples, 2)
        Two features of the training samples.
    new : ndarray of shape (2,)
        Those of the new sample.
    rulers : dict
        Title of each panel, and the two numbers by which the features are divided
        before distances are measured. The dots stay where they are.
    k : int
        How many neighbors are marked.
    xlabel, ylabel : str
        What the features are, with units.

    Returns
    -------
    Figure
    """
    fig, axes = panels(len(rulers), columns=2, row=2.6, margin=0.5, sharey=True)
    for ax, (title, ruler) in zip(axes, rulers.items(), strict=True):
        distances = np.sum(((X - new) / ruler) ** 2, axis=1)  # (n,)
        nearest = np.argsort(distances, kind="stable")[:k]
        for row in X[nearest]:
            ax.plot(*zip(new, row, strict=True), "-", color=COLORS["blue"], lw=1)
        for name, rows, look in (
            ("training row", X, {"c": COLORS["grey"], "marker": "o", "s": 10}),
            ("neighbor", X[nearest], {"c": COLORS["blue"], "marker": "s", "s": 26}),
            ("new row", new[None], {"c": COLORS["orange"], "marker": "X", "s": 60}),
        ):
            ax.scatter(*rows.T, label=name, zorder=3, **look)
        ax.set(title=title, xlabel=xlabel)
        ax.locator_params(axis="x", nbins=4)
    axes[0].set_ylabel(ylabel)
    legend_above(fig)
    return fig
