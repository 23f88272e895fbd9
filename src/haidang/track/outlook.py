"""Each target with its odds, by the method that fits its kind, from the records as they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from haidang.results.manifest import SHARE
from haidang.track.odds import (
    Asked,
    Bound,
    Counted,
    Effect,
    Growing,
    Odds,
    Required,
    Series,
    StageChance,
    Status,
    amount_odds,
    count_odds,
    growth_odds,
    level_odds,
    level_of,
    pipeline,
    required,
    required_growth,
    started_odds,
)
from haidang.track.odds.levels import no_odds
from haidang.track.odds.moving import drawn_way
from haidang.track.odds.priors import LEAST_POINTS, Scale
from haidang.track.odds.records import REACHED
from haidang.track.progress import stage_of
from haidang.track.promises import DELIVERED, pace, status_of
from haidang.track.ranks import rank_odds
from haidang.track.records import Commitment, Indicator, Target, Title
from haidang.track.tracked import Point, Tracked, series

PERCENT = ("%", "%/year")
RANK = "rank"
DONE = ("delivered", "evaluated")


@dataclass(frozen=True, slots=True)
class StoodIn:
    """What a target was told by, where its own indicator has too few values.

    Args:
        indicator: the other one.
        why: it may stand in, in both languages.
        points: its published values.
        level: the target's own value, from which the other's movement goes on; none where the other's values are used
            as they are.
    """

    indicator: Indicator
    why: Title
    points: tuple[Point, ...]
    level: Point | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """A target, how likely it is reached, and what it was told from.

    Args:
        target: the target.
        odds: its odds.
        required: what it would take; none where there is no value or its day has passed.
        unit: of odds and values: `share` for fractions of one, `rank`, or a unit of measure.
        series: what it was told from, in that unit; none where nothing is published.
        points: the published values behind the series.
        passed: whether the target's day lies before the day on which this is told.
        stand_in: what it was told by instead, where the target's own indicator has too few values.
        status: of a state of affairs, how the odds rise with time; none elsewhere.
        indicator: that the target bounds; none where there is none.
        counted: of a count with a pipeline, how likely each number is; none elsewhere.
        behind: titles of the promises that it was told by, where it was told by promises alone.
    """

    target: Target
    odds: Odds
    required: Required | None
    unit: str
    series: Series | None
    points: tuple[Point, ...]
    passed: bool = False
    status: Status | None = None
    stand_in: StoodIn | None = None
    indicator: Indicator | None = None
    counted: Counted | None = None
    behind: tuple[Title, ...] = ()

    @property
    def programmes(self) -> tuple[str, ...]:
        """Ids of the programmes of the pack that move what the target bounds."""
        return () if self.indicator is None else tuple(link.programme for link in self.indicator.moved_by)

    @property
    def known(self) -> bool:
        """Whether there is a number to tell; of what only a programme moves there is none before a run of it."""
        alone = self.odds.method == "definition"
        return self.odds.probability is not None and (self.odds.programme is not None or not alone)


def told_on(one: Outlook, on: date) -> Outlook:
    """The outlook as it is told on a day: once the target's own day has passed, nothing more can be done for it."""
    return replace(one, required=None, passed=True) if one.target.by < on else one


