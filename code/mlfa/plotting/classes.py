"""Figures about classes: the loss, the confusions, and the worth of a probability."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from mlfa.book.checks import check_shapes
from mlfa.plotting.style import COLORS, figure, styles
from mlfa.tabular.softmax import softmax


def softmax_panels(others: Sequence[float]) -> Figure:
    """What one score does to all probabilities, and what each probability costs.

    Parameters
    ----------
    others : sequence of float
        Scores of the second class and of those after it, which stay as they are while
        the first score runs.

    Returns
    -------
    Figure
    """
    fig, (above, below) = figure(2, 1, height=5.6)
    first = np.linspace(min(others) - 5, max(others) + 5, 201)
    fixed = np.tile(np.asarray(others, dtype=float), (len(first), 1))
    p = softmax(np.column_stack([first, fixed]))  # (201, n_classes)
    scores = ["", *(f", score {z:g}" for z in others)]
    for k, look in enumerate(styles(p.shape[1])):
        style = {"color": look.color, "linestyle": look.line}
        style |= {"marker": look.marker, "markevery": (8 * k, 25)}
        above.plot(first, p[:, k], label=f"class {k + 1}{scores[k]}", **style)
    above.set(xlabel="score of class 1", ylabel="probability", ylim=(-0.03, 1.03))
    above.legend()
    stated = np.linspace(0.005, 1, 400)
    below.plot(stated, -np.log(stated), color=COLORS["blue"])
    equal = 1 / p.shape[1]
    style = {"color": COLORS["orange"], "marker": "s", "linestyle": "none"}
    label = f"no idea: $p = 1/{p.shape[1]}$, loss $\\ln {p.shape[1]}$"
    below.plot([equal], [-np.log(equal)], label=label, **style)
    below.set(
        xlabel="probability $p$ of the true class", ylabel="loss $-\\ln p$ (nats)"
    )
    below.set_ylim(0)
    below.legend()
    return fig


def confusion_figure(counts: np.ndarray, names: Sequence[str]) -> Figure:
    """The counts of a confusion matrix, each in its cell, darker where there are more.

    Parameters
    ----------
    counts : ndarray of int, of shape (n_classes, n_classes)
        Samples by true class (row) and predicted class (column).
    names : sequence of str
        Name of each class.

    Returns
    -------
    Figure
    """
    check_shapes(counts=(counts, "n_classes n_classes"), names=(names, "n_classes"))
    many = len(names) > 5
    fig, ax = figure(height=5.2 if many else 3.8)
    # A class without samples has a row of zeros.
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    # The darkest blue is pale enough for black, and for white when a theme turns it.
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=2.1)
    style = {"ha": "center", "va": "center", "fontsize": 8.5 if many else 11}
    for (i, j), count in np.ndenumerate(counts):
        ax.text(j, i, f"{count:,}", color="black", **style)
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.grid(False)
    return fig


def reliability_figure(
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    xlabel: str = "probability of the predicted class",
    ylabel: str = "share that is right",
) -> Figure:
    """How often a prediction is right, against the probability that it was given.

    Parameters
    ----------
    curves : dict
        Name of each model, and for each of some groups of predictions: the mean
        probability of the predicted class, and the share that is right.
    xlabel, ylabel : str
        What is stated, and what was counted.

    Returns
    -------
    Figure
    """
    fig, ax = figure(height=4.4)
    dotted = {"color": COLORS["black"], "linestyle": ":", "linewidth": 1.5}
    low = min([0.3, *(min(stated) for stated, _ in curves.values())])
    ax.plot([low, 1], [low, 1], label="as often as it says", **dotted)
    looks = styles(len(curves))
    for (name, (stated, right)), look in zip(curves.items(), looks, strict=True):
        style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
        ax.plot(stated, right, label=name, **style)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set_aspect("equal")
    ax.legend(loc="upper left")
    return fig
