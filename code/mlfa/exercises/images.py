"""Checks for the page "Images as tensors"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

check_pixel_index = Check(
    "the place in memory",
    reference=lambda n, c, h, w, C, H, W: ((n * C + c) * H + h) * W + w,
    cases=[(0, 0, 2, 3, 1, 28, 28), (2, 1, 3, 4, 3, 5, 7), (1, 2, 0, 6, 3, 5, 7)],
    mistakes=[
        Mistake(
            "Row and column are swapped: a step to the next row passes a whole row of W"
            " pixels.",
            lambda n, c, h, w, C, H, W: ((n * C + c) * W + w) * H + h,
        ),
        Mistake(
            "An image holds C channels of H x W pixels: the step from image to image is"
            " C * H * W.",
            lambda n, c, h, w, C, H, W: (n + c) * H * W + h * W + w,
        ),
        Mistake(
            "Count from zero: the first pixel of all lies at place 0.",
            lambda n, c, h, w, C, H, W: ((n * C + c) * H + h) * W + w + 1,
        ),
    ],
)

_rng = np.random.default_rng(0)
_A, _B = (_rng.integers(0, 256, size=(4, 4), dtype=np.uint8) for _ in range(2))

check_mean_image = Check(
    "the mean image",
    reference=lambda A, B: (A.astype(float) + B.astype(float)) / 2,
    cases=[
        (
            np.array([[200, 10], [3, 255]], dtype=np.uint8),
            np.array([[100, 20], [0, 255]], dtype=np.uint8),
        ),
        (_A, _B),
    ],
    mistakes=[
        Mistake(
            "The sum of two bytes was stored in a byte and lost what exceeds 255. Turn"
            " bytes into floats first.",
            lambda A, B: (A + B) / 2,
        ),
        Mistake(
            "A whole-number division drops the halves. Turn bytes into floats first.",
            lambda A, B: A // 2 + B // 2,
        ),
        Mistake(
            "That is the sum; a mean divides it by two.",
            lambda A, B: A.astype(float) + B.astype(float),
        ),
    ],
)


def _shift(image: np.ndarray, right: int) -> np.ndarray:
    shifted = np.zeros_like(image)
    shifted[:, right:] = image[:, : image.shape[1] - right]
    return shifted


check_shift = Check(
    "the shifted image",
    reference=_shift,
    cases=[
        (np.arange(1.0, 21).reshape(4, 5), 1),
        (np.arange(1.0, 21).reshape(4, 5), 2),
        (_A[:, :3], 1),
    ],
    mistakes=[
        Mistake(
            "What left on the right came back on the left. Fill the gap with zeros.",
            lambda image, right: np.roll(image, right, axis=1),
        ),
        Mistake(
            "The image moved to the left.",
            lambda image, right: _shift(image[:, ::-1], right)[:, ::-1],
        ),
        Mistake(
            "The image moved down: columns are the last axis.",
            lambda image, right: _shift(image.T, right).T,
        ),
    ],
)