def outlooks(tracked: Tracked, today: date, effects: Mapping[str, Effect] | None = None) -> tuple[Outlook, ...]:
    """The odds of every target, in the order of the targets.

    Levels, shares and ranks go by the local trend of their indicator's main method, ranks by the scores of the city and
    its rivals where those are on record; growth by the trend of the level, counts by their pipeline of commitments,
    amounts by what has been paid, states of affairs by how long promises stand in each stage. A target with no
    indicator, or whose indicator has no value, has no number, and the reason is told.

    Args:
        tracked: the records.
        today: the day of the record, from which promises still have to move.
        effects: for an indicator, draws of what a programme adds to it, in the indicator's own unit of measure.
    """
    given: Mapping[str, Effect] = effects or {}
    states = [one for one in tracked.targets.values() if by_promises(one)]
    until = max((one.by for one in states), default=today)
    found = pace(tracked.commitments.values(), [one.stage or DELIVERED for one in states], today, until)
    told: dict[str, Outlook] = {}
    asked: list[tuple[Asked, Target, tuple[Point, ...], str]] = []
    stood_in: dict[str, StoodIn] = {}
    for target in tracked.targets.values():
        indicator = None if target.indicator is None else tracked.indicators.get(target.indicator)
        points = () if indicator is None else _yearly(series(indicator))
        stood = None if indicator is None else _stand_in(tracked, target, indicator, points)
        if stood is not None:
            stood_in[target.id], points = stood, stood.points
        unit = _unit(target)
        among = None if indicator is None or target.kind != "rank" else rank_odds(tracked, target, indicator, points)
        if by_promises(target):
            status = status_of(target, tracked.commitments, found)
            named = (tracked.commitments.get(name) for name in target.commitments)
            behind = tuple(one.title for one in named if one is not None)
            told[target.id] = Outlook(target, status.odds, None, unit, None, (), False, status, behind=behind)
        elif among is not None:
            known = _series(target, points)
            told[target.id] = Outlook(target, among, required(known, target.by, _bound(target)), unit, known, points)
        elif target.kind in ("band", "level", "rank") and len(points) > 0:
            effect = None if indicator is None else _scaled(given.get(indicator.id), target)
            known = _series(target, points) if stood is None else _moved(target, stood)
            if indicator is not None and stood is None:
                known = replace(known, most=_most(target, indicator))
            asked.append((Asked(target.id, known, target.by, _bound(target), effect), target, points, unit))
        else:
            told[target.id] = _single(tracked, target, indicator, points, unit, given)
    levels = tuple(each[0] for each in asked)
    found_odds = level_odds(levels) if given else _level_odds(levels)
    for (one, target, points, unit), odds in zip(asked, found_odds, strict=True):
        needed = required(one.series, one.by, one.bound)
        told[target.id] = Outlook(target, odds, needed, unit, one.series, points)
    whole = [told[name] if name not in stood_in else _stood_in(told[name], stood_in[name]) for name in tracked.targets]
    return tuple(replace(one, indicator=tracked.indicators.get(one.target.indicator or "")) for one in whole)


def by_promises(target: Target) -> bool:
    """Whether a target is kept once the promises behind it are: a state of affairs, or a sum that nobody counts."""
    counted = target.indicator is not None or not target.commitments
    return target.kind == "status" or (target.kind == "amount" and not counted)


def _stand_in(tracked: Tracked, target: Target, indicator: Indicator, own: tuple[Point, ...]) -> StoodIn | None:
    """What stands in for an indicator with too few values; none where it has enough, or nothing may."""
    link = indicator.stand_in
    if link is None or len(own) >= LEAST_POINTS or link.indicator not in tracked.indicators:
        return None
    other = tracked.indicators[link.indicator]
    points = _yearly(series(other))
    # A level goes on from where the target's own stands, if both are known on one day; a rate is taken as it is.
    positive = target.kind in ("band", "level") and target.unit not in PERCENT
    same_day = [one for one in points if own and one.end == own[-1].end and one.value > 0]
    return StoodIn(other, link.why, points, own[-1] if positive and same_day and own[-1].value > 0 else None)


def _moved(target: Target, stood: StoodIn) -> Series:
    """The other's values, brought to the target's own level of a day where that is known."""
    known = _series(target, stood.points)
    if stood.level is None:
        return known
    (there,) = (one.value for one in stood.points if one.end == stood.level.end)
    return replace(known, values=tuple(stood.level.value / there * value for value in known.values))


def _stood_in(one: Outlook, stood: StoodIn) -> Outlook:
    """The same told as what it is: values of something else are never enough, and never drawn as the target's own."""
    odds, shown, points = one.odds, one.series, one.points
    if odds.evidence != "none":
        odds = replace(odds, evidence="not_enough", reason="stand_in")
    if stood.level is not None:
        shown, points = _series(one.target, (stood.level,)), (*points, stood.level)
    return replace(one, odds=odds, series=shown, points=points, stand_in=stood)


@lru_cache(maxsize=4)
def _level_odds(asked: tuple[Asked, ...]) -> tuple[Odds, ...]:
    """The same as long as no series and no bound changed: most changes are of promises. Effects cannot be compared."""
    return level_odds(asked)


def _single(
    tracked: Tracked,
    target: Target,
    indicator: Indicator | None,
    points: tuple[Point, ...],
    unit: str,
    given: Mapping[str, Effect],
) -> Outlook:
    """The odds of a target that goes by a method of its own, or has nothing to go by."""
    if target.kind == "growth" and points:
        return _growth(target, points, unit)
    if target.kind == "count":
        odds, counted = _count(tracked, target)
        return Outlook(target, odds, None, unit, None, (), counted=counted)
    if target.kind == "amount" and indicator is not None and (points or indicator.starts is not None):
        return _amount(target, indicator, points, unit, given.get(indicator.id))
    kind = "amount" if target.kind == "amount" else "growth" if target.kind == "growth" else "level"
    return Outlook(target, no_odds(target.id, kind, target.by, _bound(target), "no_series"), None, unit, None, ())


