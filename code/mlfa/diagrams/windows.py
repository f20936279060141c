"""Drawings of windows on a line of days, and of two ways to part them."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mlfa.book.checks import check_count
from mlfa.plotting.style import COLORS, WIDTH, figure

LEFT = 0.95  # inches, room for the labels of the rows
ROW = 0.36


def window_diagram(
    n_days: int = 11, length: int = 4, horizon: int = 2, n_windows: int = 4
) -> Figure:
    """The first windows of a series, each one day later than the one above it.

    Parameters
    ----------
    n_days : int
        Days of the series; at least length + horizon + n_windows - 1.
    length, horizon : int
        Days that a window sees, and days that it is to predict.
    n_windows : int
        Windows to draw.
    """
    for name, value in {
        "n_days": n_days,
        "length": length,
        "horizon": horizon,
        "n_windows": n_windows,
    }.items():
        check_count(name, value)
    if n_days < length + horizon + n_windows - 1:
        raise ValueError(
            f"n_days must be at least {length + horizon + n_windows - 1}, got {n_days}."
        )
    side = (WIDTH - LEFT - 0.05) / n_days
    fig, ax = _canvas(0.75 + ROW * n_windows + 0.4)
    top = 0.4 + ROW * n_windows
    for day in range(n_days):
        _cell(ax, day, top, side, COLORS["grey"])
        ax.text(
            LEFT + (day + 0.5) * side,
            top + 0.14,
            f"{day + 1}",
            ha="center",
            va="center",
            fontsize=9,
        )
    ax.text(LEFT - 0.08, top + 0.14, "day", ha="right", va="center")
    for k in range(n_windows):
        y = top - ROW * (k + 1)
        for day in range(k, k + length):
            _cell(ax, day, y, side, COLORS["blue"])
        for day in range(k + length, k + length + horizon):
            _cell(ax, day, y, side, COLORS["orange"], hatch="////")
        ax.text(
            LEFT - 0.08,
            y + 0.14,
            f"sample {k + 1}",
            ha="right",
            va="center",
            fontsize=10,
        )
    _key(ax, [("seen", COLORS["blue"], None), ("to predict", COLORS["orange"], "////")])
    return fig


def border_diagram(
    n_days: int = 14, length: int = 4, horizon: int = 2, border: int = 8
) -> Figure:
    """Windows on both sides of a border: training, left out, validation.

    Parameters
    ----------
    n_days, length, horizon : int
        As for `window_diagram`.
    border : int
        Number of days before the border.
    """
    for name, value in {
        "n_days": n_days,
        "length": length,
        "horizon": horizon,
        "border": border,
    }.items():
        check_count(name, value)
    first = (
        border - length - horizon
    )  # the last window whose targets all lie before the border
    places = [
        place
        for place in range(first - 1, border - length + 2)
        if 0 <= place <= n_days - length - horizon
    ]
    side = (WIDTH - LEFT - 0.05) / n_days
    fig, ax = _canvas(0.55 + ROW * len(places) + 0.4)
    top = 0.4 + ROW * len(places)
    for k, place in enumerate(places):
        y = top - ROW * (k + 1)
        ends, begins = place + length + horizon <= border, place + length >= border
        name = "training" if ends else "validation" if begins else "left out"
        color = COLORS["grey"] if name == "left out" else None
        for day in range(place, place + length):
            _cell(
                ax, day, y, side, color or COLORS["blue"], style=":" if color else "-"
            )
        for day in range(place + length, place + length + horizon):
            _cell(
                ax,
                day,
                y,
                side,
                color or COLORS["orange"],
                hatch="////",
                style=":" if color else "-",
            )
        ax.text(LEFT - 0.08, y + 0.14, name, ha="right", va="center", fontsize=10)
    x = LEFT + border * side
    ax.plot(
        [x, x], [0.35, top + 0.1], color=COLORS["black"], linestyle="--", linewidth=1.5
    )
    ax.text(x - 0.06, top + 0.12, "past", ha="right", va="bottom")
    ax.text(x + 0.06, top + 0.12, "future", ha="left", va="bottom")
    _key(ax, [("seen", COLORS["blue"], None), ("to predict", COLORS["orange"], "////")])
    return fig


def parts_diagram(rows: dict[str, Sequence[int]]) -> Figure:
    """A row of days for each way to split: 0 trains, 1 is held out, 2 is left out.

    Parameters
    ----------
    rows : dict of str to sequence of int
        The part of each day; all of one length.
    """
    lengths = {len(parts) for parts in rows.values()}
    if len(lengths) != 1:
        raise ValueError(f"rows must have one length, got {sorted(lengths)}.")
    left = 1.25
    side = (WIDTH - left - 0.05) / lengths.pop()
    fig, ax = _canvas(0.5 + 0.45 * len(rows))
    looks = [(COLORS["blue"], None), (COLORS["orange"], "////"), (COLORS["grey"], None)]
    for k, (name, parts) in enumerate(rows.items()):
        y = 0.4 + 0.45 * (len(rows) - 1 - k)
        for day, part in enumerate(parts):
            color, hatch = looks[part]
            box = (left + day * side, y), side * 0.9, 0.28
            style = ":" if part == 2 else "-"
            ax.add_patch(
                Rectangle(
                    *box,
                    facecolor="none",
                    edgecolor=color,
                    hatch=hatch,
                    linewidth=1.2,
                    linestyle=style,
                )
            )
        ax.text(left - 0.08, y + 0.14, name, ha="right", va="center", fontsize=10)
    _key(
        ax,
        [("training", COLORS["blue"], None), ("held out", COLORS["orange"], "////")],
        left,
    )
    return fig


def _canvas(height: float) -> tuple[Figure, Axes]:
    fig, ax = figure(height=height)
    ax.set(xlim=(0, WIDTH), ylim=(0, height), aspect="equal")
    ax.axis("off")
    return fig, ax


def _cell(
    ax: Axes,
    day: int,
    y: float,
    side: float,
    color: str,
    hatch: str | None = None,
    style: str = "-",
) -> None:
    ax.add_patch(
        Rectangle(
            (LEFT + (day + 0.05) * side, y),
            0.9 * side,
            0.28,
            facecolor="none",
            edgecolor=color,
            hatch=hatch,
            linewidth=1.5,
            linestyle=style,
        )
    )


def _key(
    ax: Axes, entries: list[tuple[str, str, str | None]], left: float = LEFT
) -> None:
    for k, (name, color, hatch) in enumerate(entries):
        x = left + 1.5 * k
        ax.add_patch(
            Rectangle(
                (x, 0.05),
                0.3,
                0.2,
                facecolor="none",
                edgecolor=color,
                hatch=hatch,
                linewidth=1.5,
            )
        )
        ax.text(x + 0.38, 0.15, name, ha="left", va="center", fontsize=10)
