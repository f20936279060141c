"""Some of the handwritten digits, as bytes and as the data sets of tutorials give them."""

from functools import cache
from typing import NamedTuple

from torch import Tensor

from mlfa.datasets.mnist import Digits, load_mnist


class Parts(NamedTuple):
    """Images as bytes (n, 1, 28, 28) with their classes, to learn from and to be judged by."""

    X: Tensor
    y: Tensor
    X_val: Tensor
    y_val: Tensor


@cache
def mnist() -> Digits:
    return load_mnist(seed=0)


def digits(n: int) -> Parts:
    """The first `n` training digits and 2,000 validation digits."""
    (X, y), (X_val, y_val) = mnist().train, mnist().validation
    return Parts(X[:n], y[:n], X_val[:2000], y_val[:2000])
