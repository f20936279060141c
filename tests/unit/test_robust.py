"""The trials of rounding move what they say, and their table hides no failure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

import robust  # noqa: E402
from robust import failures, table, trains, trials, try_chapter  # noqa: E402
from sphinx_ledger.chapters import Book  # noqa: E402

PROGRAM = """
import torch
from torch import nn
torch.manual_seed(0)
model = nn.Linear(100, 3)
before = model.weight.detach().clone()
torch.optim.SGD(model.parameters(), lr=0.1)
print(float(((model.weight - before) / before).abs().max()), float(model.weight.sum().detach()))
"""


def moved(*seeds: str) -> list[tuple[float, float]]:
    """What processes say of the first weights, side by side; one whose seed is empty moves nothing."""
    path = os.pathsep.join([str(ROOT / "benchmarks" / "rounding"), str(ROOT / "code"), str(ROOT / "_ext" / "ledger")])
    environments = [{**os.environ, "PYTHONPATH": path, "ROUNDING": seed} for seed in seeds]
    command = [sys.executable, "-c", PROGRAM]
    running = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for env in environments]
    said = [process.communicate()[0].split() for process in running]
    assert [process.returncode for process in running] == [0] * len(seeds)
    return [(float(largest), float(total)) for largest, total in said]


def test_first_weights_are_moved_in_their_last_places_and_only_when_asked() -> None:
    still, first, second, again = moved("", "1", "2", "1")
    assert still[0] == 0
    assert 1e-6 < first[0] < 1e-5
    assert first != second and first == again


def test_there_are_at_least_eight_changes_and_one_run_as_it_is() -> None:
    assert list(trials(8)) == ["as it is", *(f"moved {k}" for k in range(1, 9)), "other instructions"]


FOUND = {
    "as it is": {"claims": {"a-b": {"holds": True, "margin": 0.3, "spread": 0.1}, "c": {"holds": True}}},
    "moved 1": {"claims": {"a-b": {"holds": False, "margin": -0.1, "spread": 0.2}, "c": {"holds": True}}},
    "moved 2": {"claims": {}, "error": "ValueError: broke"},
}


def test_the_table_has_a_row_for_each_claim() -> None:
    chapters = {
        "chapters/images/cnn": {"trials": FOUND},
        "chapters/images/unet": {"trials": {"as it is": FOUND["as it is"]}},
    }
    lines = table(chapters, changed=["chapters/images/unet"]).splitlines()
    assert lines[2:] == [
        "| images/cnn | a-b | **1 of 3** | -0.1 | -0.5 |",
        "| images/cnn | c | **2 of 3** |  |  |",
        "| images/unet (changed since) | a-b | 1 of 1 | 0.3 | 3 |",
        "| images/unet (changed since) | c | 1 of 1 |  |  |",
    ]


def test_what_failed_is_told_by_claim_and_by_trial() -> None:
    assert failures({"x": {"trials": FOUND}, "y": {"trials": {"as it is": FOUND["as it is"]}}}) == [
        "x: a-b held in 1 of 3",
        "x: c held in 2 of 3",
        "x, moved 2: ValueError: broke",
    ]


CHAPTER = """---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---
# One network

```{code-cell} python
import torch
from sphinx_ledger.records import claim

torch.manual_seed(0)
model = torch.nn.Linear(100, 3)
torch.optim.SGD(model.parameters(), lr=0.1)
```

