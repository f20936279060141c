"""Choose where the numbers are crunched: CPU, an NVIDIA card, or an Apple chip."""

import torch

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
    if name not in DEVICES:
        raise ValueError(f"device must be one of {', '.join(DEVICES)}, got {name!r}.")
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
