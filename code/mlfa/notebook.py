"""Start a chapter: one thread, one look, the same result on every machine."""

from __future__ import annotations

import warnings


def begin() -> None:
    """Prepare a notebook of the book; call it in the chapter's first cell.

    Numerical libraries get one thread, so that sums are added in the same order
    whatever the number of cores. Figures get the book's style, as SVG with
    reproducible ids.
    """
    import sklearn.ensemble  # noqa: F401  loads the thread pools that the next call limits
    import torch
    from threadpoolctl import threadpool_limits

    from mlfa.plotting.style import use_style

    torch.set_num_threads(1)
    threadpool_limits(limits=1)
    warnings.simplefilter("default")
    use_style()
