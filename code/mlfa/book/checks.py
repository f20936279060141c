"""Checks of arguments that many modules share, each in the same words everywhere.

They guard against what would go wrong in silence: an array that broadcasts, a value
that is not finite, a setting that is dropped. What NumPy or PyTorch refuses by itself,
and in words that help, is left to them.
"""

from collections.abc import Collection, Sized
from typing import Any

import numpy as np


def check_shapes(**arrays: tuple[Any, str]) -> dict[str, int]:
    """Make sure that arrays or tensors have the shapes that are written as words.

    Parameters
    ----------
    **arrays
        By the name of the argument, the array and its shape in words: the name of an
        axis, a number, or `...` in the first place for any axes. One name means one
        size in all arrays, and `...` the same axes in all. No array may be empty.

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
        if not (fits and all(shape)) or any(
            want not in (None, size)
            for size, want in zip(shape[first:], wanted, strict=True)
        ):
            told = [
                axis if want is None or axis.isdigit() else f"{axis}={want}"
                for axis, want in zip(axes, wanted, strict=True)
            ]
            if anything:
                told = ["..."] * (leading is None) + [*map(str, leading or ()), *told]
            comma = "," if len(told) == 1 and told != ["..."] else ""
            full = "" if all(shape) else " and not be empty"
            raise ValueError(
                f"{name} must have shape ({', '.join(told)}{comma}){full}, got {shape}."
            )
        leading = shape[:first] if anything else leading
        sizes |= dict(zip(axes, shape[first:], strict=True))
    return {axis: size for axis, size in sizes.items() if not axis.isdigit()}


def check_same_length(**arrays: Sized) -> int:
    """Make sure that all arrays have one length, and return it.

    Parameters
    ----------
    **arrays
        By the name of the argument, anything that has a length.

    Raises
    ------
    ValueError
        If two lengths differ; the message names every array and its length.

    Examples
    --------
    >>> check_same_length(X=[[1, 2], [3, 4]], y=[5, 6])
    2
    """
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) != 1:
        shown = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"arrays must have the same length: {shown}.")
    return next(iter(lengths.values()))


def check_matrix(name: str, X: Any) -> np.ndarray:
    """Make sure that `X` is a finite matrix with at least one sample.

    Parameters
    ----------
    name : str
        What the argument is called.
    X : array-like of shape (n_samples, n_features)
        The argument: an array, a tensor, a table or lists.

    Returns
    -------
    ndarray of float, shape (n_samples, n_features)
        The same numbers.

    Raises
    ------
    ValueError
        If the shape is another one, or a value is nan or infinite.
    """
    return _finite(name, X, "n_samples", "n_features")


def check_vector(name: str, y: Any) -> np.ndarray:
    """Make sure that `y` is a finite vector with at least one sample.

    Parameters
    ----------
    name : str
        What the argument is called.
    y : array-like of shape (n_samples,)
        The argument: an array, a tensor, a column or a list.

    Returns
    -------
    ndarray of float, shape (n_samples,)
        The same numbers.

    Raises
    ------
    ValueError
        If the shape is another one, or a value is nan or infinite.
    """
    return _finite(name, y, "n_samples")


def check_vectors(**vectors: Any) -> tuple[np.ndarray, ...]:
    """Make sure that all are finite vectors of one length.

    Parameters
    ----------
    **vectors
        By the name of the argument, what must have shape (n_samples,).

    Returns
    -------
    tuple of ndarray of float, shape (n_samples,)
        The same numbers, in the same order.

    Raises
    ------
    ValueError
        If a shape is another one, lengths differ, or a value is nan or infinite.

    Examples
    --------
    >>> check_vectors(y=[1.0, 2.0], y_pred=[[1.0], [2.0]])
    Traceback (most recent call last):
        ...
    ValueError: y_pred must have shape (n_samples,) with n_samples >= 1, got (2, 1).
    """
    checked = {name: check_vector(name, vector) for name, vector in vectors.items()}
    check_same_length(**checked)
    return tuple(checked.values())


def check_table(X: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Make sure that `X` and `y` are the features and the targets of the same samples.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        The features.
    y : array-like of shape (n_samples,)
        The targets.

    Returns
    -------
    X, y : ndarray of float
        The same numbers.

    Raises
    ------
    ValueError
        If a shape is another one, lengths differ, or a value is nan or infinite.
    """
    X, y = check_matrix("X", X), check_vector("y", y)
    check_same_length(X=X, y=y)
    return X, y


