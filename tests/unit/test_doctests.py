"""Docstrings: every parameter has its meaning, and the examples are true, in every module of every room."""

from __future__ import annotations

import doctest
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from torch import nn

import mlfa

PACKAGE = Path(mlfa.__file__).parent
MODULES = sorted(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in PACKAGE.rglob("*.py"))
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
# Line ends within an array are NumPy's affair.
FLAGS = doctest.NORMALIZE_WHITESPACE
CALLED_BY_OTHERS = ("forward", "step", "get_extra_state", "set_extra_state")
# The line of a docstring that names parameters, such as "X, y : ndarray" or "**arrays", and an indented one below it.
ENTRY = re.compile(r"^(\*{0,2}\w+(?:, \*{0,2}\w+)*)(?: :.*)?\n +\S", flags=re.M)


def examples(module: str) -> list[doctest.DocTest]:
    return [test for test in doctest.DocTestFinder(exclude_empty=True).find(import_module(module)) if test.examples]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_are_true(module: str) -> None:
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
    for test in examples(module):
        runner.run(test, out=told.append, clear_globs=True)
    plt.close("all")
    assert runner.summarize(verbose=False).failed == 0, "".join(told)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_examples(room: str) -> None:
    tests = [test.name for module in MODULES if module.startswith(f"mlfa.{room}.") for test in examples(module)]
    assert tests, f"no docstring of {room} has an example"


def test_an_example_that_is_wrong_is_found() -> None:
    test = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
    assert runner.run(test, out=lambda text: None).failed == 1


def public(module: str) -> Iterator[tuple[str, object]]:
    """The functions, classes and methods of a module that a reader calls.

    PyTorch calls `forward` with what the class says that it takes, and the methods for the state. A protocol says what
    a `step` is, and is never made.
    """
    for name, thing in vars(import_module(module)).items():
        if name[0] == "_" or getattr(thing, "__module__", "") != module:
            continue
        made = inspect.isclass(thing) and not issubclass(thing, Exception) and not getattr(thing, "_is_protocol", False)
        if made or inspect.isfunction(thing):
            yield name, thing
        for method, function in vars(thing).items() if inspect.isclass(thing) else ():
            if inspect.isfunction(function) and method[0] != "_" and method not in CALLED_BY_OTHERS:
                yield f"{name}.{method}", function


def without_meaning(thing: object) -> list[str]:
    """The parameters of a function, or of a class when it is made, of which its docstring says nothing."""
    if getattr(thing, "__init__", None) is nn.Module.__init__:  # a layer that is made without any
        return []
    told = {name.strip("* ") for names in ENTRY.findall(inspect.getdoc(thing) or "") for name in names.split(",")}
    return [name for name in inspect.signature(thing).parameters if name != "self" and name not in told]


@pytest.mark.parametrize("module", [module for module in MODULES if "._" not in module])
def test_every_parameter_has_its_meaning(module: str) -> None:
    lacking = {name: missing for name, thing in public(module) if (missing := without_meaning(thing))}
    assert lacking == {}


def test_a_parameter_without_meaning_is_found() -> None:
    def function(X, y, *, depth, **settings):
        """X and y.

        Parameters
        ----------
        X, y : ndarray
            The data.
        depth : int
        **settings
            The rest.
        """

    assert without_meaning(function) == ["depth"]
