"""This book's site: what its pages have beyond what the core, `sphinx_ledger`, gives to every book."""

from typing import Any

from sphinx.application import Sphinx

from mlfa_site import (
    access,
    api,
    bibliography,
    boxes,
    cards,
    findable,
    folds,
    formulas,
    launch,
    light,
    live,
    quiet,
    terms,
)


def setup(app: Sphinx) -> dict[str, Any]:
    for module in (
        boxes,
        cards,
        live,
        folds,
        launch,
        terms,
        api,
        bibliography,
        findable,
        quiet,
        access,
        formulas,
        light,
    ):
        module.setup(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
