"""The rooms load what is asked for, and nothing beside it: a page depends on what it uses."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import mlfa
from mlfa_site import api

ROOT = Path(__file__).parents[2]
PACKAGE = Path(mlfa.__file__).parent
# Rooms whose modules are named one by one, as `mlfa.tabular.trees`.
ROOMS = ["tabular", "images", "series", "training", "scale", "scoring", "book"]
# Rooms of many small files, from which names are imported: a name of each, its module and what this module imports.
NAMES = {
    "plotting": ("image_grid", {"images", "style"}),
    "diagrams": ("tree_diagram", {"trees", "_kit"}),
    "exercises": ("check_mae", {"tables", "grading"}),
    "datasets": ("load_seattle_weather", {"weather", "_files"}),
}
# Data sets whose values are tensors.
NEED_TORCH = {"folders", "lookups", "sines"}


def listed(room: str) -> list[tuple[str, str]]:
    """(module, name) of each line of a room's stub, in its order; no name where the module itself is listed."""
    tree = ast.parse((PACKAGE / room / "__init__.pyi").read_text(encoding="utf-8"))
    return [(node.module or node.names[0].name, node.names[0].name if node.module else "") for node in tree.body]


def modules(room: str) -> list[str]:
    """The modules of a room in the order of its stub."""
    return list(dict.fromkeys(module for module, _ in listed(room)))


def loaded_by(program: str) -> set[str]:
    program = f"{program}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_every_room_is_asked_here() -> None:
    assert {path.parent.name for path in PACKAGE.glob("*/__init__.py")} == {*ROOMS, *NAMES}
    told = mlfa.__doc__
    assert all(f"\n{room} " in told for room in (*ROOMS, *NAMES)), "the package's docstring names every room"


@pytest.mark.parametrize("room", [*ROOMS, *NAMES])
def test_every_public_name_is_there(room: str) -> None:
    package = importlib.import_module(f"mlfa.{room}")
    assert sorted(package.__all__) == dir(package) == sorted(name or module for module, name in listed(room))
    for name in package.__all__:
        thing = getattr(package, name)
        home = getattr(thing, "__module__", getattr(thing, "__name__", f"mlfa.{room}."))
        assert home.startswith(f"mlfa.{room}."), f"{name} is of {home}"
    with pytest.raises(AttributeError, match="nonsense"):
        package.nonsense  # noqa: B018


@pytest.mark.parametrize("room", [*ROOMS, *NAMES])
def test_a_room_lists_all_its_modules_in_the_order_of_its_api_page(room: str) -> None:
    page = (ROOT / f"chapters/appendix/api/{room}.md").read_text(encoding="utf-8")
    shown = [f"mlfa.{room}.{module}" for module in modules(room) if module[0] != "_"]
    # What grades an exercise is no check that a page asks for.
    assert shown == [module for module in api.listed_modules(page) if module != "mlfa.exercises.grading"]
    files = {path.stem for path in (PACKAGE / room).glob("*.py") if path.stem[0] != "_"} - {"grading"}
    assert {f"mlfa.{room}.{file}" for file in files} == set(shown)


@pytest.mark.parametrize("room", NAMES)
def test_all_public_names_of_a_room_can_be_imported_from_it(room: str) -> None:
    """What a module of the room defines and does not mark as its own (`_name`)."""
    public = set()
    files = {path.stem for path in (PACKAGE / room).glob("*.py") if path.stem[0] != "_"}
    for module in files - {"grading", "style"}:  # what the files of a room share
        tree = ast.parse((PACKAGE / room / f"{module}.py").read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_":
                public.add(node.name)
    assert public <= {name for _, name in listed(room)}


@pytest.mark.parametrize("room", [*ROOMS, *NAMES])
def test_a_room_loads_nothing_before_it_is_asked(room: str) -> None:
    loaded = loaded_by(f"import mlfa.{room}")
    assert not {name for name in loaded if name.startswith(f"mlfa.{room}.")} and "numpy" not in loaded


@pytest.mark.parametrize("room", NAMES)
def test_a_name_loads_its_own_module_alone(room: str) -> None:
    name, expected = NAMES[room]
    loaded = loaded_by(f"from mlfa.{room} import {name}")
    start = f"mlfa.{room}."
    assert {module.removeprefix(start) for module in loaded if module.startswith(start)} == expected
    assert "torch" not in loaded


def test_pages_about_tables_need_no_torch() -> None:
    names = [f"mlfa.{room}.{module}" for room in ("tabular", "scoring", "book") for module in modules(room)]
    names += [f"mlfa.{room}.{module}" for room in NAMES for module in modules(room) if module not in NEED_TORCH]
    assert "torch" not in loaded_by("\n".join(f"import {name}" for name in names))
