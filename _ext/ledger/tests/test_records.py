"""What a chapter records, and what the ledger says of it."""

import json
from typing import Any

import nbformat
import numpy as np
import pytest

from sphinx_ledger import ledger, records
from sphinx_ledger.records import claim, result, show


@pytest.fixture
def attached(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What a kernel would be given: data and metadata of each output."""
    outputs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    monkeypatch.setattr(records, "attach", lambda data, metadata: outputs.append((data, metadata)))
    return outputs


def record_of(outputs: list[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, Any]:
    (output,) = outputs
    return output[1]["ledger"]


def test_a_true_claim_is_shown_with_its_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    claim("a-b", "A beats B.", np.bool_(True), a=[0.81234, 0.9], n=20640)
    assert capsys.readouterr().out == "Checked: A beats B. (a = [0.8123, 0.9]; n = 20,640)\n"


def test_a_false_claim_is_shown_and_raises_nothing(attached) -> None:
    claim("a-b", "A < B.", False, a_score=1)
    ((data, _),) = attached
    assert data["text/plain"] == "Not confirmed in this run: A < B. (a score = 1)"
    assert 'class="claim unconfirmed" id="claim-a-b"' in data["text/html"] and "A &lt; B." in data["text/html"]
    assert record_of(attached) == {
        **{"kind": "claim", "name": "a-b", "sentence": "A < B.", "evidence": {"a_score": 1}, "holds": False},
    }


@pytest.mark.parametrize(
    ("sides", "margin", "spread"),
    [
        ({"larger": 3, "smaller": 1}, 2.0, None),
        ({"larger": 1, "smaller": 3}, -2.0, None),
        ({"larger": 1, "smaller": 1}, 0.0, None),
        ({"larger": 3, "smaller": 1, "by": 0.5}, 1.5, None),
        # Seed by seed: the worst of the one lies below the best of the other, and still it holds.
        ({"larger": [2, 5], "smaller": [1, 3]}, 1.0, np.std([1, 2], ddof=1)),
        # Of different lengths, the worst against the best.
        ({"larger": [2, 5], "smaller": [1, 3, 2]}, -1.0, np.sqrt(4.5 + 1.0)),
        ({"larger": 4, "smaller": [1.0, 3.0]}, 1.0, np.sqrt(2.0)),
        # Every one of the larger over every one of the smaller: c over b is the closest.
        ({"larger": {"a": 9, "c": [4, 6]}, "smaller": {"b": [3, 4.5], "d": 0}}, 1.0, np.std([1, 1.5], ddof=1)),
        ({"larger": {"a": np.array([2.0, np.nan])}, "smaller": {"b": 1}}, None, None),
        ({"margin": 0.25}, 0.25, None),
        ({"margin": np.array([0.5, -0.5])}, -0.5, np.std([0.5, -0.5], ddof=1)),
    ],
)
def test_a_comparison_knows_how_close_it_was(attached, sides: dict[str, Any], margin, spread) -> None:
    evidence = {"n": 1} if "margin" in sides else {}
    claim("a-b", "A beats B.", **sides, **evidence)
    record = record_of(attached)
    assert record["holds"] == (margin is not None and margin > 0)
    assert record.get("margin") == (None if margin is None else pytest.approx(margin))
    assert record.get("spread") == (None if spread is None else pytest.approx(spread))
    json.dumps(record, allow_nan=False)


def test_the_sides_are_the_evidence(attached) -> None:
    claim("a-b", "A beats B.", larger={"forest": [0.8, 0.9]}, smaller={"line": 0.6}, by=0.1, splits=2)
    record = record_of(attached)
    assert record["evidence"] == {"forest": [0.8, 0.9], "line": 0.6, "splits": 2} and record["needs"] == 0.1
    ((data, _),) = attached
    assert data["text/plain"] == "Checked: A beats B. (forest = [0.8, 0.9]; line = 0.6; splits = 2)"


def test_a_truth_value_and_its_margin_agree(attached) -> None:
    claim("a-b", "A beats B.", True, margin=[1, 2], n=1)
    assert record_of(attached)["margin"] == 1
    with pytest.raises(ValueError, match=r"contradicts itself: holds is True, .* margin is -1, .* if and only if"):
        claim("a-b", "A beats B.", True, margin=[-1, 2], n=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 1}, "must say what holds"),
        ({"holds": True}, "needs evidence"),
        ({"margin": 1}, "needs evidence"),
        ({"larger": 1}, "it needs both"),
        ({"larger": 1, "smaller": 0, "holds": True}, "no truth value"),
        ({"larger": 1, "smaller": 0, "margin": 1}, "no `margin`"),
        ({"holds": True, "by": 0.1, "n": 1}, "by of claim 'a-b' is the lead"),
        ({"larger": [], "smaller": 0}, r"larger\['larger'\] of claim 'a-b' must be a number or a sequence"),
        ({"larger": {}, "smaller": 0}, "at least one"),
        ({"larger": {"a": [[1, 2]]}, "smaller": 0}, r"larger\['a'\] .* must be a number or a sequence"),
        ({"margin": "wide", "n": 1}, "margin of claim 'a-b' must be a number or a sequence of numbers, got 'wide'"),
        ({"larger": {"a": 1}, "smaller": {"a": 0}}, r"two values named \['a'\]"),
        ({"larger": {"a": 1}, "smaller": {"b": 0}, "a": 1}, r"two values named \['a'\]"),
    ],
)
def test_what_holds_is_said_in_exactly_one_way(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        claim("a-b", "A beats B.", **arguments)


@pytest.mark.parametrize("name", ["A b", "a_b", "", "a--b", "-a", 3])
def test_names_have_one_form(name: Any) -> None:
    for record in (lambda: claim(name, "x", True, a=1), lambda: result(name, 1.0)):
        with pytest.raises(ValueError, match="name must be lower-case words"):
            record()


def test_what_cannot_be_recorded_is_refused() -> None:
    with pytest.raises(TypeError, match="one truth value"):
        claim("a-b", "x", np.array([True, False]), a=1)
    with pytest.raises(ValueError, match="must be finite"):
        result("a-b", float("nan"))
    with pytest.raises(TypeError, match="one number or a text"):
        result("a-b", [1, 2])


def test_what_is_not_finite_is_shown_and_kept_as_text(attached) -> None:
    values = [1.0] * 12 + [float("inf")]
    claim("a-b", "x", False, values=values, each={"seed": float("nan")})
    assert record_of(attached)["evidence"]["each"] == {"seed": "nan"}
    assert show(record_of(attached)["evidence"]["values"]).endswith("1, inf]")


def entry(name: str, kind: str = "claim", **fields: Any) -> dict[str, Any]:
    claimed = {"sentence": f"{name} holds.", "evidence": {"n": 3}, "holds": True} if kind == "claim" else {}
    return {"kind": kind, "name": name, "chapter": "one", **claimed, **fields}


def test_the_ledger_names_what_was_not_confirmed() -> None:
    failed = entry("b", holds=False, margin=-0.5, spread=0.25)
    lines = ledger.unconfirmed([entry("a"), failed, entry("c", "result", value=1)])
    assert lines == [
        "one: not confirmed in this run, claim 'b': b holds. (n = 3; margin -0.5, -2 spreads)",
    ]
    words = ledger.closing_words([entry("a"), failed])
    assert words.startswith("One claim was not confirmed") and lines[0] in words and "trust the evidence" in words
    assert ledger.closing_words([entry("a")]) is None


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, ""),
        ({"margin": 0.031}, "margin 0.031"),
        ({"margin": 0.042, "spread": 0.01}, "margin 0.042, 4.2 spreads"),
        ({"margin": 1.2345, "spread": 0.01}, "margin 1.234, 120 spreads"),
    ],
)
def test_a_margin_is_told_in_spreads(fields: dict[str, float], text: str) -> None:
    assert ledger.show_margin(entry("a", **fields)) == text


def notebook(*cells: tuple[str, dict[str, Any]] | str) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook()
    for cell in cells:
        if isinstance(cell, str):
            made.cells.append(nbformat.v4.new_markdown_cell(cell))
        else:
            metadata = {"ledger": {"name": cell[0], **cell[1]}}
            output = nbformat.v4.new_output("display_data", {}, metadata=metadata)
            made.cells.append(nbformat.v4.new_code_cell(outputs=[output]))
    return made


def test_an_opening_knows_its_heading() -> None:
    opening = {"kind": "opening", "data": "test rows", "why": "the final score", "count": 1, "samples": 9}
    pages = {
        "one": notebook("# One\n\n## The test ##\n\n```\n# no heading\n```\n\ntext", ("t-opened-1", opening)),
        "two": notebook("# Two", ("t-opened-1", opening), "## More", ("t-opened-2", {**opening, "count": 2})),
    }
    entries = ledger.collect(pages)
    assert [(e["chapter"], e["place"]) for e in entries] == [("one", "The test"), ("two", "Two"), ("two", "More")]
    assert ledger.reopened(entries) == [
        "two: test data is opened once on a page, but 'test rows' is opened for time 2, under 'More': the final score",
    ]


def test_a_name_is_recorded_once_in_the_book() -> None:
    value = {"kind": "result", "value": 1}
    entries = ledger.collect({"one": notebook(("a", value)), "two": notebook(("b", value))})
    assert ledger.value_of(entries, "b") == 1
    with pytest.raises(KeyError):
        ledger.value_of(entries, "c")
    with pytest.raises(ledger.LedgerError, match="'a' is recorded twice, in one and in two"):
        ledger.collect({"one": notebook(("a", value)), "two": notebook(("a", value))})
