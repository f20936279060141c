"""Choose where the numbers are crunched: CPU, an NVIDIA card, or an Apple chip."""

from contextlib import AbstractContextManager, nullcontext

import torch

from mlfa.book.checks import check_one_of

DEVICES = ("auto", "cpu", "cuda", "mps")


def pick_device(name: str = "auto") -> torch.device:
    """The device of that name, or with "auto" the fastest one there is.

    Parameters
    ----------
    name : str
        "cuda" for an NVIDIA card, "mps" for an Apple chip, "cpu", or "auto".

    Returns
    -------
    torch.device
        Where a model and its batches have to go.

    Raises
    ------
    ValueError
        If the name is unknown.
    RuntimeError
        If the device is named but this machine or this build of PyTorch has none.

    Examples
    --------
    >>> pick_device("cpu")
    device(type='cpu')
    """
    check_one_of("device", name, DEVICES)
    available = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        return torch.device(next(kind for kind, there in available.items() if there))
    if not available[name]:
        there = ", ".join(kind for kind, is_there in available.items() if is_there)
        raise RuntimeError(
            f"device {name!r} is not available here; available: {there}. Use"
            " device='auto' to choose."
        )
    return torch.device(name)


def computing_in(precision: str, device: str) -> AbstractContextManager:
    """Where matrices are multiplied with numbers of that size.

    Parameters
    ----------
    precision : str
        "float32" changes nothing; in "bfloat16" a number has 8 bits for its size, as
        float32 has, and 7 instead of 23 behind the point.
    device : str
        Kind of the device: "cpu" or "cuda".

    Examples
    --------
    >>> with computing_in("bfloat16", "cpu"):
    ...     (torch.ones(2, 3) @ torch.ones(3, 2)).dtype
    torch.bfloat16
    """
    if precision == "float32":
        return nullcontext()
    return torch.autocast(device, dtype=torch.bfloat16)
