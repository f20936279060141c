"""Measure every task beside its plain reference: `make bench`.

Each run is a process of its own with one thread, so that its peak memory is its own.
Runs alternate, ours and the reference's, and medians are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MLFA_BUILD": "1"}


def measure(task: str, which: int) -> dict[str, float]:
    """Run one side of one task in this process."""
    sys.path.insert(0, str(HERE))
    import tasks
    import torch

    torch.set_num_threads(1)
    tasks.prepare(task)
    start = time.perf_counter()
    score = tasks.TASKS[task][which]()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "peak_mb": peak_mb(), "score": score}


def peak_mb() -> float:
    """The most memory that this process held so far."""
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return psutil.Process().memory_info().peak_wset / 2**20
    # Linux counts in kilobytes, macOS in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def measure_apart(task: str, which: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--one", task, str(which)],
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{task} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def compare(task: str, repeats: int) -> dict[str, object]:
    ours, theirs = [], []
    for _ in range(repeats):
        ours.append(measure_apart(task, 0))
        theirs.append(measure_apart(task, 1))
    seconds, reference = (statistics.median(run["seconds"] for run in runs) for runs in (ours, theirs))
    return {
        "task": task,
        "seconds": round(seconds, 4),
        "reference_seconds": round(reference, 4),
        "ratio": round(seconds / reference, 4),
        "peak_mb": round(max(run["peak_mb"] for run in ours), 1),
        "score": ours[0]["score"],
        "reference_score": theirs[0]["score"],
    }


def table(rows: list[dict[str, object]]) -> str:
    lines = [f"{'task':<22}{'seconds':>9}{'reference':>11}{'ratio':>8}{'peak MB':>9}{'score':>12}{'reference':>12}"]
    for r in rows:
        lines.append(
            f"{r['task']:<22}{r['seconds']:>9.3f}{r['reference_seconds']:>11.3f}{r['ratio']:>8.3f}{r['peak_mb']:>9.0f}"
            f"{r['score']:>12.4f}{r['reference_score']:>12.4f}"
        )
    total, reference = (sum(r[key] for r in rows) for key in ("seconds", "reference_seconds"))
    lines.append(f"{'total':<22}{total:>9.3f}{reference:>11.3f}{total / reference:>8.3f}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--one", nargs=2, metavar=("TASK", "WHICH"), help="run one side of a task and print its figures"
    )
    parser.add_argument("--only", help="measure one task")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--output", type=Path, default=HERE / "results.json")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one[0], int(arguments.one[1]))))
        return 0
    sys.path.insert(0, str(HERE))
    from tasks import TASKS

    if arguments.only and arguments.only not in TASKS:
        parser.error(f"--only must be one of {', '.join(TASKS)}, got {arguments.only!r}.")
    rows = [compare(task, arguments.repeats) for task in ([arguments.only] if arguments.only else TASKS)]
    print(table(rows))
    arguments.output.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
