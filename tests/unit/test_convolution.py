"""Convolution by hand equals PyTorch's in one, two and three dimensions, and keeps its laws."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from mlfa.images.convolution import convolve, flip, output_size, patches
from mlfa.images.kernels import edge_kernels, gaussian_kernel, gaussian_profile

TORCH = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}


def by_loops(X, kernels, stride=1, padding=0):
    """The definition for images, place by place and pixel by pixel."""
    X = np.pad(X, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    n, C, H, W = X.shape
    C_out, _, kh, kw = kernels.shape
    out = np.zeros((n, C_out, len(range(0, H - kh + 1, stride)), len(range(0, W - kw + 1, stride))))
    for i, o, r, q in itertools.product(*map(range, out.shape)):
        for c, a, b in itertools.product(range(C), range(kh), range(kw)):
            out[i, o, r, q] += kernels[o, c, a, b] * X[i, c, r * stride + a, q * stride + b]
    return out


# Sizes ---------------------------------------------------------------------------


@settings(max_examples=300)
@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 6), st.integers(0, 5))
def test_output_size_counts_the_places(size, kernel_size, stride, padding):
    starts = [start for start in range(0, size + 2 * padding, stride) if start + kernel_size <= size + 2 * padding]
    if not starts:
        with pytest.raises(ValueError, match=f"kernel_size must be from 1 to {size + 2 * padding}, got {kernel_size}"):
            output_size(size, kernel_size, stride, padding)
    else:
        assert output_size(size, kernel_size, stride, padding) == len(starts)


@pytest.mark.parametrize("arguments", [(0, 1), (5, 0), (5, 6), (5, 3, 0), (5, 3, -1), (5, 3, 1, -2)])
def test_bad_sizes(arguments):
    with pytest.raises(ValueError, match="must be"):
        output_size(*arguments)


# Equal to PyTorch ----------------------------------------------------------------


@settings(max_examples=120)
@given(st.integers(1, 3), st.integers(0, 10_000), st.data())
def test_equals_torch(dimensions, seed, data):
    sizes = tuple(data.draw(st.integers(1, 8)) for _ in range(dimensions))
    kernel_size = tuple(data.draw(st.integers(1, 4)) for _ in range(dimensions))
    stride, padding = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 3))
    assume(all(k <= size + 2 * padding for k, size in zip(kernel_size, sizes, strict=True)))
    n, c_in, c_out = (data.draw(st.integers(1, 3)) for _ in range(3))
    rng = np.random.default_rng(seed)
    X, kernels = rng.normal(size=(n, c_in, *sizes)), rng.normal(size=(c_out, c_in, *kernel_size))
    bias = rng.normal(size=c_out) if data.draw(st.booleans()) else None
    as_tensor = None if bias is None else torch.tensor(bias)
    expected = TORCH[dimensions](torch.tensor(X), torch.tensor(kernels), as_tensor, stride=stride, padding=padding)
    result = convolve(X, kernels, bias, stride, padding)
    places = tuple(output_size(size, k, stride, padding) for size, k in zip(sizes, kernel_size, strict=True))
    assert result.shape == (n, c_out, *places) == tuple(expected.shape)
    np.testing.assert_allclose(result, expected.numpy(), atol=1e-10)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2)])
def test_equals_the_definition(stride, padding):
    rng = np.random.default_rng(0)
    X, kernels = rng.normal(size=(2, 2, 6, 7)), rng.normal(size=(3, 2, 3, 2))
    np.testing.assert_allclose(
        convolve(X, kernels, None, stride, padding), by_loops(X, kernels, stride, padding), atol=1e-12
    )


def test_patches_equal_torch_unfold():
    X = np.random.default_rng(0).normal(size=(2, 3, 9, 8))
    expected = F.unfold(torch.tensor(X), (4, 3), stride=2, padding=1)  # (n, C * pixels, places)
    result = patches(X, (4, 3), stride=2, padding=1)
    np.testing.assert_array_equal(result.reshape(2, -1, 3 * 4 * 3), expected.transpose(1, 2).numpy())


def test_inputs_stay_as_they_are():
    X, kernels = np.ones((1, 1, 4, 4)), np.ones((1, 1, 2, 2))
    rows = patches(X, (2, 2))
    rows[:] = 7
    convolve(X, kernels, np.ones(1), 1, 1)
    assert (X == 1).all() and (kernels == 1).all()


# Laws ----------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.integers(-3, 3), st.integers(-3, 3), st.integers(0, 10_000))
def test_a_shift_passes_through(down, right, seed):
    """Away from the border: the map of the moved image is the moved map."""
    rng = np.random.default_rng(seed)
    X = np.zeros((1, 2, 16, 16))
    X[:, :, 5:11, 5:11] = rng.normal(size=(1, 2, 6, 6))
    kernels = rng.normal(size=(2, 2, 3, 3))
    moved = np.roll(X, (down, right), axis=(2, 3))  # the margin is wide enough: nothing comes back
    expected = np.roll(convolve(X, kernels, padding=1), (down, right), axis=(2, 3))
    np.testing.assert_allclose(convolve(moved, kernels, padding=1), expected, atol=1e-12)


def test_true_convolution_equals_scipy():
    rng = np.random.default_rng(0)
    image, kernel = rng.normal(size=(7, 8)), rng.normal(size=(3, 4))
    X, kernels = image[None, None], kernel[None, None]
    np.testing.assert_allclose(convolve(X, kernels)[0, 0], scipy.signal.correlate2d(image, kernel, "valid"))
    np.testing.assert_allclose(convolve(X, flip(kernels))[0, 0], scipy.signal.convolve2d(image, kernel, "valid"))
    volume, cube = rng.normal(size=(5, 6, 4)), rng.normal(size=(2, 3, 2))
    np.testing.assert_allclose(
        convolve(volume[None, None], flip(cube[None, None]))[0, 0], scipy.signal.convolve(volume, cube, "valid")
    )


def test_flip_turns_no_channel():
    kernels = np.arange(24.0).reshape(2, 3, 2, 2)
    np.testing.assert_array_equal(flip(kernels)[1, 2], kernels[1, 2, ::-1, ::-1])
    np.testing.assert_array_equal(flip(flip(kernels)), kernels)


@pytest.mark.parametrize(
    ("X", "kernels", "bias", "message"),
    [
        ((1, 2, 5, 5), (1, 3, 2, 2), None, r"kernels of \(1, 3, 2, 2\) do not fit to X of \(1, 2, 5, 5\)"),
        ((1, 2, 5, 5), (1, 2, 2), None, r"kernels of \(1, 2, 2\) do not fit to X"),
        ((1, 1, 5, 5), (1, 1, 6, 2), None, "kernel_size must be from 1 to 5, got 6"),
        ((1, 1, 5, 5), (2, 1, 2, 2), (3,), r"bias must have shape \(C_out=2,\), got \(3,\)"),
        ((1, 1, 5, 5), (2, 1, 2, 2), (1,), r"bias must have shape \(C_out=2,\), got \(1,\)"),  # would broadcast
        ((1, 1, 5, 5), (2, 1, 2, 2), (2, 1), r"bias must have shape \(C_out=2,\), got \(2, 1\)"),
    ],
)
def test_bad_convolutions(X, kernels, bias, message):
    with pytest.raises(ValueError, match=message):
        convolve(np.ones(X), np.ones(kernels), None if bias is None else np.ones(bias))


def test_patches_want_a_size_for_each_axis():
    with pytest.raises(ValueError, match="axes has 2, kernel_size has 1"):
        patches(np.ones((1, 1, 5, 5)), (3,))


def test_bytes_are_summed_beyond_255():
    X, kernels = np.full((1, 1, 2, 2), 200, dtype=np.uint8), np.ones((1, 1, 2, 2), dtype=np.uint8)
    assert convolve(X, kernels).item() == 800
    assert patches(X, (2, 2)).dtype == float


def test_floats_keep_their_size():
    X, kernels = np.ones((1, 1, 3, 3), dtype=np.float32), np.ones((1, 1, 2, 2), dtype=np.float32)
    assert patches(X, (2, 2)).dtype == convolve(X, kernels).dtype == np.float32
    assert convolve(X, kernels.astype(int)).dtype == float


def test_passes_nest_as_the_page_says():
    """Two cross-correlations change places, and are one with the true convolution of their kernels."""
    rng = np.random.default_rng(0)
    X, (K, L) = rng.normal(size=(1, 1, 9, 9)), rng.normal(size=(2, 1, 1, 3, 3))
    both = scipy.signal.convolve2d(K[0, 0], L[0, 0])[None, None]
    np.testing.assert_allclose(convolve(convolve(X, K), L), convolve(convolve(X, L), K), atol=1e-12)
    np.testing.assert_allclose(convolve(convolve(X, K), L), convolve(X, both), atol=1e-12)


# Kernels -------------------------------------------------------------------------


@settings(max_examples=30)
@given(st.floats(0.2, 4.0), st.integers(1, 12))
def test_gaussian(sigma, radius):
    profile = gaussian_profile(sigma, radius)
    expected = scipy.signal.windows.gaussian(2 * radius + 1, sigma)
    np.testing.assert_allclose(profile, expected / expected.sum(), rtol=1e-12)
    kernel = gaussian_kernel(sigma, radius)
    assert kernel.sum() == pytest.approx(1) and np.array_equal(kernel, kernel.T)
    np.testing.assert_allclose(kernel, np.flip(kernel))
    # Separable: along the rows, then along the columns, is the same blur.
    X = np.random.default_rng(0).normal(size=(1, 1, 9, 9))
    twice = convolve(
        convolve(np.pad(X, [(0, 0), (0, 0), (radius,) * 2, (radius,) * 2]), profile[None, None, None]),
        profile[None, None, :, None],
    )
    np.testing.assert_allclose(twice, convolve(X, kernel[None, None], padding=radius), atol=1e-12)


def test_gaussian_reaches_three_sigma():
    assert [len(gaussian_profile(sigma)) for sigma in (0.5, 1.0, 1.1, 2.0)] == [5, 7, 9, 13]


@pytest.mark.parametrize("sigma", [0, -1.0, np.inf, np.nan])
def test_bad_sigma(sigma):
    with pytest.raises(ValueError, match="sigma must be a positive number"):
        gaussian_kernel(sigma)


def test_edges_equal_scipy():
    image = np.random.default_rng(0).normal(size=(9, 9))
    kernels = edge_kernels()
    expected = {
        "to the right": scipy.ndimage.sobel(image, axis=1),
        "downwards": scipy.ndimage.sobel(image, axis=0),
        "any direction": scipy.ndimage.laplace(image),
    }
    assert list(kernels) == list(expected)
    for name, kernel in kernels.items():
        result = convolve(image[None, None], kernel[None, None])[0, 0]
        np.testing.assert_allclose(result, expected[name][1:-1, 1:-1], atol=1e-12)
        assert kernel.sum() == 0
