"""Record what a chapter found, so that its prose cannot drift away from its run.

`result` hands a value to the prose, `claim` states a comparison and stops the build
when it is false, `stopwatch` notes how long something took. Each record travels with
the cell's output; the build collects them into one ledger for the whole book.
"""

from __future__ import annotations

import html
import numbers
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

RECORD = "mlfa"  # key of a record in the metadata of an output
GLUE_PREFIX = "application/papermill.record/"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class ClaimError(AssertionError):
    """A claim of the book is not true of this run."""


def _check_name(name: str) -> None:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ValueError(f"name must be lower-case words joined by hyphens, such as 'line-test-r2', got {name!r}.")


def _plain(value: Any) -> Any:
    """A NumPy or torch value as the Python value that JSON and `repr` agree on."""
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def show(value: Any) -> str:
    """A value as the short text that a reader sees beside a claim.

    Floats get four significant digits, sequences longer than twelve their range.
    """
    value = _plain(value)
    if isinstance(value, bool) or not isinstance(value, (numbers.Real, list, dict)):
        return str(value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {show(item)}" for key, item in value.items())
    if isinstance(value, list):
        if len(value) > 12:
            return f"{len(value)} values from {show(min(value))} to {show(max(value))}"
        return "[" + ", ".join(show(item) for item in value) + "]"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"


def _display(data: dict[str, Any], metadata: dict[str, Any]) -> None:
    """Attach a record to the cell's output; outside a notebook, print its text."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        shell = None
    else:
        shell = get_ipython()
    if shell is not None:
        display(data, metadata=metadata, raw=True)
    elif "text/plain" in data:
        print(data["text/plain"])


def result(name: str, value: Any) -> None:
    """Give a value of this run to the prose, which shows it with the `glue` role.

    Parameters
    ----------
    name : str
        Unique in the whole book, words joined by hyphens: ``"line-test-r2"``.
    value : number or str
        A finite number, or a short text.

    Raises
    ------
    ValueError
        If the name has another form, or the number is not finite.
    TypeError
        If the value is neither a number nor a text.
    """
    _check_name(name)
    value = _plain(value)
    if not isinstance(value, (str, numbers.Real)):
        raise TypeError(f"value of result {name!r} must be one number or a text, got {type(value).__name__}.")
    if isinstance(value, numbers.Real) and not np.isfinite(value):
        raise ValueError(f"value of result {name!r} must be finite, got {value!r}.")
    # The prefix keeps the record off the page: MyST-NB looks it up by its name and
    # reads it as a Python literal. Without its quotes, the text 20,640 would be a pair.
    _display(
        {
            GLUE_PREFIX + "text/plain": repr(value),
        },
        {
            "scrapbook": {"name": name, "mime_prefix": GLUE_PREFIX},
            RECORD: {"kind": "result", "name": name, "value": value},
        },
    )


def claim(name: str, sentence: str, holds: bool, **evidence: Any) -> None:
    """State a comparison that this run must confirm, and show it with its evidence.

    Parameters
    ----------
    name : str
        Unique in the whole book, words joined by hyphens: ``"forest-beats-line"``.
    sentence : str
        What is claimed, a whole sentence in plain words.
    holds : bool
        Whether the run confirms it.
    **evidence
        The numbers behind it, at least one: ``forest=0.81, line=0.60``. A sequence
        stands for several seeds or splits.

    Raises
    ------
    ClaimError
        If `holds` is false. This fails the cell, the chapter and the build.
    ValueError
        If the name has another form, or no evidence is given.
    TypeError
        If `holds` is not a single truth value.
    """
    _check_name(name)
    if not evidence:
        raise ValueError(f"claim {name!r} needs evidence: the numbers it rests on, as keyword arguments.")
    holds = _plain(holds)
    if not isinstance(holds, bool):
        raise TypeError(f"holds of claim {name!r} must be one truth value, got {holds!r}.")
    evidence = {key: _plain(value) for key, value in evidence.items()}
    shown = "; ".join(f"{key.replace('_', ' ')} = {show(value)}" for key, value in evidence.items())
    if not holds:
        raise ClaimError(f"The claim {name!r} does not hold: {sentence} Evidence: {shown}.")
    _display(
        {
            "text/plain": f"Checked: {sentence} ({shown})",
            "text/html": (
                f'<p class="claim" id="claim-{name}"><span class="claim-mark">Checked</span> {html.escape(sentence)} '
                f'<span class="claim-evidence">{html.escape(shown)}</span></p>'
            ),
        },
        {RECORD: {"kind": "claim", "name": name, "sentence": sentence, "evidence": evidence}},
    )


@contextmanager
def stopwatch(name: str) -> Iterator[None]:
    """Note how many seconds the block takes, for a table that shows times.

    A time is never compared and never part of a notebook's text: it belongs to the
    machine, not to the model.

    Parameters
    ----------
    name : str
        Unique in the whole book, words joined by hyphens: ``"forest-seconds"``.
    """
    _check_name(name)
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    # The text is the same in every run, so that a comparison of outputs never sees the time.
    _display(
        {GLUE_PREFIX + "text/plain": "'measured'"},
        {
            "scrapbook": {"name": name, "mime_prefix": GLUE_PREFIX},
            RECORD: {"kind": "timing", "name": name, "seconds": seconds},
        },
    )
