"""The box "Before you start" and the scoreboard, as text and as they stand in a notebook."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes

from mlfa_site import boxes
from sphinx_ledger import notebooks

CELL = "```{code-cell} python\nx = 1\n```\n"


def test_words_and_cells_take_their_time() -> None:
    front = "---\nfile_format: mystnb\n---\n"
    assert boxes.minutes_to_read(front + "word " * 40) == 1
    assert boxes.minutes_to_read(front + "word " * 400) == 3
    assert boxes.minutes_to_read(front + "word " * 400 + "\n" + 4 * CELL) == 5
    checks = CELL.replace("x = 1", ":tags: [checked]\nclaim()") + CELL.replace("x = 1", "---\ntags: [checked]\n---\nx")
    assert boxes.minutes_to_read("word " * 300 + "\n" + 3 * checks) == 3
    solution = "```{solution-start} ex-one\n```\n" + "word " * 900 + "\n" + CELL + "```{solution-end}\n```\n"
    assert boxes.minutes_to_read("word " * 290 + "\n" + solution) == 2
    answer = ":::{admonition} An answer\n:class: dropdown\n" + "word " * 900 + "\n:::\n"
    assert boxes.minutes_to_read("word " * 290 + "\n" + answer + "\nword\n") == 2


def test_a_notebook_has_the_table_without_seconds() -> None:
    values = {"a-test-rmse": 0.51234, "a-test-r2": 0.6, "a-parameters": 9, "a-seconds": 1.0}
    source = "```{scoreboard}\n:name: tab-scores\n```"
    options = {"name": "tab-scores", "caption": "Models. Seconds are of one machine. The end."}
    writer = SimpleNamespace(values=values, source=source)
    assert notebooks.DIRECTIVES["scoreboard"](writer, "", options, ["a | A line | [](lines)", ""]) == [
        "| Model | Test RMSE | Test R² | Parameters | Page |",
        "| --- | --- | --- | --- | --- |",
        "| A line | 0.512 | 0.600 | 9 | [](lines) |",
        "",
        "**Table 1.** Models. The end.",
    ]
    assert "> About 1 minutes to read, without the solutions." in notebooks.DIRECTIVES["before"](
        writer, "", {}, ["Words."]
    )
    assert notebooks.ROLES["cited"](writer, "a fact") == "a fact"


@pytest.mark.parametrize(("peak", "shown", "told"), [(None, "not measured", ""), (1234.4, "1,234", "1234 MB")])
def test_memory_that_was_not_measured_is_not_told(tmp_path: Path, peak: float | None, shown: str, told: str) -> None:
    """Only Linux tells how much a kernel held."""
    (tmp_path / "one.md").write_text("word " * 40)
    runs = {"one": SimpleNamespace(peak_mb=peak, seconds=2.4), "two": SimpleNamespace(peak_mb=5.0, seconds=3.0)}
    env = SimpleNamespace(doc2path=lambda docname: tmp_path / "one.md")
    env.app = SimpleNamespace(env=env, ledger_runs=runs)
    state = SimpleNamespace(inline_text=lambda text, line: ([nodes.Text(text)], []))
    (table,) = boxes.PageCosts.run(SimpleNamespace(env=env, state=state, lineno=1))
    rows = [[cell.astext() for cell in row.findall(nodes.entry)] for row in table.findall(nodes.row)]
    assert rows[1:] == [
        ["[](/one)", "1", "2", shown],
        ["[](/two)", "1", "3", "5"],
        ["all, one after the other", "2", "5", ""],
    ]
    page = nodes.section("", boxes.page_cost())
    boxes.tell_costs(env.app, page, "one")
    memory = f" and {told} of memory" if told else ""
    assert page.astext() == (
        f"About 1 minutes to read, without the solutions; the cells ran in 2 seconds{memory} when this page was built."
    )
