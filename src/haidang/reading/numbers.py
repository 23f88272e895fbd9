"""Numbers as Vietnamese and English write them: `1.500`, `1,4`, `1,500`, `8.5`."""

from __future__ import annotations

import re

from haidang.reading.draft import Language

NUMERAL = r"\d{1,3}(?:[.,\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
"""Digits in groups of three with one separator, or digits with one decimal sign."""
_GROUPS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_SPACES = re.compile(r"[\u00a0\u202f ]")

_SMALL = r"(?<![\d.,])\d{1,3}%s\d{1,2}\s*(?:%%|(?:per ?cent|[mbt]r?illion|tỷ|tỉ|triệu|nghìn|ngàn|điểm|ha|km)(?!\w))"
_POINT, _COMMA = re.compile(_SMALL % r"\."), re.compile(_SMALL % ",")
ENOUGH = 2
"""How many decimals in the other language's way show that a document writes its numbers so."""


def written(text: str, language: Language) -> Language:
    """As whose language a document writes its numbers: Vietnamese with `8.5%` and never `8,5%` writes as English."""
    own, other = (_COMMA, _POINT) if language == "vi" else (_POINT, _COMMA)
    if own.search(text) is not None or len(other.findall(text)) < ENOUGH:
        return language
    return "en" if language == "vi" else "vi"


def number(text: str, language: Language, counted: bool = False) -> float | None:
    """The value of a numeral, or none where neither language writes numbers so.

    A numeral is read as its language writes it, else as the other does. `10,000` is ten in Vietnamese by the rule, but
    nobody counts people to three decimals, and nobody writes three decimals of which the last is zero: it is ten
    thousand.

    Args:
        text: the numeral alone.
        language: of the document.
        counted: whether it counts whole things.
    """
    from babel.numbers import NumberFormatError, parse_decimal

    compact = _SPACES.sub("", text)
    if compact.isascii() and compact.isdigit():
        return float(compact)
    if _GROUPS.fullmatch(compact) and (counted or _is_grouped(compact)):
        return float(re.sub("[.,]", "", compact))
    for locale in (language, "en" if language == "vi" else "vi"):
        try:
            return float(parse_decimal(compact, locale=locale, strict=True))
        except NumberFormatError:
            continue
    return None


def _is_grouped(compact: str) -> bool:
    """Whether a comma in front of three figures parts thousands: `2,800`, not `0,500` and not `2,588`."""
    return "," in compact and compact.endswith("0") and not compact.startswith("0")
