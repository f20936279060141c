"""What the characters of a sentence cost."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from mlfa.book.checks import check_count, check_same_length
from mlfa.plotting.style import legend_above, panels, styles


def letter_costs(
    text: str, bits: Mapping[str, Sequence[float]], *, per_row: int = 36
) -> Figure:
    """Stems above the letters of a text, one of each kind for each way to guess.

    Parameters
    ----------
    text : str
        The characters; a space is written as a low line.
    bits : dict of str to sequence of float
        Name of each way, and the cost of each character in bits.
    per_row : int
        Characters beside each other; the text goes on below.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are not as many costs as characters.
    """
    check_count("per_row", per_row)
    n = check_same_length(text=text, **bits)
    highest = max(map(max, bits.values()))
    rows = range(0, n, per_row)
    fig, axes = panels(len(rows), row=1.5, margin=0.7)
    shift = 0.6 / len(bits)
    for ax, start in zip(axes, rows, strict=True):
        here = text[start : start + per_row].replace(" ", "_").replace("\n", "¶")
        for k, ((name, costs), look) in enumerate(
            zip(bits.items(), styles(len(bits)), strict=True)
        ):
            x = np.arange(len(here)) + shift * (k - (len(bits) - 1) / 2)
            y = np.asarray(costs[start : start + per_row], dtype=float)
            ax.vlines(x, 0, y, color=look.color, linewidth=1.5)
            style = {"color": look.color, "linestyle": "none", "markersize": 4}
            ax.plot(x, y, marker=look.marker, label=name, **style)
        ax.set(xlim=(-0.8, per_row - 0.2), ylim=(0, 1.08 * highest), ylabel="bits")
        ax.set_xticks(range(len(here)), list(here), family="monospace")
        ax.tick_params(axis="x", length=0)
        ax.grid(visible=False, axis="x")
    legend_above(fig, handletextpad=0.1)
    return fig
