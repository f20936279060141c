"""Which claims hold on other processors too? Every chapter that trains runs under changes of rounding: `make robust`.

A trial starts each network from weights moved in their last places (`rounding/sitecustomize.py`), a stand-in for the
order in which another processor adds; one more trial computes with other instructions. For each claim the table tells
in how many trials it held and its smallest margin there. `robust.json` keeps every trial and what the chapter then
was, and with which versions: a chapter that did not change is not tried again, on whatever machine, until a library
gets another version (`--any-versions` keeps such trials too). One that changed is called so in the table.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from hardware import processor

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "_ext" / "ledger"))

from sphinx_ledger.chapters import Book, code_cells  # noqa: E402
from sphinx_ledger.keys import digest, path_of  # noqa: E402
from sphinx_ledger.ledger import records  # noqa: E402
from sphinx_ledger.runs import cores, kernel_environment, run_chapters, run_notebook  # noqa: E402
from sphinx_ledger.store import Run, find_run  # noqa: E402
from sphinx_ledger.trials import state_of, summary  # noqa: E402

TRAINING = re.compile(r"\btorch\.optim\b|\boptim\b|\bTrainer\b")  # in a chapter's cells, or in what it reads
LIBRARIES = ("numpy", "scikit-learn", "torch")
INSTRUCTIONS = {"other instructions": {"ATEN_CPU_CAPABILITY": "default"}}


def versions() -> dict[str, str]:
    """Those of what computes, of Python, and the processor."""
    named = {name: version(name) for name in LIBRARIES}
    return {"python": platform.python_version(), **named, "processor": processor()}


def decisive(noted: dict[str, str]) -> list[str | None]:
    """Of noted versions those that decide whether trials stand: not the processor, nor a patch of Python."""
    return [noted.get("python", "").rpartition(".")[0], *(noted.get(name) for name in LIBRARIES)]


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
    return {"claims": claims_of(run.notebook)}


def trains(book: Book, run: Run) -> bool:
    """Whether a chapter trains a network: an optimizer is named in its cells or in the book's code that it reads."""
    read = [path_of(book, name) for name in run.inputs if name.startswith("code/mlfa/") and name.endswith(".py")]
    texts = [cell.source for cell in code_cells(run.notebook)] + [
        p.read_text(encoding="utf-8") for p in read if p.is_file()
    ]
    return any(TRAINING.search(text) for text in texts)


def claims_of(notebook: NotebookNode) -> dict[str, Any]:
    claims = [record for record in records(notebook) if record["kind"] == "claim"]
    return {c["name"]: {k: c[k] for k in ("holds", "margin", "spread") if k in c} for c in claims}


def table(chapters: dict[str, dict[str, Any]], changed: Iterable[str] = ()) -> str:
    """Markdown: a row for each claim of every chapter; `changed` names those that changed since their trials."""
    lines = ["| chapter | claim | held | smallest margin | in spreads |", "|---|---|---|---|---|"]
    for name, chapter in chapters.items():
        shown = name.removeprefix("chapters/") + (" (changed since)" if name in changed else "")
        for row in summary(chapter["trials"]):
            margin, spreads = (
                f"{row[k]:.3g}" if row.get(k) is not None else "" for k in ("smallest_margin", "in_spreads")
            )
            held = f"{row['held']} of {row['trials']}"
            held = held if row["held"] == row["trials"] else f"**{held}**"
            lines.append(f"| {shown} | {row['claim']} | {held} | {margin} | {spreads} |")
    return "\n".join(lines) + "\n"


def failures(chapters: dict[str, dict[str, Any]]) -> list[str]:
    """What did not hold in all trials, and the trials that broke, a line each."""
    claims = [
        f"{name}: {row['claim']} held in {row['held']} of {row['trials']}"
        for name, chapter in chapters.items()
        for row in summary(chapter["trials"])
        if row["held"] < row["trials"]
    ]
    broken = [
        f"{name}, {trial}: {result['error']}"
        for name, chapter in chapters.items()
        for trial, result in chapter["trials"].items()
        if "error" in result
    ]
    return claims + broken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "chapters", nargs="*", help="names as in chapters/images/flows; all that train if none is given"
    )
    parser.add_argument("--trials", type=int, default=8, help="how many changes of the first weights (8)")
    parser.add_argument("--output", type=Path, default=HERE / "robust.json")
    parser.add_argument("--workers", type=int, default=cores())
    parser.add_argument(
        "--any-versions", action="store_true", help="keep trials that other versions of the libraries made"
    )
    arguments = parser.parse_args()
    book = Book(ROOT)
    runs = run_chapters(book, arguments.chapters or book.chapters())
    training = {name: run for name, run in runs.items() if trains(book, run)}
    states = {name: state_of(book, run.notebook, run.inputs) for name, run in training.items()}
    mover = digest(book, "benchmarks/rounding/sitecustomize.py")
    known = json.loads(arguments.output.read_text(encoding="utf-8")) if arguments.output.is_file() else {}
    known = known.get("chapters", {}) if known.get("mover") == mover else {}  # weights that were moved in another way
    chapters = {name: known[name] for name in book.chapters() if name in known}
    for name in set(chapters) - set(states):
        run = find_run(book, book.read(name))
        states[name] = state_of(book, run.notebook, run.inputs) if run else ""

    def write() -> None:
        """After every trial, so that one that is stopped loses no other's."""
        ordered = {name: chapters[name] for name in book.chapters() if name in chapters}
        changed = [name for name in ordered if ordered[name]["state"] != states[name]]
        text = json.dumps({"mover": mover, "chapters": ordered}, indent=1)
        arguments.output.write_text(text + "\n", encoding="utf-8")
        arguments.output.with_suffix(".md").write_text(table(ordered, changed), encoding="utf-8")

    jobs, today = [], versions()
    for name in arguments.chapters or training:
        if name not in training:
            parser.error(f"{name} trains no network: there is nothing to move in it")
        before = chapters.get(name, {"state": "", "versions": {}})
        as_then = arguments.any_versions or decisive(before["versions"]) == decisive(today)
        if before["state"] != states[name] or not as_then:
            first = {"as it is": {"claims": claims_of(training[name].notebook)}}
            chapters[name] = {"state": states[name], "versions": today, "trials": first}
        missing = {t: change for t, change in trials(arguments.trials).items() if t not in chapters[name]["trials"]}
        jobs += [(name, trial, change) for trial, change in missing.items()]
    write()
    with ThreadPoolExecutor(arguments.workers) as pool:
        waiting = {pool.submit(try_chapter, book, name, change): (name, trial) for name, trial, change in jobs}
        for done, job in enumerate(as_completed(waiting), 1):
            name, trial = waiting[job]
            result = chapters[name]["trials"][trial] = job.result()
            write()
            failed = [claim for claim, c in result["claims"].items() if not c["holds"]]
            said = result.get("error") or (f"not confirmed: {', '.join(failed)}" if failed else "all hold")
            print(f"{name}, {trial}: {said}; {len(jobs) - done} trials left", flush=True)
    bad = failures({name: chapter for name, chapter in chapters.items() if name in (arguments.chapters or training)})
    print("\n".join(["Not in all trials:", *bad]) if bad else "All claims hold in all trials.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
