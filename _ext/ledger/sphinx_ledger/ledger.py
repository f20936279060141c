"""Collect what the chapters claimed and found, for the ledger of the whole book."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nbformat import NotebookNode

from sphinx_ledger.records import RECORD, show, show_evidence

HEADING = re.compile(r"^#{1,6} +(.+?)(?: +#+)? *$", re.M)
PUBLIC = (
    *("kind", "name", "chapter", "sentence", "evidence", "holds", "margin", "spread", "needs"),
    *("value", "seconds", "place", "data", "why", "count", "samples"),
)


class LedgerError(Exception):
    """The records of the book contradict each other."""


def records(notebook: NotebookNode) -> Iterator[dict[str, Any]]:
    """Every record in a notebook's outputs, in order; an opening of test data with the heading that it stands under."""
    place = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"^(```+).*?^\1", "", cell.source, flags=re.M | re.S)
            place = [place, *HEADING.findall(prose)][-1]
        for output in cell.get("outputs", []):
            if RECORD in output.get("metadata", {}):
                record = dict(output["metadata"][RECORD])
                yield {**record, "place": place} if record["kind"] == "opening" else record


def collect(notebooks: Mapping[str, NotebookNode]) -> list[dict[str, Any]]:
    """The records of all chapters, each with its chapter.

    Raises
    ------
    LedgerError
        If two records of the book have one name. Openings may: two chapters may open one test set.
    """
    entries = [{**record, "chapter": name} for name, notebook in notebooks.items() for record in records(notebook)]
    homes: dict[str, str] = {}
    for entry in entries:
        if entry["kind"] == "opening":
            continue
        if entry["name"] in homes:
            raise LedgerError(
                f"the name {entry['name']!r} is recorded twice, in {homes[entry['name']]} and in {entry['chapter']}; "
                "names are unique in the book."
            )
        homes[entry["name"]] = entry["chapter"]
    return entries


def public(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries as `ledger.json` holds them."""
    return [{key: entry[key] for key in PUBLIC if key in entry} for entry in entries]


def value_of(entries: Iterable[dict[str, Any]], name: str) -> Any:
    """The value of a result or the seconds of a timing; a KeyError if there is none of that name."""
    for entry in entries:
        if entry["name"] == name and entry["kind"] in ("result", "timing"):
            return entry.get("value", entry.get("seconds"))
    raise KeyError(name)


def format_value(value: Any, spec: str) -> str:
    return format(value, spec) if spec else str(value)


def show_margin(entry: Mapping[str, Any]) -> str:
    """How close a claim was, in its own unit and in spreads over the seeds; empty where that is not known."""
    if "margin" not in entry:
        return ""
    text = f"margin {show(entry['margin'])}"
    if not entry.get("spread"):
        return text
    in_spreads = float(f"{entry['margin'] / entry['spread']:.2g}")  # two digits say enough
    return f"{text}, {show(in_spreads)} spreads"


def not_confirmed(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The claims that their runs did not confirm."""
    return [entry for entry in entries if entry["kind"] == "claim" and not entry["holds"]]


def unconfirmed(entries: Iterable[dict[str, Any]]) -> list[str]:
    """A line for each claim that its run did not confirm."""
    return [
        f"{entry['chapter']}: not confirmed in this run, claim {entry['name']!r}: {entry['sentence']} "
        f"({'; '.join(filter(None, [show_evidence(entry['evidence']), show_margin(entry)]))})"
        for entry in not_confirmed(entries)
    ]


def reopened(entries: Iterable[dict[str, Any]]) -> list[str]:
    """A line for each opening of test data that its page had opened before."""
    return [
        f"{entry['chapter']}: test data is opened once on a page, but {entry['data']!r} is opened for time "
        f"{entry['count']}, under {entry['place']!r}: {entry['why']}"
        for entry in entries
        if entry["kind"] == "opening" and entry["count"] > 1
    ]


MEANING = (
    "Such a sentence was true of the run on the machine where it was written, and is not of this one: "
    "code or data have changed, or the comparison was so close that another processor or another version of a library "
    "decides it. Where a sentence and its evidence differ, trust the evidence."
)


def closing_words(entries: Iterable[dict[str, Any]]) -> str | None:
    """What a build says at its end of the claims that it did not confirm; None if it confirmed them all."""
    lines = unconfirmed(entries)
    if not lines:
        return None
    count = "One claim was" if len(lines) == 1 else f"{len(lines)} claims were"
    return "\n".join([f"{count} not confirmed in this build:", *(f"- {line}" for line in lines), MEANING])
