"""What would have to be true: the growth a year that reaches the bound, against the best years on record."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from haidang.track.odds.forecast import Bound
from haidang.track.odds.series import Series, years_between

Pace = Literal["growth", "points"]
"""`growth`: a fraction of one a year, compounded (levels); `points`: the indicator's unit a year (shares, ranks)."""

NEAR = timedelta(weeks=6)
"""A level of a day is one published of a day this near."""

BEST_YEARS = 5.0
AROUND = 1.0
"""Years by which a stretch on record may be shorter than five, where there is no value just five years on."""
_SLACK = 0.3
"""Years by which days may move, since editions do by some months."""


@dataclass(frozen=True, slots=True)
class Required:
    """What reaches a bound, and what was done before.

    Args:
        pace: whether the numbers are growth or points a year.
        since: the day from which `needed` is counted: that of the last value, or from which growth counts.
        needed: a year, from that day on; zero where the bound is kept already.
        best: the fastest on record, over five years or as near to that as there are values; none of one value.
        best_from: the day on which that began; none with `best`.
        best_to: the day on which it ended.
        reached: the bound is kept by the last value.
        faster: `needed` goes beyond `best` in the direction that is needed; none where either is not known.
        best_year: of a target of one year, the fastest single year on record and which it was; none elsewhere.
    """

    pace: Pace
    since: date
    needed: float
    best: float | None
    best_from: date | None
    best_to: date | None
    reached: bool
    faster: bool | None
    best_year: tuple[float, int] | None = None

    @property
    def best_years(self) -> float | None:
        """How long the best years on record are."""
        if self.best_from is None or self.best_to is None:
            return None
        return years_between(self.best_from, self.best_to)


def required(series: Series, by: date, bound: Bound) -> Required | None:
    """What a target needs a year; none where there is no value, or the day is not behind the last.

    Args:
        series: what is published.
        by: the last day on which the target counts.
        bound: what it asks, in the series' unit; of a band the nearer end.
    """
    if not series.values or by <= series.dates[-1]:
        return None
    now, pace = series.values[-1], _pace(series)
    goal = _nearest(now, bound)
    upward = goal >= now if goal != now else bound.low is not None
    needed = 0.0 if goal == now else _a_year(now, goal, years_between(series.dates[-1], by), pace)
    windows = _windows(series)
    if not windows:
        return Required(pace, series.dates[-1], needed, None, None, None, goal == now, None)
    speeds = [
        (_a_year(series.values[i], series.values[j], years_between(series.dates[i], series.dates[j]), pace), i, j)
        for i, j in windows
    ]
    best, start, end = max(speeds) if upward else min(speeds)
    faster = None if goal == now else (needed > best if upward else needed < best)
    return Required(pace, series.dates[-1], needed, best, series.dates[start], series.dates[end], goal == now, faster)


def required_growth(level: Series, since: date, by: date, bound: Bound) -> Required | None:
    """What a mean growth over some years needs a year, against the best five years' mean on record.

    Args:
        level: what grows, on the scale `log`.
        since: the day from which growth counts.
        by: the last day on which it counts.
        bound: what is asked, as a fraction of one a year; of a band its lower end.

    Returns:
        None where there is no value, the day is not behind the last, or growth since has no level to count from.
    """
    if not level.values or by <= level.dates[-1]:
        return None
    start = max(since, level.dates[-1])
    known = 0.0
    if since < level.dates[-1]:
        at = [place for place, day in enumerate(level.dates) if abs((day - since).days) <= NEAR.days]
        if not at:
            return None
        known = math.log(level.values[-1] / level.values[at[0]])
    # What is left to do a year when the end is just kept: what is known counts with its own years.
    ahead, whole = years_between(start, by), years_between(since, by)
    upward = bound.low is not None
    end = bound.low if bound.low is not None else bound.high
    assert end is not None  # a bound has one at least
    needed = math.expm1((whole * math.log1p(end) - known) / ahead)
    found = [
        (_a_year(level.values[i], level.values[j], years_between(level.dates[i], level.dates[j]), "growth"), i, j)
        for i, j in _windows(level)
    ]
    if not found:
        return Required("growth", start, needed, None, None, None, False, None)
    best, first, last = max(found) if upward else min(found)
    faster = needed > best if upward else needed < best
    year = _best_year(level, upward) if whole < 1.0 + _SLACK else None
    return Required("growth", start, needed, best, level.dates[first], level.dates[last], False, faster, year)


def _best_year(level: Series, upward: bool) -> tuple[float, int] | None:
    """The fastest growth from one value to one a year later, and the year in which it ended."""
    pairs = list(pairwise(zip(level.dates, level.values, strict=True)))
    found = [
        (_a_year(before, after, years_between(early, late), "growth"), late.year)
        for (early, before), (late, after) in pairs
        if abs(years_between(early, late) - 1.0) < _SLACK
    ]
    return (max(found) if upward else min(found)) if found else None


def _pace(series: Series) -> Pace:
    return "growth" if series.scale == "log" else "points"


def _nearest(now: float, bound: Bound) -> float:
    if bound.low is not None and now < bound.low:
        return bound.low
    if bound.high is not None and now > bound.high:
        return bound.high
    return now


def _a_year(start: float, end: float, years: float, pace: Pace) -> float:
    if pace == "points":
        return (end - start) / years
    return math.expm1(math.log(end / start) / years) if end > 0 else -1.0


def _windows(series: Series) -> list[tuple[int, int]]:
    """Pairs of values about five years apart, as far as the record goes; else the whole record.

    For each first value the one nearest to five years on: where none lies there, one a year before, or the next beyond.
    """
    found: list[tuple[int, int]] = []
    for i, start in enumerate(series.dates):
        apart = {j: years_between(start, series.dates[j]) for j in range(i + 1, len(series.dates))}
        if any(years > BEST_YEARS - _SLACK for years in apart.values()):
            near = [j for j, years in apart.items() if years > BEST_YEARS - AROUND - _SLACK]
            found.append((i, min(near, key=lambda j: abs(apart[j] - BEST_YEARS))))
    return found or ([(0, len(series.dates) - 1)] if len(series.dates) > 1 else [])