def _finite(name: str, values: Any, *axes: str) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    if values.ndim != len(axes) or len(values) == 0:
        shape = f"({', '.join(axes)}{',' * (len(axes) == 1)})"
        raise ValueError(
            f"{name} must have shape {shape} with {axes[0]} >= 1, got {values.shape}."
        )
    if not np.isfinite(values).all():
        raise ValueError(
            f"{name} must be finite, got {np.count_nonzero(~np.isfinite(values))}"
            " values that are not."
        )
    return values


def check_one_of(name: str, value: Any, known: Collection[str]) -> None:
    """Make sure that a setting is one of those that there are.

    Parameters
    ----------
    name : str
        What the argument is called.
    value : object
        The argument.
    known : collection of str
        What it may be; of a dict, its keys.

    Raises
    ------
    ValueError
        If it is none of them; the message lists them.

    Examples
    --------
    >>> check_one_of("kind", "gru", ["rnn", "lstm"])
    Traceback (most recent call last):
        ...
    ValueError: kind must be one of rnn, lstm, got 'gru'.
    """
    if value not in tuple(known):
        raise ValueError(f"{name} must be one of {', '.join(known)}, got {value!r}.")


def check_varies(name: str, values: np.ndarray) -> None:
    """Make sure that a vector, or each column of a matrix, is no constant.

    Parameters
    ----------
    name : str
        What the argument is called.
    values : ndarray of shape (n_samples,) or (n_samples, n_features)
        What its spread will be divided by. A spread that is rounding alone counts as
        none.

    Raises
    ------
    ValueError
        If there is a constant; the message gives the numbers of such columns.

    Examples
    --------
    >>> check_varies("X", np.array([[1.0, 0.1], [2.0, 0.1], [3.0, 0.1]]))
    Traceback (most recent call last):
        ...
    ValueError: X must vary, got constant columns [1].
    """
    size = np.maximum(1e-300, np.abs(values).max(axis=0))
    constant = np.flatnonzero(np.ptp(values, axis=0) <= 1e-12 * size)
    if constant.size:
        which = "a constant" if np.ndim(values) == 1 else f"constant columns {constant}"
        raise ValueError(f"{name} must vary, got {which}.")


def check_classes(**classes: Any) -> tuple[np.ndarray, ...]:
    """Make sure that all hold class numbers of the same samples: 0, 1, 2, ...

    Parameters
    ----------
    **classes
        By the name of the argument, whole numbers of shape (n_samples,).

    Returns
    -------
    tuple of ndarray of int, shape (n_samples,)
        The same numbers, in the same order.

    Raises
    ------
    ValueError
        If a shape is another one, lengths differ, or a number is negative or not whole.
        (A negative number would silently count from the last class.)
    """
    checked = {name: np.asarray(numbers) for name, numbers in classes.items()}
    for name, numbers in checked.items():
        check_shapes(**{name: (numbers, "n_samples")})
        whole = numbers.dtype.kind in "iu"
        if not whole or numbers.min() < 0:
            found = numbers.min() if whole else numbers.dtype
            raise ValueError(
                f"{name} must hold class numbers, whole and from 0 on, got {found}."
            )
    check_same_length(**checked)
    return tuple(checked.values())


