"""Images keep their pixels: as floats, as rows, when they move, and when they are drawn."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mlfa.images.pixels import shift_images, to_floats, to_vectors

sizes = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 7), st.integers(1, 7))


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
    """A row holds its pixels in the order of memory, which the page counts by this formula."""
    X = some_bytes(shape)
    n, c, h, w = (data.draw(st.integers(0, size - 1)) for size in shape)
    _, C, H, W = shape
    place = ((n * C + c) * H + h) * W + w
    assert X.reshape(-1)[place] == X[n, c, h, w]
    rows = to_vectors(X)
    assert rows.shape == (shape[0], shape[1] * shape[2] * shape[3])
    assert rows[n, place - n * rows.shape[1]] == to_floats(X)[n, c, h, w]


def test_rows_need_four_axes():
    with pytest.raises(ValueError, match=r"X must have shape \(n, C, H, W\), got \(28, 28\)"):
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


@pytest.mark.parametrize(("down", "right"), [(6, 0), (-7, 1), (0, 5), (2, -11)])
def test_a_shift_that_is_larger_than_the_image_is_refused(down, right):
    with pytest.raises(ValueError, match=rf"down, right must be at most 5, 4, got {down}, {right}"):
        shift_images(torch.zeros(1, 1, 5, 4), down, right)
