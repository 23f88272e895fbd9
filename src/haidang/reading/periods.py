"""The time of a quantity, among those that its sentence tells."""

from __future__ import annotations

import re
from datetime import date

from haidang.reading.dates import Mention
from haidang.reading.draft import Period
from haidang.reading.reports import is_longer
from haidang.reading.rules import Rules, words_pattern

__all__ = ["day_of_decision", "own_times", "period_of"]

NEAR = 18
"""Characters behind a number within which a time is its own."""
BESIDE, LONGEST_SPEAKER = 24, 90
"""Characters between a word of saying and the day behind it, and between a day that opens a clause and such a word."""
_DATED = re.compile(
    r"\s*,?\s*(?:được\s+|was\s+)?(?:ban hành\s+|ký\s+|issued\s+|signed\s+|adopted\s+)?(?:ngày|dated|of|on)?\s*",
    re.IGNORECASE,
)
_ISSUES = re.compile(
    r"(?<!\w)(?:ban hành|ký|phê duyệt|thông qua|issued|signed|approved|adopted|promulgated)(?!\w)[^;.:]*$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[;.:]")
COMPARED = 60
_BASE = re.compile(
    r"(?<!\w)(?:so với|compared\s+(?:to|with)|(?:up|down)\s+from|versus|"
    r"(?:to|at)\s+[^\s,;]*\d[^\s,;]*(?:\s+(?:per\s?cent|million|billion|trillion|people|tonnes))?\s+from)\s+"
    r"(?:(?:mức|con số|about|around|just|only|the)\s+)*",
    re.IGNORECASE,
)
"""In front of a number with which another is compared: it has a time of its own, or none."""
_OF_BASE = re.compile(_BASE.pattern + r"\S*\d[^,;]*$", re.IGNORECASE)
_CLOSE = re.compile(r"[;)]|,(?!\d)")
_PARTED = re.compile(r";|\s[-–—]\s|(?<!\w)(?:nhưng|but|while|whereas|trong khi)(?!\w)", re.IGNORECASE)
"""What stands between a number and a time of another clause."""
_APART = re.compile(r",\s*[\"“]?(?:but|nhưng|while|whereas|trong khi|although|dù)(?!\w)", re.IGNORECASE)
"""What parts a clause from one that may be of another time."""


def own_times(text: str, times: tuple[Mention, ...], rules: Rules) -> tuple[Mention, ...]:
    """The times without the days on which something was said: `said on Thursday`, `Ngày 5/12, ông A cho biết`."""
    said = words_pattern((*rules.saying, *rules.published))
    kept: list[Mention] = []
    for one in times:
        day = one.period is not None and not is_longer(one.period)
        left = text[max(0, one.start - BESIDE) : one.start]
        right = _ENDS.split(text[one.end : one.end + LONGEST_SPEAKER])[0]
        opens = right.startswith(",") and said.search(right) is not None
        if not day or (said.search(left) is None and not opens):
            kept.append(one)
    return tuple(kept)


def period_of(text: str, times: tuple[Mention, ...], start: int, end: int, since: int, until: int) -> Period | None:
    """The time nearest to characters `start` to `end` in their clause, `since` to `until`.

    Where the clause has none: the one at the head of a list of items, which they share, else the last before.
    """
    told = [one for one in times if one.period is not None]
    based = _base_before(text, start)
    if based is not None:
        close = _CLOSE.search(text, end, until)
        near = [one for one in told if end <= one.start < (until if close is None else close.start())]
        return near[0].period if near else None
    told = [one for one in told if not _is_of_base(text, one.start)]
    told = [one for one in told if not (0 < since <= one.start < start and _APART.search(text, one.end, start))]
    item = text.rfind(";", 0, start) + 1
    close = text.find(";", end)
    own = [one for one in told if max(since, item) <= one.start < (until if close < 0 else min(until, close))]
    # `From 141 TWh in 2015 to 506 TWh by 2030`: what stands right behind the number before belongs to it.
    own = [one for one in own if not since or one.start - since > NEAR or one.end > start] or own
    # `Cần 900 xe, giai đoạn 2031-2040 cần 1.700 xe`: what opens the clause of the next number is that number's.
    told = [one for one in told if not (until < len(text) and _opens_next(text, end, one, until))]
    own = [one for one in own if one in told]
    if any(one.end <= start for one in told):
        # `Từ tháng 6 đến nay giá đạt 85.000 đồng, mức đỉnh vào cuối tháng 9`: what comes behind is of another clause.
        own = [one for one in own if one.start < end or _PARTED.search(text, end, one.start) is None]
    if own:
        return min(own, key=lambda one: min(abs(start - one.end), abs(one.start - end))).period
    # The day on which somebody spoke is not the time of what was said.
    longer = [one for one in told if one.end <= start and one.period is not None and is_longer(one.period)]
    inside = [one for one in longer if one.start >= item]
    head = [one for one in longer if one.end <= text.find(";")] if item else []
    chosen = inside or head or longer
    return chosen[-1].period if chosen else _only(told, start, close)


def _base_before(text: str, start: int) -> int | None:
    """Where the words begin that make a number one with which another is compared; none where none do."""
    last = None
    for found in _BASE.finditer(text, max(0, start - COMPARED), start):
        last = found
    return None if last is None or last.end() != start else last.start()


def _is_of_base(text: str, at: int) -> bool:
    """Whether a time stands behind a number with which another is compared: `compared with 59% in 2001`."""
    return _OF_BASE.search(text, max(0, at - COMPARED), at) is not None


def _only(told: list[Mention], start: int, close: int) -> Period | None:
    """The one time that a sentence tells, behind a number and before `;`; no horizon, which is the aim's beside it."""
    behind = [one for one in told if one.period is not None and is_longer(one.period)]
    if len(behind) != 1 or behind[0].start < start or 0 <= close < behind[0].start:
        return None
    period = behind[0].period
    return None if period is None or period.start is None else period


def _opens_next(text: str, end: int, time: Mention, until: int) -> bool:
    """Whether a time stands behind a comma and before the next number without another."""
    if (
        time.start < end
        or re.search(
            r"[,;]\s+(?:(?:và|and|còn|while|in|by|vào|đến|tới|hết|cuối|phấn đấu|dự kiến|"
            r"trong|riêng|giai đoạn|thời kỳ|the|period)\s+)*$",
            text[end : time.start],
        )
        is None
    ):
        return False
    return re.search(r"[,;(]", text[time.end : until]) is None


def day_of_decision(text: str, times: tuple[Mention, ...], start: int, end: int) -> date | None:
    """The day of a decision that stands at characters `start` to `end`: right behind it, or on which it was issued."""
    days = [one for one in times if one.period is not None and not is_longer(one.period)]
    behind = next((one for one in days if one.start >= end and _DATED.fullmatch(text, end, one.start)), None)
    before = [one for one in days if one.end <= start and _ISSUES.search(text, one.end, start)]
    chosen = behind or (before[-1] if before else None)
    return None if chosen is None or chosen.period is None else chosen.period.start
