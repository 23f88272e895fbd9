"""Forecasts kept when they are made, and scored when their day has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from haidang import __version__
from haidang.track.odds import Archived, Came, Scored, append, hash_of_inputs, scored
from haidang.track.outlook import Outlook, by_promises, outlooks
from haidang.track.overview import Overview
from haidang.track.promises import DELIVERED, Prospect, reached_by
from haidang.track.records import Commitment, StageName
from haidang.track.tracked import Tracked

COMMITMENT = "commitment/"
"""What stands before a promise's id in the archive."""


def of_targets(found: Overview) -> tuple[Archived, ...]:
    """The forecast of every target whose day has not come, whether or not it has a number, as it is kept."""
    return tuple(_archived(one, found.on) for one in found.outlooks if one.target.by > found.on)


def of_promises(found: Overview) -> tuple[Archived, ...]:
    """The forecast of every open promise whose day has not come, as it is kept: its name is `commitment/ID`."""
    # Every promise's odds are made from the stages of all: hashed once, since there may be ten thousand.
    stages = hash_of_inputs([list(_days(each)) for each in found.tracked.commitments.values()])
    return tuple(_promised(one, found.on, stages) for one in found.prospects.values() if one.odds.by > found.on)


def archive(found: Overview, path: Path) -> str:
    """Add the forecasts of all targets and open promises to a file.

    Args:
        found: the overview that made them.
        path: of the archive; made where there is none.

    Returns:
        The hash of the archive's last line.

    Raises:
        ArchiveError: what is there already was changed.
    """
    return append(path, [*of_targets(found), *of_promises(found)])


def _promised(one: Prospect, on: date, stages: str) -> Archived:
    """The forecast of a promise, with the digest of all promises' stages as what it was made from."""
    odds = one.odds
    inputs = hash_of_inputs({"commitment": one.commitment, "stages": stages, "day": on})
    return Archived(
        f"{COMMITMENT}{one.commitment}", on, odds.by, odds.bound.low, odds.bound.high, odds.method, __version__,
        inputs, odds.probability, None, odds.evidence,
    )  # fmt: skip


def _days(one: Commitment) -> Iterable[list[str]]:
    return ([stage.name, stage.on.isoformat()] for stage in one.stages)


def _archived(one: Outlook, made: date) -> Archived:
    odds, way = one.odds, one.odds.without
    values = [(point.end, point.value, point.observation.claim.id) for point in one.points]
    moved = None if odds.programme is None else odds.programme.chance.within
    fan = [] if odds.programme is None else [list(each.as_dict().values()) for each in odds.programme.fan.points]
    inputs = hash_of_inputs(
        {"target": one.target.id, "values": [list(value) for value in values], "unit": one.unit, "programme": fan}
    )
    if odds.method == "definition":
        way = odds.programme  # without it there is nothing to forecast
    points = None if way is None or not way.fan.points else way.fan.points[-1]
    return Archived(
        one.target.id, made, odds.by, odds.bound.low, odds.bound.high, odds.method, __version__, inputs,
        odds.probability, points, odds.evidence, moved,
    )  # fmt: skip


def score(tracked: Tracked, archived: Iterable[Archived], today: date) -> tuple[Scored, ...]:
    """Every kept forecast whose outcome is known by now: a counted value for the period that ends on the day.

    An estimate or a forecast is no outcome. A growth over several years is scored where each of its years is counted. A
    promise came where a document shows it in its stage by the day; it did not where a document shows that it was not
    there by then. That no document tells of it is neither.

    Args:
        tracked: the records as they stand now.
        archived: the forecasts as they were made; one that was kept twice counts once.
        today: the day of the record.
    """
    kept = tuple(dict.fromkeys(archived))
    came = [*_came(outlooks(tracked, today)), *_came_of_targets(tracked), *_came_of_promises(tracked, kept)]
    return scored(kept, tuple(came))


def _came_of_targets(tracked: Tracked) -> Iterable[Came]:
    for one in tracked.targets.values():
        named = [tracked.commitments[name] for name in one.commitments if name in tracked.commitments]
        if by_promises(one) and named:
            each = [in_time(each, one.stage or DELIVERED, one.by) for each in named]
            if False in each:
                yield Came(one.id, one.by, 0.0, _shown_by(named))
            elif None not in each:
                yield Came(one.id, one.by, 1.0, _shown_by(named))


def _came_of_promises(tracked: Tracked, kept: Sequence[Archived]) -> Iterable[Came]:
    asked = dict.fromkeys((one.target, one.by) for one in kept if one.target.startswith(COMMITMENT))
    for target, by in asked:
        one = tracked.commitments.get(target.removeprefix(COMMITMENT))
        came = None if one is None else in_time(one, DELIVERED, by)
        if one is not None and came is not None:
            yield Came(target, by, float(came), _shown_by([one]))


def in_time(one: Commitment, goal: StageName, by: date) -> bool | None:
    """Whether a promise had reached a stage by a day; none where no document tells."""
    reached = reached_by(one, goal)
    if reached is not None:
        return reached <= by
    if any(stage.name in ("lapsed", "withdrawn") or stage.on > by for stage in one.stages):
        return False
    return None


def _shown_by(named: Sequence[Commitment]) -> str:
    """The documents, or the files by their SHA-256, that show in which stage promises stand."""
    last = [one.stages[-1] for one in named if one.stages]
    told = {stage.evidence.source if stage.evidence is not None else f"sha256:{stage.file}" for stage in last}
    return ", ".join(sorted(told))


def _came(found: Sequence[Outlook]) -> Iterable[Came]:
    for one in found:
        if one.series is None or one.stand_in is not None:
            continue  # what stood in for a target's own values never tells whether it came
        counted = {
            end: (value, point)
            for end, value, point in zip(one.series.dates, one.series.values, one.points, strict=True)
            if point.observation.status == "actual"
        }
        if one.target.kind == "growth":
            yield from _came_growth(one, {end: value for end, (value, _) in counted.items()})
        elif one.target.by in counted:
            value, point = counted[one.target.by]
            yield Came(one.target.id, one.target.by, value, point.observation.claim.place.source)


def _came_growth(one: Outlook, rates: dict[date, float]) -> Iterable[Came]:
    """The mean growth a year, compounded, where every year of the span is counted."""
    first = one.target.since or date(one.target.by.year, 1, 1)
    ends = [date(year, 12, 31) for year in range(first.year, one.target.by.year + 1)]
    if all(end in rates for end in ends):
        whole = 1.0
        for end in ends:
            whole *= 1.0 + rates[end]
        sources = {point.observation.claim.place.source for point in one.points if point.end in ends}
        yield Came(one.target.id, one.target.by, whole ** (1.0 / len(ends)) - 1.0, ", ".join(sorted(sources)))