```{code-cell} python
size = model.weight.detach().double().abs().sum().item()
claim("net-size", "The weights are not all zero.", larger={"weights": size}, smaller={"zero": 0})
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book of one chapter that makes an optimizer and of one without cells."""
    root = tmp_path_factory.mktemp("book")
    for name, text in {
        "_config.yml": "title: A book\nsphinx: {config: {ledger: {pythonpath: [code]}}}\n",
        "_toc.yml": "format: jb-book\nroot: index\nchapters: [{file: net}]\n",
        "index.md": "# A book\n",
        "net.md": CHAPTER,
    }.items():
        (root / name).write_text(text, encoding="utf-8")
    return Book(root)


def run_main(book: Book, monkeypatch: pytest.MonkeyPatch, *options: str) -> dict[str, Any]:
    """What `robust.json` says of the chapter after the program ran, with the exit code."""
    output = book.build / "robust.json"  # beside the chapter it would be one of the names that its run listed
    monkeypatch.setattr(robust, "ROOT", book.root)
    monkeypatch.setattr(sys, "argv", ["robust.py", "--output", str(output), "--workers", "2", *options])
    code = robust.main()
    return {"code": code, **json.loads(output.read_text(encoding="utf-8"))["chapters"]["net"]}


def test_a_trial_moves_the_weights_of_a_kernel_and_is_kept_until_a_library_changes(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robust, "INSTRUCTIONS", {})  # each kernel imports torch: as few as tell something
    found = run_main(book, monkeypatch, "--trials", "2")
    assert found["code"] == 0 and list(found["versions"]) == ["python", *robust.LIBRARIES, "processor"]
    margins = {trial: result["claims"]["net-size"]["margin"] for trial, result in found["trials"].items()}
    assert set(margins) == {"as it is", "moved 1", "moved 2"}
    still, first, second = (margins[trial] for trial in ("as it is", "moved 1", "moved 2"))
    assert len({still, first, second}) == 3, "ROUNDING did not reach a kernel"
    assert first == pytest.approx(still, rel=1e-5) and second == pytest.approx(still, rel=1e-5)
    stored = list((book.root / "_build" / ".runs").rglob("*.ipynb"))
    assert len(stored) == 1, "a trial is no run of the book"

    # Another kernel for each trial would tell no more: from here on trials are counted only.
    tried: list[str] = []

    def counted(book: Book, name: str, change: dict[str, str]) -> dict[str, Any]:
        tried.append(change["ROUNDING"])
        return {"claims": {"net-size": {"holds": change["ROUNDING"] == "1"}}}

    monkeypatch.setattr(robust, "try_chapter", counted)
    assert run_main(book, monkeypatch, "--trials", "2") == found and not tried
    now = found["versions"]
    monkeypatch.setattr(robust, "versions", lambda: {**now, "python": f"{now['python']}0", "processor": "another"})
    assert run_main(book, monkeypatch, "--trials", "2") == found and not tried
    changed = {**now, "torch": "0.1"}
    monkeypatch.setattr(robust, "versions", lambda: changed)
    assert run_main(book, monkeypatch, "--trials", "2", "--any-versions") == found and not tried
    again = run_main(book, monkeypatch, "--trials", "2")
    assert sorted(tried) == ["1", "2"] and again["versions"] == changed
    assert again["code"] == 1, "a claim that fails in a trial fails the program"
    assert list((book.root / "_build" / ".runs").rglob("*.ipynb")) == stored


def test_a_trial_that_breaks_says_so(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("before\nNo such layer.")

    monkeypatch.setattr(robust, "run_notebook", broken)
    assert try_chapter(book, "net", {}) == {"error": "No such layer.", "claims": {}}


@pytest.mark.parametrize(
    ("cell", "module", "found"),
    [
        ("optimizer = torch.optim.Adam([w])", "", True),
        ("fit(model)", "class Trainer: ...", True),
        ("fit(model)", "from torch import optim", True),
        ("fit(model)", "def fit(model): ...  # optimal", False),
    ],
)
def test_a_chapter_trains_if_its_cells_or_the_code_that_it_reads_name_an_optimizer(
    tmp_path: Path, cell: str, module: str, found: bool
) -> None:
    (tmp_path / "_config.yml").write_text("title: A book\n", encoding="utf-8")
    (tmp_path / "code" / "mlfa").mkdir(parents=True)
    for name, text in {"read.py": module, "not_read.py": "torch.optim", "data.csv": "torch.optim"}.items():
        (tmp_path / "code" / "mlfa" / name).write_text(text, encoding="utf-8")
    inputs = {"code/mlfa/read.py": "", "code/mlfa/gone.py": None, "code/mlfa/data.csv": ""}
    run = SimpleNamespace(notebook=new_notebook(cells=[new_code_cell(cell)]), inputs=inputs)
    assert trains(Book(tmp_path), run) is found
