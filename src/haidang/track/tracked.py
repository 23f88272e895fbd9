"""All records of a city together, as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar, cast

from haidang.facts import Source
from haidang.track.records import (
    Commitment,
    Event,
    Indicator,
    Milestone,
    Observation,
    Proposal,
    Record,
    Target,
    Title,
    kind_of,
)

R = TypeVar("R", Commitment, Indicator, Target, Event, Proposal)


@dataclass(frozen=True, slots=True)
class Tracked:
    """The records of one city by kind and id, with the documents that their claims stand in.

    `names` tells a body that the records name as a reader of each language knows it; it is shown as written elsewhere.
    """

    commitments: Mapping[str, Commitment]
    indicators: Mapping[str, Indicator]
    targets: Mapping[str, Target]
    events: Mapping[str, Event]
    proposals: Mapping[str, Proposal]
    sources: Mapping[str, Source]
    names: Mapping[str, Title] = field(default_factory=dict[str, Title])

    def records(self) -> Iterable[Record]:
        """Every record, kind by kind."""
        yield from self.events.values()
        yield from self.indicators.values()
        yield from self.targets.values()
        yield from self.commitments.values()
        yield from self.proposals.values()


def gather(
    records: Iterable[Record], sources: Mapping[str, Source], names: Mapping[str, Title] | None = None
) -> Tracked:
    """Records of any kind as one book; of two with one id and kind the later one stands."""
    by_kind: dict[str, dict[str, Record]] = {
        kind: {} for kind in ("commitment", "indicator", "target", "event", "proposal")
    }
    for one in records:
        by_kind[kind_of(one)][one.id] = one
    return Tracked(
        cast("Mapping[str, Commitment]", by_kind["commitment"]),
        cast("Mapping[str, Indicator]", by_kind["indicator"]),
        cast("Mapping[str, Target]", by_kind["target"]),
        cast("Mapping[str, Event]", by_kind["event"]),
        cast("Mapping[str, Proposal]", by_kind["proposal"]),
        sources,
        names or {},
    )


def as_of(tracked: Tracked, on: date) -> Tracked:
    """What had been said by the end of a day: later claims, stages, values and reports of milestones are not there.

    A record of which nothing had been said by then is left out. When a claim was entered here plays no part: the log
    of the database tells that.
    """
    kept = [cut for one in tracked.records() if (cut := _cut(one, on)) is not None]
    return gather(kept, tracked.sources, tracked.names)


def _cut(record: Record, on: date) -> Record | None:
    """What had been said of a record; the record itself where that is all of it."""
    if isinstance(record, Indicator):
        seen = tuple(one for one in record.observations if one.claim.said <= on)
        return record if len(seen) == len(record.observations) else replace(record, observations=seen)
    claims = tuple(one for one in record.claims if one.said <= on)
    if not claims:
        return None
    if isinstance(record, Commitment):
        stages = tuple(one for one in record.stages if one.on <= on)
        milestones = tuple(_milestone(one, on) for one in record.milestones)
        if (claims, stages, milestones) == (record.claims, record.stages, record.milestones):
            return record
        return replace(record, claims=claims, stages=stages, milestones=milestones)
    return record if len(claims) == len(record.claims) else replace(record, claims=claims)


def _milestone(one: Milestone, on: date) -> Milestone:
    if one.reported is None or one.reported <= on:
        return one
    return replace(one, done=None, reported=None, evidence=None)


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series: the last vintage of a period by one method.

    Args:
        start: first day of the period; none where it has none.
        end: last day of the period.
        value: the middle of what was said, in the indicator's unit.
        observation: what it stands on.
    """

    start: date | None
    end: date
    value: float
    observation: Observation


def series(indicator: Indicator, method: str | None = None) -> tuple[Point, ...]:
    """The values of one method in the order of their periods; of several vintages of a period the last one said.

    Forecasts, values whose period has no end, and values of another territory than the indicator's are left out.
    Nothing is averaged: where two documents of one day give two values for one period, the one that stands later in
    the file is used, and `contradictions` tells of both.

    Args:
        indicator: the indicator.
        method: the method; the indicator's main one, or all of them where it has none.
    """
    wanted = indicator.main if method is None else method
    last: dict[tuple[date | None, date], Observation] = {}
    for one in sorted(indicator.observations, key=lambda each: each.claim.said):
        period = one.claim.period
        if one.status == "forecast" or period is None or period.end is None or one.claim.quantity is None:
            continue
        elsewhere = one.claim.scope is not None and indicator.geography not in (None, one.claim.scope)
        if not elsewhere and (wanted is None or one.method == wanted):
            last[period.start, period.end] = one
    points = (Point(start, end, _middle(one), one) for (start, end), one in last.items())
    return tuple(sorted(points, key=lambda point: (point.end, point.start or date.min)))


def _middle(one: Observation) -> float:
    quantity = one.claim.quantity
    assert quantity is not None  # the series leaves out values without one
    return quantity.middle