def check_positive(name: str, value: float) -> None:
    """Make sure that a setting is a positive, finite number.

    Parameters
    ----------
    name : str
        What the setting is called.
    value : float
        Its value.

    Raises
    ------
    ValueError
        If it is not; the message says what it is.
    """
    if not np.isscalar(value) or not np.isfinite(value) or value <= 0:
        raise ValueError(f"{name} must be a positive number, got {value!r}.")


def check_share(name: str, value: float, *, ends: bool = True) -> None:
    """Make sure that a setting is a number from 0 to 1.

    Parameters
    ----------
    name : str
        What the setting is called.
    value : float
        Its value.
    ends : bool
        Whether 0 and 1 themselves are allowed.

    Raises
    ------
    ValueError
        If it is not; the message says what it is.

    Examples
    --------
    >>> check_share("level", 1.0, ends=False)
    Traceback (most recent call last):
        ...
    ValueError: level must be a number between 0 and 1, without these, got 1.0.
    """
    fits = np.isscalar(value) and 0 <= value <= 1
    if not fits or (not ends and value in (0, 1)):
        which = "from 0 to 1" if ends else "between 0 and 1, without these"
        raise ValueError(f"{name} must be a number {which}, got {value!r}.")


def check_rises(name: str, values: Any) -> None:
    """Make sure that every value is larger than the one before it.

    Parameters
    ----------
    name : str
        What the argument is called.
    values : array-like of shape (n,)
        The argument, such as the steps of a series in their order.

    Raises
    ------
    ValueError
        If one is not.

    Examples
    --------
    >>> check_rises("origin", [3, 5, 4])
    Traceback (most recent call last):
        ...
    ValueError: origin must rise, got 4 after 5.
    """
    values = np.asarray(values)
    if (falls := np.flatnonzero(np.diff(values) <= 0)).size:
        before, after = values[falls[0] : falls[0] + 2]
        raise ValueError(f"{name} must rise, got {after} after {before}.")


def check_count(name: str, value: int, least: int = 1) -> None:
    """Make sure that a setting is a whole number of at least `least`.

    Parameters
    ----------
    name : str
        What the setting is called.
    value : int
        Its value.
    least : int
        The smallest number allowed.

    Raises
    ------
    ValueError
        If it is smaller or not whole. True and False are no numbers here.

    Examples
    --------
    >>> check_count("epochs", 2.5)
    Traceback (most recent call last):
        ...
    ValueError: epochs must be a whole number of at least 1, got 2.5.
    """
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < least:
        raise ValueError(
            f"{name} must be a whole number of at least {least}, got {value!r}."
        )


def check_fitted(model: Any, attribute: str) -> None:
    """Make sure that `fit` was called: it sets an attribute, which is None before.

    Parameters
    ----------
    model : object
        What has a method `fit`.
    attribute : str
        Name of the attribute.

    Raises
    ------
    ValueError
        If the attribute is None.
    """
    if getattr(model, attribute) is None:
        raise ValueError(f"{type(model).__name__} is not fitted: call fit first.")


def check_features(model: Any, attribute: str, X: Any) -> np.ndarray:
    """Make sure that `fit` was called, and that `X` has the features that it saw.

    Parameters
    ----------
    model : object
        What has a method `fit`.
    attribute : str
        Name of an attribute that `fit` sets, with one entry for each feature.
    X : array-like of shape (n_samples, n_features)
        The argument of `transform` or `predict`.

    Returns
    -------
    ndarray of float, shape (n_samples, n_features)
        The same numbers.

    Raises
    ------
    ValueError
        If the model is not fitted, a shape is another one (one column would stretch
        over all features), or a value is nan or infinite.
    """
    check_fitted(model, attribute)
    X, n_features = check_matrix("X", X), len(getattr(model, attribute))
    if X.shape[1] != n_features:
        raise ValueError(
            f"X must have the {n_features} features seen by fit, got {X.shape[1]}."
        )
    return X
