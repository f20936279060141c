"""Scores of several runs, so that a difference can be seen beside the spread."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from mlfa.plotting.style import figure, styles


def run_dots(scores: Mapping[str, Sequence[float]], xlabel: str) -> Figure:
    """A row for each way, with a mark for each run.

    Parameters
    ----------
    scores : dict
        Name of each way, and its score in every run; some may have had fewer runs than
        others. The same mark is the same run in every row.
    xlabel : str
        What the scores are, with their unit.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is no way, or one has no runs.
    """
    if not scores or not all(len(values) for values in scores.values()):
        raise ValueError(
            f"scores must have at least one run of each way, got {scores!r}."
        )
    fig, ax = figure(height=1.1 + 0.55 * len(scores))
    rows = np.arange(len(scores))[::-1]  # the first way is the uppermost
    n_runs = max(map(len, scores.values()))
    step = min(0.09, 0.7 / n_runs)
    for run, look in enumerate(styles(n_runs)):
        shift = step * (run - (n_runs - 1) / 2)
        points = [
            (values[run], row - shift)
            for values, row in zip(scores.values(), rows, strict=True)
            if run < len(values)
        ]
        style = {"color": look.color, "marker": look.marker, "linestyle": "none"}
        ax.plot(*np.transpose(points), label=f"{run}", **style)
    ax.set_yticks(rows, list(scores))
    ax.set(xlabel=xlabel, ylim=(-0.5, len(scores) - 0.5))
    ax.locator_params(axis="x", nbins=6)
    beside = {"loc": "center left", "bbox_to_anchor": (1.0, 0.5), "handletextpad": 0.1}
    ax.legend(title="seed", **beside)
    return fig
