"""The same on every machine: no window for a figure, numbers from the processor, and no clock in a property."""

from __future__ import annotations

import sys
from functools import lru_cache

import matplotlib
import pytest
from hypothesis import settings

# macOS and Windows would otherwise open windows, or fail without a screen. Not by MPLBACKEND: the worker goes on to
# other folders' tests, whose builds would inherit the variable and lose their figures.
matplotlib.use("Agg")

# A busy machine is slow, not wrong. A failure prints what brings its example back.
settings.register_profile("book", deadline=None, print_blob=True)
settings.load_profile("book")


@pytest.fixture(autouse=sys.platform == "darwin")
def no_apple_chip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep "auto" off Apple's chip, which knows no double precision; tests of the choice itself set their own."""
    import torch

    # Cached like the one it stands for: PyTorch looks at what is wrapped.
    monkeypatch.setattr(torch.backends.mps, "is_available", lru_cache(lambda: False))


@pytest.fixture
def from_meta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tensors of the device `meta`, which hold no numbers, come to the CPU as zeros: all else is refused there."""
    import torch

    to_cpu = torch.Tensor.cpu
    monkeypatch.setattr(torch.Tensor, "cpu", lambda X: torch.zeros(X.shape) if X.is_meta else to_cpu(X))
