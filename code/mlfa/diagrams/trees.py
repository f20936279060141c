"""A drawing of a small tree."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from mlfa.diagrams._kit import CENTERED, path
from mlfa.plotting.style import COLORS, figure
from mlfa.tabular.trees import Node


def tree_diagram(
    root: Node, feature_names: Sequence[str], *, digits: int = 2
) -> Figure:
    """Questions in boxes, leaves with their value and number of samples; yes goes left.

    Parameters
    ----------
    root : Node
        A tree of depth 3 at the most, so that the text can be read.
    feature_names : sequence of str
        Name of each feature.
    digits : int
        Decimals of the values.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If the tree is deeper than 3, or asks for a feature without a name.

    Examples
    --------
    >>> from mlfa.tabular.trees import Cut
    >>> root = Node(0.5, 10, Cut(0, 3.5, 0.0), Node(0.1, 4), Node(0.8, 6))
    >>> fig = tree_diagram(root, ["income"])
    >>> [text.get_text() for text in fig.axes[0].texts]
    ['yes', '0.10\\n4', 'no', '0.80\\n6', 'income\\n≤ 3.50']
    """
    depth, asked = _depth(root), _features(root)
    if depth > 3:
        raise ValueError(
            f"root must have depth 3 at the most to be drawn, got depth {depth}."
        )
    if asked and max(asked) >= len(feature_names):
        raise ValueError(
            f"feature_names must have a name for feature {max(asked)}, got"
            f" {len(feature_names)} names."
        )
    fig, ax = figure(height=1.25 * (depth + 1))

    def draw(node: Node, x: float, width: float, level: int) -> None:
        if node.cut is None:
            text = f"{node.value:.{digits}f}\n{node.n_samples:,}"
            box = {"boxstyle": "round", "edgecolor": COLORS["green"]}
        else:
            name, threshold = feature_names[node.cut.feature], node.cut.threshold
            text = f"{name}\n≤ {threshold:.{digits}f}"
            box = {"boxstyle": "square", "edgecolor": COLORS["blue"]}
            for child, side, answer in [(node.left, -1, "yes"), (node.right, 1, "no")]:
                x_child = x + side * width / 2
                path(ax, [(x, -level), (x_child, -level - 1)])
                place = x + side * (width / 4 + 0.03), -level - 0.5
                ax.text(*place, answer, ha="center", va="bottom", fontsize=8)
                draw(child, x_child, width / 2, level + 1)
        box |= {"facecolor": "white", "linewidth": 1.5}  # hides the lines behind it
        ax.text(x, -level, text, fontsize=8.5, bbox=box, **CENTERED)

    draw(root, 0, 1, 0)
    ax.set(xlim=(-1.08, 1.08), ylim=(-depth - 0.4, 0.4))
    ax.axis("off")
    return fig


def _depth(node: Node) -> int:
    """Questions on the longest way from this node to a leaf."""
    return 0 if node.cut is None else 1 + max(_depth(node.left), _depth(node.right))


def _features(node: Node) -> set[int]:
    """The features that a tree asks for."""
    if node.cut is None:
        return set()
    return {node.cut.feature} | _features(node.left) | _features(node.right)
