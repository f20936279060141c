"""How an exercise is checked: against a reference, with a hint for known mistakes."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Mistake:
    """A mistake that readers make, written as the code it amounts to, and its hint.

    Attributes
    ----------
    hint : str
        What a reader is told who makes it.
    function : callable
        A solution with this mistake in it.
    """

    hint: str
    function: Callable[..., Any]


@dataclass(frozen=True)
class Report:
    """What a check found: shown as text when it ends a cell.

    Attributes
    ----------
    passed : bool
        Whether all trials are right.
    lines : tuple of str
        What is said of them.
    hint : str, optional
        That of the mistake, if it is a known one.
    """

    passed: bool
    lines: tuple[str, ...]
    hint: str | None = None

    def __repr__(self) -> str:
        head = "Right." if self.passed else "Not yet."
        lines = [head, *(f"  {line}" for line in self.lines)]
        if self.hint:
            lines.append(f"  Hint: {self.hint}")
        return "\n".join(lines)


def _shape(value: Any) -> tuple[Any, ...]:
    if isinstance(value, (tuple, list)) and any(np.ndim(part) for part in value):
        return tuple(np.shape(part) for part in value)
    return np.shape(value)


def _describe(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(_describe(part) for part in value) + ")"
    array = np.asarray(value)
    if array.ndim and array.size > 8:
        return f"an array of shape {array.shape}"
    if array.dtype.kind == "f" and array.ndim == 0:
        return f"{array:.6g}"
    if array.dtype.kind == "f":
        return np.array2string(array, precision=6)
    return str(array)


def _same(value: Any, expected: Any, rtol: float) -> bool:
    if isinstance(expected, (tuple, list)) and not np.isscalar(expected):
        if not isinstance(value, (tuple, list, np.ndarray)) or len(value) != len(
            expected
        ):
            return False
        return all(_same(a, b, rtol) for a, b in zip(value, expected, strict=True))
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    try:
        value, expected = (
            np.asarray(value, dtype=float),
            np.asarray(expected, dtype=float),
        )
    except (TypeError, ValueError):
        return False
    return value.shape == expected.shape and bool(
        np.allclose(value, expected, rtol=rtol, atol=1e-9, equal_nan=True)
    )


class Check:
    """A check that a reader calls on an attempt: ``check_rmse(my_rmse)``.

    Parameters
    ----------
    name : str
        What the attempt computes, for the report: ``"the RMSE"``.
    reference : callable
        A right solution.
    cases : sequence of tuples
        The arguments of each trial call. They must tell every mistake from the
        reference, which a test verifies.
    mistakes : sequence of Mistake
        The mistakes that get a hint of their own.
    rtol : float
        Relative tolerance of the comparison.

    Examples
    --------
    >>> forgets = Mistake("Multiply by two.", lambda x: x)
    >>> check = Check("the double", lambda x: 2 * x, [(1.0,), (3.0,)], [forgets])
    >>> check(lambda x: x + x)
    Right.
      Your function gives the double in all 2 trials.
    >>> check(lambda x: x)
    Not yet.
      0 of 2 trials are right.
      In trial 1 the double should be 2; yours gives 1.
      Hint: Multiply by two.
    """

    def __init__(
        self,
        name: str,
        reference: Callable[..., Any],
        cases: Sequence[tuple[Any, ...]],
        mistakes: Sequence[Mistake] = (),
        rtol: float = 1e-6,
    ) -> None:
        self.name, self.reference, self.cases = name, reference, list(cases)
        self.mistakes, self.rtol = list(mistakes), rtol

    def _call(self, function: Callable[..., Any], case: tuple[Any, ...]) -> Any:
        # A copy, so that an attempt that changes its input cannot spoil the next trial.
        return function(*copy.deepcopy(case))

    def _hint(self, answers: list[Any]) -> str | None:
        for mistake in self.mistakes:
            if all(
                _same(answer, self._call(mistake.function, case), self.rtol)
                for answer, case in zip(answers, self.cases, strict=True)
            ):
                return mistake.hint
        return None

    def __call__(self, attempt: Callable[..., Any]) -> Report:
        """Try the attempt on every case and report.

        Parameters
        ----------
        attempt : callable
            The reader's function, called with the arguments of each case.
        """
        if not callable(attempt):
            return Report(
                False,
                (f"Pass the function itself, without calling it; got {attempt!r}.",),
            )
        answers = []
        for case in self.cases:
            try:
                answers.append(self._call(attempt, case))
            except Exception as error:  # the reader's code may raise anything
                return Report(
                    False, (f"Your code stopped with {type(error).__name__}: {error}",)
                )
        if all(answer is None or answer is Ellipsis for answer in answers):
            return Report(
                False,
                ("Your function returns nothing yet. End it with a return statement.",),
            )
        expected = [self._call(self.reference, case) for case in self.cases]
        right = [_same(a, b, self.rtol) for a, b in zip(answers, expected, strict=True)]
        if all(right):
            return Report(
                True, (f"Your function gives {self.name} in all {len(right)} trials.",)
            )
        first = right.index(False)
        shape, wanted = _shape(answers[first]), _shape(expected[first])
        if shape != wanted:
            line = (
                f"In trial {first + 1} the result should have shape {wanted}; yours has"
                f" {shape}."
            )
        else:
            line = (
                f"In trial {first + 1} {self.name} should be"
                f" {_describe(expected[first])}; yours gives"
                f" {_describe(answers[first])}."
            )
        return Report(
            False,
            (f"{sum(right)} of {len(right)} trials are right.", line),
            self._hint(answers),
        )
