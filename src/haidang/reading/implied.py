"""The time that a document implies for a claim that tells none: since the occasion it reports, or of its own year.

A promise, a proposal or an aim stands from the day of the occasion on which it was made, the last that the document has
told, or from the document's own day. A value or an event is of the document's year. Nothing of this is told by the
text, so it is kept apart from the period of a draft.

A document without a date is taken to be of the latest day or month that it tells with its year as past; else of the
year that it calls this one, or of that behind the one with whose same period it compares.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from haidang.reading.dates import Mention, mentions
from haidang.reading.draft import Draft, Period
from haidang.reading.rules import Rules
from haidang.reading.sentences import sentences

__all__ = ["Occasions", "Supposed", "implied", "supposed_day"]

RECENT, MONTH = timedelta(days=14), timedelta(days=31)
"""How long before a document an occasion is the one that it reports, and the longest time that tells its day."""
_THIS_YEAR = re.compile(
    r"(?:năm\s+nay|this\s+year),?\s+(?P<year>20\d{2})|năm\s+(?P<other>20\d{2})\s+này", re.IGNORECASE
)
_SAME_PERIOD = re.compile(
    r"(?:cùng\s+(?:kỳ|kì|thời\s+điểm)(?:\s+(?:của\s+)?năm)?|same\s+(?:period|time)\s+(?:of|in))\s+"
    r"(?P<year>20\d{2})(?![\d-])",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"(?<!\w)(?:sẽ|dự kiến|kế hoạch|lộ trình|mục tiêu|phấn đấu|sắp|will|would|shall|expected|scheduled|planned|plans|"
    r"target|aims?)(?!\w)",
    re.IGNORECASE,
)
STANDING = frozenset(("commitment", "proposal", "target"))
"""Kinds of claims that stand from the day on which they are made."""


@dataclass(frozen=True, slots=True)
class Occasions:
    """Where a text tells days shortly before it was published, in its order, and these days."""

    places: tuple[int, ...]
    days: tuple[date, ...]

    @classmethod
    def of(cls, told: Iterable[tuple[int, Sequence[Mention]]], published: date | None) -> Occasions:
        """Those among the times of sentences, each with the place where its sentence begins."""
        if published is None:
            return cls((), ())
        found = sorted(
            (start + one.start, one.period.start)
            for start, times in told
            for one in times
            if one.period is not None and one.period.start is not None and one.period.start == one.period.end
            if published - RECENT <= one.period.start <= published
        )
        return cls(tuple(place for place, _ in found), tuple(day for _, day in found))

    def at(self, place: int) -> date | None:
        """The last told before a place, else the first told behind it."""
        return self.days[max(0, bisect_right(self.places, place) - 1)] if self.days else None


def implied(draft: Draft, occasions: Occasions, published: date | None, year_only: bool = False) -> Period | None:
    """The time that the document implies for a draft; none where it tells one itself, or cites a decision.

    Args:
        draft: as the text tells it.
        occasions: of its document.
        published: the day of the document, told or supposed.
        year_only: whether only the year of that day is known.
    """
    if draft.period is not None or draft.kind == "reference" or published is None:
        return None
    if draft.kind in STANDING:
        since = date(published.year, 1, 1) if year_only else published
        return Period(occasions.at(draft.sentence.end) or since, None)
    return Period(date(published.year, 1, 1), date(published.year, 12, 31))


@dataclass(frozen=True, slots=True)
class Supposed:
    """The day as of which a document without a date is read; in the middle of its year where no more is known."""

    day: date
    year_only: bool


def supposed_day(text: str, rules: Rules) -> Supposed | None:
    """The day on which a document without a date is read; none where its text tells no year to go by."""
    past = [one.text for one in sentences(text, rules) if _TO_COME.search(one.text) is None]
    days = [end for one in past for end in _last_days(one, None)]
    if days:
        return Supposed(max(days), False)
    years = [int(found["year"] or found["other"]) for found in _THIS_YEAR.finditer(text)]
    years = years or [int(found["year"]) + 1 for found in _SAME_PERIOD.finditer(text)]
    if not years:
        return None
    middle = date(max(years), 7, 1)
    days = [end for one in past for end in _last_days(one, middle)]
    return Supposed(max(days), False) if days else Supposed(middle, True)


def _last_days(sentence: str, published: date | None) -> Iterator[date]:
    """The last days of the days and months that a sentence tells, as of one published on a day."""
    for one in mentions(sentence, published):
        if one.period is None or one.period.end is None or one.period.end == published:
            continue
        start, end = one.period.start, one.period.end
        if (start is None and (end.month, end.day) != (12, 31)) or (start is not None and end - start < MONTH):
            yield end
