"""The book's tasks, each done as the book does it and in a plain way that one would write first.

A task is a pair of functions without arguments. Each returns a score; higher is better.
"""

from __future__ import annotations

from collections.abc import Callable

import images
import series
import tabular

PARTS = (tabular, images, series)
TASKS: dict[str, tuple[Callable[[], float], Callable[[], float]]] = {
    name: pair for part in PARTS for name, pair in part.TASKS.items()
}


def prepare(task: str) -> None:
    """Load what a task needs, so that loading is not measured; loading the table is a task of its own."""
    if task != "load the table":
        next(part for part in PARTS if task in part.TASKS).prepare()
