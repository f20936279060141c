"""The trials of rounding move what they say, and their table hides no failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from robust import summary, table, trials  # noqa: E402

PROGRAM = """
import torch
from torch import nn
torch.manual_seed(0)
model = nn.Linear(100, 3)
before = model.weight.detach().clone()
torch.optim.SGD(model.parameters(), lr=0.1)
print(float(((model.weight - before) / before).abs().max()), float(model.weight.sum().detach()))
"""


def moved(**variables: str) -> tuple[float, float]:
    path = os.pathsep.join([str(ROOT / "benchmarks" / "rounding"), str(ROOT / "code"), str(ROOT / "_ext" / "ledger")])
    environment = {**os.environ, "PYTHONPATH": path, **variables}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    largest, total = done.stdout.split()
    return float(largest), float(total)


def test_first_weights_are_moved_in_their_last_places_and_only_when_asked() -> None:
    assert moved()[0] == 0
    first, second, again = moved(ROUNDING="1"), moved(ROUNDING="2"), moved(ROUNDING="1")
    assert 1e-6 < first[0] < 1e-5
    assert first != second and first == again


def test_there_are_at_least_eight_changes_and_one_run_as_it_is() -> None:
    assert list(trials(8)) == ["as it is", *(f"moved {k}" for k in range(1, 9)), "other instructions"]


FOUND = {
    "as it is": {"claims": {"a-b": {"holds": True, "margin": 0.3, "spread": 0.1}, "c": {"holds": True}}},
    "moved 1": {"claims": {"a-b": {"holds": False, "margin": -0.1, "spread": 0.2}, "c": {"holds": True}}},
    "moved 2": {"claims": {}, "error": "ValueError: broke"},
}


def test_a_claim_is_counted_in_every_trial_also_in_one_that_broke() -> None:
    first, second = summary(FOUND)
    assert first == {
        "claim": "a-b",
        "held": 1,
        "trials": 3,
        "smallest_margin": -0.1,
        "in_spreads": pytest.approx(-0.5),
        "failed_in": ["moved 1", "moved 2"],
    }
    assert second == {"claim": "c", "held": 2, "trials": 3, "failed_in": ["moved 2"]}


def test_the_table_has_a_row_for_each_claim() -> None:
    lines = table({"chapters/images/cnn": {"claims": summary(FOUND)}}).splitlines()
    assert lines[2:] == ["| images/cnn | a-b | **1 of 3** | -0.1 | -0.5 |", "| images/cnn | c | **2 of 3** |  |  |"]
