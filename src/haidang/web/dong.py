"""Amounts of dong as people write them: `1,5 tỷ`, `1.500.000.000`, `1.5 billion VND`."""

from __future__ import annotations

import re

from haidang.results.catalogue import catalogue
from haidang.results.numerals import quantity
from haidang.web.words import Language

SMALL = 1_000_000
"""VND below which an amount is asked about: most likely it was meant in millions."""
MOST = 10**15
"""VND above which nothing is read: no double holds every dong far beyond."""
_VIETNAMESE = re.compile(r"tỷ|tỉ|triệu|nghìn|ngàn|đồng|[đ₫]", re.IGNORECASE)
_ENGLISH = re.compile(r"billion|million|thousand", re.IGNORECASE)
_MARK = re.compile(r"\s*(?:₫|đ(?![\wồ]))\s*$", re.IGNORECASE)
_WRITTEN_OUT = re.compile(r"(?P<digits>[\d.,\u00a0\u202f]+)\s*(?:đồng|vnđ|vnd)?", re.IGNORECASE)
_NO_UNIT = re.compile(
    r"(?:[\d.,\s\u00a0\u202f]+(?:billion|million|thousand|tỷ|tỉ|triệu|nghìn|ngàn))+", re.IGNORECASE
)  # fmt: skip


def dong(text: str, spoken: Language) -> int:
    """VND that a text says.

    A number is read as the language of its words writes it: `1.500 tỷ` is one and a half thousand billion, whatever the
    language of the page.

    Args:
        text: the amount, with or without its unit of measure.
        spoken: the language in which a number without words is read first.

    Raises:
        ValueError: it is no single amount of dong above nothing.
    """
    from haidang.reading.numbers import number

    plain = _MARK.sub(" đồng", text.strip())
    own: Language = "vi" if _VIETNAMESE.search(plain) else "en" if _ENGLISH.search(plain) else spoken
    written_out = _WRITTEN_OUT.fullmatch(plain)
    value = number(written_out["digits"], own, counted=True) if written_out else _worded(plain, own)
    if value is None or not 0 < value <= MOST or value != round(value):
        raise ValueError(text)
    return round(value)


def _worded(plain: str, own: Language) -> float | None:
    """An amount in words of size, such as billions; none where the text says something else, or more."""
    from haidang.reading import load_rules
    from haidang.reading.quantities import quantities

    whole = f"{plain} VND" if _NO_UNIT.fullmatch(plain) else plain
    found = list(quantities(whole, (), own, load_rules()))
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(whole)):
        return None
    told = found[0].quantity
    single = told.minimum == told.maximum and told.unit == "VND" and told.qualifier == "exactly"
    return told.minimum if single else None


def told_dong(value: float, spoken: Language) -> str:
    """An amount of dong in large units, three digits that mean something."""
    return quantity(value, "VND", catalogue(spoken))


def whole(value: int, spoken: Language) -> str:
    """A whole number to its last digit, as a spreadsheet in this language reads it."""
    text = f"{value:,}"
    return text.replace(",", ".") if spoken == "vi" else text


def exact_dong(value: int, spoken: Language) -> str:
    """An amount of dong to the last dong."""
    return f"{whole(value, spoken)} {'đồng' if spoken == 'vi' else 'VND'}"
