"""The same for series of 256 steps, with eight heads of sixteen numbers."""

from dataclasses import replace

from tasks import attention

TASK = replace(
    attention.TASK,
    title="attention, long series",
    note="PyTorch's never holds all weights at once; the book's keeps them, 8 times 8 squares of 256 by 256.",
)
data, book, plain, library, score = attention.sides(n=8, length=256, size=128, n_heads=8)
