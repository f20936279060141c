"""Lists of keys with their values, and a question: which value has this key?"""

import torch
from torch import Tensor

from mlfa.book.checks import check_count

N_KEYS, N_VALUES = 16, 8


def make_lookups(
    n_samples: int, n_pairs: int, *, seed: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Draw lists in which no key comes twice; the last position asks for one of them.

    Parameters
    ----------
    n_samples : int
        Number of lists.
    n_pairs : int
        Pairs of a key and a value in each, at most `N_KEYS`.
    seed : int
        Draws keys, values and questions.

    Returns
    -------
    X : Tensor of shape (n_samples, n_pairs + 1, N_KEYS + N_VALUES)
        Each position has a one for its key and a one for its value; the last one has
        the key that is asked for, and no value.
    y : int Tensor of shape (n_samples,)
        The value that belongs to this key.
    place : int Tensor of shape (n_samples,)
        The position where it stands, counted from 0.

    Raises
    ------
    ValueError
        If there are more pairs than keys.

    Examples
    --------
    >>> X, y, place = make_lookups(5, 3, seed=0)
    >>> X.shape
    torch.Size([5, 4, 24])
    >>> X[0, place[0], N_KEYS:].argmax() == y[0]
    tensor(True)
    """
    check_count("n_samples", n_samples)
    check_count("n_pairs", n_pairs)
    if n_pairs > N_KEYS:
        raise ValueError(f"n_pairs must be at most {N_KEYS}, got {n_pairs}.")
    generator = torch.Generator().manual_seed(seed)
    shuffled = torch.rand(n_samples, N_KEYS, generator=generator).argsort(dim=1)
    keys = shuffled[:, :n_pairs]  # (n_samples, n_pairs)
    values = torch.randint(N_VALUES, (n_samples, n_pairs), generator=generator)
    place = torch.randint(n_pairs, (n_samples,), generator=generator)
    asked = keys.gather(1, place[:, None])  # (n_samples, 1)
    X = torch.zeros(n_samples, n_pairs + 1, N_KEYS + N_VALUES)
    X.scatter_(2, torch.cat([keys, asked], dim=1)[..., None], 1.0)
    X[:, :-1].scatter_(2, N_KEYS + values[..., None], 1.0)
    return X, values.gather(1, place[:, None])[:, 0], place
