"""Drawings of a table of numbers and of its parts."""

from matplotlib.figure import Figure

from mlfa.book.checks import check_count
from mlfa.diagrams._kit import canvas, cell
from mlfa.plotting.style import COLORS, figure, styles


def table_diagram(n_samples: int = 5, n_features: int = 4) -> Figure:
    """The matrix X with a row for each sample, beside the vector y of targets.

    Parameters
    ----------
    n_samples : int
        Rows of the matrix.
    n_features : int
        Its columns.

    Returns
    -------
    Figure
    """
    check_count("n_samples", n_samples)
    check_count("n_features", n_features)
    right, top = n_features + 1.2, n_samples + 0.15
    limits = {"xlim": (-1.6, right + 1.9), "height": 3.4}
    fig, ax = canvas((-0.8, n_samples + 1.5), **limits)
    blue, orange = COLORS["blue"], COLORS["orange"]
    for i in range(n_samples):
        y = n_samples - 1 - i
        for j in range(n_features):
            cell(ax, (j, y), 1, 1, blue, f"$x_{{{i + 1}{j + 1}}}$", linewidth=1)
        target = f"$y_{{{i + 1}}}$"
        cell(ax, (right, y), 1, 1, orange, target, hatch="//", linewidth=1)
        ax.text(-0.15, y + 0.5, f"sample {i + 1}", ha="right", va="center")
    names = [f"feature {j + 1}" for j in range(n_features)]
    for x, name in [*enumerate(names), (right, "target")]:
        ax.text(x + 0.5, top, name, ha="left", va="bottom", rotation=35)
    for x, letter in [(n_features / 2, "X"), (right + 0.5, "y")]:
        bold = rf"$\mathbf{{{letter}}}$"
        ax.text(x, -0.2, bold, ha="center", va="top", fontsize=14)
    return fig


def split_diagram(fractions: tuple[float, float, float] = (0.6, 0.2, 0.2)) -> Figure:
    """A bar parted into training, validation and test, with what each part is for.

    Parameters
    ----------
    fractions : (float, float, float)
        The share of each part; their sum is 1.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If the parts do not make up the whole.
    """
    if len(fractions) != 3 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError(f"fractions must be three with the sum 1, got {fractions}.")
    fig, ax = figure(height=1.9)
    parts = [("training", "fit the model"), ("validation", "choose")]
    parts += [("test", "score once")]
    start = 0.0
    for (name, use), share, look in zip(parts, fractions, styles(3), strict=True):
        hatch = {"training": "", "validation": "//", "test": ".."}[name]
        cell(ax, (start, 0), share, 1, look.color, hatch=hatch, linewidth=2)
        ax.text(start + share / 2, 1.15, name, ha="center", va="bottom")
        ax.text(start + share / 2, -0.15, use, ha="center", va="top")
        start += share
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.7, 1.7))
    ax.axis("off")
    return fig
