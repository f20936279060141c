"""The committed results are complete, and say the truth about aims and scores; a cheap task runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
BENCH = FOLDER / "bench.py"
SPREAD = {"median", "low", "high"}
sys.path.insert(0, str(FOLDER))

import speedup  # noqa: E402
from report import is_worse, page, verdicts  # noqa: E402
from shared.task import MOST_OF_LIBRARY, MOST_OF_PLAIN  # noqa: E402
from tasks import NAMES  # noqa: E402

RESULTS = json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))
ROWS = {row["task"]: row for row in RESULTS["rows"]}


def source(name: str) -> str:
    return (FOLDER / "tasks" / f"{name}.py").read_text(encoding="utf-8")


def test_every_task_is_in_the_committed_results():
    assert list(ROWS) == list(NAMES) and RESULTS["seeds"] >= 3
    assert set(NAMES) == {path.stem for path in (FOLDER / "tasks").glob("*.py")} - {"__init__"}


@pytest.mark.parametrize("name", NAMES)
def test_a_row_has_both_columns_or_says_why_not(name: str):
    row, text = ROWS[name], source(name)
    for side in ("book", "plain", "library"):
        found = row[side]
        if "none" in found:
            assert side != "book" and len(found["none"].split()) >= 5, f"{side} is missing without a reason"
            assert f"def {side}(" not in text and side not in row["ratio"]
            continue
        for key in ("seconds", "score"):
            assert set(found[key]) == SPREAD and found[key]["low"] <= found[key]["median"] <= found[key]["high"]
        assert found["seconds"]["low"] > 0 and found["mb"] >= 0 and found["import_mb"] > 10
        assert side == "book" or (len(found["what"].split()) >= 2 and set(row["ratio"][side]) == SPREAD)
    assert row["ratio"], "a task is measured beside nothing"


@pytest.mark.parametrize("name", NAMES)
def test_times_have_a_spread_and_fit_the_ratios(name: str):
    """No two of several seeds take the same time to three digits, unless somebody wrote the numbers."""
    row = ROWS[name]
    measured = [row[side]["seconds"] for side in ("book", *row["ratio"])]
    assert any(seconds["low"] < seconds["high"] for seconds in measured)
    assert set(row["ratio"]) == set(row["score_difference"])
    for side, ratio in row["ratio"].items():
        ours, theirs = row["book"]["seconds"], row[side]["seconds"]
        assert 0.99 * ours["low"] / theirs["high"] <= ratio["low"] <= ratio["median"] <= ratio["high"]
        assert ratio["high"] <= 1.01 * ours["high"] / theirs["low"]


@pytest.mark.parametrize("name", NAMES)
def test_the_book_is_not_worse_than_what_stands_beside_it(name: str):
    row = ROWS[name]
    worse = [side for side in row["ratio"] if is_worse(row, side)]
    assert not worse, f"below {worse} by more than the differences spread: {row['score_difference']}"


@pytest.mark.parametrize("name", [name for name in NAMES if "share of" in source(name)])
def test_answers_that_can_be_right_are_right(name: str):
    row = ROWS[name]
    for side in ("book", *row["ratio"]):
        assert row[side]["score"]["low"] == 1, f"{side} is wrong"


def test_what_trains_and_what_is_written_out_has_its_aim():
    for name, row in ROWS.items():
        text = source(name if name != "attention_long" else "attention")
        wanted = {"plain": MOST_OF_PLAIN} if "trains=True" in text and "plain" in row["ratio"] else {}
        wanted |= {"library": MOST_OF_LIBRARY} if "from_scratch=True" in text and "library" in row["ratio"] else {}
        assert row["aims"] == wanted, name
    assert sum("plain" in row["aims"] for row in ROWS.values()) >= 8
    assert sum("library" in row["aims"] for row in ROWS.values()) >= 12


def test_the_page_is_made_from_the_results_and_names_every_missed_aim():
    text = (FOLDER / "results.md").read_text(encoding="utf-8")
    assert text == page(RESULTS)
    assert "total" not in text.lower()
    missed = {name: {side for side, words in verdicts(row).items() if words != "met"} for name, row in ROWS.items()}
    times = text[text.index("## Times") : text.index("## Scores")]
    lines = {line.split("|")[1].strip(): line for line in times.splitlines() if line.startswith("| ")}
    for name, sides in missed.items():
        line = lines[ROWS[name]["title"]]
        assert line.count("**missed") == len(sides), line


@pytest.mark.parametrize(
    ("ratio", "difference", "verdict"),
    [
        (0.6, [0.01, 0.02, 0.03], "met"),
        (0.6, [-0.03, -0.01, 0.01], "met"),  # lower, but not by more than the differences spread
        (0.61, [-0.01, 0.0, 0.01], "missed by time"),
        (0.1, [-0.06, -0.05, -0.04], "missed by score"),
        (0.7, [-0.06, -0.05, -0.04], "missed by time and score"),
    ],
)
def test_an_aim_is_missed_by_time_and_by_score(ratio: float, difference: list[float], verdict: str):
    """The difference of scores from least to most, the median between."""
    row = {
        "aims": {"plain": 0.6},
        "ratio": {"plain": dict.fromkeys(SPREAD, ratio)},
        "score_difference": {"plain": dict(zip(("low", "median", "high"), difference, strict=True))},
    }
    assert verdicts(row) == {"plain": verdict}


def test_a_cheap_task_is_measured(tmp_path: Path):
    output = tmp_path / "found.json"
    command = [sys.executable, str(BENCH), "--only", "autocorrelation_by_no_one"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "--only must be among read_table" in done.stderr

    command = [sys.executable, str(BENCH), "--only", "read_table", "--repeats", "3", "--output", str(output)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(output.read_text(encoding="utf-8"))
    (measured,) = found["rows"]
    assert set(measured) == set(ROWS["read_table"]) and set(measured["ratio"]) == {"plain", "library"}
    assert all(measured[side]["score"] == dict.fromkeys(SPREAD, 1.0) for side in ("book", "plain", "library"))
    assert measured["plain"]["import_mb"] < measured["library"]["import_mb"], "csv needs less than pandas"
    assert "| read the table |" in output.with_suffix(".md").read_text(encoding="utf-8")
    assert json.loads((FOLDER / "results.json").read_text(encoding="utf-8")) == RESULTS, "the committed file changed"


def test_two_repeats_are_refused():
    done = subprocess.run([sys.executable, str(BENCH), "--repeats", "2"], capture_output=True, text=True)
    assert done.returncode == 2 and "at least 3" in done.stderr


def test_a_side_that_fails_ends_with_its_error(tmp_path: Path):
    program = f"import sys; sys.path.insert(0, {str(FOLDER)!r}); import bench; bench.Side('no_such_task', 'book')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1 and "no_such_task, book failed" in done.stderr and "ModuleNotFoundError" in done.stderr


def test_an_update_of_another_machine_is_refused(tmp_path: Path):
    """Rows of two machines in one table would be compared."""
    output = tmp_path / "found.json"
    output.write_text(json.dumps(RESULTS | {"machine": {"processor": "an abacus"}}), encoding="utf-8")
    command = [sys.executable, str(BENCH), "--only", "read_table", "--update", "--output", str(output)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "an abacus" in done.stderr


def test_the_speed_up_of_two_processes():
    """Medians of both sides, who take turns; least and most of the pairs that were measured together."""
    asked, seconds = [], {1: iter([8.0, 9.0, 4.0]), 2: iter([5.0, 4.0, 4.0])}

    def measure(model: str, processes: int, images: int) -> float:
        asked.append(processes)
        return next(seconds[processes])

    row = speedup.compare("cnn", 8192, 3, measure)
    assert asked == [1, 2, 2, 1, 1, 2]
    assert row["one"] == {"median": 8, "low": 4, "high": 9} and row["two"] == {"median": 4, "low": 4, "high": 5}
    assert row["speedup"] == {"median": 2, "low": 1, "high": 9 / 4}
    text = speedup.page({"repeats": 3, "machine": speedup.machine(), "rows": [row]})
    assert "| small CNN, 28 × 28 | 8,192 | 8.00 (4.00–9.00) | 4.00 (4.00–5.00) | 2.00 (1.00–2.25) |" in text
    assert "the median of 3" in text and f"{speedup.machine()['cores']} cores" in text
