"""Checks for the page "Convolution"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake
from mlfa.images.convolution import output_size

check_output_size = Check(
    "the number of places",
    reference=output_size,
    cases=[(28, 7, 2, 1), (28, 3, 1, 0), (10, 4, 3, 2), (9, 2, 2, 0)],
    mistakes=[
        Mistake(
            "The first place is missing: after it, the kernel takes that many steps."
            " Add one.",
            lambda size, kernel_size, stride, padding: (
                output_size(size, kernel_size, stride, padding) - 1
            ),
        ),
        Mistake(
            "Padding is added at both ends: it counts twice.",
            lambda size, kernel_size, stride, padding: (
                (size + padding - kernel_size) // stride + 1
            ),
        ),
        Mistake(
            "A last step that does not fit is not taken: round down, not up.",
            lambda size, kernel_size, stride, padding: (
                -(-(size + 2 * padding - kernel_size) // stride) + 1
            ),
        ),
        Mistake(
            "The steps have length `stride`: divide by it.",
            lambda size, kernel_size, stride, padding: (
                size + 2 * padding - kernel_size + 1
            ),
        ),
    ],
)


def _answer(
    image: np.ndarray, kernel: np.ndarray, i: int, j: int, stride: int
) -> float:
    top, left = i * stride, j * stride
    return float(
        (
            image[top : top + kernel.shape[0], left : left + kernel.shape[1]] * kernel
        ).sum()
    )


_rng = np.random.default_rng(0)
_IMAGE, _KERNEL = _rng.normal(size=(9, 11)), _rng.normal(size=(3, 2))

check_kernel_answer = Check(
    "the answer of the kernel",
    reference=_answer,
    cases=[
        (_IMAGE, _KERNEL, 1, 2, 1),
        (_IMAGE, _KERNEL, 2, 3, 2),
        (_IMAGE, _KERNEL, 3, 0, 2),
    ],
    mistakes=[
        Mistake(
            "Place (i, j) starts at row i * stride and column j * stride.",
            lambda image, kernel, i, j, stride: _answer(image, kernel, i, j, 1),
        ),
        Mistake(
            "You turned the kernel around. That is true convolution; here, corner meets"
            " corner.",
            lambda image, kernel, i, j, stride: _answer(
                image, kernel[::-1, ::-1], i, j, stride
            ),
        ),
        Mistake(
            "The answer is the sum of the products, not their mean.",
            lambda image, kernel, i, j, stride: (
                _answer(image, kernel, i, j, stride) / kernel.size
            ),
        ),
        Mistake(
            "The kernel is missing: multiply the patch with it before you add up.",
            lambda image, kernel, i, j, stride: _answer(
                image, np.ones_like(kernel), i, j, stride
            ),
        ),
    ],
)

check_count_filters = Check(
    "the number of parameters",
    reference=lambda c_in, c_out, height, width: c_out * (c_in * height * width + 1),
    cases=[(1, 8, 5, 5), (3, 16, 3, 3), (8, 4, 1, 7)],
    mistakes=[
        Mistake(
            "The biases are missing: one for each filter.",
            lambda c_in, c_out, height, width: c_out * c_in * height * width,
        ),
        Mistake(
            "A filter has weights for every channel that comes in.",
            lambda c_in, c_out, height, width: c_out * (height * width + 1),
        ),
        Mistake(
            "A filter has one bias, not one for each channel that comes in.",
            lambda c_in, c_out, height, width: c_out * c_in * (height * width + 1),
        ),
    ],
)
