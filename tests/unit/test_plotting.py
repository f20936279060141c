"""No figure drops a curve, a class or a year: it draws each with a look of its own, or refuses in words."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import mlfa.diagrams
import mlfa.plotting as plotting
from mlfa.plotting import (
    activation_panels,
    attention_maps,
    band_panels,
    boosting_panels,
    cell_maps,
    change_panels,
    class_shares,
    cloud_panels,
    completion_rows,
    confusion_figure,
    correlograms,
    cost_curves,
    cost_panels,
    coverage_curves,
    coverage_maps,
    dependence_panels,
    draws_panels,
    error_figure,
    error_map,
    error_parts,
    evening_figure,
    explanation_rows,
    feature_maps,
    filter_rows,
    flow_paths,
    gradient_lags,
    histograms,
    holes_figure,
    image_grid,
    image_row,
    importance_figure,
    interval_figure,
    interval_rows,
    kernel_panels,
    lag_panels,
    learning_curve,
    letter_costs,
    line_fit,
    lines,
    mosaic,
    neighbor_panels,
    optimizer_paths,
    panels,
    parabola_walks,
    patch_frames,
    penalty_curves,
    pixel_values,
    position_figure,
    precision_recall_figure,
    prediction_panels,
    price_map,
    rate_panels,
    receptive_frames,
    region_panels,
    reliability_figure,
    roc_panels,
    rollout_panels,
    run_dots,
    runs_figure,
    season_figure,
    sensitivity_panels,
    sequence_panels,
    series_panels,
    shapes_figure,
    sigmoid_figure,
    signed_grid,
    softmax_panels,
    split_maps,
    split_scores,
    split_search_figure,
    steps_by_rate,
    styles,
    target_panels,
    unit_sum,
    walk_panels,
    wave_panels,
    weight_matrix_figure,
    weight_paths,
    weight_traces,
)
from mlfa.plotting.style import COLORS, WIDTH, use_style
from mlfa.scoring.splitting import Split
from mlfa.series.positions import sinusoidal_positions
from mlfa.tabular import activations
from mlfa.tabular.trees import Node, grow, predict_tree

HELPERS = {"figure", "panels", "styles", "legend_above", "mosaic", "use_style"}
ROOMS = [Path(plotting.__file__).parent, Path(mlfa.diagrams.__file__).parent]
X = np.linspace(-2, 2, 12)


@pytest.fixture(autouse=True)
def book_style(monkeypatch):
    """The look of the book, without a change to the notebook that may run the tests."""
    monkeypatch.setitem(sys.modules, "matplotlib_inline.backend_inline", None)
    with mpl.rc_context():
        use_style()
        yield
    plt.close("all")


def some_bytes(shape, seed=0):
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=torch.Generator().manual_seed(seed))


def names(n):
    return [f"entry {k}" for k in range(n)]


def entries(n, value):
    """A dict of n entries; `value` gives each from its number."""
    return {name: value(k) for k, name in enumerate(names(n))}


def days(n_years):
    return np.arange("2012-01-01", f"{2012 + n_years}-01-01", dtype="datetime64[D]")


def ring(n):
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.repeat(np.stack([np.cos(angle), np.sin(angle)], axis=1), 3, axis=0), np.repeat(np.arange(n), 3)


# Each draws n entries in one panel.
TOGETHER = {
    "evening_figure": lambda n: evening_figure(X, X[:7], entries(n, lambda k: X[:7] + k), "°C"),
    "error_figure": lambda n: error_figure(days(1), np.ones(366), entries(n, lambda k: np.full(366, k)), "°C"),
    "lines": lambda n: lines(entries(n, lambda k: X + k), "x", "y"),
    "line_fit": lambda n: line_fit(X, X**2, entries(n, lambda k: (k, 1)), "x", "y"),
    "split_scores": lambda n: split_scores(entries(n, lambda k: [0.1 * k, 0.5]), "R²", floor=-0.5),
    "weight_traces": lambda n: weight_traces(np.ones(5), np.ones((5, n)), names(n), np.ones(n), "weight"),
    "optimizer_paths": lambda n: optimizer_paths(
        lambda w: float(w @ w), entries(n, lambda k: np.outer(np.arange(7), [1, k])), np.zeros(2), "a", "b"
    ),
    "steps_by_rate": lambda n: steps_by_rate([0.1, 0.2], {"line": entries(n, lambda k: [9, np.inf])}),
    "reliability_figure": lambda n: reliability_figure(entries(n, lambda k: ([0.5, 0.9], [0.4, 0.1 * k]))),
    "shapes_figure": lambda n: shapes_figure(*ring(n), names(n)),
    "region_panels": lambda n: region_panels({"all": lambda P: np.arange(len(P)) % n}, *ring(n), names(n)),
    "class_shares": lambda n: class_shares(entries(n, lambda k: [1, k]), ["rain", "sun"], "%"),
    "coverage_curves": lambda n: coverage_curves([0.5, 0.9], entries(n, lambda k: [0.5, 0.1 * k])),
    "gradient_lags": lambda n: gradient_lags(entries(n, lambda k: [np.exp(-k * np.arange(9.0) / 9)] * 2)),
    "wave_panels": lambda n: wave_panels(entries(n, lambda k: [[0, k]] * 2), entries(n, lambda k: [[1, 1 + k]] * 2)),
    "cost_panels": lambda n: cost_panels([1, 2], {"work": entries(n, lambda k: [1, 2 + k])}),
    "precision_recall_figure": lambda n: precision_recall_figure(entries(n, lambda k: ([1, 0.1 * k], [0.5, 1])), 0.1),
    "interval_rows": lambda n: interval_rows({"weight": entries(n, lambda k: (0, 1, 2))}, "dollars"),
}
# Each has a panel for each of n entries.
APART = {
    "activation_panels": lambda n: activation_panels(entries(n, lambda k: (activations.relu,) * 2)),
    "attention_maps": lambda n: attention_maps(entries(n, lambda k: np.eye(3))),
    "rate_panels": lambda n: rate_panels(entries(n, lambda k: [3, 2, 1])),
    "parabola_walks": lambda n: parabola_walks(lambda w: w * w, entries(n, lambda k: [3, 2, 1]), "w", "loss"),
    "boosting_panels": lambda n: boosting_panels(X, X**2, entries(n, lambda k: X), "x", "y"),
    "region_panels": lambda n: region_panels(entries(n, lambda k: lambda P: np.zeros(len(P), int)), *ring(2), names(2)),
    "rollout_panels": lambda n: rollout_panels(entries(n, lambda k: ([1], [2, 3], [2, 4]))),
    "sensitivity_panels": lambda n: sensitivity_panels(entries(n, lambda k: [[1, 2], [2, 1]])),
    "sequence_panels": lambda n: sequence_panels(entries(n, lambda k: np.ones((k + 1, 4))), longest=12),
    "target_panels": lambda n: target_panels(entries(n, lambda k: ([1, 2], [2, 3]))),
    "series_panels": lambda n: series_panels(days(1), entries(n, lambda k: np.ones(366)), entries(n, lambda k: "°C")),
    "correlograms": lambda n: correlograms(entries(n, lambda k: 0.9 ** np.arange(9)), 90, "lag (days)"),
    "walk_panels": lambda n: walk_panels(entries(n, lambda k: [X, X + 1])),
    "band_panels": lambda n: band_panels(
        days(1), np.ones(366), entries(n, lambda k: (np.zeros(366), np.ones(366))), "°C"
    ),
    "change_panels": lambda n: change_panels(X, entries(n, lambda k: k * X), "true (°C)", "predicted (°C)"),
    "cell_maps": lambda n: cell_maps(X, X, entries(n, lambda k: Node(k / 12, 12)), label="price"),
    "dependence_panels": lambda n: dependence_panels(entries(n, lambda k: (X, np.stack([X, X + 1]))), "y"),
    "split_maps": lambda n: split_maps(X, X, entries(n, lambda k: Split(*np.split(np.arange(12), 3)))),
    "neighbor_panels": lambda n: neighbor_panels(
        np.stack([X, X**2], axis=1), np.ones(2), entries(n, lambda k: np.array([1, k + 1])), 2, "x (m)", "y (m)"
    ),
    "histograms": lambda n: histograms(entries(n, lambda k: X), entries(n, lambda k: "km")),
    "cost_curves": lambda n: cost_curves(
        entries(n, lambda k: {"all columns": np.ones(3)}), np.array([0.1, 0.2, 0.5]), {"1/2": 0.5}, "cost"
    ),
    "roc_panels": lambda n: roc_panels(
        entries(n, lambda k: {"all columns": ([0, 1], [0, 1])}), entries(n, lambda k: {"1/2": (0.1, 0.6)})
    ),
    "cloud_panels": lambda n: cloud_panels(entries(n, lambda k: np.stack([X, X + k], axis=1))),
    "completion_rows": lambda n: completion_rows(entries(n, lambda k: np.ones((2, 1, 4, 4)))),
    "draws_panels": lambda n: draws_panels(X, X**2, X, entries(n, lambda k: np.stack([X, X + 1])), "x", "y"),
    "error_parts": lambda n: error_parts(entries(n, lambda k: {"bias": np.ones(3), "noise": np.ones(3)}), "x", "y"),
    "weight_paths": lambda n: weight_paths(entries(n, lambda k: np.ones((3, 2))), np.array([1, 10, 100]), "weight"),
    "penalty_curves": lambda n: penalty_curves(
        entries(n, lambda k: {"ridge": np.array([3, 2, 4])}), np.array([1, 10, 100]), "error"
    ),
}
# Each has one form, whatever the number of its entries; the entries are counted in tests of their own.
OTHERS = {
    "confusion_figure": lambda: confusion_figure(np.eye(3, dtype=int), names(3)),
    "softmax_panels": lambda: softmax_panels([1.0, 0.0]),
    "coverage_maps": lambda: coverage_maps(9, 4, 2, paddings=[0, 1, 2]),
    "error_map": lambda: error_map(np.ones((4, 6)), "error"),
    "explanation_rows": lambda: explanation_rows(np.ones((2, 1, 3, 3)), {"gradient": np.ones((2, 3, 3))}),
    "feature_maps": lambda: feature_maps(np.eye(4), np.ones((3, 2, 2))),
    "filter_rows": lambda: filter_rows(np.ones((8, 4, 3, 3)), {"patches": np.ones((8, 5, 8, 8))}),
    "receptive_frames": lambda: receptive_frames(np.eye(9), {"3 pixels": (2, 3, 3), "4 pixels": (2, 3, 4)}),
    "flow_paths": lambda: flow_paths(np.ones((3, 5))),
    "image_grid": lambda: image_grid(np.ones((3, 4, 4)), names(3)),
    "holes_figure": lambda: holes_figure(days(1), np.where(np.arange(366) % 9, 1.0, np.nan), np.ones(366), "°C"),
    "image_row": lambda: image_row(np.ones((3, 4, 4))),
    "importance_figure": lambda: importance_figure(names(3), np.ones((3, 2)), "drop"),
    "interval_figure": lambda: interval_figure(days(1), np.ones(366), np.ones(366), np.linspace(0.5, 1, 366), "°C"),
    "kernel_panels": lambda: kernel_panels(np.eye(5), np.eye(2), np.eye(4)),
    "learning_curve": lambda: learning_curve([2, 1], [3, 2], best=1),
    "letter_costs": lambda: letter_costs("a line", {"one": range(6), "two": [1.0] * 6}),
    "patch_frames": lambda: patch_frames(np.ones((9, 9)), 3, 1, 0, [(0, 0), (1, 1)]),
    "pixel_values": lambda: pixel_values(np.ones((6, 6)), 0, 0, 3),
    "position_figure": lambda: position_figure(sinusoidal_positions(20, 8).numpy()),
    "prediction_panels": lambda: prediction_panels(X, X**2, "m", n_groups=3),
    "price_map": lambda: price_map(X, X, X, label="price"),
    "lag_panels": lambda: lag_panels(np.sin(np.arange(60.0)), (1, 30), "°C"),
    "run_dots": lambda: run_dots({"a": [1, 2], "b": [2]}, "score"),
    "runs_figure": lambda: runs_figure(np.stack([X, X + 1]), 3, "value"),
    "season_figure": lambda: season_figure(days(2), np.ones(731), np.ones(731), "°C"),
    "sigmoid_figure": lambda: sigmoid_figure(X, (X > 0).astype(int), X, X / 5 + 0.5, ([-1, 1], [0.1, 0.9]), "x", "p"),
    "signed_grid": lambda: signed_grid(np.ones((3, 2, 2))),
    "split_search_figure": lambda: split_search_figure(X, X**2, X[1:-1], X[1:-1] ** 2, "x", "y"),
    "unit_sum": lambda: unit_sum([(1, 2, 1), (1, -1, 1)], bias=0.2),
    "weight_matrix_figure": lambda: weight_matrix_figure(np.eye(3)),
}


def legend_of(fig):
    legends = [*fig.legends, *(ax.get_legend() for ax in fig.axes)]
    return [text.get_text() for legend in legends if legend for text in legend.get_texts()]


def looks_of(fig, labels):
    """The look of each labeled thing, without its color."""
    looks = {}
    for ax in fig.axes:
        for line in ax.lines:
            looks[line.get_label()] = (line._unscaled_dash_pattern, line.get_marker())
        for bars in ax.containers:
            looks[bars.get_label()] = bars.patches[0].get_hatch()
    return [looks[label] for label in labels]


# Every function ---------------------------------------------------------------------


def functions():
    return [name for name in plotting.__all__ if inspect.isfunction(getattr(plotting, name)) and name not in HELPERS]


def test_every_function_is_drawn_here():
    assert set(functions()) == set(TOGETHER) | set(APART) | set(OTHERS)


@pytest.mark.parametrize("name", functions())
def test_every_function_returns_its_figure_in_the_width_of_the_book(name):
    fig = OTHERS[name]() if name in OTHERS else (TOGETHER | APART)[name](3)
    assert isinstance(fig, Figure) and fig.get_figwidth() == pytest.approx(WIDTH)
    assert plt.get_fignums() == [fig.number]  # and no other is left open
    assert fig.get_facecolor()[3] == 0, "the page shows through, in both themes"


@pytest.mark.parametrize("name", functions())
def test_every_parameter_has_a_meaning(name):
    function = getattr(plotting, name)
    text = inspect.getdoc(function)
    parameters = text.partition("Parameters\n---")[2].partition("Returns\n---")[0]
    for parameter in inspect.signature(function).parameters:
        assert re.search(rf"^(\w+, |\*)*{parameter}\b.*\n    \S", parameters, flags=re.M), f"{parameter} of {name}"
    assert "Returns\n-------\nFigure" in text


@pytest.mark.parametrize("n", [3, 6, 8])
@pytest.mark.parametrize("name", TOGETHER)
def test_every_entry_is_drawn_and_named(name, n):
    fig = TOGETHER[name](n)
    assert [label for label in legend_of(fig) if label.startswith("entry")] == names(n)
    looks = looks_of(fig, names(n))
    assert len(set(looks)) == n, "two entries differ in color alone"


@pytest.mark.parametrize("n", [1, 6, 8])
@pytest.mark.parametrize("name", APART)
def test_every_entry_has_its_panel(name, n):
    drawn = [ax for ax in APART[name](n).axes if ax.has_data() and ax.get_label() != "<colorbar>"]
    titles = [ax.get_title() or ax.get_title("left") for ax in drawn]
    assert [title.removesuffix(" (°C)") for title in titles] == names(n)


@pytest.mark.parametrize("draw", [draw for name, draw in TOGETHER.items()])
def test_what_cannot_be_told_apart_is_refused(draw):
    with pytest.raises(ValueError, match="a figure tells 1 to 12 entries apart, got 13"):
        draw(13)


@pytest.mark.parametrize("draw", [*TOGETHER.values(), *APART.values()])
def test_no_entry_is_no_figure(draw):
    with pytest.raises(ValueError, match=r"entries apart, got 0|at least one|same length|must have shape"):
        draw(0)


@pytest.mark.parametrize("n", [3, 6, 8])
@pytest.mark.parametrize("name", ["lines", "split_scores", "gradient_lags", "cost_panels", "class_shares"])
def test_a_legend_lies_above_the_curves_and_on_the_page(name, n):
    fig = TOGETHER[name](n)
    fig.canvas.draw()
    legend, axes = fig.legends[0].get_window_extent(), fig.axes[0].get_window_extent()
    assert fig.bbox.x0 <= legend.x0 and legend.x1 <= fig.bbox.x1 and legend.y1 <= fig.bbox.y1
    assert axes.y1 <= legend.y0


@pytest.mark.parametrize("length", [3, 12, 25, 40])
def test_a_legend_of_any_names_lies_on_the_page(length):
    name = "autoregression of the maximum temperature"
    fig = lines({f"{k} {name}"[:length]: X + k for k in range(6)}, "x", "y")
    fig.canvas.draw()
    legend = fig.legends[0].get_window_extent()
    assert fig.bbox.x0 <= legend.x0 and legend.x1 <= fig.bbox.x1


def test_colors_are_written_once():
    found = {
        path.name
        for room in ROOMS
        for path in room.glob("*.py")
        if re.search(r"#[0-9A-Fa-f]{6}|strict=False", path.read_text(encoding="utf-8"))
    }
    assert found == {"style.py"}


# Styles and panels -------------------------------------------------------------------


def test_styles_differ_without_their_color():
    looks = styles(12)
    for part in ("marker", "hatch"):
        assert len({getattr(look, part) for look in looks}) == 12
    assert len({(look.color, str(look.line)) for look in looks}) == 12
    assert styles(5) == looks[:5], "an entry keeps its look when others come"
    assert len({look.color for look in looks[:6]}) == len({str(look.line) for look in looks[:6]}) == 6
    assert COLORS["grey"] not in {look.color for look in looks}


@pytest.mark.parametrize(("n", "columns"), [(1, 1), (1, 2), (3, 2), (8, 3)])
def test_panels_are_as_many_as_asked_for(n, columns):
    fig, axes = panels(n, columns=columns, row=1, margin=0.5, sharex=True)
    assert fig.axes == axes and len(axes) == n
    assert fig.get_figheight() == pytest.approx(0.5 + -(-n // min(n, columns)))
    for ax in axes[-columns:]:
        ax.plot([0, 1])
        assert any(tick.label1.get_visible() for tick in ax.xaxis.get_major_ticks())


# Curves ------------------------------------------------------------------------------


def test_lines_draw_the_middle_and_the_range_of_runs():
    runs = [[1, 2, 4], [2, 3, 5], [3, 7, 6]]
    ax = lines({"a": runs, "b": [1, 1, 1]}, "x", "y", log="y", middle=np.median).axes[0]
    assert [list(line.get_ydata()) for line in ax.lines] == [[2, 3, 5], [1, 1, 1]]
    assert ax.get_yscale() == "log" and ax.get_xscale() == "linear"
    (band,) = ax.collections  # one run has no range
    corners = band.get_paths()[0].vertices
    assert corners[:, 1].min() == 1 and corners[:, 1].max() == 7
    mean = lines({"a": runs}, "x", "y").axes[0].lines[0]
    np.testing.assert_allclose(mean.get_ydata(), [2, 4, 5])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "y")


def test_lines_stand_at_their_places():
    one = lines({"a": [1, 2], "b": [3, 4]}, "x", "y", x=[5, 7]).axes[0]
    assert [list(line.get_xdata()) for line in one.lines] == [[5, 7], [5, 7]]
    each = lines({"a": [1, 2], "b": [3, 4, 5]}, "x", "y", x={"a": [-1, 1], "b": [-2, 0, 2]}).axes[0]
    assert [list(line.get_xdata()) for line in each.lines] == [[-1, 1], [-2, 0, 2]]
    words = lines({"a": [1, 2]}, "season", "y", x=("winter", "summer"), ylim=(0, None)).axes[0]
    assert [label.get_text() for label in words.get_xticklabels()] == ["winter", "summer"]
    assert words.get_ylim()[0] == 0 and words.get_ylim()[1] > 2
    few = lines({"a": [1, 2, 3]}, "trees", "y", x=[1, 20, 100], log="x").axes[0]
    assert [label.get_text() for label in few.get_xticklabels()] == ["1", "20", "100"]
    depths = lines({"a": range(20)}, "depth", "y", x=range(1, 21)).axes[0]
    assert all(tick.is_integer() for tick in depths.get_xticks())


def test_a_faint_line_is_grey_and_takes_no_color_of_the_others():
    noisy, clean = lines({"noisy": X, "clean": X + 1}, "x", "y", faint=["noisy"]).axes[0].lines
    assert noisy.get_color() == COLORS["grey"] and clean.get_color() == styles(1)[0].color
    assert noisy.get_linewidth() < clean.get_linewidth()


@pytest.mark.parametrize("m", [2, 7, 20, 500])
def test_every_line_has_markers(m):
    for line in lines(entries(8, lambda k: np.arange(m) + k), "x", "y").axes[0].lines:
        start, every = line.get_markevery()
        assert start < m and 1 <= len(range(start, m, every)) <= 20


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"curves": {"a": [1, 2, 3]}}, "curve 'a' must have 2 values a run, got 3"),
        ({"curves": {"a": [[[1, 2]]]}}, r"curve 'a' must have shape \(m,\) or \(runs, m\), got \(1, 1, 2\)"),
        ({"curves": {"a": []}}, r"curve 'a' must have shape"),
        ({"curves": {"a": [1, np.nan]}}, "curve 'a' must have finite numbers on the axis y"),
        ({"curves": {"a": [0, 1]}, "log": "y"}, "curve 'a' must have positive numbers on the axis y"),
        ({"x": [0, 1], "log": "x"}, "curve 'a' must have positive numbers on the axis x"),
        ({"x": {"b": [1, 2]}}, r"x must have the names \['a'\], got \['b'\]"),
        ({"faint": ["b"]}, r"faint must name curves of \['a'\], got \['b'\]"),
        ({"log": "z"}, "log must be '', 'x', 'y' or 'xy', got 'z'"),
        ({"curves": {}}, "at least one curve"),
    ],
)
def test_lines_refuse_what_would_not_be_drawn(settings, message):
    with pytest.raises(ValueError, match=message):
        lines(**{"curves": {"a": [1, 2]}, "xlabel": "x", "ylabel": "y", "x": [1, 2]} | settings)


def test_learning_curve():
    fig = learning_curve([3.0, 2.0], np.array([4.0, 3.0]), best=1, note="lowest", ylabel="loss (nats)", ylim=(0, 5))
    (ax,) = fig.axes
    assert [list(line.get_ydata()) for line in ax.lines[:2]] == [[3, 2], [4, 3]]
    assert legend_of(fig) == ["training", "validation", "lowest: epoch 1"] and ax.get_ylabel() == "loss (nats)"
    assert len({str(line.get_linestyle()) for line in ax.lines}) == 3 and ax.get_ylim() == (0, 5)
    assert legend_of(learning_curve([1, 2])) == ["training"]
    with pytest.raises(ValueError, match="same length: train has 2, validation has 0"):
        learning_curve([1, 2], [])


def test_split_scores_write_what_is_too_low():
    ax = split_scores({"a": [0.5, -900.0], "b": [0.1, 0.2]}, "R²", floor=-0.5).axes[0]
    assert [list(line.get_ydata()) for line in ax.lines] == [[0.5, -0.5], [0.1, 0.2]]
    assert [text.get_text() for text in ax.texts] == ["-900"]
    with pytest.raises(ValueError, match="a has 1, b has 2"):
        split_scores({"a": [1], "b": [1, 2]}, "R²", floor=0)


def test_weight_traces_end_at_their_targets():
    weights = np.arange(12.0).reshape(4, 3)
    top, bottom = weight_traces(np.arange(1.0, 5), weights, ["a", "b", "c"], np.array([7, 8, 9]), "weight (m)").axes
    assert list(top.lines[0].get_ydata()) == [1, 2, 3, 4] and bottom.get_ylabel() == "weight (m)"
    traces, ends = bottom.lines[::3], bottom.lines[1::3]
    np.testing.assert_array_equal([line.get_ydata() for line in traces], weights.T)
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in ends] == [(3, 7), (3, 8), (3, 9)]
    with pytest.raises(ValueError, match=r"names must have shape \(n_weights=3,\), got \(2,\)"):
        weight_traces(np.ones(4), weights, ["a", "b"], np.ones(3), "w")


def test_line_fit_and_rates_and_paths_draw_what_they_were_given():
    ax = line_fit(X, X**2, {"flat": (1, 0), "steep": (0, 2)}, "x", "y").axes[0]
    assert [list(line.get_ydata()) for line in ax.lines] == [[1, 1], [-4, 4]]
    (one,) = rate_panels({"only": [3, 2, 1]}).axes
    assert one.get_xlabel() == "step" and list(one.lines[0].get_ydata()) == [3, 2, 1]
    path = np.array([[1.0, 2.0], [0.5, 1.0], [0.0, 0.0]])
    ax = optimizer_paths(lambda w: float(w @ w), {"a": path}, np.zeros(2), "first", "second").axes[0]
    np.testing.assert_array_equal(np.transpose(ax.lines[0].get_data()), path)
    assert legend_of(ax.figure) == ["a", "least loss"] and (ax.get_xlabel(), ax.get_ylabel()) == ("first", "second")
    paths = np.array([[0.1, 0.2, -0.1], [1.0, -1.0, -1.0]])
    drawn = flow_paths(paths).axes[0].lines
    np.testing.assert_array_equal([line.get_ydata() for line in drawn], paths.T)
    assert [line.get_linestyle() for line in drawn] == ["-", "--", "--"]
    places, speeds = np.ones((3, 2)), np.arange(6.0).reshape(3, 2)
    with_arrows, without = cloud_panels({"a": X[:, None] * [1, 1], "b": places}, {"a": (places, speeds)}).axes
    dots, arrows = with_arrows.collections
    np.testing.assert_array_equal(dots.get_offsets(), X[:, None] * [1, 1])
    np.testing.assert_array_equal(np.transpose([arrows.U, arrows.V]), speeds)
    assert len(without.collections) == 1
    with pytest.raises(ValueError, match=r"cloud must have shape \(n, 2\), got \(3, 3\)"):
        cloud_panels({"a": np.ones((3, 3))})


# Classes -----------------------------------------------------------------------------


def test_every_class_is_drawn_with_its_samples():
    places, y = ring(5)
    lines_ = shapes_figure(places, y, names(5)).axes[0].lines
    np.testing.assert_array_equal(np.concatenate([np.transpose(line.get_data()) for line in lines_]), places)
    fig = region_panels({"ring": lambda P: (P[:, 0] > 0) + (P[:, 1] > 0)}, *ring(4), names(4))
    hatched = [contour for contour in fig.axes[0].collections if getattr(contour, "hatches", [None])[0]]
    assert hatched[0].hatches == [look.hatch for look in styles(4)]
    pair = region_panels({name: lambda P: (P[:, 0] > 0) * 1 for name in "ab"}, *ring(2), names(2), columns=2)
    assert len(pair.legends) == 1 and not any(ax.get_legend() for ax in pair.axes)


def test_probabilities_sum_to_one_and_no_idea_costs_the_logarithm():
    above, below = softmax_panels([1.0, 0.0]).axes
    curves = [line.get_ydata() for line in above.lines]
    np.testing.assert_allclose(np.sum(curves, axis=0), 1)
    meeting = np.interp(0, curves[0] - curves[1], above.lines[0].get_xdata())
    assert meeting == pytest.approx(1, abs=0.01)  # where the first score is as high as the second
    (x,), (y,) = below.lines[1].get_data()
    assert (x, y) == pytest.approx((1 / 3, np.log(3)))


@pytest.mark.parametrize("y", [[0, 1, 2], [-1, 0, 1], [0, 0.5, 1]])
def test_a_class_without_a_name_is_refused(y):
    with pytest.raises(ValueError, match="y must be classes from 0 to 1, which have names, got"):
        shapes_figure(np.ones((3, 2)), np.array(y), names(2))
    with pytest.raises(ValueError, match="the predictions of 'net' must be classes from 0 to 1"):
        region_panels({"net": lambda P: np.full(len(P), 2)}, np.ones((2, 2)), np.array([0, 1]), names(2))


def test_confusions_are_all_written():
    counts = np.array([[5, 1, 0], [2, 1000, 3], [0, 0, 0]])
    with np.errstate(all="raise"):
        ax = confusion_figure(counts, names(3)).axes[0]
    assert [text.get_text() for text in ax.texts] == ["5", "1", "0", "2", "1,000", "3", "0", "0", "0"]
    assert [label.get_text() for label in ax.get_yticklabels()] == names(3)
    with pytest.raises(ValueError, match=r"names must have shape \(n_classes=3,\), got \(2,\)"):
        confusion_figure(counts, names(2))


# Ensembles and runs ------------------------------------------------------------------


def test_importances_are_sorted_with_every_repeat():
    repeats = np.array([[1.0, 2.0], [5.0, 6.0], [3.0, 4.0]])
    ax = importance_figure(["a", "b", "c"], repeats, "drop").axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "c", "b"]
    assert [bar.get_width() for bar in ax.patches] == [1.5, 3.5, 5.5]
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2], [3, 4], [5, 6]]
    with pytest.raises(ValueError, match=r"repeats must have shape \(n_features=2, n_repeats\), got \(3, 2\)"):
        importance_figure(["a", "b"], repeats, "drop")


def test_a_split_stands_where_the_error_is_least():
    top, bottom = split_search_figure(X, 1.0 * (X > 0.5), X[1:-1], (X[1:-1] - 0.5) ** 2, "x", "y").axes
    best = X[1:-1][((X[1:-1] - 0.5) ** 2).argmin()]
    assert top.lines[1].get_xdata()[0] == bottom.lines[-1].get_xdata()[0] == best
    assert isinstance(bottom.collections[0], PathCollection) and len(bottom.collections[0].get_offsets()) == len(X)


def test_cells_of_a_tree_cover_the_map_without_overlap():
    rng = np.random.default_rng(0)
    place, price = rng.uniform(-3, 3, size=(200, 2)), rng.random(200)
    root = grow(place, price, max_depth=3)
    ax = cell_maps(*place.T, {"depth 3": root}, label="price").axes[0]
    boxes = [(patch.get_xy(), patch.get_width(), patch.get_height()) for patch in ax.patches]
    assert len(boxes) == 8
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    assert sum(width * height for _, width, height in boxes) == pytest.approx((east - west) * (north - south))
    colors = mpl.colormaps["cividis"]
    values = predict_tree(root, place)
    for (latitude, longitude), value in zip(place, values, strict=True):
        inside = [
            patch
            for patch, ((x, y), width, height) in zip(ax.patches, boxes, strict=True)
            if x < longitude <= x + width and y < latitude <= y + height
        ]
        share = (value - values.min()) / np.ptp(values)
        assert len(inside) == 1 and inside[0].get_facecolor() == pytest.approx(colors(share), abs=0.01)


def test_dependence_panels_draw_the_mean_of_all_and_some_samples():
    runs = np.stack([X, X + 1, X + 2, X + 9])
    ax = dependence_panels({"x (m)": (X, runs)}, "y", shown=2, others={"x (m)": {"near": X - 1}}).axes[0]
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], [X, X + 1, X + 3, X - 1])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["single homes", "mean of all", "near"]


def test_boosting_panels_draw_the_function_in_order():
    fig = boosting_panels(X[::-1], X[::-1] ** 2, {"one": X[::-1], "two": 2 * X[::-1]}, "x", "y")
    for ax, factor in zip(fig.axes, (1, 2), strict=True):
        np.testing.assert_array_equal(ax.lines[0].get_data(), [X, factor * X])


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


@pytest.mark.parametrize("n", [3, 6, 8, 12])
def test_every_run_has_its_mark_in_its_row(n):
    ax = run_dots({"a": range(n), "b": range(n)}, "score").axes[0]
    assert len({line.get_marker() for line in ax.lines}) == n and legend_of(ax.figure) == [str(k) for k in range(n)]
    assert all(abs(y - row) < 0.5 for line in ax.lines for y, row in zip(line.get_ydata(), (1, 0), strict=True))
    with pytest.raises(ValueError, match="entries apart, got 13"):
        run_dots({"a": range(13)}, "score")


# Networks ----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_activation_panels_draw_value_and_slope(count):
    functions = ["sigmoid", "tanh", "relu", "gelu"][:count]
    pairs = {name: (getattr(activations, name), getattr(activations, name + "_derivative")) for name in functions}
    fig = activation_panels(pairs, reach=3)
    assert [ax.get_title() for ax in fig.axes] == functions
    for ax, (function, derivative) in zip(fig.axes, pairs.values(), strict=True):
        value, slope = ax.lines
        np.testing.assert_allclose(value.get_ydata(), function(value.get_xdata()))
        np.testing.assert_allclose(slope.get_ydata(), derivative(slope.get_xdata()))
        assert value.get_linestyle() != slope.get_linestyle()
    assert all(ax.get_xlabel() == "input $z$" for ax in fig.axes[-2:])


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


@pytest.mark.parametrize("n", [3, 6, 8])
def test_every_unit_has_its_share(n):
    fig = unit_sum([(1, k, 1) for k in range(n)], bias=0)
    assert len(fig.axes[0].lines) == n and legend_of(fig) == [f"unit {k}" for k in range(1, n + 1)]
    with pytest.raises(ValueError, match="entries apart, got 13"):
        unit_sum([(1, k, 1) for k in range(13)], bias=0)


# Images ------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "columns"), [(1, 1), (5, 3), (6, 3), (4, 10)])
def test_mosaic_holds_every_image_once(n, columns):
    X = some_bytes((n, 1, 4, 25))
    picture = mosaic(X, columns)
    gap = 2
    for i in range(n):
        top, left = i // columns * (4 + gap), i % columns * (25 + gap)
        np.testing.assert_array_equal(picture[top : top + 4, left : left + 25], X[i, 0])
    assert np.isfinite(picture).sum() == X.numel()


@pytest.mark.parametrize("columns", [None, 4])
def test_grid_is_one_picture_with_dark_ink(columns):
    X = some_bytes((10, 1, 6, 6))
    ax = image_grid(X, [str(i) for i in range(10)], columns).axes[0]
    assert len(ax.images) == 1 and not ax.axison
    assert [text.get_text() for text in ax.texts] == [str(i) for i in range(10)]
    picture = ax.images[0]
    paper, ink = picture.cmap(picture.norm([0, 255]))
    assert paper[:3].mean() > 0.9 and ink[:3].mean() < 0.05
    drawn = picture.get_array().compressed()
    np.testing.assert_array_equal(np.sort(drawn), np.sort(X.flatten().double().numpy()))


def test_titles_stand_above_their_images():
    X = torch.zeros(6, 1, 8, 8, dtype=torch.uint8)
    X[range(6), 0, 0, 0] = torch.arange(1, 7, dtype=torch.uint8)  # the first pixel names its image
    ax = image_grid(X, [f"{i}\nline" for i in range(1, 7)], columns=3).axes[0]
    drawn = ax.images[0].get_array()
    for i, text in enumerate(ax.texts, start=1):
        row, column = np.argwhere(drawn == i)[0]
        x, y = text.get_position()
        assert column <= x <= column + 8 and y < row
        assert drawn.mask[int(np.ceil(y)) : row, column].all()  # the room of the text is empty


def test_a_row_stays_on_the_page():
    fig = image_row(some_bytes((10, 28, 28)))
    assert fig.get_figwidth() == pytest.approx(WIDTH) and fig.axes[0].images[0].get_array().shape[0] == 28


def test_signed_scale_is_symmetric():
    values = np.array([[[-1.0, 0.5], [0.0, 3.0]]])
    picture = signed_grid(values, label="weight").axes[0].images[0]
    assert picture.get_clim() == (-3.0, 3.0)
    assert signed_grid(values, limit=2.0).axes[0].images[0].get_clim() == (-2.0, 2.0)
    np.testing.assert_allclose(picture.cmap(picture.norm(0.0))[:3], 1, atol=0.02)
    assert signed_grid(values, label="weight").axes[1].get_xlabel() == "weight"


def test_pixel_values_are_the_bytes_of_the_frame():
    X = some_bytes((1, 12, 14))
    above, below = pixel_values(X, top=2, left=3, size=5).axes
    assert [text.get_text() for text in below.texts] == [str(v) for v in X[0, 2:7, 3:8].flatten().tolist()]
    (frame,) = (patch for patch in above.patches if isinstance(patch, Rectangle))
    assert (frame.get_x(), frame.get_y(), frame.get_width()) == (2.5, 1.5, 5)


@pytest.mark.parametrize(
    "call",
    [
        lambda: image_grid(np.zeros((2, 3, 4, 4))),
        lambda: image_grid(np.zeros((4, 4))),
        lambda: image_grid(np.zeros((2, 4, 4)), ["one"]),
        lambda: image_grid(np.zeros((2, 4, 4)), columns=0),
        lambda: mosaic(np.zeros((2, 4, 4)), 0),
        lambda: pixel_values(np.zeros((4, 4)), 2, 0, 3),
        lambda: completion_rows({"a": np.zeros((2, 1, 4, 4))}, signed=["b"]),
        lambda: completion_rows({"a": np.zeros((2, 1, 4, 4)), "b": np.zeros((3, 1, 4, 4))}),
        lambda: explanation_rows(np.zeros((2, 1, 4, 4)), {"a": np.zeros((3, 4, 4))}),
        lambda: filter_rows(np.zeros((2, 1, 3, 3)), {"a": np.zeros((3, 5, 8, 8))}),
        lambda: patch_frames(np.zeros((9, 9)), 3, 1, 0, [(7, 0)]),
    ],
)
def test_bad_figures_of_images(call):
    with pytest.raises(ValueError, match="must"):
        call()


def pictures(fig):
    return [ax.images[0] for ax in fig.axes if ax.images]


def test_completions_and_features_show_every_image():
    rng = np.random.default_rng(0)
    stacks = {"input": rng.random((3, 1, 4, 4)), "wrong": rng.normal(size=(3, 1, 4, 4))}
    drawn = pictures(completion_rows(stacks, signed=["wrong"]))
    for picture, stack in zip(drawn, stacks.values(), strict=True):
        np.testing.assert_array_equal(np.sort(picture.get_array().compressed()), np.sort(stack.ravel()))
    assert drawn[1].get_clim() == (-1, 1) and drawn[0].get_clim() == (-0.06, 1)
    levels = [rng.random((4, 3, 3)), rng.random((8, 3, 3)), rng.random((8, 3, 3))]
    fig = feature_maps(rng.random((6, 6)), *levels)
    titles = ["image", "4 maps of 3 × 3", "8 maps of 3 × 3", "8 maps of 3 × 3"]
    assert [ax.get_title() for ax in fig.axes] == titles
    assert [picture.get_array().count() for picture in pictures(fig)] == [36, 36, 72, 72]
    assert len(pictures(feature_maps(np.eye(3)))) == 1


def test_explanations_have_a_scale_each():
    gradients = np.stack([np.eye(3), 100 * np.eye(3), np.zeros((3, 3))])
    fig = explanation_rows(np.ones((3, 1, 3, 3)), {"a": gradients, "b": gradients[:, :2, :2]})
    assert [ax.get_ylabel() for ax in fig.axes] == ["image", "a", "b"]
    _, a, b = pictures(fig)
    assert a.get_array().count() == 27 and a.get_array().sum() == 6
    assert b.get_array().count() == 12 and b.get_array().sum() == 4


def test_filter_rows_put_weights_and_patches_side_by_side():
    slices, found = np.arange(24.0).reshape(3, 2, 2, 2) - 12, np.ones((3, 5, 4, 4))
    fig = filter_rows(slices, {"trained": found, "untrained": 0 * found})
    assert [ax.get_title() for ax in fig.axes] == ["weights", "trained", "untrained"]
    assert [label.get_text() for label in fig.axes[0].get_yticklabels()] == ["1", "2", "3"]
    weights, trained, untrained = (picture.get_array() for picture in pictures(fig))
    assert weights.count() == slices.size and weights.min() == -12 and pictures(fig)[0].get_clim() == (-12, 12)
    assert trained.sum() == found.size and untrained.count() == found.size and untrained.sum() == 0


def test_receptive_frames_lie_where_they_are_told():
    fig = receptive_frames(np.eye(9), {"one": (2, 3, 1), "four": (1, 2, 4)})
    frames = [(*patch.get_xy(), patch.get_width(), patch.get_height()) for patch in fig.axes[0].patches]
    assert frames == [(2.5, 1.5, 1, 1), (1.5, 0.5, 4, 4)]


def test_rows_of_completions_can_be_in_color_with_gaps_that_let_the_page_through():
    color, gray = np.full((2, 3, 4, 5), [[[0.2]], [[0.5]], [[1.5]]]), np.ones((2, 1, 4, 5))
    above, below = completion_rows({"color": color, "gray": gray}).axes
    picture, alpha = above.images[0].get_array(), above.images[0].get_alpha()
    assert picture.shape == (4, 11, 3) and alpha.tolist() == [[1] * 5 + [0] + [1] * 5] * 4
    np.testing.assert_array_equal(picture[0, 0], [0.2, 0.5, 1])
    assert below.images[0].get_array().mask[:, 5].all() and below.images[0].get_array().count() == 40


def test_error_map_can_show_shares_of_the_variance_between():
    fig = error_map(np.ones((4, 6)), "error (m)", shares=[np.nan, 0.1, 0.2, 0.3, 0.4, 0.5])
    above, between, below, _ = fig.axes
    np.testing.assert_array_equal(between.lines[0].get_ydata(), [np.nan, 0.1, 0.2, 0.3, 0.4, 0.5])
    assert between.get_xlim() == above.get_xlim() and len(below.images) == 1
    assert all(ax.lines[-1].get_xdata()[0] == 2.5 for ax in (above, between, below))


def test_error_map_has_the_mean_of_each_column_above():
    errors = np.arange(6.0).reshape(2, 3)
    above, below, _ = error_map(errors, "error (m)").axes
    assert list(above.lines[0].get_ydata()) == [1.5, 2.5, 3.5] and above.get_ylabel() == "error (m)"
    np.testing.assert_array_equal(below.images[0].get_array(), errors)


@pytest.mark.parametrize("padding", [0, 1, 2])
def test_coverage_counts_patches(padding):
    ax = coverage_maps(9, 4, 2, paddings=[padding]).axes[0]
    expected = np.zeros((9 + 2 * padding,) * 2)
    for row in range(0, 9 + 2 * padding - 3, 2):
        for column in range(0, 9 + 2 * padding - 3, 2):
            expected[row : row + 4, column : column + 4] += 1
    inner = expected[padding : padding + 9, padding : padding + 9]
    np.testing.assert_array_equal(ax.images[0].get_array(), inner)
    assert len(ax.lines[0].get_xdata()) == (inner == 0).sum()


def test_coverage_has_a_map_for_each_padding():
    titles = [ax.get_title() for ax in coverage_maps(9, 4, 2, paddings=range(6)).axes if ax.images]
    assert titles == [f"padding {k}" for k in range(6)]


@pytest.mark.parametrize("n", [2, 6, 8])
def test_patch_frames_stand_at_their_places(n):
    places = [(k % 3, k // 3) for k in range(n)]
    ax = patch_frames(np.zeros((10, 10)), 4, stride=3, padding=1, places=places).axes[0]
    frames = [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_width() == 4]
    assert [(frame.get_x(), frame.get_y()) for frame in frames] == [(3 * c - 1.5, 3 * r - 1.5) for r, c in places]
    assert len({(frame.get_edgecolor(), str(frame.get_linestyle())) for frame in frames}) == n
    assert len(ax.lines[0].get_xdata()) == 9


def test_kernel_panels_show_all_three_with_their_sizes():
    shown = np.eye(5), np.array([[1.0, -3.0]]), np.zeros((4, 3))
    fig = kernel_panels(*shown)
    for picture, values in zip(pictures(fig), shown, strict=True):
        np.testing.assert_array_equal(picture.get_array(), values)
    assert [ax.get_title() for ax in fig.axes[:3]] == ["image\n5 × 5", "kernel\n1 × 2", "feature map\n4 × 3"]
    assert [picture.get_clim() for picture in pictures(fig)] == [(-0.06, 1), (-3, 3), (-1, 1)]


def test_weight_matrix():
    M = np.array([[1.0, 0.0], [0.0, -2.0]])
    picture = weight_matrix_figure(M).axes[0].images[0]
    np.testing.assert_array_equal(picture.get_array(), M)
    assert picture.get_clim() == (-2, 2)


# Tables and maps ---------------------------------------------------------------------


def test_histograms_count_the_samples_of_each_column():
    values = {"a": np.arange(1000.0), "b": np.arange(500.0)}
    fig = histograms(values, {"a": "m", "b": "km"}, bins=10)
    assert [sum(bar.get_height() for bar in ax.patches) for ax in fig.axes] == [998, 498]
    assert [ax.get_xlabel() for ax in fig.axes] == ["m", "km"]


def test_maps_show_every_sample():
    rng = np.random.default_rng(0)
    latitude, longitude, price = rng.random((3, 20))
    dots = price_map(latitude, longitude, price, label="price (k$)").axes[0].collections[0]
    assert list(dots.get_array()) == sorted(price) and len(dots.get_offsets()) == 20
    split = Split(np.arange(12), np.arange(12, 17), np.arange(17, 20))
    train, validation = split_maps(latitude, longitude, {"random": split}).axes[0].collections
    assert (len(train.get_offsets()), len(validation.get_offsets())) == (12, 5)


def test_predictions_are_drawn_both_ways_with_the_means_of_groups():
    y, y_pred = np.random.default_rng(0).random((2, 20))
    left, right = prediction_panels(y, y_pred, "m", n_groups=4).axes
    for ax, x, t in [(left, y_pred, y), (right, y, y_pred)]:
        dots, means = ax.collections
        np.testing.assert_array_equal(dots.get_offsets(), np.stack([x, t], axis=1))
        rows = np.argsort(x)[:5]
        np.testing.assert_allclose(means.get_offsets()[0], [x[rows].mean(), t[rows].mean()])
        assert len(means.get_offsets()) == 4
        assert ax.get_xlabel().startswith("predicted" if ax is left else "true")


def test_neighbors_depend_on_the_ruler():
    rows, new = np.array([[0.0, 5.0], [100.0, 1.0], [300.0, 9.0]]), np.array([0.0, 1.0])
    rulers = {"as counted": np.ones(2), "standardized": np.array([100.0, 1.0])}
    fig = neighbor_panels(rows, new, rulers, 1, "x", "y")
    marked = [ax.collections[1].get_offsets().tolist() for ax in fig.axes]
    assert marked == [[[0.0, 5.0]], [[100.0, 1.0]]]


# Series ------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 3, 6, 8])
def test_every_year_is_laid_over_the_others(n):
    dates = days(n)[200:]  # the first year begins in summer
    y = np.arange(len(dates), dtype=float)
    ax = season_figure(dates, y, -y, "°C").axes[0]
    *years, season = ax.lines
    assert legend_of(ax.figure) == [f"{2012 + k}" for k in range(n)] + ["season"]
    np.testing.assert_array_equal(np.concatenate([year.get_ydata() for year in years]), y)
    assert len({year.get_marker() for year in years}) == n
    assert len(season.get_xdata()) == (166 if n == 1 else 366 if n > 4 else 365), "the fullest year"


def test_series_and_correlograms_draw_their_numbers():
    dates = days(1)
    ax = series_panels(dates, {"wind": np.arange(366.0)}, {"wind": "m/s"}).axes[0]
    assert ax.get_title("left") == "wind (m/s)" and list(ax.lines[0].get_ydata()) == list(range(366))
    with pytest.raises(ValueError, match="dates has 366, wind has 2"):
        series_panels(dates, {"wind": [1, 2]}, {"wind": "m/s"})
    r = np.array([1.0, -0.9, 0.2])
    ax = correlograms({"a": r}, 100, "lag (steps)").axes[0]
    assert ax.get_xlabel() == "lag (steps)" and ax.get_ylim()[0] < -0.9
    np.testing.assert_array_equal([segment[1, 1] for segment in ax.collections[0].get_segments()], r)
    assert ax.patches[0].get_height() == pytest.approx(4 / np.sqrt(100))


@pytest.mark.parametrize("n", [3, 6, 8])
def test_every_walk_is_drawn(n):
    ax = walk_panels({"walk": [X + k for k in range(n)]}).axes[0]
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], [X + k for k in range(n)])
    assert len({(line.get_marker(), line._unscaled_dash_pattern) for line in ax.lines}) == n


def test_shares_need_a_class_each():
    ax = class_shares({"2012": [1, 2], "2013": [3, 4]}, ["rain", "sun"], "days").axes[0]
    assert [bar.get_height() for bar in ax.patches] == [1, 2, 3, 4] and ax.get_ylabel() == "days"
    with pytest.raises(ValueError, match="names has 2, 2012 has 1"):
        class_shares({"2012": [1]}, ["rain", "sun"], "days")


def test_gradient_lags_shows_every_run_and_the_rate():
    ax = gradient_lags({"a": [[1, 0.1, 0.01], [1, 0.2, 0.04]]}, rates={"a": 0.5}).axes[0]
    drawn = [line.get_ydata().tolist() for line in ax.lines if len(line.get_ydata()) == 3]
    assert drawn == [[1, 0.1, 0.01], [1, 0.2, 0.04], [1, 0.5, 0.25]] and ax.get_yscale() == "log"
    marked = [line for line in ax.lines if line.get_marker() == "o" and len(line.get_ydata())]
    assert len(marked) == 1, "short series have a marker, too"
    with pytest.raises(ValueError, match=r"rates must be of cells in \['a'\], got \['b'\]"):
        gradient_lags({"a": [[1, 2]]}, rates={"b": 1})
    with pytest.raises(ValueError, match=r"shape \(runs, steps\), got \(2,\) for 'a'"):
        gradient_lags({"a": [1, 2]})


def test_rollout_panels_show_window_truth_and_prediction():
    fig = rollout_panels({"first": ([1, 2], [3, 4, 5], [3, 4, 6]), "second": ([0, 0], [1], [2])})
    assert [ax.get_title() for ax in fig.axes] == ["first", "second"]
    window, truth, prediction, _ = fig.axes[0].lines
    assert window.get_xdata().tolist() == [-1, 0] and truth.get_xdata().tolist() == [1, 2, 3]
    assert list(prediction.get_ydata()) == [3, 4, 6] and prediction.get_linestyle() != truth.get_linestyle()
    with pytest.raises(ValueError, match="truth and prediction must have one length, got 2 and 1"):
        rollout_panels({"a": ([1], [1, 2], [1])})


def test_target_panels_put_each_target_one_step_later():
    ax = target_panels({"a": ([1, 2, 3], [2, 3, 4])}).axes[0]
    inputs, targets = ax.lines
    assert inputs.get_xdata().tolist() == [1, 2, 3] and targets.get_xdata().tolist() == [2, 3, 4]
    assert inputs.get_marker() != targets.get_marker()
    with pytest.raises(ValueError, match="inputs and targets must have one length, got 1 and 2"):
        target_panels({"a": ([1], [1, 2])})


def test_sequence_panels_hatch_the_padding():
    fig = sequence_panels({"a": np.ones((3, 2)), "b": np.ones((5, 2))}, longest=5)
    for ax, length in zip(fig.axes, (3, 5), strict=True):
        (padding,) = ax.patches
        assert padding.get_x() == length + 0.5 and padding.get_width() == 5 - length and padding.get_hatch()
        assert ax.images[0].get_array().shape == (2, length) and ax.get_xlim() == (0.5, 5.5)
    with pytest.raises(ValueError, match="sequences have at most 2 steps, got 3"):
        sequence_panels({"a": np.ones((3, 2))}, longest=2)


def test_wave_panels_have_a_line_for_each_run():
    runs = {"a": [[0, 1, 2], [0, -1, -2]], "b": [[0, 0, 0]]}
    fig = wave_panels(runs, {name: np.ones_like(values) for name, values in runs.items()})
    for ax in fig.axes[:2]:
        drawn = [line for line in ax.lines if len(line.get_xdata()) == 3]
        assert len(drawn) == 3 and drawn[0].get_xdata().tolist() == [1, 2, 3]
    assert legend_of(fig) == ["a", "b"]
    with pytest.raises(ValueError, match=r"the same names, got \['a', 'b'\] and \['a'\]"):
        wave_panels(runs, {"a": [[1, 1, 1]]})


def test_sensitivity_panels_put_the_latest_value_at_zero():
    fig = sensitivity_panels({"a": [[0, 1, 2], [3, 4, 5]], "b": [[0, 0, 1]]})
    assert len(fig.axes) == 2 and len(fig.axes[0].lines) == 3
    assert fig.axes[0].lines[1].get_xdata().tolist() == [-2, -1, 0]
    assert len(sensitivity_panels({"a": np.ones((8, 3))}).axes[0].lines) == 9


# Attention ---------------------------------------------------------------------------


def test_attention_maps_share_one_scale():
    maps = {"a": np.eye(3), "b": np.full((2, 3), 0.5), "c": np.zeros((3, 3))}
    fig = attention_maps(maps, label="share")
    shown = [ax for ax in fig.axes if ax.images]
    assert [ax.get_title() for ax in shown] == list(maps)
    assert all(ax.images[0].get_clim() == (0, 1) for ax in shown)
    np.testing.assert_array_equal(shown[1].images[0].get_array(), maps["b"])
    with pytest.raises(ValueError, match=r"shape \(queries, keys\), got \(3,\) for 'a'"):
        attention_maps({"a": np.zeros(3)})


def test_attention_maps_with_rings_and_words():
    grid = {"a": np.full((2, 3), 0.5)}
    words = {"a": (list("xyz"), list("vw"))}
    fig = attention_maps(grid, marks={"a": [3, 1]}, words=words, xlabel="read", ylabel="to do")
    (ax,) = (ax for ax in fig.axes if ax.images)
    assert ax.get_xlabel() == "read" and ax.get_ylabel() == "to do"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["x", "y", "z"]
    assert all(ring.get_offsets().tolist() == [[3, 1], [1, 2]] for ring in ax.collections) and len(ax.collections) == 2
    with pytest.raises(ValueError, match="marks must be one for each of 2 rows: 3"):
        attention_maps(grid, marks={"a": [1, 2, 3]})
    with pytest.raises(ValueError, match="words must be 3 for the columns, 2 for the rows"):
        attention_maps(grid, words={"a": (["x"], ["v", "w"])})


def test_position_figure_draws_waves_of_the_encoding():
    P = sinusoidal_positions(30, 6).numpy()
    top, bottom, *_ = position_figure(P).axes
    np.testing.assert_array_equal(top.images[0].get_array(), P.T)
    for line, column in zip(bottom.lines, (0, 2, 4), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), P[:, column])
    with pytest.raises(ValueError, match="P must have shape"):
        position_figure(np.zeros(4))


def test_cost_panels():
    fig = cost_panels([10, 20], {"work": {"a": [1, 2], "b": [1, 4]}, "memory": {"a": [3, 4], "b": [5, 6]}})
    assert [ax.get_ylabel() for ax in fig.axes] == ["work", "memory"]
    assert list(fig.axes[0].lines[1].get_ydata()) == [1, 4]
    assert all(ax.get_xscale() == ax.get_yscale() == "log" for ax in fig.axes)
    with pytest.raises(ValueError, match="counts of 'a' must match the 2 lengths, got 1"):
        cost_panels([10, 20], {"work": {"a": [1]}})
    with pytest.raises(ValueError, match=r"'memory' must have the models \['a'\]"):
        cost_panels([10, 20], {"work": {"a": [1, 2]}, "memory": {"b": [1, 2]}})


# Weather -----------------------------------------------------------------------------


def test_changes_are_drawn_and_none_lies_outside():
    fig = change_panels(np.array([1.0, -2.0]), {"a": np.array([5.0, 0.0])}, "true (°C)", "predicted (°C)")
    (ax,) = fig.axes
    assert list(ax.lines[1].get_ydata()) == [5, 0] and ax.get_ylim()[1] > 5
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("true (°C)", "predicted (°C)")


def test_intervals_ring_the_days_outside():
    y_pred = np.zeros(5)
    y = np.array([0.0, 1.0, 3.0, -3.0, -1.0])
    fig = interval_figure(days(1)[:5], y, y_pred, 2.0, "°C")
    _, what_came, outside = fig.axes[0].lines
    assert list(what_came.get_ydata()) == list(y) and list(outside.get_ydata()) == [3, -3]
    assert legend_of(fig) == ["forecast", "what came", "outside"]


def test_coverage_needs_a_share_for_each_statement():
    with pytest.raises(ValueError, match="stated has 2, winter has 1"):
        coverage_curves([0.5, 0.9], {"winter": [0.4]})


# Yes or no ---------------------------------------------------------------------------


@pytest.mark.parametrize("draw", [lambda c: cost_curves(c, X + 3, {"1/2": 0.5}, "cost"), lambda c: roc_panels(c, {})])
def test_a_model_that_the_legend_would_not_name_is_refused(draw):
    with pytest.raises(ValueError, match=r"the first panel must have all models for the legend, not {'forest'}"):
        draw({"tumors": {"line": X}, "homes": {"line": X, "forest": X}})


def test_a_model_looks_the_same_in_all_panels():
    curves = {"tumors": {"a": X, "b": X, "c": X}, "homes": {"c": X + 1}}
    first, second = cost_curves(curves, X + 3, {"1/2": 0.5, "1/21": 1 / 21}, "cost").axes
    (mine,) = [line for line in second.lines if line.get_label() == "c"]
    (theirs,) = [line for line in first.lines if line.get_label() == "c"]
    assert (mine.get_color(), mine.get_linestyle()) == (theirs.get_color(), theirs.get_linestyle())
    marks = [line.get_xdata()[0] for line in first.lines if line.get_label().startswith("threshold")]
    assert marks == [0.5, 1 / 21] and first.get_xscale() == "log"


def test_roc_panels_mark_each_threshold():
    ax = roc_panels({"t": {"a": ([0, 1], [0, 1])}}, {"t": {"1/2": (0.1, 0.6), "1/21": (0.3, 0.9)}}).axes[0]
    dots = [line for line in ax.lines if line.get_label().startswith("threshold")]
    marks = {line.get_label(): (*line.get_xdata(), *line.get_ydata()) for line in dots}
    assert marks == {"threshold 1/2": (0.1, 0.6), "threshold 1/21": (0.3, 0.9)}


def test_a_precision_stands_beside_the_share_of_yes():
    ax = precision_recall_figure({"a": ([1, 0.4], [0.2, 1])}, 0.05).axes[0]
    assert [list(line.get_ydata()) for line in ax.lines] == [[1, 0.4], [0.05, 0.05]]
    assert list(ax.lines[0].get_xdata()) == [0.2, 1]


def test_yes_and_no_stand_at_two_heights():
    y = np.array([0, 1, 1])
    ax = sigmoid_figure(np.array([1, 2, 3]), y, X, X, ([1.5], [0.4]), "x", "p").axes[0]
    heights = {line.get_label(): (list(line.get_xdata()), set(line.get_ydata())) for line in ax.lines[:2]}
    assert heights == {"no": ([1], {-0.06}), "yes": ([2, 3], {1.06})}


def test_reliability_can_be_of_a_yes():
    ax = reliability_figure({"a": ([0.1, 0.9], [0.2, 0.8])}, xlabel="stated", ylabel="counted").axes[0]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("stated", "counted") and min(ax.lines[0].get_xdata()) == 0.1


def test_holes_are_marked_where_they_are():
    dates = np.arange("2024-01-01", "2024-01-05", dtype="datetime64[D]")
    ax = holes_figure(dates, np.array([1, np.nan, 3, 4]), np.array([1.0, 1, 3, 4]), "°C").axes[0]
    measured, carried, ticks = ax.lines
    np.testing.assert_array_equal(measured.get_ydata(), [1, np.nan, 3, 4])
    assert list(carried.get_ydata()) == [1] and list(carried.get_xdata()) == list(dates[1:2])
    assert list(ticks.get_xdata()) == list(dates[1:2]) and ticks.get_ydata()[0] < 1
