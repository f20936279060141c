"""Drawings of a table of numbers and of its parts."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mlfa.plotting.style import COLORS, figure


def table_diagram(n_samples: int = 5, n_features: int = 4) -> Figure:
    """The matrix X with a row for each sample and a column for each feature, beside the vector y."""
    fig, ax = figure(height=3.4)
    right = n_features + 1.2
    for i in range(n_samples):
        y = n_samples - 1 - i
        for j in range(n_features):
            ax.add_patch(
                Rectangle((j, y), 1, 1, facecolor="none", edgecolor=COLORS["blue"])
            )
            ax.text(
                j + 0.5, y + 0.5, f"$x_{{{i + 1}{j + 1}}}$", ha="center", va="center"
            )
        ax.add_patch(
            Rectangle(
                (right, y),
                1,
                1,
                facecolor="none",
                edgecolor=COLORS["orange"],
                hatch="//",
                alpha=0.35,
            )
        )
        ax.add_patch(
            Rectangle((right, y), 1, 1, facecolor="none", edgecolor=COLORS["orange"])
        )
        ax.text(right + 0.5, y + 0.5, f"$y_{{{i + 1}}}$", ha="center", va="center")
        ax.text(-0.15, y + 0.5, f"sample {i + 1}", ha="right", va="center")
    for j in range(n_features):
        ax.text(
            j + 0.5,
            n_samples + 0.15,
            f"feature {j + 1}",
            ha="left",
            va="bottom",
            rotation=35,
        )
    ax.text(
        right + 0.5, n_samples + 0.15, "target", ha="left", va="bottom", rotation=35
    )
    ax.text(n_features / 2, -0.2, r"$\mathbf{X}$", ha="center", va="top", fontsize=14)
    ax.text(right + 0.5, -0.2, r"$\mathbf{y}$", ha="center", va="top", fontsize=14)
    ax.set(xlim=(-1.6, right + 1.9), ylim=(-0.8, n_samples + 1.5), aspect="equal")
    ax.axis("off")
    return fig


def split_diagram(fractions: tuple[float, float, float] = (0.6, 0.2, 0.2)) -> Figure:
    """A bar parted into training, validation and test, with what each part is for."""
    fig, ax = figure(height=1.9)
    uses = ["fit the model", "choose", "score once"]
    start = 0.0
    for name, use, share, color, hatch in zip(
        ["training", "validation", "test"],
        uses,
        fractions,
        [COLORS["blue"], COLORS["orange"], COLORS["green"]],
        ["", "//", ".."],
        strict=True,
    ):
        ax.add_patch(
            Rectangle(
                (start, 0),
                share,
                1,
                facecolor="none",
                edgecolor=color,
                hatch=hatch,
                alpha=0.4,
            )
        )
        ax.add_patch(
            Rectangle(
                (start, 0), share, 1, facecolor="none", edgecolor=color, linewidth=2
            )
        )
        ax.text(start + share / 2, 1.15, name, ha="center", va="bottom")
        ax.text(start + share / 2, -0.15, use, ha="center", va="top")
        start += share
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.7, 1.7))
    ax.axis("off")
    return fig
