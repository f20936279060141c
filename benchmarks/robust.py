"""Which claims hold on other processors too? Every chapter that trains runs under changes of rounding: `make robust`.

A trial starts each network from weights moved in their last places (`rounding/sitecustomize.py`), a stand-in for the
order in which another processor adds; one more trial computes with other instructions. For each claim the table tells
in how many trials it held and its smallest margin there. Trials of a chapter that did not change are not made again.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "_ext" / "ledger"))

from sphinx_ledger.chapters import Book  # noqa: E402
from sphinx_ledger.keys import digest, key_of  # noqa: E402
from sphinx_ledger.ledger import records  # noqa: E402
from sphinx_ledger.runs import cores, kernel_environment, run_chapters, run_notebook  # noqa: E402

TRAINER = "code/mlfa/training/trainer.py"  # what a chapter that trains reads
INSTRUCTIONS = {"other instructions": {"ATEN_CPU_CAPABILITY": "default"}}


def trials(n: int) -> dict[str, dict[str, str]]:
    """What each trial changes in a kernel's environment, by its name."""
    moved = {f"moved {seed}": {"ROUNDING": str(seed)} for seed in range(1, n + 1)}
    return {"as it is": {}, **moved, **INSTRUCTIONS}


def try_chapter(book: Book, name: str, change: dict[str, str]) -> dict[str, Any]:
    """The claims of one run of a chapter, and the error that ended it, if one did."""
    path = os.pathsep.join([str(HERE / "rounding"), kernel_environment(book)["PYTHONPATH"]])
    try:
        run = run_notebook(book, book.read(name), {"PYTHONPATH": path, **change})
    except Exception as error:  # a trial that fails is a finding
        return {"error": str(error).strip().splitlines()[-1][:200], "claims": {}}
    claims = [record for record in records(run.notebook) if record["kind"] == "claim"]
    return {"claims": {c["name"]: {k: c[k] for k in ("holds", "margin", "spread") if k in c} for c in claims}}


def state_of(book: Book, name: str, inputs: list[str]) -> str:
    """What a chapter's trials depend on, in one text."""
    mover = digest(book, "benchmarks/rounding/sitecustomize.py")
    read = {path: digest(book, path) for path in inputs}
    return json.dumps([key_of(book, book.read(name)), read, mover], sort_keys=True)


def summary(found: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each claim of a chapter: in how many trials it held, and its smallest margin."""
    rows = []
    for claim in dict.fromkeys(claim for trial in found.values() for claim in trial["claims"]):
        seen = {trial: result["claims"].get(claim, {"holds": False}) for trial, result in found.items()}
        row = {"claim": claim, "held": sum(c["holds"] for c in seen.values()), "trials": len(seen)}
        failed = [trial for trial, c in seen.items() if not c["holds"]]
        margins = [(c["margin"], c.get("spread")) for c in seen.values() if "margin" in c]
        if margins:
            margin, spread = min(margins, key=lambda pair: pair[0])
            row |= {"smallest_margin": margin, "in_spreads": margin / spread if spread else None}
        rows.append(row | ({"failed_in": failed} if failed else {}))
    return rows


def table(chapters: dict[str, dict[str, Any]]) -> str:
    lines = ["| chapter | claim | held | smallest margin | in spreads |", "|---|---|---|---|---|"]
    for name, chapter in chapters.items():
        for row in chapter["claims"]:
            margin, spreads = (
                f"{row[k]:.3g}" if row.get(k) is not None else "" for k in ("smallest_margin", "in_spreads")
            )
            held = f"{row['held']} of {row['trials']}"
            held = held if row["held"] == row["trials"] else f"**{held}**"
            lines.append(f"| {name.removeprefix('chapters/')} | {row['claim']} | {held} | {margin} | {spreads} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "chapters", nargs="*", help="names as in chapters/images/flows; all that train if none is given"
    )
    parser.add_argument("--trials", type=int, default=8, help="how many changes of the first weights (8)")
    parser.add_argument("--output", type=Path, default=HERE / "robust.json")
    parser.add_argument("--workers", type=int, default=cores())
    arguments = parser.parse_args()
    book = Book(ROOT)
    runs = run_chapters(book, arguments.chapters or book.chapters())
    training = {name: run for name, run in runs.items() if any(path.startswith(TRAINER) for path in run.inputs)}
    kept = book.build / ".robust"
    kept.mkdir(exist_ok=True)
    found: dict[str, dict[str, Any]] = {name: {} for name in training}
    jobs = []
    for name, run in training.items():
        state, path = state_of(book, name, list(run.inputs)), kept / f"{name.replace('/', '--')}.json"
        known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        done = known["trials"] if known.get("state") == state else {}
        for trial, change in trials(arguments.trials).items():
            if trial in done:
                found[name][trial] = done[trial]
            else:
                jobs.append((name, trial, change, state, path))
    with ThreadPoolExecutor(arguments.workers) as pool:
        waiting = [(job, pool.submit(try_chapter, book, job[0], job[2])) for job in jobs]
        for (name, trial, _, state, path), result in waiting:
            found[name][trial] = result.result()
            path.write_text(json.dumps({"state": state, "trials": found[name]}), encoding="utf-8")
            failed = [claim for claim, c in found[name][trial]["claims"].items() if not c["holds"]]
            said = found[name][trial].get("error") or (f"not confirmed: {', '.join(failed)}" if failed else "all hold")
            print(f"{name}, {trial}: {said}", flush=True)
    known = json.loads(arguments.output.read_text(encoding="utf-8")) if arguments.output.is_file() else {}
    chapters = known.get("chapters", {})
    for name, results in found.items():
        ordered = {trial: results[trial] for trial in trials(arguments.trials)}
        errors = {trial: result["error"] for trial, result in ordered.items() if "error" in result}
        chapters[name] = {"claims": summary(ordered), **({"errors": errors} if errors else {})}
    chapters = {name: chapters[name] for name in book.chapters() if name in chapters}
    written = {"trials": list(trials(arguments.trials)), "chapters": chapters}
    arguments.output.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    arguments.output.with_suffix(".md").write_text(table(chapters), encoding="utf-8")
    bad = [
        f"{name}: {row['claim']} held in {row['held']} of {row['trials']}"
        for name, chapter in chapters.items()
        for row in chapter["claims"]
        if row["held"] < row["trials"]
    ] + [f"{name}, {trial}: {error}" for name, c in chapters.items() for trial, error in c.get("errors", {}).items()]
    print("\n".join(["Not in all trials:", *bad]) if bad else "All claims hold in all trials.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
