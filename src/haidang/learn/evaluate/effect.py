"""What an evaluation found: one record, whatever the design."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any, Literal

from haidang.learn.evaluate.mistakes import EvaluationError

Verdict = Literal["good", "doubtful", "bad", "told"]
"""What a diagnostic says of the design: it holds, may not hold, does not hold; `told` is a figure without a verdict."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One check of what a design assumes.

    Args:
        name: key of its words in both languages.
        value: what was measured, none where it could not be.
        verdict: what that says.
        about: the column, period or unit that it is about; empty where it is about all.
    """

    name: str
    value: float | None
    verdict: Verdict
    about: str = ""

    def as_json(self) -> dict[str, Any]:
        """The diagnostic as JSON takes it."""
        return {"name": self.name, "value": _finite(self.value), "verdict": self.verdict, "about": self.about}


@dataclass(frozen=True, slots=True)
class Point:
    """The effect at one time, or in one group.

    Args:
        at: periods since the start (an event study), or the period.
        estimate: in the outcome's unit of measure.
        low: lower end of its interval; none where it has none.
        high: upper end.
    """

    at: float
    estimate: float
    low: float | None = None
    high: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The point as JSON takes it."""
        return {
            "at": self.at,
            "estimate": _finite(self.estimate),
            "low": _finite(self.low),
            "high": _finite(self.high),
        }


@dataclass(frozen=True, slots=True)
class Effect:
    """What a programme did, by one design and one estimator.

    Args:
        estimand: key of what is estimated: `ate`, `itt`, `late`, `att`, `att_unit`, `at_cutoff`.
        estimate: in the outcome's unit of measure.
        standard_error: the same; none where the method has none (randomisation inference, placebos).
        low: lower end of the interval, minus infinity where the data cannot bound it.
        high: upper end, infinity where the data cannot bound it.
        n: rows used.
        clusters: how many clusters the interval rests on; none without clusters.
        method: key of the estimator's words.
        library: its name and version.
        level: of the interval.
        p_value: of no effect at all; none where the method gives none.
        df: degrees of freedom of the t interval; none where it is normal or exact.
        diagnostics: of what the design assumes.
        warnings: what the library warned of, word for word.
        path: the effect over time, where the design has one.
        starts: the first treated time of the path; none without a path.
        second: the same estimand by another estimator.

    Raises:
        EvaluationError: a number is not one: the data do not identify an effect.
    """

    estimand: str
    estimate: float
    standard_error: float | None
    low: float
    high: float
    n: int
    clusters: int | None
    method: str
    library: str
    level: float = 0.95
    p_value: float | None = None
    df: float | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    warnings: tuple[str, ...] = ()
    path: tuple[Point, ...] = ()
    starts: float | None = None
    second: Effect | None = None

    def __post_init__(self) -> None:
        """Hold that there is an effect: a library's not-a-number never travels on as one."""
        numbers = (self.estimate, self.low, self.high, self.standard_error or 0.0, self.p_value or 0.0)
        if any(isnan(one) for one in numbers) or not isfinite(self.estimate):
            raise EvaluationError(f"the data do not identify an effect by {self.method.replace('_', ' ')}")

    def as_json(self) -> dict[str, Any]:
        """The effect as JSON takes it: an end that the data cannot bound is null."""
        return {
            "estimand": self.estimand,
            "estimate": _finite(self.estimate),
            "standard_error": _finite(self.standard_error),
            "low": _finite(self.low),
            "high": _finite(self.high),
            "level": self.level,
            "n": self.n,
            "clusters": self.clusters,
            "method": self.method,
            "library": self.library,
            "p_value": _finite(self.p_value),
            "df": _finite(self.df),
            "diagnostics": [one.as_json() for one in self.diagnostics],
            "warnings": list(self.warnings),
            "path": [one.as_json() for one in self.path],
            "starts": self.starts,
            "second": None if self.second is None else self.second.as_json(),
        }


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None
