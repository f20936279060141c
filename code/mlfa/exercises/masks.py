"""Checks for the page "Masks"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake


def _iou(mask, mask_pred):
    return (mask & mask_pred).sum() / (mask | mask_pred).sum()


_masks = np.random.default_rng(0).random((2, 5, 6)) < 0.4
_square, _wide = np.zeros((4, 5), bool), np.zeros((4, 5), bool)
_square[1:3, 1:3], _wide[1:3, 1:5] = True, True

check_iou = Check(
    "the intersection over union",
    reference=_iou,
    cases=[tuple(_masks), (_wide, _square), (_square, _wide)],
    mistakes=[
        Mistake(
            "Pixels in both masks count once in the union.",
            lambda a, b: (a & b).sum() / (a.sum() + b.sum()),
        ),
        Mistake(
            "That is the Dice score: twice the intersection over both sizes.",
            lambda a, b: 2 * (a & b).sum() / (a.sum() + b.sum()),
        ),
        Mistake(
            "That is the share of all pixels that agree. Paper that both leave out does"
            " not count.",
            lambda a, b: (a == b).mean(),
        ),
        Mistake(
            "That is the share of the true mask that was found. Divide by the union.",
            lambda a, b: (a & b).sum() / a.sum(),
        ),
        Mistake(
            "That is the share of the predicted mask that is right. Divide by the"
            " union.",
            lambda a, b: (a & b).sum() / b.sum(),
        ),
    ],
)


def _overlaps(n, kernel_size, stride):
    counts = np.zeros((n - 1) * stride + kernel_size, int)
    for place in range(n):
        counts[place * stride : place * stride + kernel_size] += 1
    return counts


check_overlaps = Check(
    "the list of counts",
    reference=_overlaps,
    cases=[(4, 3, 2), (3, 2, 2), (5, 4, 2), (2, 2, 3)],
    mistakes=[
        Mistake(
            "The last pixel writes a whole kernel, too: the output has"
            " (n - 1) × stride + kernel_size pixels.",
            lambda n, k, s: _overlaps(n, k, s)[: n * s],
        ),
        Mistake(
            "The kernel moves by the stride, not by one.",
            lambda n, k, s: _overlaps(n, k, 1),
        ),
        Mistake(
            "Pixels add up where kernels overlap. Count them with +=.",
            lambda n, k, s: np.minimum(_overlaps(n, k, s), 1),
        ),
        Mistake(
            "Every small pixel writes kernel_size pixels, not stride of them.",
            lambda n, k, s: _overlaps(n, s, s),
        ),
    ],
)
