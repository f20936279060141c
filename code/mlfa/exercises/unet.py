"""Checks for the page "Image to image"."""

from mlfa.exercises.grading import Check, Mistake


def _parameters(
    n_inputs, n_outputs, depth, n_filters, *, bias=1, skips=2, narrow=True, head=True
):
    def convolution(n_in, n_out, k=3):
        return n_out * (n_in * k * k + bias)

    total, n_maps = 0, n_inputs
    for level in range(depth + 1):  # down, with the bottom
        width = n_filters * 2**level
        total += convolution(n_maps, width) + convolution(width, width)
        n_maps = width
    for level in reversed(range(depth)):  # up
        width = n_filters * 2**level
        total += convolution(2 * width, width, 1) if narrow else 0
        total += convolution(skips * width, width) + convolution(width, width)
    return total + (convolution(n_filters, n_outputs, 1) if head else 0)


check_unet_parameters = Check(
    "the number of parameters",
    reference=_parameters,
    cases=[(1, 1, 2, 8), (3, 2, 1, 4), (2, 1, 0, 5), (1, 5, 3, 2)],
    mistakes=[
        Mistake(
            "After a skip connection the first convolution reads twice as many maps.",
            lambda *args: _parameters(*args, skips=1),
        ),
        Mistake(
            "Every filter has a bias, too.", lambda *args: _parameters(*args, bias=0)
        ),
        Mistake(
            "Before each doubling, a convolution of one pixel halves the number of"
            " maps.",
            lambda *args: _parameters(*args, narrow=False),
        ),
        Mistake(
            "The last convolution, of one pixel, makes the outputs.",
            lambda *args: _parameters(*args, head=False),
        ),
    ],
)


def _valid_size(size, depth, *, lost=4, bottom=True, up=True):
    for _ in range(depth):
        size = (size - lost) // 2
    size -= lost if bottom else 0
    for _ in range(depth if up else 0):
        size = 2 * size - lost
    return size


check_valid_size = Check(
    "the side of the output",
    reference=_valid_size,
    cases=[(572, 4), (60, 2), (30, 1)],
    mistakes=[
        Mistake(
            "Each block has two convolutions, and each of them loses two pixels.",
            lambda size, depth: _valid_size(size, depth, lost=2),
        ),
        Mistake(
            "The block at the bottom of the U convolves too.",
            lambda size, depth: _valid_size(size, depth, bottom=False),
        ),
        Mistake(
            "That is the size at the bottom. Go up again.",
            lambda size, depth: _valid_size(size, depth, up=False),
        ),
        Mistake(
            "That is the size with padding. Without it every convolution loses pixels.",
            lambda size, depth: size,
        ),
    ],
)
