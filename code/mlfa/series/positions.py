"""Positions as waves, so that attention can tell first from last."""

import torch
from torch import Tensor


def sinusoidal_positions(
    length: int, size: int, *, longest: float = 10_000.0
) -> Tensor:
    """For each position the sine and the cosine of `size / 2` waves.

    They are computed in double precision on the CPU, since not every device has it; the
    angles of far positions would lose their last digits.

    Parameters
    ----------
    length : int
        Number of positions.
    size : int
        Numbers for each position; must be even.
    longest : float
        The wavelengths grow in equal ratios from 2 pi positions towards 2 pi times this
        number.

    Returns
    -------
    Tensor of shape (length, size)
        Sines in the even columns, cosines in the odd ones.

    Raises
    ------
    ValueError
        If `size` is odd.

    References
    ----------
    [vaswani2017attention]

    Examples
    --------
    The first pair turns by one radian a position, the last one hardly at all.

    >>> sinusoidal_positions(3, 4)
    tensor([[ 0.0000,  1.0000,  0.0000,  1.0000],
            [ 0.8415,  0.5403,  0.0100,  0.9999],
            [ 0.9093, -0.4161,  0.0200,  0.9998]])
    """
    if size % 2:
        raise ValueError(f"size must be even, a sine and a cosine a wave, got {size}.")
    position = torch.arange(length, dtype=torch.float64)[:, None]  # (length, 1)
    exponent = torch.arange(0, size, 2, dtype=torch.float64) / size  # (size / 2,)
    angle = position * longest**-exponent  # (length, size / 2)
    pairs = torch.stack([angle.sin(), angle.cos()], dim=-1)  # (length, size / 2, 2)
    return pairs.flatten(start_dim=1).float()  # (length, size): sine, cosine, sine, ...
