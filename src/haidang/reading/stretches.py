"""From one time to another: two times that stand beside each other with `đến` or `to` between them are one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from haidang.reading.draft import Period

__all__ = ["Mention", "joined"]

_TO = re.compile(
    r"\s*(?:đến|tới|to|until|till|through|[-–—])\s*(?:hết\s+|cuối\s+|the\s+end\s+of\s+|end\s+of\s+)?"
    r"(?:ngày\s+|tháng\s+|năm\s+)?",
    re.IGNORECASE,
)
_NOW = re.compile(r"\s*(?:đến|tới)\s+nay(?!\w)|\s+to\s+(?:date|now)(?!\w)", re.IGNORECASE)
_FROM = re.compile(r"(?<!\w)(?:từ|from)\s+(?:ngày\s+|tháng\s+|năm\s+|đầu\s+(?:năm\s+)?)?$", re.IGNORECASE)
_SINCE = re.compile(r"(?:từ|kể\s+từ|from|since)(?!\w)", re.IGNORECASE)
_BETWEEN, _AND = re.compile(r"(?<!\w)between\s+$", re.IGNORECASE), re.compile(r"\s+and\s+", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d{2}")
REACH = 20


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters of a sentence that tell a time, and the days that they mean where that is known."""

    start: int
    end: int
    period: Period | None


def joined(sentence: str, found: Sequence[Mention], published: date | None) -> tuple[Mention, ...]:
    """The times in their order, those that begin and end one stretch as one."""
    kept: list[Mention] = []
    for one in found:
        before = kept[-1] if kept else None
        stretch = None if before is None else _stretch(sentence, before, one)
        if stretch is None:
            kept.append(one)
        else:
            kept[-1] = stretch
    found = [_until_now(sentence, one, published) for one in kept]
    return tuple(one for at, one in enumerate(found) if not at or one.start >= found[at - 1].end)


def _stretch(sentence: str, first: Mention, last: Mention) -> Mention | None:
    between = sentence[first.end : last.start]
    left = sentence[max(0, first.start - REACH) : first.start]
    said = sentence[first.start : first.end]
    begun = _FROM.search(left) is not None or _SINCE.match(said) is not None
    if not (begun and _TO.fullmatch(between)) and not (_BETWEEN.search(left) and _AND.fullmatch(between)):
        return None
    if first.period is None or last.period is None or first.period.start is None or last.period.end is None:
        return Mention(first.start, last.end, None)
    since, until = first.period.start, last.period.end
    if _YEAR.search(said) is None and _YEAR.search(sentence[last.start : last.end]) is not None:
        # `từ tháng 2 đến tháng 9/2025`: the year behind the second is that of both.
        since = date(until.year, since.month, min(since.day, 28) if since.month == 2 else since.day)
    if since > until:
        return None
    return Mention(first.start, last.end, Period(since, until))


def _until_now(sentence: str, one: Mention, published: date | None) -> Mention:
    """`Từ năm 2018 đến nay` ends on the day of the document."""
    now = _NOW.match(sentence, one.end)
    if now is None or one.period is None or one.period.start is None:
        return one
    left = sentence[max(0, one.start - REACH) : one.start]
    if _FROM.search(left) is None and _SINCE.match(sentence, one.start) is None:
        return one
    return Mention(one.start, now.end(), Period(one.period.start, published))
