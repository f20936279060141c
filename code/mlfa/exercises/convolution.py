"""Checks for the page "Convolution"."""

from collections.abc import Callable

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.images.convolution import convolve, patches


def _least(sees_all: Callable[[int, int, int, int], bool]) -> Callable[..., int]:
    """The smallest padding for which a condition holds; -1 if there is none."""

    def search(size: int, kernel_size: int, stride: int) -> int:
        fits = (p for p in range(50) if kernel_size <= size + 2 * p)
        good = (p for p in fits if sees_all(size, kernel_size, stride, p))
        return next(good, -1)

    return search


check_least_padding = Check(
    "the smallest padding",
    reference=_least(lambda size, k, s, p: (size + 2 * p - k) % s <= p),
    cases=[(28, 7, 2), (10, 4, 3), (20, 6, 5), (21, 6, 6), (3, 5, 2), (28, 5, 1)],
    mistakes=[
        Mistake(
            "A remainder is no loss if all of it is padding: it may be as large as the"
            " padding at the end.",
            _least(lambda size, k, s, p: (size + 2 * p - k) % s == 0),
        ),
        Mistake(
            "Padding is added at both ends: it counts twice in the size.",
            _least(lambda size, k, s, p: (size + p - k) % s <= p),
        ),
        Mistake(
            "That padding keeps the size at stride 1. Here every pixel has to be in a"
            " patch, no more.",
            lambda size, kernel_size, stride: (kernel_size - 1) // 2,
        ),
        Mistake(
            "That much covers every pixel where the kernel fits. Often less does.",
            lambda size, kernel_size, stride: stride - 1,
        ),
        Mistake(
            "The kernel has to fit: it may be no larger than the padded image.",
            lambda size, kernel_size, stride: next(
                p for p in range(50) if (size + 2 * p - kernel_size) % stride <= p
            ),
        ),
    ],
)

# Ink on the falling diagonal counts, ink beside it counts against; the sum is zero.
_FALLING = 3 * np.eye(3) - 1
_RISING = _FALLING[::-1]
_EDGE = np.array([[0.0, 1, 2], [-1, 0, 1], [-2, -1, 0]])


def _strongest(
    image: np.ndarray, kernel: np.ndarray, padding: int = 0
) -> tuple[int, int]:
    answers = convolve(image[None, None], kernel[None, None], padding=padding)[0, 0]
    row, column = np.unravel_index(answers.argmax(), answers.shape)
    return int(row), int(column)


def _scribbles(order: list[int]) -> np.ndarray:
    """A pale falling stroke among darker things, in the cells of a 3 by 3 board."""
    things = np.zeros((9, 7, 7))
    things[0, 2:5, 2:5] = 0.7 * np.eye(3)
    things[1, 2:6, 2:6] = 1  # a block
    things[2, 1:5, 1:5] = np.eye(4)[::-1]  # a rising stroke
    things[3, 3, 1:6] = 1  # a level one
    things[4, 1:6, 3] = 1  # an upright one
    things[5, 3, 3] = 1  # a dot
    board = things[order].reshape(3, 3, 7, 7)
    return board.swapaxes(1, 2).reshape(21, 21)


check_find_stroke = Check(
    "the place of the stroke",
    reference=lambda image: _strongest(image, _FALLING),
    cases=[
        (_scribbles(order),)
        for order in ([1, 0, 2, 3, 4, 5, 6, 7, 8], [5, 2, 6, 1, 7, 0, 8, 4, 3])
    ],
    mistakes=[
        Mistake(
            "An even block of ink answers as much or more. Let the weights add up to"
            " zero.",
            lambda image: _strongest(image, np.eye(3)),
        ),
        Mistake(
            "That is the rising stroke. Row 0 is the upper one, so a falling stroke"
            " lies on the diagonal from the upper left.",
            lambda image: _strongest(image, _RISING),
        ),
        Mistake(
            "That kernel finds edges with ink on the upper right. A stroke has paper on"
            " both sides.",
            lambda image: _strongest(image, _EDGE),
        ),
        Mistake(
            "That kernel finds edges with ink on the lower left. A stroke has paper on"
            " both sides.",
            lambda image: _strongest(image, -_EDGE),
        ),
        Mistake(
            "With padding 1 the places count from one pixel beyond the border. Leave"
            " the padding out, or subtract it.",
            lambda image: _strongest(image, _FALLING, padding=1),
        ),
        Mistake(
            "The row comes first, then the column.",
            lambda image: _strongest(image, _FALLING)[::-1],
        ),
    ],
)


def _kernel(image: np.ndarray, answers: np.ndarray) -> np.ndarray:
    size = len(image) - len(answers) + 1
    rows = patches(image[None, None], (size, size)).reshape(-1, size**2)
    return np.linalg.lstsq(rows, answers.ravel(), rcond=None)[0].reshape(size, size)


_rng = np.random.default_rng(0)
_IMAGE = _rng.normal(size=(9, 9))
_SECRETS = [_rng.normal(size=(size, size)) for size in (2, 3, 4)]

check_find_kernel = Check(
    "the secret kernel",
    reference=_kernel,
    cases=[
        (_IMAGE, convolve(_IMAGE[None, None], secret[None, None])[0, 0])
        for secret in _SECRETS
    ],
    mistakes=[
        Mistake(
            "That is the kernel turned around. The first weight meets the first pixel"
            " of each patch.",
            lambda image, answers: _kernel(image, answers)[::-1, ::-1],
        ),
        Mistake(
            "Rows and columns of the kernel are swapped: weights come row by row.",
            lambda image, answers: _kernel(image, answers).T,
        ),
        Mistake(
            "The weights are right. Give them the shape of the kernel.",
            lambda image, answers: _kernel(image, answers).ravel(),
        ),
    ],
)


def _single(K: np.ndarray, L: np.ndarray) -> np.ndarray:
    """The true convolution of two kernels: each product at the sum of its places."""
    single = np.zeros((len(K) + len(L) - 1, K.shape[1] + L.shape[1] - 1))
    for (a, b), weight in np.ndenumerate(K):
        single[a : a + len(L), b : b + L.shape[1]] += weight * L
    return single


check_single_kernel = Check(
    "the single kernel",
    reference=_single,
    cases=[
        (_SECRETS[1], _SECRETS[2]),
        (_SECRETS[0], np.array([[-1.0, 0.0, 1.0]])),
        (np.ones((2, 2)), np.array([[1.0, 2.0], [3.0, 4.0]])),
    ],
    mistakes=[
        Mistake(
            "That is the cross-correlation of the two kernels. Add the places of the"
            " two weights, do not subtract them.",
            lambda K, L: _single(K, L[::-1, ::-1]),
        ),
        Mistake(
            "That is the single kernel turned around.",
            lambda K, L: _single(K, L)[::-1, ::-1],
        ),
        Mistake(
            "At the border both kernels reach beyond each other: the single kernel is"
            " larger than either.",
            lambda K, L: _single(K, L)[: len(K), : K.shape[1]],
        ),
    ],
)
