"""The odds of levels, shares, ranks and growth: thousands of series at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from haidang.results.points import LEVELS, Points
from haidang.track.odds.forecast import Bound, MeanGrowth, Movable, OnLine, chance
from haidang.track.odds.mixture import StudentMixture
from haidang.track.odds.moving import moved_way
from haidang.track.odds.one_point import from_one_point
from haidang.track.odds.priors import LEAST_POINTS, ONE_POINT, TRENDS, Scale
from haidang.track.odds.required import NEAR
from haidang.track.odds.series import OddsError, Series, clock, from_line, to_line, years_between
from haidang.track.odds.told import Effect, Fan, Kind, Method, Odds, Reason, Way, evidence_of, points_of, year_ends
from haidang.track.odds.trend import Posterior, learn, ragged

Array = NDArray[np.float64]
_TOGETHER = 500
"""Series that go through the filter at once: their states stay in the processor's cache."""

_KINDS: dict[Scale, tuple[Kind, Method]] = {
    "log": ("level", "trend"),
    "identity": ("level", "trend"),
    "logit": ("share", "trend"),
    "rank": ("rank", "rank_walk"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A target on a series.

    Args:
        target: its id.
        series: what is published of its indicator.
        by: the last day on which it counts.
        bound: what it asks, in the series' unit.
        effect: what a programme adds; none where none moves it.
    """

    target: str
    series: Series
    by: date
    bound: Bound
    effect: Effect | None = None


def level_odds(asked: Sequence[Asked]) -> tuple[Odds, ...]:
    """The odds of targets on levels, shares and ranks, in the order in which they are asked."""
    found: dict[int, Odds] = {}
    groups: dict[tuple[Scale, bool], list[int]] = {}
    for place, one in enumerate(asked):
        evidence, reason = evidence_of(one.series, one.by)
        if reason == "one_point" and one.series.scale not in ONE_POINT:
            evidence, reason = "none", "one_point_alone"
        elif evidence != "none" and not _noise(one.series):
            evidence, reason = "none", "constant"
        if evidence == "none" and reason is not None:
            found[place] = no_odds(one.target, _KINDS[one.series.scale][0], one.by, one.bound, reason)
        else:
            groups.setdefault((one.series.scale, reason == "one_point"), []).append(place)
    for (scale, _), places in groups.items():
        for start in range(0, len(places), _TOGETHER):
            some = places[start : start + _TOGETHER]
            found |= zip(some, _together([asked[place] for place in some], scale), strict=True)
    return tuple(found[place] for place in range(len(asked)))


def no_odds(target: str, kind: Kind, by: date, bound: Bound, reason: Reason) -> Odds:
    """No number, and why."""
    return Odds(target, kind, by, bound, None, "none", reason)


def _together(asked: Sequence[Asked], scale: Scale) -> list[Odds]:
    dates = [year_ends(one.series.dates[-1], one.by) for one in asked]
    # Every day of every fan is a row of one large mixture.
    rows = np.repeat(np.arange(len(asked)), [len(days) for days in dates])
    years = np.array([time for days in dates for time in clock(days)])
    if len(asked[0].series.values) < LEAST_POINTS:
        mixture = from_one_point([one.series for one in asked], scale, rows, years)
    else:
        mixture = forecast_rows(posterior_of([one.series for one in asked]), rows, years)
    quantiles = np.stack([from_line(mixture.quantile(level), scale) for level in LEVELS], axis=1)
    ends = np.cumsum([len(days) for days in dates])
    told: list[Odds] = []
    for one, days, end in zip(asked, dates, ends.tolist(), strict=True):
        most = math.inf if one.series.most is None else one.series.most
        fan = Fan(days, tuple(Points(*row) for row in np.minimum(quantiles[end - len(days) : end], most).tolist()))
        forecasts = [OnLine(mixture.row(place), scale) for place in range(end - len(days), end)]
        told.append(_odds(one, fan, forecasts))
    return told


def _odds(one: Asked, fan: Fan, forecasts: Sequence[Movable]) -> Odds:
    scale, whole = one.series.scale, one.series.scale == "rank"
    kind, method = _KINDS[scale]
    evidence, reason = evidence_of(one.series, one.by)
    if reason == "one_point":
        method = "one_point"
    moved = None
    if one.effect is not None:
        moved = moved_way(fan.dates, forecasts, one.effect, one.bound, scale, whole, one.series.most)
    without = Way(chance(forecasts[-1], one.bound, whole), fan)
    return Odds(one.target, kind, one.by, one.bound, method, evidence, reason, without, moved)


def posterior_of(series: Sequence[Series]) -> Posterior:
    """What series on one scale say of their trends; two values at least in each."""
    scale = series[0].scale
    values = ragged([to_line(np.array(one.values), scale).tolist() for one in series])
    noise = np.array([_noise(one) for one in series])
    return learn(values, ragged([clock(one.dates) for one in series]), TRENDS[scale], noise)


def forecast_rows(posterior: Posterior, rows: NDArray[np.int64], years: Array) -> StudentMixture:
    """Forecasts of some of the series, each at a time of its own, as the rows of one mixture."""
    return posterior.of(rows).forecast(years)


def _noise(series: Series) -> float:
    """The prior's noise: a constant, for `identity` in the series' own unit; zero where it never left zero."""
    prior = TRENDS[series.scale]
    if series.scale != "identity" or len(series.values) < 2:
        return prior.noise
    values, times = np.array(series.values), np.array(clock(series.dates))
    moved = float(np.sqrt(np.mean(np.diff(values) ** 2 / np.diff(times))))
    return prior.noise * max(moved, 1e-3 * float(np.abs(values).max()))


@dataclass(frozen=True, slots=True)
class Growing:
    """A target on growth a year, compounded, over some years.

    Args:
        target: its id.
        level: what grows, on the scale `log`; `level_of` makes one of yearly growth rates.
        since: the day on which the count begins; the level of that day, or of one within six weeks, or none yet.
        by: the day on which it ends.
        bound: what it asks, as a fraction of one a year.
    """

    target: str
    level: Series
    since: date
    by: date
    bound: Bound


def level_of(name: str, years: Sequence[int], growth: Sequence[float]) -> Series:
    """A level that has grown by published rates, one at the end of the year before the first.

    Args:
        name: of the indicator.
        years: without a gap, rising.
        growth: as fractions of one, above minus one.

    Raises:
        OddsError: a gap between the years, or a rate of minus one or less.
    """
    if any(late - early != 1 for early, late in pairwise(years)):
        raise OddsError(f"expected growth of '{name}' in every year, found {list(years)}")
    if any(rate <= -1 for rate in growth):
        raise OddsError(f"expected growth of '{name}' above -100 %, found {min(growth):g}")
    if not years:
        return Series(name, (), (), "log")
    level = np.exp(np.cumsum(np.log1p(np.array(growth, np.float64)))).tolist()
    return Series(name, tuple(date(year, 12, 31) for year in (years[0] - 1, *years)), (1.0, *level), "log")


def growth_odds(asked: Growing) -> Odds:
    """The odds of a mean growth: what is known of it counts, and the rest is forecast.

    Raises:
        OddsError: the level is not on the scale `log`, the span is empty, or it began with no level published.
    """
    series = asked.level
    if series.scale != "log":
        raise OddsError(f"expected the level of '{series.name}' on the scale log, found {series.scale}")
    if asked.by <= asked.since:
        raise OddsError(f"expected '{asked.target}' to end behind {asked.since}, found {asked.by}")
    # What is published is growth, and of three levels there are two.
    evidence, reason = evidence_of(series, asked.by, max(0, len(series.values) - 1))
    if evidence == "none" and reason is not None:
        return no_odds(asked.target, "growth", asked.by, asked.bound, reason)
    if reason == "one_point":  # one rate is two levels, which are told as any two
        reason = "few_points"
    known, start = _known(series, asked.since)
    posterior = posterior_of([series])
    days = year_ends(max(start, asked.since), asked.by)
    forecasts = [
        MeanGrowth(
            posterior.change(np.array(clock([start])), np.array(clock([day]))), known, years_between(asked.since, day)
        )
        for day in days
    ]  # fmt: skip
    fan = Fan(days, tuple(points_of(one) for one in forecasts))
    way = Way(chance(forecasts[-1], asked.bound), fan)
    return Odds(asked.target, "growth", asked.by, asked.bound, "growth", evidence, reason, way)


def _known(series: Series, since: date) -> tuple[float, date]:
    """The growth that is known of a span, a logarithm, and the day from which the rest is forecast."""
    last = series.dates[-1]
    if since >= last:
        return 0.0, since
    near = min(series.dates, key=lambda day: abs(day - since))
    if abs(near - since) > NEAR:
        raise OddsError(f"expected a level of '{series.name}' at {since}, found the nearest at {near}")
    return math.log(series.values[-1] / series.values[series.dates.index(near)]), last
