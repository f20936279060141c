"""The look of every figure: sizes for a phone, colours for every eye."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.figure import Figure

# Okabe and Ito's colours, without the yellow that is lost on white. Each comes with
# its own line and marker, so that no figure speaks by colour alone.
COLORS = {
    "blue": "#0072B2",
    "orange": "#D55E00",
    "green": "#007A5A",
    "purple": "#A4528B",
    "sky": "#3A8FC4",
    "black": "#222222",
    "grey": "#6E6E6E",
}
LINE_STYLES = ["-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1))]
MARKERS = ["o", "s", "^", "D", "v", "P"]
WIDTH = 5.4  # inches: at a phone's 340 pixels, 11 point text is still read


def use_style() -> None:
    """Set Matplotlib's defaults for the book and choose SVG in a notebook."""
    mpl.rcParams.update(
        {
            "figure.figsize": (WIDTH, 3.6),
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "figure.facecolor": "none",
            "savefig.facecolor": "none",
            "savefig.transparent": True,
            "savefig.dpi": 160,
            "axes.facecolor": "none",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.color": "#B8B8B8",
            "grid.linewidth": 0.5,
            "axes.axisbelow": True,
            "font.size": 11,
            "axes.titlesize": 11,
            "axes.labelsize": 11,
            "legend.fontsize": 10,
            "legend.frameon": False,
            "lines.linewidth": 2,
            "lines.markersize": 5,
            "image.cmap": "cividis",
            "svg.fonttype": "path",
            "svg.hashsalt": "mlfa",
            "axes.prop_cycle": (
                cycler(color=list(COLORS.values())[:6]) + cycler(linestyle=LINE_STYLES)
            ),
        }
    )
    try:
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:
        return
    set_matplotlib_formats("svg", metadata={"Date": None})


def figure(
    rows: int = 1, columns: int = 1, *, height: float = 3.6, **kwargs: Any
) -> tuple[Figure, Any]:
    """A figure of the book's width with a grid of axes.

    Parameters
    ----------
    rows, columns : int
        The grid. More than two columns are hard to read on a phone.
    height : float
        Height of the whole figure in inches.
    **kwargs
        Passed on to `matplotlib.pyplot.subplots`.

    Returns
    -------
    (Figure, Axes or ndarray of Axes)
    """
    return plt.subplots(rows, columns, figsize=(WIDTH, height), **kwargs)
