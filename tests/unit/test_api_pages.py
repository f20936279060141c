"""The API reference covers the whole package, and its sources turn into what autodoc reads."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from mlfa_site import api

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "code" / "mlfa"
TREES = "code/mlfa/tabular/trees.py"
PAGES = sorted((ROOT / "chapters" / "appendix" / "api").glob("*.md"))
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    for path in PACKAGE.rglob("*.py")
    if not path.stem.startswith("_")
)


def test_every_module_stands_on_exactly_one_page_of_the_contents() -> None:
    assert sorted(name for page in PAGES for name in api.listed_modules(page.read_text(encoding="utf-8"))) == MODULES
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    assert all(f"chapters/appendix/api/{page.stem}\n" in toc for page in PAGES)


@pytest.mark.parametrize("module", MODULES)
def test_everything_public_has_a_docstring(module: str) -> None:
    told = {module: import_module(module).__doc__}
    for name, thing in vars(import_module(module)).items():
        if name[0] != "_" and getattr(thing, "__module__", "") == module and callable(thing):
            told[name] = thing.__doc__
            methods = vars(thing).items() if inspect.isclass(thing) else ()
            # PyTorch calls `forward` with what the class says that it takes; NotImplementedError says what a step is.
            own = {n: m.__doc__ for n, m in methods if inspect.isfunction(m) and n[0] != "_"}
            told |= {f"{name}.{n}": doc for n, doc in own.items() if n not in ("forward", "step")}
    assert [name for name, doc in told.items() if not doc] == []


def told_parameters(doc: str | None) -> set[str]:
    """The names under "Parameters" and "Attributes" of a docstring that have a line with their meaning."""
    sections = re.findall(
        r"^(?:Parameters|Attributes)\n-+\n(.*?)(?=^\S[^\n]*\n-{3,}$|\Z)", inspect.cleandoc(doc or ""), flags=re.M | re.S
    )
    heads = [head for section in sections for head in re.findall(r"^(\S.*)\n +\S", section, flags=re.M)]
    return {name.strip(" *") for head in heads for name in head.split(" : ")[0].split(",")}


def untold(name: str, thing: Any) -> list[str]:
    """The parameters whose meaning a docstring does not tell, of a function, or of a class and its methods."""
    if not inspect.isclass(thing):
        given = inspect.signature(thing).parameters if inspect.isfunction(thing) else ()
        return [f"{name}({argument})" for argument in given if argument not in told_parameters(thing.__doc__)]
    own = {n: f for n, f in vars(thing).items() if inspect.isfunction(f) and f.__module__ == thing.__module__}
    # PyTorch calls some, with what it says itself.
    called = ("forward", "step", "set_extra_state")
    methods = [(n, f) for n, f in own.items() if n == "__init__" or (n[0] != "_" and n not in called)]
    return [
        f"{name}.{n}({argument})"
        for n, method in methods
        for argument in list(inspect.signature(method).parameters)[1:]
        if argument not in told_parameters(method.__doc__)
        and not (n == "__init__" and argument in told_parameters(thing.__doc__))
    ]


@pytest.mark.parametrize("module", MODULES)
def test_a_docstring_tells_what_every_parameter_means(module: str) -> None:
    public = {name: thing for name, thing in vars(import_module(module)).items() if name[0] != "_"}
    own = {name: thing for name, thing in public.items() if getattr(thing, "__module__", "") == module}
    assert [line for name, thing in own.items() for line in untold(name, thing)] == []


def test_a_parameter_without_a_meaning_is_found() -> None:
    class Model:
        """A model.

        Parameters
        ----------
        rate, size : int
            Both.
        """

        def __init__(self, rate: int, size: int, depth: int) -> None: ...

        def fit(self, X: list, *rows: int) -> None:
            """Fit.

            Parameters
            ----------
            X : list
            *rows : int
                Some.

            Returns
            -------
            X : list
                No parameter.
            """

    assert untold("Model", Model) == ["Model.__init__(depth)", "Model.fit(X)"]
    assert untold("f", lambda a: a) == ["f(a)"]


def test_what_a_cell_imports_is_found() -> None:
    source = "from mlfa.series.measures import a\nfrom mlfa.plotting import (\n    b,\n    c,\n)\nfrom numpy import d\n"
    source += "from mlfa.x import e, f"
    plots = [("mlfa.plotting", "b"), ("mlfa.plotting", "c")]
    found = [("mlfa.series.measures", "a"), *plots, ("mlfa.x", "e"), ("mlfa.x", "f")]
    assert list(api.imports(source)) == found


def test_what_a_page_uses_is_found_where_it_is_defined() -> None:
    def entry(kind: str) -> SimpleNamespace:
        return SimpleNamespace(objtype=kind, aliased=False, docname="api", node_id="x")

    objects = {"mlfa.plotting.series.panels": entry("function"), "mlfa.tabular.trees.Node": entry("class")}
    objects |= {"mlfa.tabular.trees.Node.fit": entry("method"), "mlfa.tabular.trees.grow": entry("function")}
    cells = [
        new_code_cell("from mlfa.plotting import panels\nfrom mlfa.tabular.trees import fit, Node"),
        new_code_cell("def grow():\n    pass\n\n\ndef _help(): ...", metadata={"load": f"../../{TREES}"}),
    ]
    app = SimpleNamespace(ledger_runs={"page": SimpleNamespace(notebook=new_notebook(cells=cells))})
    api.collect(app, SimpleNamespace(domaindata={"py": {"objects": objects}}))
    assert app.mlfa_uses == {
        "page": {
            "panels": ("mlfa.plotting.series.panels", False),
            "Node": ("mlfa.tabular.trees.Node", False),
            "grow": ("mlfa.tabular.trees.grow", True),
        }
    }
    app.env, app.builder = SimpleNamespace(domaindata={"py": {"objects": objects}}), SimpleNamespace()
    app.builder.get_relative_uri = lambda here, there: f"{there}.html"
    word = '<span class="n">{}</span>'.format
    code = f'{word("grow")}({word("grow")}) <span class="o">.</span>{word("Node")}'
    rest = f'{word("panels")}<span class="o">=</span>1</pre> {word("Node")}'
    context = {"body": f'<div class="highlight-ipython3"><pre>{code} {rest}'}
    api.link_cells(app, "page", "", context, None)
    # The first use in a cell; no attribute, no name of an argument, nothing outside of cells.
    linked = code.replace(word("grow"), f'<a class="api-link" href="api.html#x">{word("grow")}</a>', 1)
    assert context["body"] == f'<div class="highlight-ipython3"><pre>{linked} {rest}'


def test_docstrings_become_what_sphinx_reads() -> None:
    lines = [
        "A [word2000] stays.",
        "X : (n, *sizes)",
        "References",
        "----------",
        "[box2015time], [lei2018distribution]",
    ]
    api.cite(None, "function", "f", None, None, lines)
    assert lines[:2] == ["A [word2000] stays.", r"X : (n, \*sizes)"]
    assert lines[-1] == ":cite:t:`box2015time`, :cite:t:`lei2018distribution`"
    assert api.checks("mlfa.exercises.tables") == ["check_mae", "check_standardize"]
    check = import_module("mlfa.exercises.tables").check_mae
    api.cite(None, "data", "check_mae", check, None, lines)
    assert lines == [f"Checks {check.name}. Knows {len(check.mistakes)} mistakes."]
