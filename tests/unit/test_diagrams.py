"""The drawings show as many units, steps and cells as they are asked for, inside the page."""

from __future__ import annotations

import inspect
import itertools
import re
import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle
from matplotlib.text import Annotation

import mlfa.diagrams as diagrams
from mlfa.diagrams import (
    attention_diagram,
    block_diagram,
    boosting_diagram,
    border_diagram,
    cnn_diagram,
    concatenation_diagram,
    encoder_decoder_diagram,
    filter_diagram,
    flatten_diagram,
    folds_diagram,
    forest_diagram,
    graph_diagram,
    gru_diagram,
    heads_diagram,
    image_axes_diagram,
    layer_diagram,
    lstm_diagram,
    network_diagram,
    norm_axes_diagram,
    padding_diagram,
    parts_diagram,
    patches_diagram,
    plain_cell_diagram,
    pooling_diagram,
    receptive_field_diagram,
    residual_diagram,
    rollout_diagram,
    sequence_kinds_diagram,
    sliding_kernel_diagram,
    split_diagram,
    table_diagram,
    tree_diagram,
    truncated_diagram,
    two_way_diagram,
    unet_diagram,
    unit_diagram,
    unrolled_diagram,
    upsampling_diagram,
    window_diagram,
)
from mlfa.images.convolution import convolve, patches
from mlfa.plotting.style import WIDTH, use_style
from mlfa.tabular.trees import grow

TWO = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TREE = grow(TWO, np.array([0.0, 1.0, 2.0, 5.0]), max_depth=2)
DRAWN = {
    "attention_diagram": attention_diagram,
    "block_diagram": block_diagram,
    "border_diagram": border_diagram,
    "concatenation_diagram": concatenation_diagram,
    "cnn_diagram": lambda: cnn_diagram([(1, 28, 28), (4, 14, 14), (10,)], ["convolve", "dense"]),
    "encoder_decoder_diagram": encoder_decoder_diagram,
    "filter_diagram": lambda: filter_diagram(np.ones((3, 3, 3)), np.eye(2)[None].repeat(3, 0), bias=-2),
    "flatten_diagram": flatten_diagram,
    "folds_diagram": folds_diagram,
    "graph_diagram": lambda: graph_diagram(x=2, w=-1, b=3, v=-2, y=1),
    "gru_diagram": gru_diagram,
    "heads_diagram": heads_diagram,
    "image_axes_diagram": image_axes_diagram,
    "layer_diagram": layer_diagram,
    "lstm_diagram": lstm_diagram,
    "network_diagram": lambda: network_diagram([8, 64, 64, 1]),
    "norm_axes_diagram": norm_axes_diagram,
    "padding_diagram": padding_diagram,
    "parts_diagram": lambda: parts_diagram({"mixed": [0, 1, 0, 1], "by time": [0, 0, 2, 1]}),
    "patches_diagram": patches_diagram,
    "plain_cell_diagram": plain_cell_diagram,
    "pooling_diagram": lambda: pooling_diagram(np.arange(16).reshape(4, 4)),
    "residual_diagram": residual_diagram,
    "receptive_field_diagram": lambda: receptive_field_diagram([("convolve", 3, 1), ("pool", 2, 2)]),
    "rollout_diagram": rollout_diagram,
    "sequence_kinds_diagram": sequence_kinds_diagram,
    "sliding_kernel_diagram": lambda: sliding_kernel_diagram(np.eye(4), np.eye(2), [(0, 0), (2, 2)]),
    "split_diagram": split_diagram,
    "table_diagram": table_diagram,
    "boosting_diagram": lambda: boosting_diagram(3.5, [2.0, 2.5, 2.7], [1.0, 0.4], 0.5),
    "forest_diagram": lambda: forest_diagram([[1, 1, 3], [2, 3, 3]], [2.0, 3.0]),
    "tree_diagram": lambda: tree_diagram(TREE, ["rooms", "age"]),
    "truncated_diagram": truncated_diagram,
    "two_way_diagram": two_way_diagram,
    "unet_diagram": unet_diagram,
    "upsampling_diagram": lambda: upsampling_diagram(np.array([[16, 16], [16, 0], [0, 48]])),
    "unit_diagram": unit_diagram,
    "unrolled_diagram": unrolled_diagram,
    "window_diagram": window_diagram,
}


