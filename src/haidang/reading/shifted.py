"""Times told by a year beside the document's own, `tháng 6 năm ngoái`, and by how long ago they were."""

from __future__ import annotations

import re
from datetime import date, timedelta

from haidang.reading.draft import Period
from haidang.reading.relative import counted, whole_months, whole_years

__all__ = ["SHIFTED", "ago", "month_of", "months_of", "named_month_of", "quarter_of"]

SHIFT = {"nay": 0, "ngoái": -1, "trước": -1, "tới": 1, "sau": 1, "this": 0, "last": -1, "next": 1}
SHIFTED = "nay|ngoái|trước|tới|sau"
QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def month_of(match: re.Match[str], published: date | None) -> Period | None:
    """`Tháng 6 năm ngoái`."""
    return _whole(match, published, int(match["month"]), int(match["month"]))


def named_month_of(match: re.Match[str], published: date | None) -> Period | None:
    """`August last year`."""
    month = MONTHS.index(match["name"].lower()[:3]) + 1
    return _whole(match, published, month, month)


def quarter_of(match: re.Match[str], published: date | None) -> Period | None:
    """`Quý II năm nay`."""
    said = match["quarter"].lower()
    last = 3 * (QUARTERS.get(said) or int(said))
    return _whole(match, published, last - 2, last)


def months_of(match: re.Match[str], published: date | None) -> Period | None:
    """`10 tháng năm nay`: its first."""
    return _whole(match, published, 1, counted(match["count"]))


def ago(match: re.Match[str], published: date | None) -> Period | None:
    """The day, the month or the year that lies so many back: `cách đây ba hôm`, `two years ago`."""
    if published is None:
        return None
    count, length = counted(match["count"]), match["length"].lower()
    if length in {"ngày", "hôm", "days"}:
        on = published - timedelta(days=count)
        return Period(on, on)
    if length in {"tháng", "months"}:
        month = 12 * published.year + published.month - 1 - count
        return whole_months(month // 12, month % 12 + 1, month % 12 + 1)
    return whole_years(published.year - count, published.year - count)


def _whole(match: re.Match[str], published: date | None, first: int, last: int) -> Period | None:
    if not 1 <= first <= last <= 12:
        raise ValueError
    return None if published is None else whole_months(published.year + SHIFT[match["shift"].lower()], first, last)
