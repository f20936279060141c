"""A Jupyter Book that cannot be stale and cannot lie: runs that say what they read, and a ledger of what they found."""

from __future__ import annotations

from typing import Any


def setup(app: Any) -> dict[str, Any]:
    # Kernels import this package too: what only a build needs is imported here.
    from sphinx_ledger import extension

    return extension.setup(app)