def _amount(
    target: Target, indicator: Indicator, points: tuple[Point, ...], unit: str, effect: Effect | None
) -> Outlook:
    """Money paid out: from the payments, behind the zero that an indicator begins with, or from a programme's run.

    What only a programme moves already holds what the programme did: once values are published, a run stands beside
    the forecast and is not added to it.
    """
    seen, bound, start = replace(_series(target, points), scale="identity"), _bound(target), indicator.starts
    known = seen if start is None else replace(seen, dates=(start.on, *seen.dates), values=(0.0, *seen.values))
    only = any(link.only for link in indicator.moved_by)
    if only and not points and start is not None and start.on < target.by:
        odds = started_odds(target.id, start.on, target.by, bound, effect)
    else:
        odds = amount_odds(target.id, known, target.lower or 0.0, target.by, bound, None if only else effect)
        if only and effect is not None and odds.without is not None:
            odds = replace(odds, programme=drawn_way(odds.without.fan.dates, 0.0, effect, bound))
    return Outlook(target, odds, required(known, target.by, bound), unit, seen, points)


def _growth(target: Target, points: tuple[Point, ...], unit: str) -> Outlook:
    """Growth from the rates of years without a gap, the last of them."""
    years = [point.end.year for point in points]
    first = len(years) - 1
    while first > 0 and years[first - 1] == years[first] - 1:
        first -= 1
    told = points[first:]
    level = level_of(target.indicator or target.id, years[first:], [point.value / 100 for point in told])
    since = target.since or date(target.by.year, 1, 1)
    odds = growth_odds(Growing(target.id, level, since, target.by, _bound(target)))
    rates = Series(
        level.name, tuple(point.end for point in told), tuple(point.value / 100 for point in told), "identity"
    )
    needed = required_growth(level, since, target.by, _bound(target))
    return Outlook(target, odds, needed, unit, rates, told)


def _count(tracked: Tracked, target: Target) -> tuple[Odds, Counted | None]:
    """A count from the commitments that are to bring it about, and from how commitments of all kinds have ended.

    Where fewer are on record than are asked there is no number: nobody knows what may still be announced.
    """
    own = [tracked.commitments[name] for name in target.commitments if name in tracked.commitments]
    done = sum(stage_of(one) in DONE for one in own)
    waiting = sum(stage_of(one) not in (*DONE, "lapsed", "withdrawn") for one in own)
    if done + waiting < (target.lower or 0.0) and done + waiting:
        return no_odds(target.id, "count", target.by, _bound(target), "few_under_way"), None
    passed, failed = ended(tuple(tracked.commitments.values()))
    stage = StageChance("under way", waiting, passed, failed)
    odds = count_odds(target.id, target.by, _bound(target), (stage,), done)
    return odds, None if odds.without is None else pipeline((stage,), done)


def ended(commitments: Sequence[Commitment]) -> tuple[int, int]:
    """How many commitments were delivered, and how many lapsed or were withdrawn."""
    last = [stage_of(one) for one in commitments]
    return sum(one in DONE for one in last), sum(one in ("lapsed", "withdrawn") for one in last)


def _yearly(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """One value for a day: of several periods that end on it the longest."""
    by_end: dict[date, Point] = {}
    for point in points:
        before = by_end.get(point.end)
        if before is None or (point.start or date.min) < (before.start or date.min):
            by_end[point.end] = point
    return tuple(by_end[end] for end in sorted(by_end))


def _most(target: Target, indicator: Indicator) -> float | None:
    """The greatest value that the target's indicator can take, in the unit of its series."""
    return None if indicator.most is None else _factor(target) * indicator.most


def _factor(target: Target) -> float:
    return 0.01 if target.unit in PERCENT else 1.0


def _series(target: Target, points: Sequence[Point]) -> Series:
    factor = _factor(target)
    values = tuple(factor * point.value for point in points)
    return Series(target.indicator or target.id, tuple(point.end for point in points), values, _scale(target, values))


def _scale(target: Target, values: Sequence[float]) -> Scale:
    if target.kind == "rank":
        return "rank"
    if target.unit == "%" and all(0.0 < value < 1.0 for value in values):
        return "logit"
    return "log" if all(value > 0.0 for value in values) else "identity"


def _unit(target: Target) -> str:
    if target.kind == "rank":
        return RANK
    return SHARE if target.unit in PERCENT or by_promises(target) else target.unit or "1"


def _bound(target: Target) -> Bound:
    if by_promises(target):
        return REACHED
    factor = 0.01 if target.unit in PERCENT else 1.0
    low, high = (None if one is None else factor * one for one in (target.lower, target.upper))
    return Bound(low, high)


def _scaled(effect: Effect | None, target: Target) -> Effect | None:
    if effect is None or target.unit not in PERCENT:
        return effect
    return {day: [0.01 * draw for draw in draws] for day, draws in effect.items()}
