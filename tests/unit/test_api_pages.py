"""The API reference covers the whole package, and its docstrings tell every argument."""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from mlfa_book import api, arguments  # noqa: E402
from mlfa_book.chapters import Book  # noqa: E402

PACKAGE = ROOT / "code" / "mlfa"
PAGES = sorted((ROOT / "chapters" / "appendix" / "api").glob("*.md"))
LISTED = [module for page in PAGES for module in api.listed_modules(page.read_text(encoding="utf-8"))]
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    for path in PACKAGE.rglob("*.py")
    if not path.stem.startswith("_")
)


def test_every_module_stands_on_exactly_one_page() -> None:
    assert sorted(LISTED) == MODULES


def test_every_page_is_in_the_table_of_contents() -> None:
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    assert all(f"chapters/appendix/api/{page.stem}\n" in toc for page in PAGES)


def functions(module: str) -> list[tuple[str, object, str]]:
    """Name, object and docstring of the public functions, classes and methods that a module defines."""
    found = []
    for name in api.public_names(api.module_path(PACKAGE, module)):
        thing = getattr(importlib.import_module(module), name)
        if inspect.isclass(thing):
            own = [n for n, m in vars(thing).items() if inspect.isfunction(m) and n[0] != "_"]
            found.append((name, thing, thing.__doc__ or ""))
            found += [(f"{name}.{method}", getattr(thing, method), getattr(thing, method).__doc__) for method in own]
        elif inspect.isfunction(thing):
            found.append((name, thing, thing.__doc__))
    return found


# Called by PyTorch, with what the class says that it takes.
INHERITED = {"forward"}


@pytest.mark.parametrize("module", MODULES)
def test_the_reference_tells_every_parameter(module: str) -> None:
    """In the docstring, or, for a name that means the same everywhere, in the list of such names."""
    untold = []
    for name, thing, doc in functions(module):
        if name.split(".")[-1] in INHERITED:
            continue
        missing = arguments.unnamed(f"{module}.{name}", thing, doc or "")
        untold += [f"{name}: {parameter}" for parameter, (_, meaning) in missing.items() if meaning is None]
        untold += [] if doc or name == "Optimizer.step" else [f"{name} has no docstring"]
    assert not untold, untold


def test_no_meaning_is_left_over() -> None:
    used = set()
    for module in MODULES:
        for name, thing, doc in functions(module):
            for parameter in arguments.unnamed(f"{module}.{name}", thing, doc or ""):
                full = f"{module}.{name}.{parameter}"
                used.add(full if full in arguments.MEANINGS else parameter)
    assert set(arguments.MEANINGS) <= used


def test_a_docstring_is_completed_in_its_own_section() -> None:
    def f(y: int, stride: int, z: int) -> None: ...

    lines = ["Text.", "", "Parameters", "----------", "y : int", "    About y.", "", "Returns", "-------", "int"]
    arguments.complete("f", f, lines)
    assert lines[4:9] == ["y : int", "    About y.", "stride : int", f"    {arguments.MEANINGS['stride']}", "z : int"]
    assert lines[-3:] == ["Returns", "-------", "int"] and lines[-4] == ""
    lines = ["Text about stride and z."]
    arguments.complete("f", f, lines)
    told = [line for name in "y stride z".split() for line in (f"{name} : int", f"    {arguments.MEANINGS[name]}")]
    assert lines == ["Text about stride and z.", "", "Parameters", "----------", *told, ""]


def test_a_name_means_one_thing_or_nothing() -> None:
    names = {"rollout": {"mlfa.rollouts.rollout"}, "predict": {"mlfa.linear.predict"}, "make_windows": {"mlfa.w.make"}}
    names |= {"mean_squared_error": {"mlfa.linear.mean_squared_error", "mlfa.backprop.mean_squared_error"}}
    assert api.meaning("make_windows", names, []) == "mlfa.w.make"
    assert api.meaning("make_windows()", names, []) == "mlfa.w.make"
    assert api.meaning("rollout", names, []) is None, "a plain word counts only where it is used"
    assert api.meaning("rollout", names, ["mlfa.rollouts.rollout"]) == "mlfa.rollouts.rollout"
    assert api.meaning("mean_squared_error", names, []) is None
    assert api.meaning("mean_squared_error", names, ["mlfa.backprop.mean_squared_error"]).startswith("mlfa.backprop")
    assert api.meaning("predict", names, ["mlfa.linear.predict"]) is None, "models have a method of that name"
    assert api.meaning("x = make_windows(y)", names, []) is None


def test_what_a_page_uses_is_found_where_it_is_defined() -> None:
    book = Book(ROOT)
    shown, imported = api.used_names(book, book.read("chapters/time-series/order"))
    assert "mlfa.series.autocorrelation" in shown, "the page loads mlfa/series.py"
    assert "mlfa.plotting.series.series_panels" in imported, "mlfa.plotting only passes it on"
    assert "mlfa.ledger.claim" in imported


def test_a_source_in_a_docstring_becomes_a_citation() -> None:
    lines = ["A [word2000] stays.", "", "References", "----------", "[box2015time], [lei2018distribution]"]
    api.cite(None, "function", "f", None, None, lines)
    assert lines[0] == "A [word2000] stays."
    assert lines[-1] == ":cite:t:`box2015time`, :cite:t:`lei2018distribution`"
