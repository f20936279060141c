"""The box "Before you start" and the scoreboard, as text and as they stand in a notebook."""

from __future__ import annotations

from types import SimpleNamespace

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
