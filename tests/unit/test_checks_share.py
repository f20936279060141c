"""The idea is what the eye meets: little of the code that pages show is a check of arguments."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST = 0.12
LOADED = sorted(
    {
        (page.parent / name).resolve()
        for page in (ROOT / "chapters").rglob("*.md")
        for name in re.findall(r"^:load: (\S+\.py)$", page.read_text(encoding="utf-8"), flags=re.M)
    }
)


def span(node: ast.AST) -> set[int]:
    return set(range(node.lineno, node.end_lineno + 1))


def calls_check(node: ast.AST) -> bool:
    """Whether a statement is a call of a check, or names what such a call returns."""
    value = node.value if isinstance(node, ast.Expr | ast.Assign) else None
    called = value.func if isinstance(value, ast.Call) else None
    name = getattr(called, "id", getattr(called, "attr", ""))
    return name.lstrip("_").startswith("check")


def guards(node: ast.AST) -> bool:
    """Whether a statement, as a whole, refuses arguments and does nothing else."""
    if isinstance(node, ast.FunctionDef):
        return node.name.lstrip("_").startswith("check")
    only_raises = isinstance(node, ast.If) and not node.orelse and all(isinstance(n, ast.Raise) for n in node.body)
    return only_raises or isinstance(node, ast.Assert) or calls_check(node)


def lines_of_code(source: str) -> tuple[int, int]:
    """How many lines hold code, and how many of them only check; no docstrings, comments, imports, empty lines."""
    tree = ast.parse(source)
    left_out: set[int] = set()
    checking: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            left_out |= span(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            left_out |= span(node)
        elif isinstance(node, ast.stmt) and guards(node):
            checking |= span(node)
    text = source.splitlines()
    code = {n for n, line in enumerate(text, 1) if line.strip() and not line.strip().startswith("#")} - left_out
    return len(code), len(code & checking)


def test_what_counts_as_a_check() -> None:
    source = '"""Doc."""\nimport a\n\n\ndef f(x):\n    """Doc."""\n    check_count("x", x)\n    if x > 3:\n'
    source += '        raise ValueError(\n            "x"\n        )\n    # idea\n    return x\n\n\n'
    source += "def _check_f(x):\n    y = x\n"
    assert lines_of_code(source) == (9, 7)


@pytest.mark.parametrize("most", [MOST])
def test_checks_are_a_small_part_of_the_code_that_pages_show(most: float) -> None:
    counts = {path.relative_to(ROOT).as_posix(): lines_of_code(path.read_text(encoding="utf-8")) for path in LOADED}
    total, checks = (sum(column) for column in zip(*counts.values(), strict=True))
    table = "\n".join(f"{c / n:5.0%} {c:4} of {n:4}  {name}" for name, (n, c) in counts.items())
    print(table)
    assert len(LOADED) > 35 and checks <= most * total, f"{checks} of {total} lines check:\n{table}"
