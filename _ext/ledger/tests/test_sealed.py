"""Test data shows nothing but its length until it is opened, and every opening is recorded."""

from typing import Any

import numpy as np
import pytest

from sphinx_ledger import sealed
from sphinx_ledger.sealed import Sealed


@pytest.fixture(autouse=True)
def fresh_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "OPENED", type(sealed.OPENED)())


@pytest.mark.parametrize(
    "look",
    [
        lambda test: test[0],
        lambda test: list(test),
        lambda test: (lambda X, y: X)(*test),
        lambda test: np.asarray(test),
        lambda test: np.mean(test),
        lambda test: 3 in test,
        lambda test: len(test) and next(iter(test)),
    ],
)
def test_nothing_is_seen_before_it_is_opened(look: Any) -> None:
    test = Sealed("test rows", np.arange(4128), np.arange(4128))
    assert len(test) == 4128 and repr(test) == str(test) == "sealed: 4,128 samples"
    with pytest.raises(TypeError, match=r"'test rows' is sealed, .*`\.open\(\"why\"\)`"):
        look(test)
    assert [name for name in dir(test) if not name.startswith("_")] == ["open"]


def test_an_opening_gives_the_data_and_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    outputs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    monkeypatch.setattr(sealed, "attach", lambda *output: outputs.append(output))
    X, y = Sealed("MNIST test digits", "abc", [1, 2, 3]).open("the final <score> of all")
    assert (X, y) == ("abc", [1, 2, 3])
    assert Sealed("phases", [7]).open("the final score") == [7], "a part alone is no tuple"
    again = Sealed("MNIST test digits", [1]).open("another look at it")
    assert again == [1], "who explores may look again"
    assert [metadata["ledger"] for _, metadata in outputs] == [
        {"kind": "opening", "name": name, "data": data, "why": why, "count": count, "samples": samples}
        for name, data, why, count, samples in [
            ("mnist-test-digits-opened-1", "MNIST test digits", "the final <score> of all", 1, 3),
            ("phases-opened-1", "phases", "the final score", 1, 1),
            ("mnist-test-digits-opened-2", "MNIST test digits", "another look at it", 2, 1),
        ]
    ]
    first, last = outputs[0][0], outputs[-1][0]
    assert first["text/plain"] == "Test data opened: MNIST test digits, 3 samples. Reason: the final <score> of all."
    assert "&lt;score&gt;" in first["text/html"]
    assert "opened 2 times by now" in last["text/plain"]


@pytest.mark.parametrize("why", ["", "score", "final score", "  a   b ", None, 3])
def test_an_opening_needs_a_reason(why: Any) -> None:
    with pytest.raises(ValueError, match="why must say in three words or more"):
        Sealed("test rows", [1]).open(why)
    assert not sealed.OPENED


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("test rows",), r"parts of 'test rows' must have one and the same length, got \[\]"),
        (("test rows", [1, 2], [1]), r"one and the same length, got \[1, 2\]"),
        (("", [1]), "name must be a few words"),
        ((["a"], [1]), "name must be a few words"),
    ],
)
def test_what_cannot_be_sealed(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Sealed(*arguments)
