"""Record what a page found, and seal what it must not see yet, by `sphinx_ledger`."""

from sphinx_ledger.records import claim, result, show, stopwatch
from sphinx_ledger.sealed import Sealed

__all__ = ["Sealed", "claim", "result", "show", "stopwatch"]
