"""What nobody asks about: promises that are late, silent or nobody's, overdue series, and what no document states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias, get_args

from haidang.track.of_each import OfEach
from haidang.track.progress import stage_of
from haidang.track.records import ENDED, Commitment, Indicator, Record, claims_of, kind_of
from haidang.track.tracked import Tracked

Reason: TypeAlias = Literal[
    "late",
    "late_step",
    "late_milestone",
    "silent",
    "no_responsible",
    "no_stage",
    "no_due",
    "late_update",
    "no_licence",
    "no_place",
]
_ORDER = {reason: place for place, reason in enumerate(get_args(Reason))}
"""As they are told: what is overdue first, what is only not written down last."""
SILENT_MONTHS = 6
"""So many months without a word make a promise silent."""
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that somebody should look at.

    Args:
        reason: what is wrong.
        kind: of the record.
        id: of the record.
        since: from which day on it is so; none where that is not known.
        what: the milestone, where it is one; of claims without a place in their document how many of how many.
    """

    reason: Reason
    kind: str
    id: str
    since: date | None
    what: str | None = None


def attention(tracked: Tracked, on: date) -> tuple[Attention, ...]:
    """Everything that is late, silent, nobody's or not stated on a day, what is oldest first within each reason.

    Args:
        tracked: the records, as of that day.
        on: the day.
    """
    found = [one for needs in _NEEDS(tracked.commitments.values(), on) for one in needs]
    found += [one for indicator in tracked.indicators.values() for one in _indicator(indicator, on)]
    found += [one for record in tracked.records() for one in _unplaced(record)]
    return tuple(sorted(found, key=lambda one: (_ORDER[one.reason], one.since or date.max, one.id, one.what or "")))


def of_promise(one: Commitment, on: date) -> Iterator[Attention]:
    """What is late, silent or nobody's of one promise on a day."""
    if one.responsible is None:
        yield Attention("no_responsible", "commitment", one.id, None)
    if not one.stages:
        yield Attention("no_stage", "commitment", one.id, None)
    if stage_of(one) in ENDED:
        return
    if one.due is None:
        yield Attention("no_due", "commitment", one.id, None)
    elif one.due < on:
        yield Attention("late", "commitment", one.id, one.due)
    if one.next_on is not None and one.next_on < on:
        yield Attention("late_step", "commitment", one.id, one.next_on)
    for part in one.milestones:
        if part.due is not None and part.due < on and (part.done is None or part.done < 1.0):
            yield Attention("late_milestone", "commitment", one.id, part.due, part.id)
    heard = last_heard(one)
    if months_after(heard, SILENT_MONTHS) <= on:
        yield Attention("silent", "commitment", one.id, heard)


def _needs(one: Commitment, on: date) -> tuple[Attention, ...]:
    return tuple(of_promise(one, on))


_NEEDS = OfEach[Commitment, tuple[Attention, ...]](_needs)


def last_heard(one: Commitment) -> date:
    """The last day on which a document, a stage or a report of a milestone spoke of a promise."""
    days = [claim.said for claim in one.claims] + [stage.on for stage in one.stages]
    return max([*days, *(part.reported for part in one.milestones if part.reported is not None)])


def _indicator(one: Indicator, on: date) -> Iterator[Attention]:
    expected = next_update(one)
    if expected is not None and expected < on:
        yield Attention("late_update", "indicator", one.id, expected)
    if one.licence is None:
        yield Attention("no_licence", "indicator", one.id, None)


def _unplaced(one: Record) -> Iterator[Attention]:
    """Claims of which it is not written down where in their document they stand."""
    claims = claims_of(one)
    without = sum(claim.place.passage is None and claim.place.start is None for claim in claims)
    if without:
        yield Attention("no_place", kind_of(one), one.id, None, f"{without}/{len(claims)}")


def next_update(one: Indicator) -> date | None:
    """The day by which the next value is expected: as published, or the last one's day and the stated rhythm.

    None where the publisher names neither.
    """
    ends = [seen.claim.period.end for seen in one.observations if seen.claim.period and seen.claim.period.end]
    last = max((seen.claim.said for seen in one.observations), default=None)
    if one.next_update is not None and (last is None or last < one.next_update):
        return one.next_update
    if one.frequency is None or not ends or last is None:
        return None
    return months_after(last, one.frequency)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last day of the month where it has no such day."""
    years, month = divmod(day.month - 1 + months, _YEAR)
    first = date(day.year + years, month + 1, 1)
    following = date(first.year + first.month // _YEAR, first.month % _YEAR + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))
