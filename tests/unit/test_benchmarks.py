"""The benchmark measures both sides and writes what it promises."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parents[2] / "benchmarks" / "bench.py"
KEYS = {"task", "seconds", "reference_seconds", "ratio", "peak_mb", "score", "reference_score"}


def test_one_task_is_measured(tmp_path: Path) -> None:
    output = tmp_path / "results.json"
    command = [sys.executable, str(BENCH), "--only", "load the table", "--repeats", "1", "--output", str(output)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(output.read_text(encoding="utf-8"))
    assert set(row) == KEYS and row["task"] == "load the table"
    assert row["score"] == row["reference_score"] == 1.0
    assert row["seconds"] > 0 and row["peak_mb"] > 10
    assert "total" in done.stdout


def test_an_unknown_task_is_refused() -> None:
    done = subprocess.run([sys.executable, str(BENCH), "--only", "nothing"], capture_output=True, text=True)
    assert done.returncode == 2 and "--only must be one of load the table" in done.stderr


def test_the_committed_results_cover_every_task() -> None:
    sys.path.insert(0, str(BENCH.parent))
    from tasks import TASKS

    rows = json.loads((BENCH.parent / "results.json").read_text(encoding="utf-8"))
    assert [row["task"] for row in rows] == list(TASKS)
    assert all(set(row) == KEYS for row in rows)
