"""Start a chapter: one thread, one look, the same result on every machine."""

import gc
import os
import sys
import warnings
from dataclasses import dataclass

import pandas as pd


def begin() -> None:
    """Prepare a notebook of the book; call it in the chapter's first cell.

    Numerical libraries get one thread, so that sums are added in the same order
    whatever the number of cores. Figures get the book's style, as SVG with
    reproducible ids. The garbage collector no longer looks through what the
    imports made.
    """
    from threadpoolctl import threadpool_limits

    from mlfa.plotting.style import use_style

    # Libraries that are loaded later read these; the others are limited below.
    os.environ.update(
        OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1"
    )
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    threadpool_limits(limits=1)
    warnings.simplefilter("default")
    use_style()
    # Libraries stay to the end. To look through their objects again and again takes a
    # twentieth of a training.
    gc.freeze()


@dataclass(frozen=True)
class ShownTable:
    """A table as the last line of a cell: HTML on the page, text in a notebook.

    Attributes
    ----------
    frame : DataFrame
        The table; its row labels are not shown.
    decimals : int
        Places to which floats are rounded.
    """

    frame: pd.DataFrame
    decimals: int = 3

    def __repr__(self) -> str:
        return self.frame.to_string(index=False, float_format=self._format)

    def _repr_html_(self) -> str:
        table = self.frame.to_html(
            index=False, border=0, classes="dataframe", float_format=self._format
        )
        return table.replace("<th>", '<th scope="col">')

    def _format(self, value: float) -> str:
        return f"{value:,.{self.decimals}f}"


def show_table(
    columns: dict[str, object] | pd.DataFrame, *, decimals: int = 3
) -> ShownTable:
    """A table from named columns of equal length.

    Parameters
    ----------
    columns : dict of str to sequence, or DataFrame
        The columns by their headings.
    decimals : int
        Places to which floats are rounded.

    Examples
    --------
    >>> show_table({"model": ["line", "tree"], "R²": [0.5954, 0.6871]}, decimals=2)
    model   R²
     line 0.60
     tree 0.69
    """
    return ShownTable(pd.DataFrame(columns), decimals)
