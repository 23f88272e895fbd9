"""Lee's bounds: what the effect can be where the outcome of some units was lost (Lee 2009)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.learn.evaluate.columns import Codes, Numbers, arms, labels, series, varied
from haidang.learn.evaluate.enough import CLUSTERS_OF_AN_ARM, ROWS_OF_AN_ARM, enough
from haidang.learn.evaluate.mistakes import ColumnError, at

Mask = NDArray[np.bool_]


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


def lee_bounds(
    table: pl.DataFrame, outcome: str, treated: str, *, cluster: str | None = None, level: float = 0.95
) -> Bounds:
    """Bounds on the effect where outcomes are missing, if treatment moves all units' being seen in one direction.

    The arm that lost fewer is cut at its top or its bottom until both arms are seen equally often. Standard errors are
    those of Lee's proposition 3, with the share cut estimated; with clusters, what their units add to it is summed in
    each, and the interval is of a t with two degrees of freedom less than there are clusters.

    Args:
        table: one row for each unit assigned, those lost included.
        outcome: column of numbers, empty where the unit was lost.
        treated: column of 0 and 1, by lot.
        cluster: column of what was drawn together: clusters, or matched pairs; none where units were drawn one by one.
        level: of the interval.

    Raises:
        EvaluationError: a column is missing, not of numbers or without variation, or an arm is empty.
        TooFewError: fewer than five outcomes, or outcomes of fewer than four clusters, are known in an arm.
    """
    d = arms(table, treated)
    found = table[outcome] if outcome in table.columns else series(table, outcome)
    if not (found.dtype.is_numeric() or found.dtype == pl.Boolean):
        raise ColumnError(f"expected numbers, found {found.dtype}", at(outcome))
    y = found.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    seen = np.isfinite(y)
    one, other = seen & (d == 1.0), seen & (d == 0.0)
    enough(min(one.sum(), other.sum()), ROWS_OF_AN_ARM, "known outcomes in each arm", outcome, "find the units again")
    codes = None if cluster is None else labels(table, cluster).codes
    if codes is not None:
        met = min(len(np.unique(codes[one])), len(np.unique(codes[other])))
        enough(
            met, CLUSTERS_OF_AN_ARM, "clusters with known outcomes in each arm", str(cluster), "find the units again"
        )
    varied(y[seen], outcome)
    shares = float(seen[d == 1.0].mean()), float(seen[d == 0.0].mean())
    if shares[0] >= shares[1]:
        (lower, lower_error), (upper, upper_error) = _cut(y, seen, d == 1.0, codes)
    else:
        (up, upper_error), (down, lower_error) = _cut(y, seen, d == 0.0, codes)
        lower, upper = -down, -up
    many = len(y) if codes is None else int(codes.max()) + 1
    half = _imbens_manski(upper - lower, max(lower_error, upper_error), level, float(many - 2))
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


def _cut(y: Numbers, seen: Mask, more: Mask, codes: Codes | None) -> tuple[tuple[float, float], tuple[float, float]]:
    """Lower and upper bound with their errors, of the arm seen more often less the other.

    Args:
        y: outcome of each unit, anything where it is not known.
        seen: whether it is.
        more: the arm that lost fewer.
        codes: cluster of each unit, from 0; none without clusters.
    """
    share, one, other = float(more.mean()), more & seen, ~more & seen
    seen_more, seen_fewer = float(one.sum() / more.sum()), float(other.sum() / (~more).sum())
    keep, middle = seen_fewer / seen_more, float(y[other].mean())
    scale_more, scale_fewer = share * seen_more, (1.0 - share) * seen_fewer
    of_fewer = np.where(other, y - middle, 0.0) / scale_fewer
    there = seen.astype(np.float64)
    of_keep: Numbers = np.where(more, (seen_more - there) / scale_more, (there - seen_fewer) / scale_fewer)
    ends: list[tuple[float, float]] = []
    for side in (1.0, -1.0):
        mean, edge = _lowest(side * y[one], keep)
        below = np.where(one, np.minimum(side * y, edge) - edge - keep * (mean - edge), 0.0)
        influence: Numbers = side * (below / (scale_more * keep) + (edge - mean) * of_keep) - of_fewer
        ends.append((side * mean - middle, _error(influence, codes)))
    return ends[0], ends[1]


def _lowest(values: Numbers, keep: float) -> tuple[float, float]:
    """Mean of the lowest share of values, and the value at its edge; the last is kept in part."""
    ordered = np.sort(values)
    weight = np.clip(keep * len(ordered) - np.arange(len(ordered)), 0.0, 1.0)
    return float(np.average(ordered, weights=weight)), float(ordered[np.flatnonzero(weight > 0.0)[-1]])


def _error(influence: Numbers, codes: Codes | None) -> float:
    """The standard error of a mean of influences, summed within clusters; of two arms' means it is Neyman's."""
    sums = influence if codes is None else np.bincount(codes, influence)
    many = len(sums)
    return float((np.sum(sums**2) * many / (many - 2)) ** 0.5 / len(influence))


def _imbens_manski(width: float, error: float, level: float, df: float) -> float:
    """How many errors to add at each end so that the effect, not the range, is covered with the level's chance."""
    from scipy.optimize import brentq
    from scipy.special import stdtr, stdtrit

    if error == 0.0:
        return 0.0
    found = brentq(
        lambda c: float(stdtr(df, c + width / error) - stdtr(df, -c)) - level,
        0.0,
        float(stdtrit(df, 0.5 + level / 2.0)) + 1e-9,
    )
    return float(found)
