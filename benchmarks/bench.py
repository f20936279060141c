"""Measure every task of the book beside a plain way and a library's way to do the same: `make bench`.

Each side of a task runs in a process of its own that imports what it needs, and nothing else. It does the task once
to get warm, which also shows how much memory it takes above that of the imports; then the sides take turns, seed by
seed. Times are CPU times of the processes, with one thread each.
"""

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path
from statistics import median
from types import ModuleType

from hardware import processor
from report import page, verdicts
from shared.task import MOST_OF_LIBRARY, MOST_OF_PLAIN
from tasks import NAMES

HERE = Path(__file__).resolve().parent
SIDES = "book", "plain", "library"
LEAST = 0.3  # seconds of CPU time for one measurement: a shorter task is repeated
ONE_THREAD = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1")
PACKAGES = "numpy", "scipy", "pandas", "scikit-learn", "torch", "torchvision", "skorch", "statsmodels"


# In the process of one side --------------------------------------------------------


def work(name: str, side: str) -> None:
    """Import what a side needs, say so, then do the task for each seed that stands in a line of the input."""
    import gc
    import warnings

    warnings.simplefilter("ignore")  # a fixed number of epochs has not converged, as scikit-learn knows
    told, sys.stdout = sys.stdout, sys.stderr
    task = importlib.import_module(f"tasks.{name}")
    run = getattr(task, side)()
    imports = {"import_seconds": time.process_time(), "import_mb": peak_mb()}
    print(json.dumps(imports), file=told, flush=True)
    for line in sys.stdin:
        seed = int(line)
        data = task.data(seed)
        gc.collect()
        count, start, seconds = 0, time.process_time(), 0.0
        while seconds < LEAST:
            answer = run(data, seed)
            count, seconds = count + 1, time.process_time() - start
        found = {
            "seconds": seconds / count,
            "score": task.score(data, answer),
            "mb": peak_mb() - imports["import_mb"],
        }
        print(json.dumps(found), file=told, flush=True)


def peak_mb() -> float:
    """The most memory that this process held so far."""
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return psutil.Process().memory_info().peak_wset / 2**20
    # Linux counts in kilobytes, macOS in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


# In the process that compares ------------------------------------------------------


class Side:
    """One side of a task, in a process of its own that waits for seeds."""

    def __init__(self, name: str, side: str) -> None:
        self.what = f"{name}, {side}"
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--work", name, side],
            env={**os.environ, **ONE_THREAD, "MLFA_BUILD": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )
        self.imports = self.answer()

    def __call__(self, seed: int) -> dict[str, float]:
        print(seed, file=self.process.stdin, flush=True)
        return self.answer()

    def answer(self) -> dict[str, float]:
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.errors.seek(0)
            raise SystemExit(f"{self.what} failed:\n{self.errors.read()}")
        return json.loads(line)

    def close(self) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.errors.close()


def compare(name: str, task: ModuleType, repeats: int) -> dict:
    """The row of one task."""
    names = [side for side in SIDES if hasattr(task, side)]
    sides: dict[str, Side] = {}
    runs: dict[str, list[dict[str, float]]] = {side: [] for side in names}
    try:
        for side in names:
            sides[side] = Side(name, side)
        warm = {side: sides[side](0) for side in names}
        for seed in range(repeats):
            for side in names[seed % len(names) :] + names[: seed % len(names)]:
                runs[side].append(sides[side](seed))
    finally:
        for side in sides.values():
            side.close()
    row: dict = {"task": name, "title": task.TASK.title, "score_is": task.TASK.score, "note": task.TASK.note}
    for side in SIDES:
        what = {} if side == "book" else {"what": getattr(task.TASK, side)}
        if side not in runs:
            row[side] = {"none": what["what"].removeprefix("none: ")}
            continue
        row[side] = what | {
            "seconds": spread([run["seconds"] for run in runs[side]], 3),
            "score": spread([run["score"] for run in runs[side]], 6),
            "mb": round(warm[side]["mb"], 1),
            "import_seconds": round(sides[side].imports["import_seconds"], 2),
            "import_mb": round(sides[side].imports["import_mb"]),
        }
    row["ratio"] = {
        side: spread([a["seconds"] / b["seconds"] for a, b in zip(runs["book"], runs[side], strict=True)], 3)
        for side in names[1:]
    }
    row["score_difference"] = {
        side: spread([a["score"] - b["score"] for a, b in zip(runs["book"], runs[side], strict=True)], 3)
        for side in names[1:]
    }
    row["aims"] = {}
    if task.TASK.trains and "plain" in row["ratio"]:
        row["aims"]["plain"] = MOST_OF_PLAIN
    if task.TASK.from_scratch and "library" in row["ratio"]:
        row["aims"]["library"] = MOST_OF_LIBRARY
    return row