@pytest.fixture(autouse=True)
def book_style(monkeypatch):
    """The look of the book, without a change to the notebook that may run the tests."""
    monkeypatch.setitem(sys.modules, "matplotlib_inline.backend_inline", None)
    with mpl.rc_context():
        use_style()
        yield
    plt.close("all")


def shapes(fig, kind):
    return [patch for patch in fig.axes[0].patches if type(patch) is kind]


def circles(fig):
    return shapes(fig, Circle)


def edges(fig):
    return [text for text in fig.axes[0].texts if isinstance(text, Annotation)]


def words(fig):
    return [text.get_text() for ax in fig.axes for text in ax.texts if text.get_text()]


def numbers(ax):
    return [float(text.get_text().replace("−", "-")) for text in ax.texts if text.get_text().strip("−-").isdigit()]


# Every drawing -----------------------------------------------------------------------


def test_every_drawing_is_tested_here():
    assert set(diagrams.__all__) == set(DRAWN)


@pytest.mark.parametrize("name", DRAWN)
def test_every_drawing_is_a_figure_with_all_words_on_the_page(name):
    fig = DRAWN[name]()
    assert isinstance(fig, Figure) and plt.get_fignums() == [fig.number]
    assert fig.get_figwidth() == pytest.approx(WIDTH) and fig.get_facecolor()[3] == 0
    assert not any(ax.axison for ax in fig.axes)
    fig.canvas.draw()
    for text in (text for ax in fig.axes for text in ax.texts if text.get_text()):
        box = text.get_window_extent()
        assert fig.bbox.x0 - 1 <= box.x0 and box.x1 <= fig.bbox.x1 + 1, text
        assert fig.bbox.y0 - 1 <= box.y0 and box.y1 <= fig.bbox.y1 + 1, text


@pytest.mark.parametrize("name", DRAWN)
def test_every_parameter_has_a_meaning(name):
    function = getattr(diagrams, name)
    text = inspect.getdoc(function)
    parameters = text.partition("Parameters\n---")[2].partition("Returns\n---")[0]
    for parameter in inspect.signature(function).parameters:
        assert re.search(rf"^(\w+, )*{parameter}\b.*\n    \S", parameters, flags=re.M), parameter
    assert "Returns\n-------\nFigure" in text


