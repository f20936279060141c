"""Record what a chapter found, so that its prose cannot drift away from its run.

`result` hands a value to the prose, `claim` states a comparison and says whether this run
confirms it, `stopwatch` notes how long something took. Each record travels with the
cell's output; the build collects them into one ledger for the whole book.
"""

from __future__ import annotations

import html
import math
import numbers
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

RECORD = "ledger"  # key of a record in the metadata of an output
GLUE_PREFIX = "application/papermill.record/"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


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

    Floats get four significant digits, sequences of more than twelve numbers their range.
    """
    value = _plain(value)
    if isinstance(value, bool) or not isinstance(value, (numbers.Real, list, dict)):
        return str(value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {show(item)}" for key, item in value.items())
    if isinstance(value, list):
        if len(value) > 12 and not any(isinstance(item, str) for item in value):
            return f"{len(value)} values from {show(min(value))} to {show(max(value))}"
        return "[" + ", ".join(show(item) for item in value) + "]"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"


def attach(data: dict[str, Any], metadata: dict[str, Any]) -> None:
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
    attach(
        {
            GLUE_PREFIX + "text/plain": repr(value),
        },
        {
            "scrapbook": {"name": name, "mime_prefix": GLUE_PREFIX},
            RECORD: {"kind": "result", "name": name, "value": value},
        },
    )


class Comparison(NamedTuple):
    """By how much a comparison holds; a lead that is not positive does not.

    Attributes
    ----------
    margin : float
        The smallest lead, over and above what the claim asks for.
    spread : float or None
        How much that lead varies over the seeds; None for fewer than two.
    """

    margin: float
    spread: float | None = None

    @property
    def holds(self) -> bool:
        return self.margin > 0  # false for a NaN, too


def _over_seeds(name: str, argument: str, value: Any) -> np.ndarray:
    """A number, or a sequence with one number for each seed, as an array of one axis."""
    try:
        values = np.atleast_1d(np.asarray(_plain(value), dtype=float))
    except (TypeError, ValueError):
        values = np.empty(0)
    if values.ndim != 1 or not len(values):
        raise ValueError(f"{argument} of claim {name!r} must be a number or a sequence of numbers, got {value!r}.")
    return values


def _closest(leads: np.ndarray) -> Comparison:
    """The smallest of the leads, one for each seed."""
    return Comparison(float(leads.min()), float(np.std(leads, ddof=1)) if len(leads) > 1 else None)


def _lead(larger: np.ndarray, smaller: np.ndarray) -> Comparison:
    """The lead of one side over the other: seed by seed if both have the same seeds, else the worst over the best."""
    if len(larger) == len(smaller):
        return _closest(larger - smaller)
    spread = math.sqrt(sum(np.var(side, ddof=1) for side in (larger, smaller) if len(side) > 1))
    return Comparison(float(larger.min() - smaller.max()), spread)


def compare(name: str, larger: dict[str, Any], smaller: dict[str, Any], by: float) -> Comparison:
    """The closest of all comparisons of one that is said to be larger with one that is said to be smaller."""
    if not larger or not smaller:
        raise ValueError(f"larger and smaller of claim {name!r} must have at least one value each.")
    high = [_over_seeds(name, f"larger[{key!r}]", value) for key, value in larger.items()]
    low = [_over_seeds(name, f"smaller[{key!r}]", value) for key, value in smaller.items()]
    leads = [_lead(one, other) for one in high for other in low]
    # Nothing compares with a NaN, so it must come first to be the closest.
    closest = min(leads, key=lambda lead: (not math.isnan(lead.margin), lead.margin))
    return closest._replace(margin=closest.margin - by)


def claim(
    name: str,
    sentence: str,
    holds: bool | None = None,
    *,
    larger: Any = None,
    smaller: Any = None,
    by: float = 0.0,
    margin: Any = None,
    **evidence: Any,
) -> None:
    """State a comparison that the run should confirm, and show whether it does, with the evidence.

    A comparison given as data (`larger` with `smaller`, or `margin`) also tells how close it was,
    which a truth value cannot. A claim that does not hold is shown as not confirmed, and the build
    warns of it; it raises nothing, so the page goes on.

    Parameters
    ----------
    name : str
        Unique in the whole book, words joined by hyphens: ``"forest-beats-line"``.
    sentence : str
        What is claimed, a whole sentence in plain words.
    holds : bool, optional
        Whether the run confirms it, where it is no comparison of numbers.
    larger, smaller : number, sequence of numbers, or dict of these, optional
        What must be larger, and what smaller; a dict names several: ``larger={"forest": 0.81}``.
        A sequence stands for seeds or splits. Sequences of one length are compared seed by seed, others
        by the worst of the one and the best of the other. Both are shown as evidence.
    by : float
        The lead that every `larger` needs over every `smaller`.
    margin : number or sequence of numbers, optional
        Any other comparison as a number, one for each seed, all positive if and only if it holds.
    **evidence
        The numbers behind it: ``forest=0.81, line=0.60``. At least one, unless the sides are given.

    Raises
    ------
    ValueError
        If the name has another form, no evidence is given, or it is not said in exactly one way
        what must hold.
    TypeError
        If `holds` is not a single truth value.
    """
    _check_name(name)
    sides = larger is not None, smaller is not None
    if any(sides) and not (all(sides) and holds is None and margin is None):
        raise ValueError(
            f"claim {name!r} compares `larger` with `smaller`: it needs both, no truth value and no `margin`."
        )
    if by and not any(sides):
        raise ValueError(f"by of claim {name!r} is the lead of `larger` over `smaller`, which are not given.")
    comparison = None
    if all(sides):
        larger, smaller = (
            side if isinstance(side, dict) else {key: side} for key, side in (("larger", larger), ("smaller", smaller))
        )
        twice = set(larger) & set(smaller) | (set(larger) | set(smaller)) & set(evidence)
        if twice:
            raise ValueError(f"claim {name!r} has two values named {sorted(twice)}; give each a name of its own.")
        comparison = compare(name, larger, smaller, by)
        evidence = {**larger, **smaller, **evidence}
    elif margin is not None:
        comparison = _closest(_over_seeds(name, "margin", margin))
    if holds is None and comparison is None:
        raise ValueError(f"claim {name!r} must say what holds: a truth value, `larger` and `smaller`, or `margin`.")
    holds = comparison.holds if holds is None else _plain(holds)
    if not isinstance(holds, bool):
        raise TypeError(f"holds of claim {name!r} must be one truth value, got {holds!r}.")
    if comparison and holds != comparison.holds:
        raise ValueError(
            f"claim {name!r} contradicts itself: holds is {holds}, but its smallest margin is "
            f"{show(comparison.margin)}, and a claim holds if and only if all margins are positive."
        )
    if not evidence:
        raise ValueError(f"claim {name!r} needs evidence: the numbers it rests on, as keyword arguments.")
    _put_claim(name, sentence, holds, comparison, by, {key: _plain(value) for key, value in evidence.items()})


def show_evidence(evidence: dict[str, Any]) -> str:
    """The numbers behind a claim as one line."""
    return "; ".join(f"{key.replace('_', ' ')} = {show(value)}" for key, value in evidence.items())


def _put_claim(
    name: str, sentence: str, holds: bool, comparison: Comparison | None, needs: float, evidence: dict[str, Any]
) -> None:
    """Show a claim where it was made, and attach its record."""
    shown = show_evidence(evidence)
    word, kind = ("Checked", "claim") if holds else ("Not confirmed in this run", "claim unconfirmed")
    record = {"kind": "claim", "name": name, "sentence": sentence, "evidence": _for_json(evidence), "holds": holds}
    if comparison:
        known = {"margin": comparison.margin, "spread": comparison.spread, "needs": float(needs)}
        record |= {key: value for key, value in known.items() if value is not None and math.isfinite(value)}
    attach(
        {
            "text/plain": f"{word}: {sentence} ({shown})",
            "text/html": (
                f'<p class="{kind}" id="claim-{name}"><span class="claim-mark">{word}</span> {html.escape(sentence)} '
                f'<span class="claim-evidence">{html.escape(shown)}</span></p>'
            ),
        },
        {RECORD: record},
    )


def _for_json(value: Any) -> Any:
    """JSON has no word for what is not finite, so such a number becomes its text."""
    if isinstance(value, dict):
        return {key: _for_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_for_json(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


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
    attach(
        {GLUE_PREFIX + "text/plain": "'measured'"},
        {
            "scrapbook": {"name": name, "mime_prefix": GLUE_PREFIX},
            RECORD: {"kind": "timing", "name": name, "seconds": seconds},
        },
    )
