"""Hand arrays of a page's run to the figures that live in the reader's browser."""

import base64
import json
from typing import Any

import numpy as np

from sphinx_ledger.records import GLUE_PREFIX, attach

LIVE = "live"  # key in the metadata of an output
LARGEST = 350_000  # bytes that a figure may load


def live_data(name: str, **arrays: Any) -> None:
    """Give arrays of this run to a live figure of the page.

    Bytes stay bytes, any other numbers become floats of 32 bits, little end first.

    Parameters
    ----------
    name : str
        As the page's directive `live` has it; words joined by hyphens, unique in the
        book.
    **arrays
        Arrays or tensors, or lists of words, by the name under which the figure asks
        for them.

    Raises
    ------
    ValueError
        If there is no array, one is not finite, or all together are too many bytes.
    """
    packed: dict[str, Any] = {}
    for key, values in arrays.items():
        if isinstance(values, list) and all(isinstance(word, str) for word in values):
            packed[key] = values
            continue
        values = values.detach().cpu() if hasattr(values, "detach") else values
        values = np.asarray(values)
        kind = "u1" if values.dtype == np.uint8 else "<f4"
        if not np.isfinite(values).all():
            raise ValueError(f"{key} must be finite, got nan or infinite values.")
        data = base64.b64encode(np.ascontiguousarray(values, dtype=kind).tobytes())
        packed[key] = {"kind": kind, "shape": values.shape, "data": data.decode()}
    size = len(json.dumps(packed))
    if not arrays or size > LARGEST:
        raise ValueError(
            f"arrays of {name!r} must be 1 to {LARGEST:,} bytes, got {size:,}."
        )
    shapes = {key: tuple(np.shape(values)) for key, values in arrays.items()}
    # The prefix keeps the output off the page, as that of a result.
    attach(
        {GLUE_PREFIX + "text/plain": repr(shapes)},
        {
            "scrapbook": {"name": name, "mime_prefix": GLUE_PREFIX},
            LIVE: {"name": name, "arrays": packed},
        },
    )
