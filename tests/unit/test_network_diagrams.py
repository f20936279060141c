"""The drawings show as many units and edges as they are asked for, inside the page."""

from __future__ import annotations

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Circle
from matplotlib.text import Annotation

from mlfa.tabular import activations
from mlfa.diagrams import layer_diagram, network_diagram, unit_diagram
from mlfa.plotting import activation_panels, run_dots, unit_sum
from mlfa.plotting.style import WIDTH


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def circles(fig):
    return [patch for patch in fig.axes[0].patches if isinstance(patch, Circle)]


def edges(fig):
    return [text for text in fig.axes[0].texts if isinstance(text, Annotation)]


def words(fig):
    return [text.get_text() for text in fig.axes[0].texts if text.get_text()]


@pytest.mark.parametrize("n_features", [1, 2, 5])
def test_unit(n_features):
    fig = unit_diagram(n_features)
    assert len(circles(fig)) == n_features + 2
    assert len(edges(fig)) == n_features + 3  # and the bias, the sum, the output
    assert f"$w_{{{n_features}}}$" in words(fig) and "$b$" in words(fig)


@pytest.mark.parametrize(("n_features", "n_units"), [(1, 1), (3, 4), (5, 2)])
def test_layer(n_features, n_units):
    fig = layer_diagram(n_features, n_units)
    assert len(circles(fig)) == n_features + n_units
    assert len(edges(fig)) == n_features * n_units + n_units
    assert f"$a_{{{n_units}}}$" in words(fig)


@pytest.mark.parametrize("sizes", [[1, 1], [2, 3, 1], [4, 5, 6, 2]])
def test_network_draws_every_unit_of_short_layers(sizes):
    fig = network_diagram(sizes)
    assert len(circles(fig)) == sum(sizes)
    assert len(edges(fig)) == sum(a * b for a, b in itertools.pairwise(sizes))
    assert r"$\vdots$" not in words(fig)


def test_network_shortens_long_layers():
    fig = network_diagram([8, 64, 64, 1], most=5)
    assert len(circles(fig)) == 4 + 4 + 4 + 1
    assert words(fig).count(r"$\vdots$") == 3
    assert [word for word in words(fig) if "\n" in word] == ["features\n8", "hidden 1\n64", "hidden 2\n64", "output\n1"]


@pytest.mark.parametrize("sizes", [[3, 1], [8, 64, 64, 1], [784, 32, 32, 32, 32, 32, 10]])
def test_everything_lies_inside_the_page_and_nothing_overlaps(sizes):
    fig = network_diagram(sizes)
    assert fig.get_figwidth() == pytest.approx(WIDTH)
    centers = np.array([circle.center for circle in circles(fig)])
    radius = circles(fig)[0].radius
    (left, right), (bottom, top) = fig.axes[0].get_xlim(), fig.axes[0].get_ylim()
    assert (centers - radius >= [left, bottom]).all() and (centers + radius <= [right, top]).all()
    distances = np.linalg.norm(centers[:, None] - centers[None], axis=-1) + 10 * np.eye(len(centers))
    assert distances.min() > 2 * radius
    fig.canvas.draw()
    labels = [text.get_window_extent() for text in fig.axes[0].texts if "\n" in text.get_text()]
    assert all(a.x1 < b.x0 for a, b in itertools.pairwise(labels))


@pytest.mark.parametrize("sizes", [[3], [], [3, 0], [3, 1.5]])
def test_bad_sizes(sizes):
    with pytest.raises(ValueError, match="size"):
        network_diagram(sizes)


@pytest.mark.parametrize("call", [lambda: unit_diagram(0), lambda: layer_diagram(0, 2), lambda: layer_diagram(2, 0)])
def test_bad_counts(call):
    with pytest.raises(ValueError, match="whole number"):
        call()


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_activation_panels_draw_value_and_slope(count):
    names = ["sigmoid", "tanh", "relu", "gelu"][:count]
    pairs = {name: (getattr(activations, name), getattr(activations, name + "_derivative")) for name in names}
    fig = activation_panels(pairs, reach=3)
    assert [ax.get_title() for ax in fig.axes] == names
    for ax, (function, derivative) in zip(fig.axes, pairs.values(), strict=True):
        value, slope = ax.lines
        np.testing.assert_allclose(value.get_ydata(), function(value.get_xdata()))
        np.testing.assert_allclose(slope.get_ydata(), derivative(slope.get_xdata()))
        assert value.get_linestyle() != slope.get_linestyle()
    assert fig.axes[-1].get_xlabel() == "input $z$"


def test_unit_sum_is_the_sum_of_its_shares():
    units = [(1, 2, 1.0), (-2, 0.5, -1.8), (1, -1, 1.6)]
    top, bottom = unit_sum(units, bias=0.2).axes
    assert len(top.lines) == 3 and len({line.get_linestyle() for line in top.lines}) == 3
    total = bottom.lines[0].get_ydata()
    np.testing.assert_allclose(total, 0.2 + sum(line.get_ydata() for line in top.lines))
    assert [line.get_xdata()[0] for line in bottom.lines[1:]] == [-2, 0.25, 1]
    # Straight between the kinks: the second difference is zero away from them.
    x = bottom.lines[0].get_xdata()
    bent = np.abs(np.diff(total, 2)) > 1e-9
    assert all(np.abs(x[1:-1][bent][:, None] - [-2, 0.25, 1]).min(axis=1) < 0.02)


def test_run_dots_shows_every_run_once():
    scores = {"a": [1.0, 2.0], "b": [3.0, 4.0], "c": [5.0, 6.0]}
    ax = run_dots(scores, "score").axes[0]
    assert [list(line.get_xdata()) for line in ax.lines] == [[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]
    assert len({line.get_marker() for line in ax.lines}) == 2
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "c"]
    fewer = run_dots({"a": [1.0], "b": [1.5, 2.0]}, "score").axes[0]
    assert [list(line.get_xdata()) for line in fewer.lines] == [[1.0, 1.5], [2.0]]
    with pytest.raises(ValueError, match="at least one run of each way"):
        run_dots({"a": [], "b": [1.0, 2.0]}, "score")
