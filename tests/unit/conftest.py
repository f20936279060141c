"""The same on every machine: no window for a figure, and numbers from the processor."""

from __future__ import annotations

import sys
from functools import lru_cache

import matplotlib
import pytest

# macOS and Windows would otherwise open windows, or fail without a screen. Not by MPLBACKEND: the worker goes on to
# other folders' tests, whose builds would inherit the variable and lose their figures.
matplotlib.use("Agg")


@pytest.fixture(autouse=sys.platform == "darwin")
def no_apple_chip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep "auto" off Apple's chip, which knows no double precision; tests of the choice itself set their own."""
    import torch

    # Cached like the one it stands for: PyTorch looks at what is wrapped.
    monkeypatch.setattr(torch.backends.mps, "is_available", lru_cache(lambda: False))
