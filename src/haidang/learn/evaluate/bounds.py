"""Lee's bounds: what the effect can be where the outcome of some units was lost (Lee 2009)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from haidang.learn.evaluate.columns import Numbers, arms, series, varied
from haidang.learn.evaluate.enough import ROWS_OF_AN_ARM, enough
from haidang.learn.evaluate.mistakes import ColumnError, at


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the largest effect on units whose outcome would be seen under either arm.

    Args:
        lower: in the outcome's unit of measure.
        upper: the same.
        lower_error: standard error of the lower bound.
        upper_error: of the upper bound.
        low: lower end of the interval that covers the effect itself (Imbens and Manski 2004).
        high: upper end.
        level: of the interval.
        trimmed: share of the arm with fewer losses that is cut off at one end.
        seen_treated: share of treated units whose outcome is known.
        seen_untreated: the same of untreated units.
        n: units assigned.
    """

    lower: float
    upper: float
    lower_error: float
    upper_error: float
    low: float
    high: float
    level: float
    trimmed: float
    seen_treated: float
    seen_untreated: float
    n: int

    def as_json(self) -> dict[str, Any]:
        """The bounds as JSON takes them."""
        return {name: getattr(self, name) for name in self.__slots__}


def lee_bounds(table: pl.DataFrame, outcome: str, treated: str, *, level: float = 0.95) -> Bounds:
    """Bounds on the effect where outcomes are missing, if treatment moves all units' being seen in one direction.

    The arm that lost fewer is cut at its top or its bottom until both arms are seen equally often. Standard errors are
    those of Lee's proposition 3, with the share cut estimated.

    Args:
        table: one row for each unit assigned, those lost included.
        outcome: column of numbers, empty where the unit was lost.
        treated: column of 0 and 1, by lot.
        level: of the interval.

    Raises:
        EvaluationError: a column is missing, not of numbers or without variation, or an arm is empty.
        TooFewError: fewer than five outcomes are known in an arm.
    """
    d = arms(table, treated)
    found = table[outcome] if outcome in table.columns else series(table, outcome)
    if not (found.dtype.is_numeric() or found.dtype == pl.Boolean):
        raise ColumnError(f"expected numbers, found {found.dtype}", at(outcome))
    y = found.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    seen = np.isfinite(y)
    one, other = y[seen & (d == 1.0)], y[seen & (d == 0.0)]
    enough(min(one.size, other.size), ROWS_OF_AN_ARM, "known outcomes in each arm", outcome, "find the units again")
    varied(y[seen], outcome)
    shares = float(seen[d == 1.0].mean()), float(seen[d == 0.0].mean())
    share = float(d.mean())
    if shares[0] >= shares[1]:
        (lower, lower_error), (upper, upper_error) = _cut(one, other, shares[0], shares[1], share, len(y))
    else:
        (up, upper_error), (down, lower_error) = _cut(other, one, shares[1], shares[0], 1.0 - share, len(y))
        lower, upper = -down, -up
    half = _imbens_manski(upper - lower, max(lower_error, upper_error), level)
    return Bounds(
        lower=lower,
        upper=upper,
        lower_error=lower_error,
        upper_error=upper_error,
        low=lower - half * lower_error,
        high=upper + half * upper_error,
        level=level,
        trimmed=1.0 - min(shares) / max(shares),
        seen_treated=shares[0],
        seen_untreated=shares[1],
        n=len(y),
    )


def _cut(
    more: Numbers, fewer: Numbers, seen_more: float, seen_fewer: float, share: float, n: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Lower and upper bound with their errors, of the arm seen more often less the other.

    Args:
        more: known outcomes of the arm that lost fewer.
        fewer: of the other arm.
        seen_more: share of the first arm that is known.
        seen_fewer: of the other.
        share: of the first arm among all units.
        n: all units.
    """
    trimmed = 1.0 - seen_fewer / seen_more
    of_share = (1.0 - trimmed) ** 2 * (
        (1.0 - seen_more) / (share * seen_more) + (1.0 - seen_fewer) / ((1.0 - share) * seen_fewer)
    )
    of_other = float(fewer.var(ddof=1)) / ((1.0 - share) * seen_fewer)
    ends: list[tuple[float, float]] = []
    for side in (1.0, -1.0):
        mean, variance, edge = _lowest(side * more, 1.0 - trimmed)
        kept = share * seen_more * (1.0 - trimmed)
        own = (variance + (edge - mean) ** 2 * trimmed) / kept + ((edge - mean) / (1.0 - trimmed)) ** 2 * of_share
        ends.append((side * mean - float(fewer.mean()), float(((own + of_other) / n) ** 0.5)))
    return ends[0], ends[1]


def _lowest(values: Numbers, keep: float) -> tuple[float, float, float]:
    """Mean and variance of the lowest share of values, and the value at its edge; the last is kept in part."""
    ordered = np.sort(values)
    weight = np.clip(keep * len(ordered) - np.arange(len(ordered)), 0.0, 1.0)
    mean = float(np.average(ordered, weights=weight))
    variance = float(np.average((ordered - mean) ** 2, weights=weight))
    return mean, variance, float(ordered[np.flatnonzero(weight > 0.0)[-1]])


def _imbens_manski(width: float, error: float, level: float) -> float:
    """How many errors to add at each end so that the effect, not the range, is covered with the level's chance."""
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    if error == 0.0:
        return 0.0
    found = brentq(
        lambda c: float(ndtr(c + width / error) - ndtr(-c)) - level, 0.0, float(ndtri(0.5 + level / 2.0)) + 1e-9
    )
    return float(found)
