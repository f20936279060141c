"""Classes in the plane: where the samples lie, and which class is predicted where."""

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from mlfa.plotting.style import figure, legend_above, panels, styles


def shapes_figure(X: np.ndarray, y: np.ndarray, names: Sequence[str]) -> Figure:
    """Samples in the plane, each class with its color and marker.

    Parameters
    ----------
    X : ndarray of shape (n_samples, 2)
        Places of the samples.
    y : ndarray of int, of shape (n_samples,)
        The class of each, from 0 on.
    names : sequence of str
        Name of each class.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a sample has a class without a name.
    """
    fig, ax = figure(height=4.8)
    _draw_samples(ax, X, y, names, size=4)
    return fig


def region_panels(
    predictors: Mapping[str, Callable[[np.ndarray], np.ndarray]],
    X: np.ndarray,
    y: np.ndarray,
    names: Sequence[str],
    *,
    limit: float = 3.2,
    columns: int = 1,
) -> Figure:
    """The plane parted by predicted class, in color and hatching, with some samples.

    Parameters
    ----------
    predictors : dict
        Title of each panel, and a function from places of shape (n, 2) to class
        numbers of shape (n,).
    X, y : ndarray of shape (n_samples, 2) and (n_samples,)
        Samples to draw, with their classes from 0 on.
    names : sequence of str
        Name of each class.
    limit : float
        Half the side of the square that is parted.
    columns : int
        Panels beside each other: 1, or 2 with the legend above them all.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a sample or a place has a class without a name.
    """
    ticks = np.linspace(-limit, limit, 161)
    places = np.stack(np.meshgrid(ticks, ticks), axis=-1)
    beside = columns == 1
    row, margin = (4.4, 0) if beside else (2.7, 0.5)
    fig, axes = panels(len(predictors), columns=columns, row=row, margin=margin)
    looks, levels = styles(len(names)), np.arange(len(names) + 1) - 0.5
    colors = ListedColormap([look.color for look in looks])
    hatches = [look.hatch for look in looks]
    for ax, (title, predict) in zip(axes, predictors.items(), strict=True):
        classes = np.asarray(predict(places.reshape(-1, 2))).reshape(161, 161)
        _check_classes(f"the predictions of {title!r}", classes, names)
        region = ticks, ticks, classes
        with plt.rc_context({"hatch.linewidth": 0.4}):
            ax.contourf(*region, levels=levels, cmap=colors, alpha=0.25)
            ax.contourf(*region, levels=levels, colors="none", hatches=hatches)
        _draw_samples(ax, X, y, names, size=3 if beside else 2, legend=beside)
        ax.set_title(title)
        ax.grid(False)
    if not beside:
        legend_above(fig, markerscale=2, handletextpad=0.1)
    return fig


def _draw_samples(
    ax: Axes,
    X: np.ndarray,
    y: np.ndarray,
    names: Sequence[str],
    *,
    size: float,
    legend: bool = True,
) -> None:
    _check_classes("y", y, names)
    for k, (name, look) in enumerate(zip(names, styles(len(names)), strict=True)):
        style = {"color": look.color, "markersize": size, "linestyle": "none"}
        ax.plot(*X[y == k].T, marker=look.marker, alpha=0.9, label=name, **style)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    if legend:
        beside = {"loc": "center left", "bbox_to_anchor": (1.0, 0.5)}
        ax.legend(**beside, handletextpad=0.1)


# Checks of arguments


def _check_classes(name: str, y: np.ndarray, names: Sequence[str]) -> None:
    if strange := sorted(set(np.unique(y).tolist()) - set(range(len(names)))):
        raise ValueError(
            f"{name} must be classes from 0 to {len(names) - 1}, which have names, got"
            f" {strange}."
        )
