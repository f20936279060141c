"""The table that people read, from the results of `bench.py`."""

HEAD = (
    "# Benchmarks\n\n"
    "Written by `make bench`. What is measured and how stands in [README.md](README.md).\n\n"
    "Times are CPU seconds of one thread: the median of {seeds} seeds, and from least to most in brackets. "
    "*Beside plain* and *beside the library* are the book's time divided by theirs, seed by seed, so below 1 the book "
    "is faster. Memory is the most that a side took above its imports, its data included. Scores are medians with "
    "their spread; higher is better.\n\n"
    "{processor}, {system}, Python {python}; {packages}.\n"
)


def page(results: dict) -> str:
    """All of `results.md`."""
    rows, machine = results["rows"], dict(results["machine"])
    named = {key: machine.pop(key) for key in ("processor", "system", "python")}
    packages = ", ".join(f"{name} {version}" for name, version in machine.items())
    parts = [HEAD.format(seeds=results["seeds"], packages=packages, **named), aims(rows)]
    parts += ["## Times and memory\n", times(rows), "## Scores\n", scores(rows), "## What stands beside the book\n"]
    parts += [beside(row) for row in rows]
    parts += ["## Imports\n", IMPORTS, imports(rows)]
    return "\n".join(parts)


def is_worse(row: dict, side: str) -> bool:
    """Whether the book's score is below a side's, seed by seed, by more than the spread of these differences."""
    found = row["score_difference"][side]
    return -found["median"] > found["high"] - found["low"] + 1e-9


def verdicts(row: dict) -> dict[str, str]:
    """For each aim of a row "met", or by what it was missed."""
    found = {}
    for side, most in row["aims"].items():
        missed = ["time"] * (row["ratio"][side]["median"] > most) + ["score"] * is_worse(row, side)
        found[side] = f"missed by {' and '.join(missed)}" if missed else "met"
    return found


def aims(rows: list[dict]) -> str:
    """Which aims were met, and which were missed."""
    texts = []
    for side, what in (
        ("plain", "A network that is trained on batches takes at most {most} of the plain loop's time"),
        ("library", "What the book writes out takes at most {most} of the library's time"),
    ):
        aimed = [row for row in rows if side in row["aims"]]
        if not aimed:
            continue
        missed = [row for row in aimed if verdicts(row)[side] != "met"]
        told = ", ".join(f"{row['title']} ({row['ratio'][side]['median']:.3g})" for row in missed)
        count = f"met by {len(aimed) - len(missed)} of {len(aimed)}"
        end = f"; **missed by** {told}." if missed else "."
        texts.append(f"- {what.format(most=aimed[0]['aims'][side])}, at the same score or better: {count}{end}")
    return "Two aims:\n\n" + "\n".join(texts) + "\n"


def times(rows: list[dict]) -> str:
    lines = [
        "| task | seconds | beside plain | beside the library | MB: book, plain, library |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        cells = [row["title"], span(row["book"]["seconds"])]
        for side in ("plain", "library"):
            if side not in row["ratio"]:
                cells.append("–")
                continue
            word = verdicts(row).get(side)
            cells.append(span(row["ratio"][side], 2) + (f" **{word}**" if word and word != "met" else ""))
        cells.append(", ".join(f"{row[side]['mb']:.0f}" if "mb" in row[side] else "–" for side in SIDES))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def scores(rows: list[dict]) -> str:
    lines = ["| task | score | book | plain | library |", "| --- | --- | ---: | ---: | ---: |"]
    for row in rows:
        cells = [span(row[side]["score"], 4) if "score" in row[side] else "–" for side in SIDES]
        lines.append(f"| {row['title']} | {row['score_is']} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def beside(row: dict) -> str:
    """What the plain side and the library's do, or why there is none."""
    lines = [f"**{row['title'][0].upper()}{row['title'][1:]}**", ""]
    for side, name in (("plain", "plain"), ("library", "library")):
        lines.append(f"- {name}: {row[side]['what']}" if "what" in row[side] else f"- no {name}: {row[side]['none']}")
    if row["note"]:
        lines.append(f"- {row['note']}")
    return "\n".join(lines) + "\n"


IMPORTS = """\
No time above holds imports. What a process takes until it can begin, in CPU seconds and MB:
"""


def imports(rows: list[dict]) -> str:
    lines = ["| task | book | plain | library |", "| --- | ---: | ---: | ---: |"]
    for row in rows:
        told = (row[side] for side in SIDES)
        cells = [f"{s['import_seconds']:.1f} s, {s['import_mb']} MB" if "mb" in s else "–" for s in told]
        lines.append(f"| {row['title']} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


SIDES = "book", "plain", "library"


def span(found: dict[str, float], digits: int | None = None) -> str:
    """Median, and least to most in brackets."""
    numbers = [found[key] for key in ("median", "low", "high")]
    told = [f"{x:.3g}" if digits is None or x >= 10 else f"{x:.{digits}f}" for x in numbers]
    return told[0] if len(set(told)) == 1 else f"{told[0]} ({told[1]} to {told[2]})"
