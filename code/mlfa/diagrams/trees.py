"""A drawing of a small tree."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, figure
from mlfa.tabular.trees import Node


def depth(node: Node) -> int:
    """Questions on the longest way from this node to a leaf."""
    return 0 if node.cut is None else 1 + max(depth(node.left), depth(node.right))


def tree_diagram(root: Node, feature_names: Sequence[str], digits: int = 2) -> Figure:
    """Questions in boxes, leaves with their value and number of samples; *yes* goes left.

    Parameters
    ----------
    root : Node
        A tree of depth 3 at the most, so that the text can be read.
    feature_names : sequence of str
    digits : int
        Decimals of the values.

    Raises
    ------
    ValueError
        If the tree is deeper than 3.
    """
    if depth(root) > 3:
        raise ValueError(
            f"root must have depth 3 at the most to be drawn, got depth {depth(root)}."
        )
    fig, ax = figure(height=1.25 * (depth(root) + 1))

    def draw(node: Node, x: float, width: float, level: int) -> None:
        if node.cut is None:
            text, color, style = (
                f"{node.value:.{digits}f}\n{node.n_samples:,}",
                COLORS["green"],
                "round",
            )
        else:
            text = (
                f"{feature_names[node.cut.feature]}\n≤ {node.cut.threshold:.{digits}f}"
            )
            color, style = COLORS["blue"], "square"
            for child, side, answer in ((node.left, -1, "yes"), (node.right, 1, "no")):
                ax.plot(
                    [x, x + side * width / 2],
                    [-level, -level - 1],
                    color=COLORS["grey"],
                    linestyle="-",
                    linewidth=1,
                    zorder=0,
                )
                ax.text(
                    x + side * width / 4 + side * 0.03,
                    -level - 0.5,
                    answer,
                    ha="center",
                    va="bottom",
                    fontsize=8,
                )
                draw(child, x + side * width / 2, width / 2, level + 1)
        box = {
            "boxstyle": style,
            "facecolor": "white",
            "edgecolor": color,
            "linewidth": 1.5,
        }
        ax.text(x, -level, text, ha="center", va="center", fontsize=8.5, bbox=box)

    draw(root, 0, 1, 0)
    ax.set(xlim=(-1.08, 1.08), ylim=(-depth(root) - 0.4, 0.4))
    ax.axis("off")
    return fig