def spread(values: list[float], digits: int) -> dict[str, float]:
    """Median, least and most, to some significant digits."""
    found = {"median": median(values), "low": min(values), "high": max(values)}
    return {key: float(f"{value:.{digits}g}") for key, value in found.items()}


def machine() -> dict[str, str]:
    """What the times belong to."""
    installed = {one.metadata["Name"]: one.version for one in metadata.distributions()}
    versions = {package: installed.get(package, "not installed") for package in PACKAGES}
    return {"processor": processor(), "system": platform.system(), "python": platform.python_version()} | versions


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", nargs=2, metavar=("TASK", "SIDE"), help=argparse.SUPPRESS)
    parser.add_argument("--only", nargs="+", metavar="TASK", help="measure these tasks, and write no file by default")
    parser.add_argument("--update", action="store_true", help="put them into the file, beside the other tasks")
    parser.add_argument("--repeats", type=int, default=5, help="how many seeds, at least 3 (default: 5)")
    parser.add_argument("--output", type=Path, help="where to write the results; the table goes beside it, as .md")
    parser.add_argument("--page", action="store_true", help="write the table of the file anew, and measure nothing")
    arguments = parser.parse_args()
    if arguments.work:
        work(*arguments.work)
        return 0
    unknown = sorted(set(arguments.only or []) - set(NAMES))
    if unknown:
        parser.error(f"--only must be among {', '.join(NAMES)}, got {', '.join(unknown)}.")
    if arguments.repeats < 3:
        parser.error(f"--repeats must be at least 3, or there is no spread to speak of, got {arguments.repeats}.")
    writes = arguments.output or arguments.update or arguments.page or not arguments.only
    output = (arguments.output or HERE / "results.json") if writes else None
    results = {"machine": machine(), "seeds": arguments.repeats, "rows": []}
    if arguments.update or arguments.page:
        old = json.loads(output.read_text(encoding="utf-8"))
        if arguments.page:
            save(old, output)
            return 0
        for key in ("machine", "seeds"):
            if old[key] != results[key]:
                parser.error(f"--update needs the {key} of the other rows, {old[key]}, got {results[key]}.")
        results = old
    chosen, start = arguments.only or NAMES, time.monotonic()
    for count, name in enumerate(chosen, 1):
        row = compare(name, importlib.import_module(f"tasks.{name}"), arguments.repeats)
        print(f"[{count}/{len(chosen)}, {time.monotonic() - start:.0f} s] {line(row)}", flush=True)
        rows = {row["task"]: row for row in [*results["rows"], row]}
        results["rows"] = [rows[name] for name in NAMES if name in rows]
        if output:
            save(results, output)  # after each row: whoever is interrupted goes on with --update
    return 0


def save(results: dict, output: Path) -> None:
    """The numbers, and beside them the table to read."""
    output.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    output.with_suffix(".md").write_text(page(results), encoding="utf-8")


def line(row: dict) -> str:
    """One row in short, for who waits."""
    parts = [f"{row['task']}: {row['book']['seconds']['median']:.3g} s"]
    for side, ratio in row["ratio"].items():
        parts.append(f"{ratio['median']:.2f} of {side} ({ratio['low']:.2f} to {ratio['high']:.2f})")
    parts += [f"aim beside {side} {words}" for side, words in verdicts(row).items()]
    return ", ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
