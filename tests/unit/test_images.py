"""Images keep their pixels: as floats, as rows, when they move, and when they are drawn."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import Rectangle

from mlfa.diagrams import flatten_diagram, image_axes_diagram
from mlfa.exercises import check_pixel_index
from mlfa.images.pixels import shift_images, to_floats, to_vectors
from mlfa.plotting import image_grid, image_row, mosaic, pixel_values, signed_grid, value_curves
from mlfa.plotting.style import WIDTH

sizes = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 7), st.integers(1, 7))


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def some_bytes(shape, seed=0):
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=torch.Generator().manual_seed(seed))


# Bytes, floats, rows -------------------------------------------------------------


def test_every_byte_becomes_its_share_of_255():
    X = torch.arange(256, dtype=torch.uint8)
    floats = to_floats(X)
    assert floats.dtype == torch.float32 and floats[0] == 0 and floats[-1] == 1
    np.testing.assert_allclose(floats.numpy(), np.arange(256) / 255, rtol=1e-6)
    assert torch.equal((floats * 255).round().to(torch.uint8), X)


def test_floats_are_not_divided_twice():
    with pytest.raises(TypeError, match=r"X must hold bytes \(torch.uint8\), got torch.float32"):
        to_floats(torch.zeros(2, 2))
    with pytest.raises(TypeError, match="must hold bytes"):
        to_vectors(torch.zeros(1, 1, 2, 2))


@settings(max_examples=30)
@given(sizes, st.data())
def test_the_place_of_a_pixel(shape, data):
    """A row holds its pixels in the order of memory, which the exercise counts."""
    X = some_bytes(shape)
    n, c, h, w = (data.draw(st.integers(0, size - 1)) for size in shape)
    place = check_pixel_index.reference(n, c, h, w, *shape[1:])
    assert X.reshape(-1)[place] == X[n, c, h, w]
    rows = to_vectors(X)
    assert rows.shape == (shape[0], shape[1] * shape[2] * shape[3])
    assert rows[n, place - n * rows.shape[1]] == to_floats(X)[n, c, h, w]


def test_rows_need_four_axes():
    with pytest.raises(ValueError, match=r"shape \(n, C, H, W\), got shape \(28, 28\)"):
        to_vectors(some_bytes((28, 28)))


# Shifts --------------------------------------------------------------------------


@settings(max_examples=60)
@given(sizes, st.data())
def test_shift_pixel_by_pixel(shape, data):
    X = some_bytes(shape)
    height, width = shape[2:]
    down, right = data.draw(st.integers(-height, height)), data.draw(st.integers(-width, width))
    shifted = shift_images(X, down, right)
    assert shifted.dtype == X.dtype and shifted.shape == X.shape
    for h in range(height):
        for w in range(width):
            inside = 0 <= h - down < height and 0 <= w - right < width
            expected = X[:, :, h - down, w - right] if inside else torch.zeros(shape[:2], dtype=torch.uint8)
            assert torch.equal(shifted[:, :, h, w], expected)


def test_shift_names_the_directions_and_keeps_its_input():
    X = torch.zeros(1, 1, 5, 5)
    X[0, 0, 2, 2] = 1
    before = X.clone()
    assert shift_images(X, down=1)[0, 0, 3, 2] == 1
    assert shift_images(X, right=-2)[0, 0, 2, 0] == 1
    assert torch.equal(shift_images(X), X) and torch.equal(X, before)


@pytest.mark.parametrize(("settings", "message"), [({"down": 6}, "down"), ({"right": 1.0}, "right")])
def test_bad_shifts(settings, message):
    with pytest.raises(ValueError, match=rf"{message} must be a whole number from -5 to 5"):
        shift_images(torch.zeros(1, 1, 5, 5), **settings)


# Figures -------------------------------------------------------------------------


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


def test_pixel_values_are_the_bytes_of_the_frame():
    X = some_bytes((1, 12, 14))
    above, below = pixel_values(X, top=2, left=3, size=5).axes
    assert [text.get_text() for text in below.texts] == [str(v) for v in X[0, 2:7, 3:8].flatten().tolist()]
    (frame,) = (patch for patch in above.patches if isinstance(patch, Rectangle))
    assert (frame.get_x(), frame.get_y(), frame.get_width()) == (2.5, 1.5, 5)


def test_value_curves_draw_mean_and_range():
    values = np.array([[1.0, 2.0], [3.0, 6.0]])
    ax = value_curves([0, 1], {"a": values, "b": values[0]}, "x", "y").axes[0]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [2, 4])
    band = ax.collections[0].get_paths()[0].vertices
    assert band[:, 1].min() == 1 and band[:, 1].max() == 6


@pytest.mark.parametrize(
    "call",
    [
        lambda: image_grid(np.zeros((2, 3, 4, 4))),
        lambda: image_grid(np.zeros((4, 4))),
        lambda: image_grid(np.zeros((2, 4, 4)), ["one"]),
        lambda: mosaic(np.zeros((2, 4, 4)), 0),
        lambda: pixel_values(np.zeros((4, 4)), 2, 0, 3),
        lambda: value_curves([0, 1], {"a": [1.0]}, "x", "y"),
        lambda: flatten_diagram(0, 3),
        lambda: image_axes_diagram(n_channels=0),
    ],
)
def test_bad_figures(call):
    with pytest.raises(ValueError, match="must"):
        call()


def test_flatten_diagram_numbers_pixels_row_by_row():
    ax = flatten_diagram(2, 3).axes[0]
    numbers = {}
    for text in ax.texts:
        if text.get_text().isdigit():
            numbers.setdefault(text.get_text(), []).append(text.get_position())
    assert list(numbers) == [str(j) for j in range(6)]
    in_row = [min(places, key=lambda place: place[1]) for places in numbers.values()]
    assert [x for x, _ in in_row] == sorted(x for x, _ in in_row) and len({y for _, y in in_row}) == 1


@pytest.mark.parametrize(("n", "c"), [(1, 1), (3, 3)])
def test_axes_diagram_draws_every_channel(n, c):
    ax = image_axes_diagram(n, c).axes[0]
    assert sum(isinstance(patch, Rectangle) for patch in ax.patches) == n * c
    assert {text.get_text() for text in ax.texts} >= {"width $W$", "height $H$", "channels $C$", "images $N$"}
