"""The same on every machine: no window for a figure, and numbers from the processor."""

from __future__ import annotations

import os
import sys
from functools import lru_cache

import pytest

# Before anything imports matplotlib: macOS and Windows would otherwise open windows, or fail without a screen.
os.environ["MPLBACKEND"] = "Agg"


@pytest.fixture(autouse=sys.platform == "darwin")
def no_apple_chip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep "auto" off Apple's chip, which knows no double precision; tests of the choice itself set their own."""
    import torch

    # Cached like the one it stands for: PyTorch looks at what is wrapped.
    monkeypatch.setattr(torch.backends.mps, "is_available", lru_cache(lambda: False))
