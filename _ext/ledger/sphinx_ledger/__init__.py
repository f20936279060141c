"""Runs that say what they read, so that pages follow it, and a ledger of what was claimed and checked in them."""

from __future__ import annotations

from typing import Any


def setup(app: Any) -> dict[str, Any]:
    # Kernels import this package too: what only a build needs is imported here.
    from sphinx_ledger import extension

    return extension.setup(app)
