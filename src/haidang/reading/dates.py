"""Dates and periods in a sentence, resolved against the date of the document.

What a document leaves open stays open: a day without a year, in a document without a date, has no period.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from haidang.reading.draft import Period
from haidang.reading.relative import (
    AWAY,
    WEEKDAYS,
    WORDS,
    coming,
    counted,
    from_now,
    gone,
    lone_quarter,
    months_gone,
    months_reported,
    months_so_far,
    relative_day,
    relative_month,
    relative_year,
    so_far,
    until_now,
    week,
    weekday,
    whole_months,
    whole_years,
)
from haidang.reading.shifted import SHIFTED, ago, month_of, months_of, named_month_of, quarter_of
from haidang.reading.stretches import Mention, joined

__all__ = ["Mention", "mentions"]

_YEAR = r"(?:19|20)\d{2}"
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_MONTH = (
    r"(?P<name>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|March|Mar\.|April|Apr\.|May|June|July|Aug(?:ust|\.)?|Sept(?:ember|\.)?|"
    r"Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_CAPITAL = rf"(?P<name>{'|'.join(one.capitalize() for one in _MONTHS)})"
_ORDINAL = r"(?:st|nd|rd|th)?"
_COUNTED = r"\s+(?:tỷ|tỉ|triệu|nghìn|đồng|doanh nghiệp|dự án|người|billion|million|people)"
_QUARTERS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4, "đầu": 1, "cuối": 4,
}  # fmt: skip
_OF_YEAR = rf"(?:\s*[/-]\s*|\s+năm\s+|\s+of\s+|\s+|,\s*)(?P<year>{_YEAR})"
_DAY_WORD = r"(?:phiên|phiên giao dịch|ngày|sáng|chiều|trưa|tối|đêm|hôm)"
_BY = re.compile(
    r"(?:đến|tới|trước|chậm nhất|chậm nhất là|muộn nhất|by|before)\s+(?:cuối\s+|hết\s+|đầu\s+|giữa\s+|"
    r"the end of\s+)?(?:năm\s+|ngày\s+|tháng\s+)?$",
    re.IGNORECASE,
)
_BASE = re.compile(
    r"(?<!\w)(?:dự toán|kế hoạch|chỉ tiêu|chỉ tiêu phấn đấu|so với|so với trung bình|cùng kỳ|cùng kì|cùng thời điểm|"
    r"compared to|compared with|same period|versus|than)"
    r"(?:\s+(?:cùng kỳ|cùng kì|cuối|đầu|giữa|the same period|the end|that))?(?:\s+(?:of|in))?"
    r"(?:\s+(?:cả|của|năm|tháng|the))*(?:\s+\d{1,2})?\s*$|(?:%|per\s?cent|trung bình)\s+(?:from\s+|\d{1,2}\s+)$|"
    r"(?<!\w)(?:nhất|lần đầu(?:\s+tiên)?|first|lowest|highest|largest|biggest|smallest|strongest|weakest|fastest|"
    r"slowest|best|worst|most|least)(?!\w)[^,;.]{0,30}(?<!\w)(?:kể từ|từ|since)(?:\s+(?:ngày|tháng|năm|quý))?\s*$",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"(?<!\w)(?:so với|compared\s+(?:to|with)|versus)\s+[^,;.()\d%]{0,40}$", re.IGNORECASE)
"""The same with a few words between and no number: `so với nửa đầu tháng 1`."""
"""In front of a time that something is only compared with: `so với năm 2024`, `the lowest amount since 2016`."""
_SINCE = re.compile(r"(?<!\w)(?:kể\s+từ|since)(?:\s+(?:ngày|tháng|năm|quý))?\s*$", re.IGNORECASE)
_ANY = re.compile(
    rf"\d|năm|tháng|quý|quarter|nay|qua|mai|year|month|half|day|tomorrow|tuần|week|{_MONTH}", re.IGNORECASE
)
"""Without one of these a sentence tells no time, and the patterns need not be tried."""


def mentions(sentence: str, published: date | None) -> tuple[Mention, ...]:
    """Every mention of a time, in the order of the text; of two that overlap, the longer way of saying it."""
    found: list[Mention] = []
    if _ANY.search(sentence) is None:
        return ()
    for pattern, resolve in _PATTERNS:
        for match in pattern.finditer(sentence):
            if any(match.start() < one.end and one.start < match.end() for one in found):
                continue
            try:
                period = resolve(match, published)
            except ValueError:
                continue
            period = _horizon(sentence, match, period)
            found.append(Mention(match.start(), match.end(), _since(sentence, match, period, published)))
    return joined(sentence, sorted(found, key=lambda one: one.start), published)


def _horizon(sentence: str, match: re.Match[str], period: Period | None) -> Period | None:
    """`By 2030` has an end and no beginning."""
    if period is None or period.start is None or match.re.groupindex.get("since"):
        return period
    before = sentence[max(0, match.start() - 60) : match.start()]
    if _BASE.search(before) or _COMPARED.search(before):
        return None
    inside = re.match(r"(?:đến|tới|trước|by|tính đến|tính tới|chậm nhất|until)\b", match[0], re.IGNORECASE)
    return Period(None, period.end) if inside or _BY.search(before) else period


def _since(sentence: str, match: re.Match[str], period: Period | None, published: date | None) -> Period | None:
    """`Since 2010` lasts until the document."""
    if period is None or period.start in (None, period.end) or (published is not None and period.start >= published):
        return period
    before = sentence[max(0, match.start() - 20) : match.start()]
    said = _SINCE.search(before) is not None or re.match(r"(?:kể\s+từ|since)\s", match[0], re.IGNORECASE) is not None
    return Period(period.start, published) if said else period


def _day(match: re.Match[str], published: date | None) -> Period | None:
    day, month = int(match["day"]), int(match["month"])
    year = match.groupdict().get("year")
    if year is not None:
        on = date(int(year), month, day)
        return Period(on, on)
    date(2024, month, day)
    if published is None:
        return None
    for shift in (0, -1, 1):
        if (month, day) == (2, 29) and monthrange(published.year + shift, 2)[1] < day:
            continue
        on = date(published.year + shift, month, day)
        if timedelta(days=-200) < on - published < timedelta(days=165):
            return Period(on, on)
    return None


def _named_day(match: re.Match[str], published: date | None) -> Period | None:
    month = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(match["name"].lower()[:3]))
    day, year = int(match["day"]), match.groupdict().get("year")
    if year is None:
        if published is None:
            return None
        year = str(published.year - (month > published.month + 6) + (month < published.month - 6))
    on = date(int(year), month, day)
    return Period(on, on)


def _named_month(match: re.Match[str], published: date | None) -> Period | None:
    month = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(match["name"].lower()[:3]))
    return whole_months(int(match["year"]), month, month)


def _month(match: re.Match[str], published: date | None) -> Period | None:
    month, year = int(match["month"]), match.groupdict().get("year")
    if not 1 <= month <= 12:
        raise ValueError
    if year is None and published is None:
        return None
    chosen = int(year) if year else published.year - (month > published.month + 6) if published else 0
    return whole_months(chosen, month, month)


def _lone_month(match: re.Match[str], published: date | None) -> Period | None:
    """`In October`, in a document that tells its day: the nearest."""
    month = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(match["name"].lower()[:3]))
    if published is None:
        return None
    year = published.year - (month > published.month + 6) + (month < published.month - 6)
    return whole_months(year, month, month)


def _days(match: re.Match[str], published: date | None) -> Period | None:
    """`Từ ngày 1 đến 15/3`: the second day tells the month, and the year, of both."""
    last = _day(match, published)
    if last is None or last.end is None:
        return None
    first = date(last.end.year, int(match["month0"] or match["month"]), int(match["day0"]))
    if first > last.end:
        raise ValueError
    return Period(first, last.end)


def _two_months(match: re.Match[str], published: date | None) -> Period | None:
    first, last = (
        next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(match[key].lower()[:3]))
        for key in ("name0", "name")
    )
    return whole_months(int(match["year"]), first, last)


def _months_to(match: re.Match[str], published: date | None) -> Period | None:
    """`Nine months to September 2025`."""
    last = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(match["name"].lower()[:3]))
    year = match["year"] or (None if published is None else published.year - (last > published.month))
    if year is None:
        return None
    first = 12 * int(year) + last - counted(match["count"])
    return Period(date(first // 12, first % 12 + 1, 1), whole_months(int(year), last, last).end)


def _quarter(match: re.Match[str], published: date | None) -> Period | None:
    quarter, year = _QUARTERS[match["quarter"].lower()], match.groupdict().get("year")
    if year is None and published is None:
        return None
    chosen = int(year) if year else published.year if published else 0
    return whole_months(chosen, 3 * quarter - 2, 3 * quarter)


def _part_of_year(match: re.Match[str], published: date | None) -> Period | None:
    count = counted(match["count"]) if match.groupdict().get("count") else 6
    year = match.groupdict().get("year")
    if not 1 <= count <= 12:
        raise ValueError
    if year is None and published is None:
        return None
    chosen = int(year) if year else published.year if published else 0
    late = re.search("cuối|còn lại|second|last|H2", match[0], re.IGNORECASE)
    return whole_months(chosen, 13 - count, 12) if late else whole_months(chosen, 1, count)


def _between(match: re.Match[str], published: date | None) -> Period | None:
    return whole_years(int(match["since"]), int(match["until"]))


def _short_span(match: re.Match[str], published: date | None) -> Period | None:
    """`2026-30`: the second year in two digits."""
    since = int(match["since"])
    return whole_years(since, since // 100 * 100 + int(match["short"]))


def _year(match: re.Match[str], published: date | None) -> Period | None:
    return whole_years(int(match["year"]), int(match["year"]))


def _clock(match: re.Match[str], published: date | None) -> Period | None:
    return None


_LEAST = rf"(?:(?:\d{{1,2}}|{'|'.join(WORDS)})(?:\s*[-–]\s*|\s+(?:đến|tới|to|or)\s+))?"
"""The lower of two numbers of years, of which the higher bounds the time."""
_FROM_DAY = r"(?:từ\s+)(?:ngày\s+)?(?P<day0>\d{1,2})"
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(WORDS)})"
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date | None], Period | None]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), resolve)
    for pattern, resolve in (
        (r"(?:từ|kể\s+từ)\s+đầu\s+năm\s+(?:đến|tới)\s+nay|since\s+the\s+(?:beginning|start)\s+of\s+(?:the|this)\s+year|"
         r"so\s+far\s+this\s+year|year\s+to\s+date", so_far),
        (rf"từ\s+(?:nay|bây giờ)\s+(?:cho\s+)?(?:đến|tới)\s+(?:(?:cuối|hết|giữa)\s+)?(?:năm\s*)?(?P<year>{_YEAR})"
         r"(?![\d/%])", from_now),
        (r"từ\s+nay\s+(?:đến|tới)\s+(?:cuối|hết)\s+năm(?:\s+nay)?(?P<year>)(?!\w)", from_now),
        (rf"(?:from|between)\s+now\s+(?:to|until|till|through|and)\s+(?:the\s+end\s+of\s+)?(?P<year>{_YEAR})(?!\d)",
         from_now),
        (r"(?:tính\s+|cho\s+)?(?<!trước\s)(?<!xưa\s)(?:đến|tới)\s+(?:nay|hiện nay|hiện tại|thời điểm (?:này|hiện tại))"
         r"(?!\w)|"
         r"(?<!\w)(?:to\s+date|so\s+far|up\s+to\s+now|until\s+now|thus\s+far)(?!\w|\s+this)", until_now),
        (rf"(?<!\w)(?-i:{_CAPITAL})(?=\s+(?:trade|exports?|imports?|data|inflation|sales|output|figures|retail|industrial|"
         r"consumer|shipments|deliveries|revenue|arrivals)(?!\w))", _lone_month),
        (rf"{_FROM_DAY}(?:[/.-](?P<month0>\d{{1,2}}))?\s*(?:đến|tới|[-–])\s*(?:ngày\s+)?(?P<day>\d{{1,2}})[/.-]"
         rf"(?P<month>\d{{1,2}})(?:[/.-](?P<year>{_YEAR}))?(?![\d/%])", _days),
        (rf"(?<!\w){_MONTH.replace('<name>', '<name0>')}\s*(?:[-–]|to|through)\s*{_MONTH}\s+(?P<year>{_YEAR})",
         _two_months),
        (rf"{_COUNT}\s+months\s+(?:to|through|ended|ending)\s+{_MONTH}(?:\s+(?P<year>{_YEAR}))?(?!\s+\d)", _months_to),
        (rf"{_MONTH}\s+(?P<shift>last|this|next)\s+year(?!\w)", named_month_of),
        (rf"tháng\s+(?P<month>\d{{1,2}})\s+năm\s+(?P<shift>{SHIFTED})(?!\w)", month_of),
        (rf"quý\s+(?P<quarter>IV|I{{1,3}}|[1-4])\s+năm\s+(?P<shift>{SHIFTED})(?!\w)", quarter_of),
        (rf"{_COUNT}\s+tháng\s+(?:đầu\s+)?(?:của\s+)?năm\s+(?P<shift>nay|ngoái)(?!\w)", months_of),
        (rf"cách\s+đây\s+(?:khoảng\s+|gần\s+|hơn\s+)?{_COUNT}\s+(?P<length>ngày|hôm|tháng|năm)(?!\w)", ago),
        (rf"(?<!\w){_COUNT}\s+(?P<length>days|months|years)\s+(?:ago|earlier)(?!\w)", ago),
        (rf"(?<!\d)(?P<day>\d{{1,2}})\s+tháng\s+(?P<month>\d{{1,2}})\s+năm\s+(?P<year>{_YEAR})", _day),
        (rf"(?<![\d/])(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})[/.-](?P<year>{_YEAR})(?!\d)", _day),
        (rf"(?<!\d)(?P<year>{_YEAR})-(?P<month>\d{{2}})-(?P<day>\d{{2}})(?!\d)", _day),
        (rf"{_DAY_WORD}\s+(?P<day>\d{{1,2}})\s*[/.-]\s*(?P<month>\d{{1,2}})(?![\d/%])", _day),
        (r"(?:ngày\s+)(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})(?!\d)", _day),
        (rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}\s+(?:of\s+)?{_MONTH},?\s+(?P<year>{_YEAR})", _named_day),
        (rf"(?<!\w){_MONTH}\s+(?P<day>\d{{1,2}}){_ORDINAL},?\s+(?P<year>{_YEAR})", _named_day),
        (rf"(?<!\w){_MONTH}\s+(?P<day>\d{{1,2}}){_ORDINAL}(?![\d%])", _named_day),
        (rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}\s+(?:of\s+)?{_MONTH}(?!\w)", _named_day),
        (rf"(?<!\w){_MONTH},?\s+(?:of\s+)?(?P<year>{_YEAR})", _named_month),
        (rf"(?<!\w)(?:in|since|by|from|during|until|last|this|late|early)\s+{_MONTH}(?![\w-]|\s+\d)", _lone_month),
        (r"(?:tính\s+đến|tính\s+tới|trước|chậm\s+nhất)\s+(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?![\d/%])", _day),
        (r"(?:từ|đến|tới)\s+(?P<day>\d{1,2})/(?P<month>\d{1,2})(?=\s*(?:[,.;:)]|$))", _day),
        (r"(?:từ|đến|tới)\s+(?P<day>1[3-9]|2\d|3[01])/(?P<month>\d{1,2})(?![\d/%])", _day),
        (rf"thập\s+(?:niên|kỷ)\s+{_YEAR}", _clock),
        (rf"{_COUNT}\s+tháng\s*/\s*(?P<year>{_YEAR})", _part_of_year),
        (rf"(?<!\w)H[12][\s/]*(?P<year>{_YEAR})", _part_of_year),
        (rf"(?<!\w)FY\s?(?P<year>{_YEAR})", _year),
        (rf"(?:end|mid|late|early)[-\s]+(?P<year>{_YEAR})(?!\d)", _year),
        (rf"quý\s+(?P<quarter>đầu|cuối)(?:\s+(?:của\s+)?năm)?\s+(?P<year>{_YEAR})", _quarter),
        (r"(?<!\w)(?:tuần\s+(?:qua|trước|vừa\s+qua)|(?:last|past)\s+week)(?!\w)", week),
        (rf"(?:quý|Q)\s*(?P<quarter>IV|I{{1,3}}|[1-4]){_OF_YEAR}", _quarter),
        (r"(?<!\w)(?-i:Q)(?P<quarter>[1-4])(?!\w)", lone_quarter),
        (r"quý\s+(?P<quarter>IV|I{1,3}|[1-4])(?!\w)", _quarter),
        (rf"(?:{_COUNT}\s+tháng|nửa)\s+(?:đầu|cuối)\s+năm\s+(?P<year>{_YEAR})", _part_of_year),
        (rf"(?:{_COUNT}\s+tháng|nửa)\s+(?:đầu|cuối|còn lại của|còn lại)\s+(?:của\s+)?năm(?:\s+nay)?", _part_of_year),
        (rf"{_COUNT}\s+tháng\s+(?:của\s+)?năm\s+(?P<year>{_YEAR})", _part_of_year),
        (rf"(?:lũy kế|luỹ kế|tính chung|cộng dồn)\s+(?:cả\s+|trong\s+)?{_COUNT}\s+tháng(?!\w)", months_so_far),
        (rf"{_COUNT}\s+tháng(?=\s+(?:ước|đạt|tăng|giảm|vượt|thu hút|giải ngân|cả nước|toàn thành phố)(?!\w))",
         months_so_far),
        (rf"^\W*{_COUNT}\s+tháng(?=,)", months_so_far),
        (rf"{_COUNT}\s+tháng\s+(?:vừa\s+)?(?:qua|gần đây)", months_gone),
        (r"(?<!hạn\s)(?<!mỗi\s)(?<!hơn\s)(?<!gần\s)(?<!khoảng\s)(?<!sau\s)(?<!mười\s)(?<!\w)(?P<count>\d{1,2}|hai|ba|bốn|sáu|bảy|tám|"
         r"chín|mười)\s+tháng(?!\s+(?:tới|sau|nữa|liên tiếp|tuổi|lương|trước|rưỡi|\d{1,2}(?![\d.,]))|\w)",
         months_reported),
        (rf"(?:past|after)\s+{_COUNT}\s+months", months_gone),
        (r"(?:các|những|hai|ba)\s+tháng(?:\s+tháng)?\s+\d{1,2}(?:\s*(?:,|và)\s*(?:tháng\s+)?\d{1,2})+", _clock),
        (rf"(?:first|second)\s+half\s+of\s+(?P<year>{_YEAR})", _part_of_year),
        (rf"(?:first|last)\s+{_COUNT}\s+months(?:\s+of\s+(?P<year>{_YEAR})|(?!\s+of(?!\s+the\s+year)))",
         _part_of_year),
        (rf"tháng\s+(?P<month>\d{{1,2}})(?:\s*[/-]\s*|\s+năm\s+)(?P<year>{_YEAR})", _month),
        (r"tháng\s+(?P<month>\d{1,2})(?![\d%])", _month),
        (rf"(?<!\d)(?P<since>{_YEAR})\s*(?:[-–—]|đến(?:\s+năm)?|to)\s*(?P<until>{_YEAR})(?!\d)", _between),
        (rf"(?<!\d)(?P<since>{_YEAR})\s*[-–—]\s*(?P<short>\d{{2}})(?![\d/%]|[.,]\d)", _short_span),
        (r"(?P<quarter>first|second|third|fourth|last|final)[\s-]+quarter\s+of\s+(?P<year>(?:19|20)\d{2})", _quarter),
        (r"(?P<quarter>first|second|third|fourth)[\s-]+quarter(?:\s+of\s+(?:the|this)\s+year)?", _quarter),
        (r"(?:first|second)\s+half(?:\s+of\s+(?:the|this)\s+year)?(?!\s+of)", _part_of_year),
        (rf"(?:on|last|this)\s+(?P<weekday>{'|'.join(WEEKDAYS)})(?!\w)", weekday),
        (rf"(?:trong\s+|over\s+)?(?:the\s+next\s+){_LEAST}{_COUNT}\s+years", coming),
        (rf"(?:next|coming)\s+{_LEAST}{_COUNT}\s+years", coming),
        (rf"{_LEAST}{_COUNT}\s+năm\s+(?:tới|tiếp theo|sắp tới)", coming),
        (rf"{_LEAST}{_COUNT}\s+năm\s+(?:qua|gần đây|vừa qua)", gone),
        (rf"(?:past|last)\s+{_LEAST}{_COUNT}\s+years", gone),
        (rf"(?:năm\s+)(?P<year>{_YEAR})(?!\d)", _year),
        (r"tháng\s+này(?!\w)|this\s+month", relative_month(0)),
        (r"tháng\s+(?:trước|rồi|vừa\s+qua)(?!\w)|last\s+month", relative_month(-1)),
        (r"tháng\s+(?:sau|tới)(?!\w)|next\s+month", relative_month(1)),
        (rf"(?<!\w)(?:{'|'.join(AWAY)})(?!\w)".replace(" ", r"\s+"), relative_day),
        (r"cả\s+năm(?!\s+\d)(?:\s+nay)?|whole\s+year|full\s+year", relative_year(0)),
        (r"năm\s+nay|this\s+year", relative_year(0)),
        (r"năm\s+(?:tới|sau)(?!\w)|next\s+year", relative_year(1)),
        (r"năm\s+(?:ngoái|trước)(?!\w)|last\s+year", relative_year(-1)),
        (r"(?:lúc|vào|from|at)\s+\d{1,2}\s*giờ", _clock),
        (r"(?<!\d)\d{1,2}\s*(?:h\s*\d{0,2}|giờ\s+\d{1,2}|:\d{2})(?!\w)", _clock),
        (rf"(?<![\w.,/$€-])(?P<year>{_YEAR})(?![\w%/-]|[.,]\d|{_COUNTED})", _year),
    )
)  # fmt: skip
