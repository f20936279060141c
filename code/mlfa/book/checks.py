"""Checks of arguments that many modules share, each in the same words everywhere.

They guard against what would go wrong in silence: an array that broadcasts, a value
that is not finite, a setting that is dropped. What NumPy or PyTorch refuses by itself,
and in words that help, is left to them.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import numpy as np


def check_shapes(**arrays: tuple[Any, str]) -> dict[str, int]:
    """Make sure that arrays or tensors have the shapes that are written as words.

    Parameters
    ----------
    **arrays
        By the name of the argument, the array and its shape in words: a name of an axis,
        a number, or `...` in the first place for any axes. One name means one size in
        all arrays, and `...` the same axes in all. No axis may have the size 0.

    Returns
    -------
    dict of str to int
        The sizes by the name of their axis.

    Raises
    ------
    ValueError
        If an array has another shape; says which, what it needs and what it got.

    Examples
    --------
    >>> K, V = np.zeros((2, 6, 8)), np.zeros((2, 6, 3))
    >>> check_shapes(K=(K, "... keys d"), V=(V, "... keys d_value"))
    {'keys': 6, 'd': 8, 'd_value': 3}
    >>> check_shapes(K=(K, "... keys d"), V=(V[:, :5], "... keys d_value"))
    Traceback (most recent call last):
        ...
    ValueError: V must have shape (2, keys=6, d_value), got (2, 5, 3).
    """
    sizes: dict[str, int] = {}
    leading: tuple[int, ...] | None = None
    for name, (array, words) in arrays.items():
        shape, axes = tuple(np.shape(array)), words.split()
        anything = axes[:1] == ["..."]
        axes = axes[1:] if anything else axes
        first = len(shape) - len(axes)  # axes before this one belong to `...`
        wanted = [int(axis) if axis.isdigit() else sizes.get(axis) for axis in axes]
        fits = first >= 0 if anything else first == 0
        if fits and anything and leading is not None:
            fits = shape[:first] == leading
        if not fits or not all(
            size > 0 and size == (want or size)
            for size, want in zip(shape[first:], wanted, strict=True)
        ):
            told = [
                axis if want is None or axis.isdigit() else f"{axis}={want}"
                for axis, want in zip(axes, wanted, strict=True)
            ]
            if anything:
                told = (
                    ["..."] + told if leading is None else [*map(str, leading), *told]
                )
            comma = "," if len(told) == 1 else ""
            raise ValueError(
                f"{name} must have shape ({', '.join(told)}{comma}), got {shape}."
            )
        leading = shape[:first] if anything else leading
        sizes |= dict(zip(axes, shape[first:], strict=True))
    return {axis: size for axis, size in sizes.items() if not axis.isdigit()}


def check_same_length(**arrays: Sized) -> int:
    """Make sure that all arrays have one length, and return it.

    Raises
    ------
    ValueError
        If two lengths differ; the message names every array and its length.
    """
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) != 1:
        shown = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"arrays must have the same length: {shown}.")
    return next(iter(lengths.values()))


def check_matrix(name: str, X: Any) -> np.ndarray:
    """Make sure that `X` is a finite matrix of shape (n_samples, n_features) with at least one sample."""
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or X.shape[0] == 0:
        raise ValueError(
            f"{name} must have shape (n_samples, n_features) with n_samples >= 1, got"
            f" shape {X.shape}."
        )
    if not np.isfinite(X).all():
        raise ValueError(
            f"{name} must be finite, got {np.count_nonzero(~np.isfinite(X))} values"
            " that are not."
        )
    return X


def check_vector(name: str, y: Any) -> np.ndarray:
    """Make sure that `y` is a finite vector of shape (n_samples,) with at least one sample."""
    y = np.asarray(y, dtype=float)
    if y.ndim != 1 or y.shape[0] == 0:
        raise ValueError(
            f"{name} must have shape (n_samples,) with n_samples >= 1, got shape"
            f" {y.shape}."
        )
    if not np.isfinite(y).all():
        raise ValueError(
            f"{name} must be finite, got {np.count_nonzero(~np.isfinite(y))} values"
            " that are not."
        )
    return y


def check_positive(name: str, value: float) -> None:
    """Make sure that a setting is a positive, finite number."""
    if not np.isscalar(value) or not np.isfinite(value) or value <= 0:
        raise ValueError(f"{name} must be a positive number, got {value!r}.")


def check_count(name: str, value: int, least: int = 1) -> None:
    """Make sure that a setting is a whole number of at least `least`."""
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, np.integer))
        or value < least
    ):
        raise ValueError(
            f"{name} must be a whole number of at least {least}, got {value!r}."
        )


def check_fitted(model: Any, attribute: str) -> None:
    """Make sure that `fit` was called: it sets an attribute, which is None before."""
    if getattr(model, attribute) is None:
        raise ValueError(f"{type(model).__name__} is not fitted: call fit first.")
