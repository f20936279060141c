"""Scores of several runs side by side, so that a difference can be seen beside the spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import COLORS, MARKERS, figure


def run_dots(scores: dict[str, Sequence[float]], label: str) -> Figure:
    """A row for each way, with a mark for each run; the same mark is the same run in every row.

    Parameters
    ----------
    scores : dict
        Name of each way, and its score in every run; some may have had fewer runs than others.
    label : str
        What the scores are, with their unit.
    """
    if not scores or not all(len(values) for values in scores.values()):
        raise ValueError(
            f"scores must have at least one run of each way, got {scores!r}."
        )
    fig, ax = figure(height=1.1 + 0.55 * len(scores))
    colors = [
        COLORS[name] for name in ("blue", "orange", "green", "purple", "sky", "black")
    ]
    places = np.arange(len(scores))[::-1]
    n_runs = max(map(len, scores.values()))
    for run in range(n_runs):
        points = [
            (values[run], place)
            for values, place in zip(scores.values(), places, strict=True)
            if run < len(values)
        ]
        x, y = np.transpose(points)
        shift = 0.09 * (run - (n_runs - 1) / 2)
        ax.plot(
            x,
            y - shift,
            color=colors[run % 6],
            marker=MARKERS[run % 6],
            linestyle="none",
            label=f"{run}",
        )
    ax.set(
        yticks=places,
        yticklabels=list(scores),
        xlabel=label,
        ylim=(-0.5, len(scores) - 0.5),
    )
    ax.locator_params(axis="x", nbins=6)
    ax.legend(
        title="seed", loc="center left", bbox_to_anchor=(1.0, 0.5), handletextpad=0.1
    )
    return fig
