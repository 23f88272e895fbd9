"""Times that only the day of a document resolves: `năm tới`, `hôm qua`, `8 tháng qua`, `đến nay`."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from haidang.reading.draft import Period

WORDS = {
    "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10, "two": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
}  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
AWAY = {"hôm nay": 0, "sáng nay": 0, "chiều nay": 0, "trưa nay": 0, "tối nay": 0, "today": 0, "hôm qua": -1,
         "yesterday": -1, "ngày mai": 1, "tomorrow": 1}  # fmt: skip
REACH, LONG = 60, 5
"""Characters in front of a weekday that tell whether it is to come, and months until a quarter that is not meant."""
_TO_COME = re.compile(r"(?<!\w)(?:will|set\s+to|scheduled|due|plans?\s+to)(?!\w)[^,;.]*$", re.IGNORECASE)
LEAST_REPORT = 6
"""Months that are told as those of the year so far."""


def whole_months(year: int, first: int, last: int) -> Period:
    """From the first day of one month of a year to the last of another."""
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def whole_years(first: int, last: int) -> Period:
    """From the first day of one year to the last of another.

    Raises:
        ValueError: the second is before the first.
    """
    if last < first:
        raise ValueError
    return Period(date(first, 1, 1), date(last, 12, 31))


def counted(text: str) -> int:
    """A number of months or years, in numerals or in words."""
    return WORDS.get(text.lower()) or int(text)


def so_far(match: re.Match[str], published: date | None) -> Period | None:
    """The year until the day of the document."""
    return None if published is None else Period(date(published.year, 1, 1), published)


def until_now(match: re.Match[str], published: date | None) -> Period | None:
    """`Đến nay`: the day of the document is the last."""
    return None if published is None else Period(None, published)


def lone_quarter(match: re.Match[str], published: date | None) -> Period | None:
    """`Q4` without a year: of the year of the document, or of the one before where it would not begin for long."""
    if published is None:
        return None
    last = 3 * int(match["quarter"])
    return whole_months(published.year - (last - 2 > published.month + LONG), last - 2, last)


def from_now(match: re.Match[str], published: date | None) -> Period | None:
    """`Từ nay đến cuối năm`, `from now to 2030`."""
    if published is None:
        return None
    end = date(int(match["year"] or published.year), 12, 31)
    return Period(published, end) if end > published else None


def week(match: re.Match[str], published: date | None) -> Period | None:
    """The whole week before the document's own."""
    if published is None:
        return None
    monday = published - timedelta(days=published.weekday() + 7)
    return Period(monday, monday + timedelta(days=6))


def relative_year(shift: int) -> Callable[[re.Match[str], date | None], Period | None]:
    """The year that lies so many years behind that of the document."""

    def resolve(match: re.Match[str], published: date | None) -> Period | None:
        return None if published is None else whole_years(published.year + shift, published.year + shift)

    return resolve


def relative_month(shift: int) -> Callable[[re.Match[str], date | None], Period | None]:
    """The month that lies so many months behind that of the document."""

    def resolve(match: re.Match[str], published: date | None) -> Period | None:
        if published is None:
            return None
        month = 12 * published.year + published.month - 1 + shift
        return whole_months(month // 12, month % 12 + 1, month % 12 + 1)

    return resolve


def coming(match: re.Match[str], published: date | None) -> Period | None:
    """The years behind that of the document."""
    count = counted(match["count"])
    return None if published is None else whole_years(published.year + 1, published.year + count)


def gone(match: re.Match[str], published: date | None) -> Period | None:
    """The last years, that of the document among them."""
    count = counted(match["count"])
    return None if published is None else whole_years(published.year - count + 1, published.year)


def months_gone(match: re.Match[str], published: date | None) -> Period | None:
    """The last whole months before the document's own."""
    count = counted(match["count"])
    if not 1 <= count <= 12:
        raise ValueError
    if published is None:
        return None
    if count >= LEAST_REPORT and count == published.month - 2:
        # Said in October, `8 tháng qua` are the months of the year that have been counted.
        return whole_months(published.year, 1, count)
    end = published.replace(day=1) - timedelta(days=1)
    first = 12 * end.year + end.month - count
    return Period(date(first // 12, first % 12 + 1, 1), end)


def months_so_far(match: re.Match[str], published: date | None) -> Period | None:
    """The first months of the year, of the one before where they would not be over."""
    count = counted(match["count"])
    if not 1 <= count <= 12:
        raise ValueError
    if published is None:
        return None
    return whole_months(published.year - (count > published.month), 1, count)


def months_reported(match: re.Match[str], published: date | None) -> Period | None:
    """`Thu 9 tháng đạt`, in September or October: the months of the year that have just been counted.

    Raises:
        ValueError: so many months are another length of time.
    """
    count = counted(match["count"])
    if published is None or not 1 < count <= published.month <= count + 1:
        raise ValueError
    return whole_months(published.year, 1, count)


def weekday(match: re.Match[str], published: date | None) -> Period | None:
    """The last such day, the document's own among them; the next where something is still to come."""
    if published is None:
        return None
    apart = (published.weekday() - WEEKDAYS.index(match["weekday"].lower())) % 7
    if _TO_COME.search(match.string, max(0, match.start() - REACH), match.start()) is not None:
        apart -= 7
    on = published - timedelta(days=apart)
    return Period(on, on)


def relative_day(match: re.Match[str], published: date | None) -> Period | None:
    """Today, yesterday or tomorrow."""
    if published is None:
        return None
    on = published + timedelta(days=AWAY[" ".join(match[0].lower().split())])
    return Period(on, on)
