"""Devices are chosen by name, and a missing one is an error rather than a slow surprise."""

from __future__ import annotations

import pytest
import torch

from mlfa.training.devices import pick_device


@pytest.fixture
def machine(monkeypatch):
    def build(cuda, mps):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return build


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(False, False, "cpu"), (True, False, "cuda"), (False, True, "mps"), (True, True, "cuda")],
)
def test_auto_takes_the_fastest(machine, cuda, mps, expected):
    machine(cuda, mps)
    assert pick_device() == pick_device("auto") == torch.device(expected)


@pytest.mark.parametrize("name", ["cpu", "cuda", "mps"])
def test_named_device(machine, name):
    machine(True, True)
    assert pick_device(name) == torch.device(name)


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_missing_device_is_named_with_what_there_is(machine, name):
    machine(False, False)
    with pytest.raises(RuntimeError, match=f"device '{name}' is not available here; available: cpu"):
        pick_device(name)


@pytest.mark.parametrize("name", ["gpu", "", None, "CUDA"])
def test_unknown_device_lists_the_known_ones(name):
    with pytest.raises(ValueError, match="auto, cpu, cuda, mps"):
        pick_device(name)
