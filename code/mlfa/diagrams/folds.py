"""A drawing of the folds of cross-validation."""

from matplotlib.figure import Figure

from mlfa.diagrams._kit import cell
from mlfa.plotting.style import COLORS, figure


def folds_diagram(n_folds: int = 5) -> Figure:
    """A row for each round: the part that is held out moves from one end to the other.

    Parameters
    ----------
    n_folds : int
        Number of parts and of rounds.

    Returns
    -------
    Figure
    """
    fig, ax = figure(height=0.42 * n_folds + 0.6)
    for k in range(n_folds):
        y = n_folds - 1 - k
        ax.text(-0.1, y + 0.5, f"round {k + 1}", ha="right", va="center")
        ax.text(k + 0.5, n_folds + 0.1, f"part {k + 1}", ha="center", va="bottom")
        for part in range(n_folds):
            corner = part + 0.04, y + 0.08
            if part == k:
                judge = {"hatch": "//", "linewidth": 2}
                cell(ax, corner, 0.92, 0.84, COLORS["orange"], "judge", **judge)
            else:
                cell(ax, corner, 0.92, 0.84, COLORS["blue"], "fit")
    ax.set(xlim=(-1.05, n_folds + 0.05), ylim=(-0.05, n_folds + 0.5))
    ax.axis("off")
    return fig
