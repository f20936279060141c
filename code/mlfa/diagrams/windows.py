"""Drawings of windows on a line of days, and of ways to part them."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlfa.book.checks import check_count, check_same_length
from mlfa.diagrams._kit import CENTERED, canvas, cell
from mlfa.plotting.style import COLORS, WIDTH

LEFT = 0.95  # inches, room for the labels of the rows
ROW = 0.36
BLUE, ORANGE, GREY = COLORS["blue"], COLORS["orange"], COLORS["grey"]
TO_PREDICT = {"color": ORANGE, "hatch": "////"}
KEY = {"seen": {"color": BLUE}, "to predict": TO_PREDICT}


def window_diagram(
    n_days: int = 11, length: int = 4, horizon: int = 2, n_windows: int = 4
) -> Figure:
    """The first windows of a series, each one day later than the one above it.

    Parameters
    ----------
    n_days : int
        Days of the series; at least length + horizon + n_windows - 1.
    length : int
        Days that a window sees.
    horizon : int
        Days that it is to predict.
    n_windows : int
        Windows to draw.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If the series is too short for the windows.
    """
    _check_counts(n_days=n_days, length=length, horizon=horizon, n_windows=n_windows)
    if n_days < length + horizon + n_windows - 1:
        raise ValueError(
            f"n_days must be at least {length + horizon + n_windows - 1}, got {n_days}."
        )
    side = (WIDTH - LEFT - 0.05) / n_days
    fig, ax = canvas((0, 0.75 + ROW * n_windows + 0.4))
    top = 0.4 + ROW * n_windows
    for day in range(n_days):
        _day(ax, day, top, side, GREY)
        x = LEFT + (day + 0.5) * side
        ax.text(x, top + 0.14, f"{day + 1}", fontsize=9, **CENTERED)
    _label(ax, top, "day", fontsize=11)
    for k in range(n_windows):
        y = top - ROW * (k + 1)
        for day in range(k, k + length):
            _day(ax, day, y, side, BLUE)
        for day in range(k + length, k + length + horizon):
            _day(ax, day, y, side, **TO_PREDICT)
        _label(ax, y, f"sample {k + 1}")
    _key(ax, KEY)
    return fig


def border_diagram(
    n_days: int = 14, length: int = 4, horizon: int = 2, border: int = 8
) -> Figure:
    """Windows on both sides of a border: training, left out, validation.

    Parameters
    ----------
    n_days : int
        Days of the series.
    length : int
        Days that a window sees.
    horizon : int
        Days that it is to predict.
    border : int
        Number of days before the border.

    Returns
    -------
    Figure
    """
    _check_counts(n_days=n_days, length=length, horizon=horizon, border=border)
    first = border - length - horizon  # the last window with all targets before it
    places = [
        place
        for place in range(first - 1, border - length + 2)
        if 0 <= place <= n_days - length - horizon
    ]
    side = (WIDTH - LEFT - 0.05) / n_days
    fig, ax = canvas((0, 0.55 + ROW * len(places) + 0.4))
    top = 0.4 + ROW * len(places)
    for k, place in enumerate(places):
        y = top - ROW * (k + 1)
        ends, begins = place + length + horizon <= border, place + length >= border
        name = "training" if ends else "validation" if begins else "left out"
        pale = {"color": GREY, "linestyle": ":"} if name == "left out" else {}
        for day in range(place, place + length):
            _day(ax, day, y, side, **{"color": BLUE} | pale)
        for day in range(place + length, place + length + horizon):
            _day(ax, day, y, side, **TO_PREDICT | pale)
        _label(ax, y, name)
    x = LEFT + border * side
    dashed = {"color": COLORS["black"], "linestyle": "--", "linewidth": 1.5}
    ax.plot([x, x], [0.35, top + 0.1], **dashed)
    ax.text(x - 0.06, top + 0.12, "past", ha="right", va="bottom")
    ax.text(x + 0.06, top + 0.12, "future", ha="left", va="bottom")
    _key(ax, KEY)
    return fig


def parts_diagram(rows: Mapping[str, Sequence[int]]) -> Figure:
    """A row of days for each way to split a series.

    Parameters
    ----------
    rows : dict
        Name of each way, and the part of each day: 0 trains, 1 is held out, 2 is left
        out. All have one length.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If rows have different lengths, or a day is in another part.
    """
    n_days = check_same_length(**rows)
    left = 1.25
    side = (WIDTH - left - 0.05) / n_days
    fig, ax = canvas((0, 0.5 + 0.45 * len(rows)))
    looks = {0: {"color": BLUE}, 1: TO_PREDICT, 2: {"color": GREY, "linestyle": ":"}}
    for k, (name, parts) in enumerate(rows.items()):
        y = 0.4 + 0.45 * (len(rows) - 1 - k)
        if strange := sorted(set(map(int, parts)) - set(looks)):
            raise ValueError(f"parts of {name!r} must be 0, 1 or 2, got {strange}.")
        for day, part in enumerate(parts):
            corner, look = (left + day * side, y), looks[int(part)]
            cell(ax, corner, 0.9 * side, 0.28, linewidth=1.2, **look)
        _label(ax, y, name, left)
    _key(ax, {"training": looks[0], "held out": looks[1]}, left)
    return fig


def _day(ax: Axes, day: int, y: float, side: float, color: str, **style: str) -> None:
    corner = (LEFT + (day + 0.05) * side, y)
    cell(ax, corner, 0.9 * side, 0.28, color, linewidth=1.5, **style)


def _label(
    ax: Axes, y: float, text: str, left: float = LEFT, fontsize: int = 10
) -> None:
    """A text before a row."""
    ax.text(left - 0.08, y + 0.14, text, ha="right", va="center", fontsize=fontsize)


def _key(ax: Axes, entries: Mapping[str, dict[str, str]], left: float = LEFT) -> None:
    """What the looks of the cells mean, below the rows."""
    for k, (name, look) in enumerate(entries.items()):
        x = left + 1.5 * k
        cell(ax, (x, 0.05), 0.3, 0.2, linewidth=1.5, **look)
        ax.text(x + 0.38, 0.15, name, ha="left", va="center", fontsize=10)


# Checks of arguments


def _check_counts(**counts: int) -> None:
    for name, value in counts.items():
        check_count(name, value)
