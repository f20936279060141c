"""Drawings of a small tree, of a forest, and of a chain of boosting."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.book.checks import check_same_length
from mlfa.diagrams._kit import CENTERED, arrow, box, canvas, path
from mlfa.plotting.style import COLORS, WIDTH, figure
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


def forest_diagram(
    rows: Sequence[Sequence[int]], answers: Sequence[float], *, digits: int = 2
) -> Figure:
    """From one table to several samples, a tree from each, and the mean of them.

    Parameters
    ----------
    rows : sequence of sequences of int
        Row numbers that each tree was given, the same number for all; six at the most
        can be read.
    answers : sequence of float
        What each tree predicts for one new sample. Four trees fit side by side.
    digits : int
        Decimals of the answers.

    Returns
    -------
    Figure

    Examples
    --------
    >>> fig = forest_diagram([[1, 1, 3], [2, 3, 3]], [2.0, 3.0])
    >>> [text.get_text() for text in fig.axes[0].texts if text.get_text()][-1]
    'mean: 2.50'
    """
    check_same_length(rows=rows, answers=answers)
    fig, ax = canvas((-0.35, 3.75))
    middle, width = WIDTH / 2, WIDTH / len(rows) - 0.15
    numbers = range(1, len(rows[0]) + 1)
    table = f"training rows {', '.join(map(str, numbers))}"
    for k, (drawn, answer) in enumerate(zip(rows, answers, strict=True)):
        x = (k + 0.5) * WIDTH / len(rows)
        arrow(ax, (middle, 3.25), (x, 2.83))
        text = " ".join(map(str, sorted(drawn)))
        box(ax, (x, 2.63), text, width, 0.38, COLORS["blue"])
        arrow(ax, (x, 2.42), (x, 2.13))
        _sapling(ax, x, 2.0)
        arrow(ax, (x, 1.22), (x, 0.95))
        ax.text(x, 0.8, f"{answer:.{digits}f}", fontsize=11, **CENTERED)
        arrow(ax, (x, 0.65), (middle, 0.22))
    box(ax, (middle, 3.45), table, 3.4, 0.38, COLORS["black"])
    mean = f"mean: {sum(answers) / len(answers):.{digits}f}"
    box(ax, (middle, 0.0), mean, 1.5, 0.4, COLORS["green"], linestyle="--")
    return fig


def boosting_diagram(
    y: float,
    stages: Sequence[float],
    steps: Sequence[float],
    learning_rate: float,
    *,
    digits: int = 2,
) -> Figure:
    """The chain of boosting for one sample: prediction, what is left, a tree's say.

    Parameters
    ----------
    y : float
        The truth of the sample.
    stages : sequence of float
        Its prediction after 0, 1, 2, ... trees.
    steps : sequence of float
        What each tree says for it, one number fewer than `stages`.
    learning_rate : float
        The share of a step that is added.
    digits : int
        Decimals of the numbers.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If the stages are not one more than the steps.

    Examples
    --------
    >>> fig = boosting_diagram(3.0, [2.0, 2.5], [1.0], 0.5)
    >>> [text.get_text() for text in fig.axes[0].texts if text.get_text()][-1]
    '2.50'
    """
    if len(stages) != len(steps) + 1:
        raise ValueError(
            f"stages must be one more than the {len(steps)} steps, got {len(stages)}."
        )
    gap, left, middle, right = 1.0, 0.75, 2.6, 4.55
    fig, ax = canvas((-gap * len(steps) - 0.3, 0.75))
    for x, head in [(left, "prediction"), (middle, "left over"), (right, "tree")]:
        ax.text(x, 0.58, head, fontsize=11, fontweight="bold", **CENTERED)
    for k, (stage, step) in enumerate(zip(stages[:-1], steps, strict=True)):
        top = -gap * k
        number = f"{stage:.{digits}f}"
        box(ax, (left, top), number, 0.9, 0.4, COLORS["blue"])
        arrow(ax, (left + 0.47, top), (middle - 0.85, top))
        rest = f"{y:.{digits}f} − {number} = {y - stage:+.{digits}f}"
        style = {"fontsize": 10}
        box(ax, (middle, top), _minus(rest), 1.7, 0.4, COLORS["orange"], **style)
        arrow(ax, (middle + 0.87, top), (right - 0.72, top))
        says = _minus(f"tree {k + 1} says {step:+.{digits}f}")
        style |= {"linestyle": "--"}
        box(ax, (right, top), says, 1.46, 0.4, COLORS["green"], **style)
        arrow(ax, (right, top - 0.22), (left + 0.3, top - gap + 0.22))
        added = _minus(
            f"× {learning_rate:g}, added: {learning_rate * step:+.{digits}f}"
        )
        place = (middle + right) / 2 - 0.15, top - gap / 2 - 0.17
        ax.text(*place, added, fontsize=10, **CENTERED)
        arrow(ax, (left, top - 0.22), (left, top - gap + 0.22))
    last = f"{stages[-1]:.{digits}f}"
    box(ax, (left, -gap * len(steps)), last, 0.9, 0.4, COLORS["blue"])
    return fig


def _minus(text: str) -> str:
    """Numbers with the sign that is as wide as a plus."""
    return text.replace("-", "−")


def _sapling(ax: Axes, x: float, top: float) -> None:
    """A tree of two levels without words, its top at a point."""
    places = [(x, top), (x - 0.3, top - 0.35), (x + 0.3, top - 0.35)]
    leaves = [(x + side, top - 0.7) for side in (-0.45, -0.15, 0.15, 0.45)]
    for start, end in [(0, 1), (0, 2)]:
        path(ax, [places[start], places[end]])
    for k, leaf in enumerate(leaves):
        path(ax, [places[1 + k // 2], leaf])
    looks = [(places, "s", "blue"), (leaves, "o", "green")]
    for points, marker, color in looks:
        style = {"marker": marker, "linestyle": "none", "color": COLORS[color]}
        ax.plot(*zip(*points, strict=True), markersize=6, **style)


def _depth(node: Node) -> int:
    """Questions on the longest way from this node to a leaf."""
    return 0 if node.cut is None else 1 + max(_depth(node.left), _depth(node.right))


def _features(node: Node) -> set[int]:
    """The features that a tree asks for."""
    if node.cut is None:
        return set()
    return {node.cut.feature} | _features(node.left) | _features(node.right)
