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
        Name of each way, and its score in every run; all of one length.
    label : str
        What the scores are, with their unit.
    """
    if len({len(values) for values in scores.values()}) != 1:
        raise ValueError(f"scores must have one value for each run, got {[len(v) for v in scores.values()]}.")
    fig, ax = figure(height=1.1 + 0.55 * len(scores))
    colors = [COLORS[name] for name in ("blue", "orange", "green", "purple", "sky", "black")]
    places = np.arange(len(scores))[::-1]
    for run, values in enumerate(zip(*scores.values(), strict=True)):
        shift = 0.09 * (run - (len(next(iter(scores.values()))) - 1) / 2)
        ax.plot(
            values, places - shift, color=colors[run % 6], marker=MARKERS[run % 6], linestyle="none", label=f"{run}"
        )
    ax.set(yticks=places, yticklabels=list(scores), xlabel=label, ylim=(-0.5, len(scores) - 0.5))
    ax.locator_params(axis="x", nbins=6)
    ax.legend(title="seed", loc="center left", bbox_to_anchor=(1.0, 0.5), handletextpad=0.1)
    return fig
