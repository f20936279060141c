"""The packages of many modules load what is asked for, and nothing beside it: a page depends on what it uses."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import mlfa

# A name of each package, its module and the siblings that this module itself imports.
LOADED = {
    "plotting": ("image_grid", {"images", "style"}),
    "diagrams": ("tree_diagram", {"trees"}),
    "exercises": ("check_mae", {"tables", "grading"}),
    "datasets": ("load_seattle_weather", {"weather", "_files"}),
}


@pytest.mark.parametrize("package", LOADED)
def test_every_public_name_is_there(package):
    module = importlib.import_module(f"mlfa.{package}")
    assert len(module.__all__) > 5 and sorted(module.__all__) == dir(module)
    for name in module.__all__:
        thing = getattr(module, name)
        assert getattr(thing, "__module__", f"mlfa.{package}").startswith(f"mlfa.{package}"), f"{name} is of {thing}"
    with pytest.raises(AttributeError, match="nonsense"):
        module.nonsense  # noqa: B018


def test_every_package_is_asked_here():
    packages = {path.parent.name for path in Path(mlfa.__file__).parent.glob("*/__init__.py")}
    assert packages == set(LOADED)


@pytest.mark.parametrize("package", LOADED)
def test_a_name_loads_its_own_module_alone(package):
    name, expected = LOADED[package]
    program = f"import json, sys; from mlfa.{package} import {name}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    start = f"mlfa.{package}."
    assert {module.removeprefix(start) for module in loaded if module.startswith(start)} == expected
    assert "torch" not in loaded


def test_pages_about_tables_need_no_torch():
    program = f"""
import importlib, sys
for package in {list(LOADED)}:
    module = importlib.import_module(f"mlfa.{{package}}")
    for name in module.__all__:
        getattr(module, name)
sys.exit("torch" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
