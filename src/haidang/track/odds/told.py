"""What is told of a target: how likely it is reached, how sure one can be of that, and by which method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from haidang.results.points import LEVELS, Points
from haidang.track.odds.forecast import Bound, Chance, Forecast
from haidang.track.odds.priors import ENOUGH_POINTS, ENOUGH_SPAN, LEAST_POINTS
from haidang.track.odds.series import Series, years_between

Kind: TypeAlias = Literal["level", "share", "rank", "count", "amount", "growth", "status"]
Method: TypeAlias = Literal[
    "trend", "rank_walk", "rank_scores", "pipeline", "stages", "payments", "growth", "definition", "one_point"
]
Evidence: TypeAlias = Literal["enough", "not_enough", "none"]
"""`enough` data, `not_enough` (a number stands with a warning in words), `none` (no number, with the reason)."""
Reason: TypeAlias = Literal[
    "no_series",
    "one_point",
    "one_point_alone",
    "few_points",
    "short_span",
    "constant",
    "no_record",
    "few_under_way",
    "no_stage",
    "lapsed",
    "past",
    "mostly_assumed",
    "stand_in",
    "by_definition",
]


@dataclass(frozen=True, slots=True)
class Fan:
    """What is expected along time: five points of the forecast at each day, in the indicator's unit."""

    dates: tuple[date, ...]
    points: tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way things may go: the odds at the target's day, and the fan on the way there."""

    chance: Chance
    fan: Fan


@dataclass(frozen=True, slots=True)
class Odds:
    """The odds of one target.

    Args:
        target: its id.
        kind: of the target.
        by: the last day on which it counts.
        bound: what it asks.
        method: how it was forecast; none where it was not.
        evidence: whether the data are enough for the number that stands here.
        reason: why they are not; none where they are.
        without: as things go by themselves; none where there is no number.
        programme: with the programme that moves the indicator; none where none does.
        spread: of a promise or a state of affairs, between which the probability itself lies in nine of ten cases, as
            the rates at which promises move are not known; none elsewhere.
        ahead: of a rank told from scores, how many rivals ahead have no score on record and are taken to stay there.
    """

    target: str
    kind: Kind
    by: date
    bound: Bound
    method: Method | None
    evidence: Evidence
    reason: Reason | None
    without: Way | None = None
    programme: Way | None = None
    spread: tuple[float, float] | None = None
    ahead: int = 0

    @property
    def probability(self) -> float | None:
        """Of keeping the bound as things go by themselves; none where there is no number."""
        return None if self.without is None else self.without.chance.within


def points_of(forecast: Forecast) -> Points:
    """The five points by which a forecast is told."""
    return Points(*(forecast.quantile(level) for level in LEVELS))


def evidence_of(series: Series, by: date, count: int | None = None) -> tuple[Evidence, Reason | None]:
    """Whether a series has enough to say about a day, and the reason where it has not.

    Args:
        series: what is published.
        by: the day.
        count: how many values count; all of them where it is not given.
    """
    count = len(series.values) if count is None else count
    if not count:
        return "none", "no_series"
    if by <= series.dates[-1]:
        return "none", "past"
    if count < LEAST_POINTS:
        return "not_enough", "one_point"
    if count < ENOUGH_POINTS:
        return "not_enough", "few_points"
    if series.span < ENOUGH_SPAN * years_between(series.dates[-1], by):
        return "not_enough", "short_span"
    return "enough", None


def year_ends(after: date, by: date) -> tuple[date, ...]:
    """The last days of the years behind one day, and the target's own day last."""
    ends = [date(year, 12, 31) for year in range(after.year, by.year + 1)]
    return (*(day for day in ends if after < day < by), by)


Effect: TypeAlias = Mapping[date, Sequence[float]]
"""Draws of what a programme adds to the indicator at each day, in its unit, from a run's results."""
