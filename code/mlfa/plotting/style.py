"""The look of every figure: sizes for a phone, colors for every eye."""

from typing import Any, NamedTuple

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

# Okabe and Ito's colors, without the yellow that is lost on white. The first six are
# for curves, classes and years; grey is for what stands behind them.
COLORS = {
    "blue": "#0072B2",
    "orange": "#D55E00",
    "green": "#007A5A",
    "purple": "#A4528B",
    "sky": "#3A8FC4",
    "black": "#222222",
    "grey": "#6E6E6E",
}
LINE_STYLES = ["-", "--", "-.", (0, (5, 1)), (0, (3, 1, 1, 1)), ":"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*", "<", ">", "p", "h"]
HATCHES = "// .. \\\\ xx -- oo || ++ //// OO \\\\\\\\ xxxx".split()
# Dark blue is above zero, pale orange below: their lightness differs, not hue alone.
SIGNED = LinearSegmentedColormap.from_list(
    "signed", ["#C28427", "#EBC68A", "#FFFFFF", "#4F93BF", "#003B63"]
)
WIDTH = 5.4  # inches: at a phone's 340 pixels, 11 point text is still read


class Style(NamedTuple):
    """How one curve, class or year is drawn, so that it is known without its color.

    Attributes
    ----------
    color, line, marker, hatch : str or tuple
        As Matplotlib knows them.
    """

    color: str
    line: Any
    marker: str
    hatch: str


def styles(n: int) -> list[Style]:
    """Looks for `n` curves, classes or years, no two alike.

    From the seventh on the colors come again, each with another line than before. All
    markers and all hatches differ.

    Parameters
    ----------
    n : int
        How many are to be told apart, 12 at the most.

    Returns
    -------
    list of Style
        Color, line, marker and hatch of each.

    Raises
    ------
    ValueError
        If there is nothing to draw, or more than a reader can tell apart.

    Examples
    --------
    >>> [style.color for style in styles(7)][::6]
    ['#0072B2', '#0072B2']
    >>> [style.line for style in styles(7)][::6]
    ['-', '--']
    >>> styles(13)
    Traceback (most recent call last):
        ...
    ValueError: a figure tells 1 to 12 entries apart, got 13.
    """
    most = len(MARKERS)
    if not 1 <= n <= most:
        raise ValueError(f"a figure tells 1 to {most} entries apart, got {n}.")
    colors, n_colors = list(COLORS.values()), len(LINE_STYLES)  # all but the grey
    return [
        Style(
            colors[k % n_colors],
            LINE_STYLES[(k + k // n_colors) % n_colors],
            MARKERS[k],
            HATCHES[k],
        )
        for k in range(n)
    ]


def use_style() -> None:
    """Set Matplotlib's defaults for the book and choose SVG in a notebook."""
    looks = styles(len(LINE_STYLES))
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
                cycler(color=[look.color for look in looks])
                + cycler(linestyle=[look.line for look in looks])
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
    """Make an empty figure of the book's width, for functions that draw on it.

    Parameters
    ----------
    rows, columns : int
        The grid of axes. More than two columns are hard to read on a phone.
    height : float
        Height of the whole figure in inches.
    **kwargs
        Passed on to `matplotlib.pyplot.subplots`.

    Returns
    -------
    (Figure, Axes or ndarray of Axes)
        As `matplotlib.pyplot.subplots` gives them.
    """
    return plt.subplots(rows, columns, figsize=(WIDTH, height), **kwargs)


def panels(
    n: int, *, columns: int = 1, row: float, margin: float = 0.6, **kwargs: Any
) -> tuple[Figure, list[Axes]]:
    """Make an empty figure with a panel for each of `n` entries, row by row.

    Parameters
    ----------
    n : int
        How many panels.
    columns : int
        Panels beside each other, where there are as many.
    row : float
        Height of a row of panels in inches.
    margin : float
        Inches that the figure is higher than its rows.
    **kwargs
        Passed on to `matplotlib.pyplot.subplots`.

    Returns
    -------
    (Figure, list of Axes)
        The last `columns` of the list have no panel below them.

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    if n < 1:
        raise ValueError(f"a figure needs at least one entry, got {n}.")
    columns = min(columns, n)
    rows = -(-n // columns)
    fig, axes = figure(
        rows, columns, height=margin + row * rows, squeeze=False, **kwargs
    )
    for ax in axes.flat[n:]:
        ax.remove()
    for ax in axes.flat[n - columns : n]:
        ax.tick_params(labelbottom=True)
    return fig, list(axes.flat[:n])


def draw_samples(ax: Axes, x: np.ndarray, y: np.ndarray) -> None:
    """Draw many samples as small pale dots, to which models are added.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    x, y : ndarray of shape (n_samples,)
        One feature and the target.
    """
    style = {"color": COLORS["grey"], "alpha": 0.25, "rasterized": True}
    ax.scatter(x, y, s=3, linewidths=0, **style)


def legend_above(fig: Figure, **kwargs: Any) -> None:
    """Write the legend of the first axes above a figure, where it hides nothing.

    Parameters
    ----------
    fig : Figure
        A figure whose first axes has labels.
    **kwargs
        Passed on to `matplotlib.figure.Figure.legend`.
    """
    handles, labels = fig.axes[0].get_legend_handles_labels()
    # A row of the legend holds what fits: 0.075 inches a letter, 0.55 for the sample.
    fitting = max(1, int(WIDTH / (0.55 + 0.075 * max(map(len, labels)))))
    rows = -(-len(labels) // fitting)
    columns = -(-len(labels) // rows)  # as many in each row
    settings = {"loc": "outside upper center", "ncols": columns, "columnspacing": 1.2}
    fig.legend(handles, labels, **settings | kwargs)
