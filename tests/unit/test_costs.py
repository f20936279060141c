"""The table of costs says what the runs say, and their sum."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

from docutils import nodes

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from mlfa_book.costs import costs_table, rewrite  # noqa: E402
from mlfa_book.pages import minutes_to_read  # noqa: E402


def app(tmp_path: Path, runs: dict) -> SimpleNamespace:
    for name, words in (("a", 400), ("b", 40)):
        (tmp_path / f"{name}.md").write_text("word " * words)
    titles = {name: nodes.title("", f"Page {name}") for name in runs}
    env = SimpleNamespace(mlfa_runs=runs, titles=titles, doc2path=lambda name: str(tmp_path / f"{name}.md"))
    return SimpleNamespace(env=env, builder=SimpleNamespace(get_relative_uri=lambda here, there: f"{there}.html"))


def cells(table: nodes.table) -> list[list[str]]:
    return [[entry.astext() for entry in row.findall(nodes.entry)] for row in table.findall(nodes.row)]


def test_the_rows_are_the_runs(tmp_path: Path) -> None:
    runs = {"a": {"seconds": 12.6, "peak_mb": 1234.4}, "b": {"seconds": 0.6, "peak_mb": 99.0}}
    table = costs_table(app(tmp_path, runs), "here")
    minutes = [minutes_to_read("word " * words) for words in (400, 40)]
    assert minutes[0] > minutes[1]
    assert cells(table)[1:] == [
        ["Page a", str(minutes[0]), "13", "1,234"],
        ["Page b", str(minutes[1]), "1", "99"],
        ["all, one after the other", str(sum(minutes)), "13", "1,234 at most"],
    ]
    assert [link["refuri"] for link in table.findall(nodes.reference)] == ["a.html", "b.html"]


def test_memory_that_was_not_measured_is_not_zero(tmp_path: Path) -> None:
    table = costs_table(app(tmp_path, {"a": {"seconds": 1.0, "peak_mb": None}}), "here")
    assert cells(table)[1][3] == "not measured"


def test_the_page_is_written_in_every_build() -> None:
    assert rewrite(None, SimpleNamespace(mlfa_costs_pages={"run"})) == {"run"}
    assert rewrite(None, SimpleNamespace()) == set()
