"""Collect what the chapters claimed and found, for the ledger of the whole book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nbformat import NotebookNode

RECORD = "mlfa"


class LedgerError(Exception):
    """The records of the book contradict each other."""


def records(notebook: NotebookNode) -> Iterator[dict[str, Any]]:
    """Every record in a notebook's outputs, in order."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if RECORD in output.get("metadata", {}):
                yield dict(output["metadata"][RECORD])


def collect(notebooks: Mapping[str, NotebookNode]) -> list[dict[str, Any]]:
    """The records of all chapters, each with its chapter.

    Raises
    ------
    LedgerError
        If two records of the book have one name.
    """
    entries = [{**record, "chapter": name} for name, notebook in notebooks.items() for record in records(notebook)]
    homes: dict[str, str] = {}
    for entry in entries:
        if entry["name"] in homes:
            raise LedgerError(
                f"the name {entry['name']!r} is recorded twice, in {homes[entry['name']]} and in {entry['chapter']}; "
                "names are unique in the book."
            )
        homes[entry["name"]] = entry["chapter"]
    return entries


def public(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries as `ledger.json` holds them: name, chapter, and sentence with evidence, or value."""
    kept = ("kind", "name", "chapter", "sentence", "evidence", "value", "seconds")
    return [{key: entry[key] for key in kept if key in entry} for entry in entries]


def value_of(entries: Iterable[dict[str, Any]], name: str) -> Any:
    """The value of a result or the seconds of a timing; a KeyError if there is none of that name."""
    for entry in entries:
        if entry["name"] == name and entry["kind"] != "claim":
            return entry.get("value", entry.get("seconds"))
    raise KeyError(name)


def format_value(value: Any, spec: str) -> str:
    return format(value, spec) if spec else str(value)