@pytest.mark.parametrize(
    "call",
    [
        lambda: unit_diagram(0),
        lambda: layer_diagram(0, 2),
        lambda: layer_diagram(2, 0),
        lambda: network_diagram([3, 0]),
        lambda: network_diagram([3, 1.5]),
        lambda: unrolled_diagram(0),
        lambda: sequence_kinds_diagram(0),
        lambda: attention_diagram(0),
        lambda: encoder_decoder_diagram(0),
        lambda: flatten_diagram(0, 3),
        lambda: image_axes_diagram(n_channels=0),
        lambda: table_diagram(0, 2),
        lambda: table_diagram(2, 0),
        lambda: unet_diagram(0),
        lambda: norm_axes_diagram(0),
        lambda: norm_axes_diagram(2, 0),
        lambda: norm_axes_diagram(2, 2, side=0),
        lambda: unet_diagram(n_filters=0),
        lambda: window_diagram(horizon=0),
        lambda: border_diagram(border=0),
        lambda: cnn_diagram([(1, 2, 2), (1,)], ["x"], most=0),
        lambda: pooling_diagram(np.eye(4), pool=0),
        lambda: receptive_field_diagram([("convolve", 0, 1)]),
    ],
)
def test_bad_counts(call):
    with pytest.raises(ValueError, match="must be a whole number"):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: network_diagram([3]), "sizes must hold at least two numbers"),
        (lambda: network_diagram([]), "sizes must hold at least two numbers"),
        (lambda: cnn_diagram([(1, 2, 2), (1,)], []), "steps must be one fewer than the 2 shapes, got 0"),
        (lambda: pooling_diagram(np.eye(3)), r"values must have sides that 2 divides, got \(3, 3\)"),
        (lambda: patches_diagram(2, 3), "must"),
        (lambda: patches_diagram(6, 3), "a figure tells 1 to 12 entries apart, got 16"),
        (lambda: flatten_diagram(13, 2), "a figure tells 1 to 12 entries apart, got 13"),
        (lambda: sliding_kernel_diagram(np.ones((3, 3)), np.ones((2, 2)), [(2, 0)]), "places must lie inside"),
        (lambda: split_diagram((0.6, 0.2, 0.1)), "fractions must be three with the sum 1"),
        (lambda: split_diagram((0.5, 0.5)), "fractions must be three with the sum 1"),
        (lambda: window_diagram(n_days=8, length=4, horizon=2, n_windows=4), "n_days must be at least 9, got 8"),
        (lambda: parts_diagram({"a": [0, 1], "b": [0]}), "a has 2, b has 1"),
        (lambda: parts_diagram({"a": [0, -1]}), r"parts of 'a' must be 0, 1 or 2, got \[-1\]"),
        (lambda: boosting_diagram(3, [1, 2], [1, 1], 0.5), "stages must be one more than the 2 steps, got 2"),
        (lambda: forest_diagram([[1, 1]], [1.0, 2.0]), "rows has 1, answers has 2"),
        (lambda: tree_diagram(TREE, ["rooms"]), "feature_names must have a name for feature 1, got 1 names"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# Networks ----------------------------------------------------------------------------


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


@pytest.mark.parametrize("numbers", [(2, 1, 1, 2, 5), (2, -1, 3, -2, 1), (1, 1, -3, 2, 4)])
def test_graph_shows_the_derivatives_that_torch_finds(numbers):
    x, w, b, v, y = (torch.tensor(float(number), requires_grad=True) for number in numbers)
    z = w * x + b
    z.retain_grad()
    loss = (v * torch.relu(z) - y) ** 2
    loss.backward()
    shown = words(graph_diagram(*numbers))
    down = [word.replace("−", "-") for word in shown if word.startswith("↓")]
    assert down == [f"↓ {leaf.grad.item() + 0:.3g}" for leaf in (w, b, v)]
    back = [word.replace("−", "-") for word in shown if word.startswith("←")]
    assert back[:2] == [f"← {z.grad.item() + 0:.3g}"] * 2 and back[-1] == "← 1"
    assert f"$L$\n{loss.item():.3g}" in shown


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
    centers = np.array([circle.center for circle in circles(fig)])
    radius = circles(fig)[0].radius
    (left, right), (bottom, top) = fig.axes[0].get_xlim(), fig.axes[0].get_ylim()
    assert (centers - radius >= [left, bottom]).all() and (centers + radius <= [right, top]).all()
    distances = np.linalg.norm(centers[:, None] - centers[None], axis=-1) + 10 * np.eye(len(centers))
    assert distances.min() > 2 * radius
    fig.canvas.draw()
    labels = [text.get_window_extent() for text in fig.axes[0].texts if "\n" in text.get_text()]
    assert all(a.x1 < b.x0 for a, b in itertools.pairwise(labels))


# Images ------------------------------------------------------------------------------


def test_cnn_draws_every_map_and_says_how_many_there_are():
    fig = cnn_diagram([(1, 28, 28), (4, 14, 14), (16, 7, 7), (10,)], ["one", "two", "three"], most=6)
    assert len(shapes(fig, Rectangle)) == 1 + 4 + 6 + 1 and len(edges(fig)) == 3
    assert set(words(fig)) == {"1\n28 × 28", "4\n14 × 14", "16\n7 × 7", "10", "one", "two", "three"}


@pytest.mark.parametrize("pool", [2, 3])
def test_pooling_diagram_writes_the_largest_of_each_block(pool):
    values = np.random.default_rng(0).permutation(36).reshape(6, 6) - 9
    fig = pooling_diagram(values, pool)
    largest = torch.nn.functional.max_pool2d(torch.tensor(values[None], dtype=torch.float64), pool)
    assert sorted(numbers(fig.axes[0])) == sorted([*values.ravel(), *largest.ravel().tolist()])


def test_receptive_field_diagram_draws_what_one_number_depends_on():
    fig = receptive_field_diagram([("convolve", 3, 1), ("pool", 2, 2), ("convolve", 3, 1), ("pool", 2, 2)])
    assert len(shapes(fig, Rectangle)) == 10 + 8 + 4 + 2 + 1
    assert [word for word in words(fig) if "pixel" in word] == [f"{n} pixel" + "s" * (n > 1) for n in (1, 3, 4, 8, 10)]


def test_sliding_kernel_writes_the_true_answers():
    image, kernel = np.arange(20).reshape(4, 5) % 3, np.array([[1, 0], [-1, 2]])
    fig = sliding_kernel_diagram(image, kernel, places=[(0, 0), (1, 2)])
    maps = convolve(image[None, None].astype(float), kernel[None, None])[0, 0]
    assert len(fig.axes) == 2
    for ax, place in zip(fig.axes, (0, 6), strict=True):
        known = maps.ravel()[: place + 1]
        expected = sorted([*image.ravel(), *kernel.ravel(), *known])
        assert sorted(numbers(ax)) == expected


@pytest.mark.parametrize("place", [(0, 0), (1, 2)])
def test_filter_diagram_adds_up_the_channels(place):
    rng = np.random.default_rng(0)
    image, kernels = rng.integers(0, 4, (2, 4, 5)), rng.integers(-2, 3, (2, 3, 2))
    fig = filter_diagram(image, kernels, bias=3, place=place)
    sums = [convolve(image[None, c : c + 1], kernels[None, c : c + 1].astype(float))[(0, 0, *place)] for c in range(2)]
    answer = convolve(image[None], kernels[None].astype(float), np.array([3.0]))[(0, 0, *place)]
    expected = sorted([*image.ravel(), *kernels.ravel(), *sums, answer])
    assert sorted(numbers(fig.axes[0])) == expected and "bias +3" in words(fig)
    frames = [patch for patch in shapes(fig, Rectangle) if patch.get_linewidth() == 3]
    assert len(frames) == 2 + 1 and len(edges(fig)) == 2


@pytest.mark.parametrize(("size", "kernel_size"), [(3, 2), (4, 3), (5, 3)])
def test_patches_diagram_shows_every_patch_as_a_row(size, kernel_size):
    fig = patches_diagram(size, kernel_size)
    image = np.arange(float(size**2)).reshape(1, 1, size, size)
    rows = patches(image, (kernel_size, kernel_size)).reshape(-1)
    assert sorted(numbers(fig.axes[0])) == sorted([*range(size**2), *rows])
    count = (size - kernel_size + 1) ** 2
    frames = [patch for patch in shapes(fig, Rectangle) if patch.get_linewidth() == 2]
    assert len({(patch.get_edgecolor(), str(patch.get_linestyle())) for patch in frames}) == len(frames) == count
    assert len({patch.get_hatch() for patch in shapes(fig, Rectangle) if patch.get_hatch()}) == count
    assert {f"$z_{{{count}}}$", f"$w_{{{kernel_size**2}}}$"} <= set(words(fig))


@pytest.mark.parametrize("height", [2, 6, 8])
def test_flatten_diagram_numbers_pixels_row_by_row(height):
    ax = flatten_diagram(height, 3).axes[0]
    places = {}
    for text in ax.texts:
        if text.get_text().isdigit():
            places.setdefault(text.get_text(), []).append(text.get_position())
    assert list(places) == [str(j) for j in range(3 * height)]
    in_row = [min(both, key=lambda place: place[1]) for both in places.values()]
    assert [x for x, _ in in_row] == sorted(x for x, _ in in_row) and len({y for _, y in in_row}) == 1
    assert len({patch.get_hatch() for patch in ax.patches if patch.get_hatch()}) == height


@pytest.mark.parametrize(("n", "c"), [(1, 1), (3, 3), (2, 8)])
def test_axes_diagram_draws_every_channel(n, c):
    fig = image_axes_diagram(n, c)
    grids = shapes(fig, Rectangle)
    assert len(grids) == n * c and len({patch.get_xy() for patch in grids}) == n * c
    assert {"width $W$", "height $H$", "channels $C$", "images $N$"} <= set(words(fig))


@pytest.mark.parametrize(("depth", "skips"), [(1, True), (2, True), (3, True), (2, False)])
def test_unet_has_a_box_for_every_level_on_both_sides(depth, skips):
    fig = unet_diagram(depth, 4, 20, skips=skips)
    texts = [word for word in words(fig) if "×" in word]
    levels = [(4 * 2**k, f"\n{side} × {side}") for k, side in zip(range(depth), (20, 10, 5), strict=False)]
    assert len(shapes(fig, FancyBboxPatch)) == len(texts) == 2 * depth + 1
    for n, size in levels:
        down, up = f"{n}{size}", f"{n} + {n} → {n}{size}"
        assert texts.count(down) == 2 - skips and texts.count(up) == skips
    assert words(fig).count("skip") == depth * skips
    assert len(edges(fig)) == 2 * depth + 2 + depth * skips


@pytest.mark.parametrize(("n", "size"), [(1, 7), (8, 28), (5, 9)])
def test_concatenation_draws_every_map_of_both_sides(n, size):
    fig = concatenation_diagram(n, size)
    assert len(shapes(fig, Rectangle)) == n + n + 2 * n + n and len(edges(fig)) == 3
    assert f"{n} + {n} maps,\n{size} × {size}" in words(fig)


def test_upsampling_writes_what_torch_computes():
    values = np.array([[16, 0, 32], [16, 16, 0]])
    ax = upsampling_diagram(values).axes[0]
    X = torch.tensor(values, dtype=torch.float32)[None, None]
    smooth = torch.nn.functional.interpolate(X, scale_factor=2, mode="bilinear")
    by_hand = np.zeros((5, 7))  # each pixel writes three by three, two apart
    for row, column in np.ndindex(2, 3):
        for i, j in np.ndindex(3, 3):
            by_hand[2 * row + i, 2 * column + j] += values[row, column]
    doubled = values.repeat(2, axis=0).repeat(2, axis=1)  # both nearest and a 2 by 2 kernel of ones
    expected = [*values.ravel(), *doubled.ravel(), *doubled.ravel(), *smooth.flatten().tolist(), *by_hand.ravel()]
    assert sorted(numbers(ax)) == sorted(expected)


# Series ------------------------------------------------------------------------------


@pytest.mark.parametrize("n_steps", [1, 3, 4])
def test_drawings_of_cells_have_every_step(n_steps):
    fig = unrolled_diagram(n_steps)
    assert len(shapes(fig, FancyBboxPatch)) == n_steps + 1
    assert len(circles(fig)) == 2 * (n_steps + 1)
    assert {f"$h_{{{k}}}$" for k in range(1, n_steps + 1)} | {"$h_0$"} <= set(words(fig))
    kinds = sequence_kinds_diagram(n_steps)
    assert len(shapes(kinds, FancyBboxPatch)) == 3 * n_steps
    assert len(circles(kinds)) == (1 + n_steps) + (n_steps + 1) + 2 * n_steps
    assert {"one-to-many", "many-to-one", "many-to-many"} <= set(words(kinds))


def test_lstm_diagram_names_every_gate():
    fig = lstm_diagram()
    gates = {"forget gate", "input gate", "candidate", "output gate"}
    assert gates | {"$c_t$", "$h_t$", "tanh", r"$\sigma$"} <= set(words(fig))
    assert words(fig).count(r"$\sigma$") == 3 and words(fig).count("tanh") == 2
    assert len(shapes(fig, FancyBboxPatch)) == 4 and len(circles(fig)) == 4 and len(edges(fig)) == 14


def colors_of_boxes(fig):
    return [mpl.colors.to_hex(box.get_edgecolor()) for box in shapes(fig, FancyBboxPatch)]


@pytest.mark.parametrize(
    ("part", "in_color"), [("forget", [0]), ("write", [1, 2]), ("show", [3]), (None, [0, 1, 2, 3])]
)
def test_lstm_diagram_draws_one_part_in_color(part, in_color):
    colors = colors_of_boxes(lstm_diagram(part))
    grey = mpl.colors.to_hex(diagrams._kit.GREY)
    assert [k for k, color in enumerate(colors) if color != grey] == in_color


def test_lstm_diagram_has_three_parts():
    with pytest.raises(ValueError, match="part must be one of forget, write, show, got 'input'"):
        lstm_diagram("input")


def test_cells_are_drawn_with_what_their_equations_hold():
    assert {"$W_x$", "$W_h$", "$b$", "tanh", "$+$", "$h_t$"} <= set(words(plain_cell_diagram()))
    gru = words(gru_diagram())
    assert {"$r_t$", "$z_t$", "$g_t$", "$1 - z_t$", "$h_t$"} <= set(gru) and gru.count(r"$\sigma$") == 2


@pytest.mark.parametrize("lengths", [(5, 3, 2), (3, 3), (2,)])
def test_padding_diagram_packs_every_value_once(lengths):
    fig = padding_diagram(lengths)
    values = [word for word in words(fig) if "_" in word]
    assert len(values) == 2 * sum(lengths) and len(set(values)) == sum(lengths)
    assert len(shapes(fig, Rectangle)) == len(lengths) * max(lengths) + sum(lengths)
    # At the bottom, the first step of all, then the second.
    packed = values[sum(lengths) :]
    assert packed[: len(lengths)] == [f"${letter}_1$" for letter in "abc"[: len(lengths)]]


@pytest.mark.parametrize(("n_steps", "k", "cuts"), [(6, 3, 1), (6, 2, 2), (4, 4, 0)])
def test_truncated_diagram_cuts_between_pieces(n_steps, k, cuts):
    fig = truncated_diagram(n_steps, k)
    assert len(fig.axes[0].lines) == cuts
    dashed = [edge for edge in edges(fig) if edge.arrow_patch.get_linestyle() == "--"]
    assert len(dashed) == n_steps - 1 - cuts, "no gradient crosses a cut"


@pytest.mark.parametrize(("n_true", "n_steps"), [(3, 3), (1, 2)])
def test_rollout_diagram_feeds_answers_back(n_true, n_steps):
    fig = rollout_diagram(n_true, n_steps)
    n = n_true + n_steps
    assert words(fig).count(f"$x_{{{n}}}$") == 1, "the last true input is read in training only"
    assert words(fig).count(rf"$\hat{{x}}_{{{n}}}$") == 3, "both predict it, and the rollout reads it"
    assert len(fig.axes[0].lines) == n_steps and len(circles(fig)) == 4 * n


def test_two_way_diagram_has_a_cell_for_each_step_and_direction():
    fig = two_way_diagram(4)
    assert len(shapes(fig, FancyBboxPatch)) == 8 and len(circles(fig)) == 8
    assert {"forward", "backward"} <= set(words(fig))


@pytest.mark.parametrize("n_keys", [1, 2, 4])
def test_attention_diagram_has_a_row_for_each_key(n_keys):
    fig = attention_diagram(n_keys)
    for letter in (r"\mathbf{k}", r"\mathbf{v}", r"\alpha"):
        assert sum(letter in word for word in words(fig)) == n_keys
    assert len(circles(fig)) == 2 * n_keys + 1 and len(shapes(fig, FancyBboxPatch)) == 2 * n_keys + 2


def test_block_diagram_shows_both_orders_from_the_bottom_up():
    fig = block_diagram()
    texts = [text for text in fig.axes[0].texts if text.get_text() in ("attention", "network", "norm", "$+$")]
    for left, wanted in (
        (True, ["attention", "$+$", "norm", "network", "$+$", "norm"]),
        (False, ["norm", "attention", "$+$", "norm", "network", "$+$"]),
    ):
        column = [text for text in texts if (text.get_position()[0] < WIDTH / 2) == left]
        assert [text.get_text() for text in sorted(column, key=lambda text: text.get_position()[1])] == wanted


def test_encoder_decoder_diagram():
    found = words(encoder_decoder_diagram(3))
    assert {"encoder\n3 blocks", "decoder\n3 blocks"} <= set(found)
    assert found.count("masked attention") == found.count("cross-attention") == found.count("attention") == 1
    assert found.count("network") == 2 and found.count("norm") == 5


def cells(fig, hatched):
    """The days that are drawn, without the key below them."""
    drawn = [patch for patch in shapes(fig, Rectangle) if patch.get_y() > 0.1]
    return [patch for patch in drawn if bool(patch.get_hatch()) == hatched]


def test_windows_have_their_days():
    fig = window_diagram(n_days=12, length=5, horizon=3, n_windows=4)
    assert len(cells(fig, hatched=False)) == 12 + 4 * 5 and len(cells(fig, hatched=True)) == 4 * 3
    assert {"day", "12", "sample 1", "sample 4", "seen", "to predict"} <= set(words(fig))
    starts = sorted({round(patch.get_x(), 3) for patch in cells(fig, hatched=True)})
    assert len(starts) == 3 + 3  # three days each, and a day later in every window


def test_windows_on_both_sides_of_a_border():
    fig = border_diagram(n_days=14, length=4, horizon=2, border=8)
    assert [word for word in words(fig) if word in ("training", "left out", "validation")] == [
        "training",
        "training",
        "left out",
        "validation",
        "validation",
    ]
    pale = [patch for patch in shapes(fig, Rectangle) if patch.get_linestyle() == ":"]
    assert len(cells(fig, hatched=False)) == 5 * 4 and len(cells(fig, hatched=True)) == 5 * 2 and len(pale) == 6


def test_parts_of_days():
    fig = parts_diagram({"mixed": [0, 1, 0, 1], "by time": [0, 0, 2, 1]})
    assert len(cells(fig, hatched=False)) == 5 and len(cells(fig, hatched=True)) == 3
    assert set(words(fig)) == {"mixed", "by time", "training", "held out"}


# Tables and trees --------------------------------------------------------------------


@pytest.mark.parametrize(("n_samples", "n_features"), [(1, 1), (5, 4), (8, 6)])
def test_tables_have_every_cell(n_samples, n_features):
    found = words(table_diagram(n_samples, n_features))
    assert sum(word.startswith("$x_") for word in found) == n_samples * n_features
    assert sum(word.startswith("$y_") for word in found) == n_samples
    assert [word for word in found if word.startswith("feature")] == [f"feature {j + 1}" for j in range(n_features)]
    assert [word for word in found if word.startswith("sample")] == [f"sample {i + 1}" for i in range(n_samples)]


def test_split_parts_have_their_shares():
    fig = split_diagram((0.5, 0.3, 0.2))
    assert [patch.get_width() for patch in shapes(fig, Rectangle)] == [0.5, 0.3, 0.2]
    assert len({patch.get_hatch() for patch in shapes(fig, Rectangle)}) == 3
    assert {"training", "validation", "test"} <= set(words(fig))


@pytest.mark.parametrize("n_folds", [3, 8])
def test_every_round_holds_out_another_part(n_folds):
    found = words(folds_diagram(n_folds))
    assert found.count("judge") == n_folds and found.count("fit") == n_folds * (n_folds - 1)
    assert {f"round {k + 1}" for k in range(n_folds)} | {f"part {k + 1}" for k in range(n_folds)} <= set(found)


def test_trees_show_every_question_and_leaf():
    fig = tree_diagram(TREE, ["rooms", "age"], digits=1)
    found = words(fig)
    assert [word for word in found if "≤" in word] == ["age\n≤ 0.5", "age\n≤ 0.5", "rooms\n≤ 0.5"]
    assert sorted(word for word in found if word.endswith("\n1")) == ["0.0\n1", "1.0\n1", "2.0\n1", "5.0\n1"]
    assert found.count("yes") == found.count("no") == 3 and len(fig.axes[0].lines) == 6
    deep = grow(np.arange(16.0)[:, None], np.arange(16.0), max_depth=4)
    with pytest.raises(ValueError, match="root must have depth 3 at the most to be drawn, got depth 4"):
        tree_diagram(deep, ["x"])


def test_a_forest_shows_the_rows_and_the_mean():
    found = words(forest_diagram([[3, 1, 3], [2, 2, 1]], [2.0, 3.0], digits=1))
    assert found == ["1 3 3", "2.0", "1 2 2", "3.0", "training rows 1, 2, 3", "mean: 2.5"]


def test_a_chain_of_boosting_adds_up():
    found = words(boosting_diagram(3.5, [2.0, 2.5, 2.3], [1.0, -0.4], 0.5, digits=1))
    assert "3.5 − 2.0 = +1.5" in found and "3.5 − 2.5 = +1.0" in found
    assert "tree 2 says −0.4" in found and "× 0.5, added: −0.2" in found and found[-1] == "2.3"


@pytest.mark.parametrize(("n_images", "n_channels", "side"), [(4, 3, 3), (2, 5, 2), (6, 1, 4)])
def test_a_norm_shares_a_mean_and_a_variance_in_each_channel(n_images, n_channels, side):
    fig = norm_axes_diagram(n_images, n_channels, side=side)
    assert len(shapes(fig, Rectangle)) == n_channels * (1 + n_images * (1 + side**2))
    assert sum(text.startswith("$m_") for text in words(fig)) == n_channels


def test_only_the_residual_block_has_a_way_around():
    fig = residual_diagram()
    assert words(fig).count("convolution") == 4 and words(fig).count("$+$") == 1
    assert len(fig.axes[0].lines) == 1
