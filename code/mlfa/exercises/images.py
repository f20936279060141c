"""Checks for the page "Images as tensors"."""

from collections.abc import Callable

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _width(likeness: Callable[[np.ndarray, np.ndarray], float]) -> Callable[..., int]:
    """The width, from 8 to 40, at which the rows are most alike."""

    def search(line: np.ndarray) -> int:
        widths = [width for width in range(8, 41) if len(line) % width == 0]
        return max(widths, key=lambda width: likeness(line[width:], line[:-width]))

    return search


def _unlike(below: np.ndarray, above: np.ndarray) -> float:
    return float(np.mean((below.astype(float) - above) ** 2))


def _blots(height: int, width: int, seed: int) -> np.ndarray:
    """The bytes of an image with six round blots of ink, as one line."""
    rng = np.random.default_rng(seed)
    rows, columns = np.arange(height)[:, None], np.arange(width)
    image = np.zeros((height, width))
    for row, column in rng.uniform((2, 2), (height - 2, width - 2), size=(6, 2)):
        image += np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / 6)
    ink = 200 * image / image.max() + rng.uniform(0, 20, size=image.shape)
    return ink.astype(np.uint8).ravel()


check_row_width = Check(
    "the width of the image",
    reference=_width(lambda below, above: -_unlike(below, above)),
    cases=[(_blots(28, 28, 0),), (_blots(20, 36, 1),), (_blots(32, 15, 2),)],
    mistakes=[
        Mistake(
            "A difference of two bytes below zero starts again at 255. Turn bytes into"
            " floats first.",
            _width(lambda below, above: -float(np.mean(np.abs(below - above)))),
        ),
        Mistake(
            "A square of a byte is a byte, too, and loses what exceeds 255. Turn bytes"
            " into floats first.",
            _width(lambda below, above: -float(np.mean((below - above) ** 2))),
        ),
        Mistake(
            "That is the width at which the rows differ most.",
            _width(_unlike),
        ),
        Mistake(
            "That is the number of rows. Asked for is how many pixels are in a row.",
            lambda line: (
                len(line) // _width(lambda below, above: -_unlike(below, above))(line)
            ),
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
