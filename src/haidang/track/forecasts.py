"""Forecasts kept when they are made, and scored when their day has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from haidang import __version__
from haidang.track.odds import Archived, Came, Scored, append, hash_of_inputs, read, scored
from haidang.track.outlook import Outlook, outlooks
from haidang.track.overview import Overview
from haidang.track.tracked import Tracked


def archive(found: Overview, path: Path) -> str:
    """Add the forecast of every target whose day has not come to an archive, whether or not it has a number.

    Args:
        found: the overview that made them.
        path: of the archive; made where there is none.

    Returns:
        The hash of the archive's last line.

    Raises:
        ArchiveError: what is there already was changed.
    """
    return append(path, (_archived(one, found.on) for one in found.outlooks if one.target.by > found.on))


def _archived(one: Outlook, made: date) -> Archived:
    odds, way = one.odds, one.odds.without
    points = None if way is None or not way.fan.points else way.fan.points[-1]
    values = [(point.end, point.value, point.observation.claim.id) for point in one.points]
    inputs = hash_of_inputs({"target": one.target.id, "values": [list(value) for value in values], "unit": one.unit})
    moved = None if odds.programme is None else odds.programme.chance.within
    return Archived(
        one.target.id, made, odds.by, odds.bound.low, odds.bound.high, odds.method, __version__, inputs,
        odds.probability, points, odds.evidence, moved,
    )  # fmt: skip


def score(tracked: Tracked, path: Path) -> tuple[Scored, ...]:
    """Every archived forecast whose outcome is known by now: a counted value for the period that ends on the day.

    An estimate or a forecast is no outcome. A growth over several years is scored where each of its years is counted.

    Args:
        tracked: the records as they stand now.
        path: of the archive.

    Raises:
        ArchiveError: the archive was changed.
    """
    return scored(read(path), tuple(_came(outlooks(tracked))))


def _came(found: Sequence[Outlook]) -> Iterable[Came]:
    for one in found:
        if one.series is None:
            continue
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
