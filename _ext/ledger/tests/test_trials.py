"""Trials of claims: no failure is hidden, and a chapter that changed since says so."""

import json

import pytest
from nbformat.v4 import new_code_cell
from small_book import SmallBook

from sphinx_ledger.chapters import Book
from sphinx_ledger.trials import held, state_of, summary

FOUND = {
    "as it is": {"claims": {"a-b": {"holds": True, "margin": 0.3, "spread": 0.1}, "c": {"holds": True}}},
    "moved 1": {"claims": {"a-b": {"holds": False, "margin": -0.1, "spread": 0.2}, "c": {"holds": True}}},
    "moved 2": {"claims": {}, "error": "ValueError: broke"},
}


def test_a_claim_is_counted_in_every_trial_also_in_one_that_broke() -> None:
    first, second = summary(FOUND)
    assert first == {
        "claim": "a-b",
        "held": 1,
        "trials": 3,
        "smallest_margin": -0.1,
        "in_spreads": pytest.approx(-0.5),
        "failed_in": ["moved 1", "moved 2"],
    }
    assert second == {"claim": "c", "held": 2, "trials": 3, "failed_in": ["moved 2"]}


def test_a_state_is_the_code_and_what_was_read_but_not_what_decides_nothing(book: SmallBook) -> None:
    book.edit("_config.yml", "derived:", "undecided: [code/small/deep.py]\n      derived:")

    def state() -> str:
        small = Book(book.root)
        return state_of(small, small.read("one"), ["code/small/first.py", "code/small/deep.py"])

    seen = [state()]
    for name, new in (("code/small/deep.py", "# drawn\n"), ("code/small/first.py", "# read\n"), ("one.md", "1\n")):
        path = book.root / name
        path.write_text(path.read_text().replace("number())", f"number())\n{new}") if name == "one.md" else new)
        seen.append(state())
    assert seen[0] == seen[1] and len(set(seen)) == 3


def test_a_cell_with_an_undecided_tag_counts_if_it_claims(book: SmallBook) -> None:
    def states(cell: str) -> tuple[str, str]:
        """The state of a chapter with a tagged cell, without the option and with it."""
        found = []
        for tags in ([], ["drawn"]):
            small = Book(book.root)
            small.options.undecided_tags.extend(tags)
            notebook = small.read("one")
            tagged = new_code_cell(cell, metadata={"tags": ["drawn", "hide-input"]})
            notebook.cells.append(tagged)
            found.append(state_of(small, notebook, ["code/small/first.py"]))
        return found[0], found[1]

    draws, draws_more = states("draw(1)"), states("draw(2)")
    assert draws[0] != draws_more[0], "by default no tag is left out"
    assert draws[1] == draws_more[1]
    assert states("claim('a-b', 'One.', x > 1)")[1] != states("claim('a-b', 'One.', x > 2)")[1]


def test_the_list_of_claims_tells_how_often_they_held(book: SmallBook) -> None:
    added = 'number())\nclaim("one-wins", "One beats two.", larger={"one": 3}, smaller={"two": 2})'
    book.edit("one.md", "number())", added)
    book.edit("_config.yml", "derived:", "trials: trials.json\n      derived:")
    assert held(Book(book.root), {}) == {}  # there are none
    trials = {"as it is": {"claims": {"one-wins": {"holds": True}}}, "moved 1": {"claims": {}}}
    known = {"chapters": {"one": {"state": "another", "trials": trials}}}
    (book.root / "trials.json").write_text(json.dumps(known))
    assert held(Book(book.root), {"one": "another"}) == {"one-wins": "1 of 2"}
    book.build()
    assert "Held in trials" in book.text("index") and "1 of 2, before the page changed" in book.text("index")
