"""Trials of claims under small changes, such as of rounding: which held, and whether the chapter is still the same.

The option `trials` names a JSON file with the chapters by their names under "chapters": of each the "state" and the
"trials"; of each trial the "claims" by their names, with "holds" and, if there is one, a "margin" and its "spread".
Who makes the trials is the book's affair.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from typing import Any

from nbformat import NotebookNode

from sphinx_ledger.chapters import Book, code_cells
from sphinx_ledger.keys import digest


def state_of(book: Book, notebook: NotebookNode, inputs: Iterable[str]) -> str:
    """What decides the claims of a chapter, as one digest: the code of its cells, and what its run read.

    Files that match the option `undecided` are left out, and so are names in stubs and, if they claim nothing, cells
    with one of the `undecided_tags`.
    """
    left_out = (*book.options.undecided, "*/__init__.pyi#*")
    deciding = [name for name in inputs if not any(fnmatch(name, pattern) for pattern in left_out)]
    cells = [
        cell.source
        for cell in code_cells(notebook)
        if "claim(" in cell.source or not set(book.options.undecided_tags) & set(cell.metadata.get("tags", []))
    ]
    read = {name: digest(book, name) for name in deciding}
    return hashlib.sha256(json.dumps([cells, read], sort_keys=True).encode()).hexdigest()


def summary(trials: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row for each claim of a chapter: in how many trials it held, and its smallest margin."""
    rows = []
    for claim in dict.fromkeys(claim for trial in trials.values() for claim in trial["claims"]):
        seen = {trial: result["claims"].get(claim, {"holds": False}) for trial, result in trials.items()}
        row = {"claim": claim, "held": sum(c["holds"] for c in seen.values()), "trials": len(seen)}
        failed = [trial for trial, c in seen.items() if not c["holds"]]
        margins = [(c["margin"], c.get("spread")) for c in seen.values() if "margin" in c]
        if margins:
            margin, spread = min(margins, key=lambda pair: pair[0])
            row |= {"smallest_margin": margin, "in_spreads": margin / spread if spread else None}
        rows.append(row | ({"failed_in": failed} if failed else {}))
    return rows


def held(book: Book, states: Mapping[str, str]) -> dict[str, str]:
    """In how many trials each claim held, in words; empty if the book has no trials.

    Parameters
    ----------
    book : Book
    states : dict of str to str
        The state of each chapter today.
    """
    path = book.root / book.options.trials
    if not path.is_file():
        return {}
    words = {}
    for name, chapter in json.loads(path.read_text(encoding="utf-8"))["chapters"].items():
        before = "" if chapter["state"] == states.get(name) else ", before the page changed"
        for row in summary(chapter["trials"]):
            words[row["claim"]] = f"{row['held']} of {row['trials']}{before}"
    return words
