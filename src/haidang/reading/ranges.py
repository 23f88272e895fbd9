"""The second number of a range, or of a part and its whole."""

from __future__ import annotations

import re
from dataclasses import replace

from haidang.reading.amounts import Amount, amount
from haidang.reading.letters import with_letter
from haidang.reading.parts import LARGEST_WHOLE
from haidang.reading.units import Line, noun_at, rate_of, unit_at

__all__ = ["second_of"]

MONTHS, LARGEST_LIST = 12, 999
"""Wholes of a ratio that is no day, and of one that is no number of a decision."""

_FIGURES = frozenset("123456789")
_EITHER = frozenset(("or", "hoặc", "hay"))
"""What stands between two numbers of which the second follows on the first: `two or three weeks`."""
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_SLASH = re.compile(r"\s*/\s*(?=\d)")
_SIGN = re.compile(r"(?:US\$|[$€¥£₫]|USD|VND|EUR|GBP)\s*")
_LEAD = re.compile(
    r"(?<!\w)(từ|from|between)(?:\s+(?:khoảng|about|the|a|an|its|current|initial|previous|present|earlier))*\s*[$€]?[\"“]?$",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"(?:,|(?<!\w)and)\s+from\s+$", re.IGNORECASE)
"""In front of the second rise of a sentence: `rise from 10 to 12 percent, and from 20 to 30 percent for trucks`."""
_RISING = re.compile(
    r"(?:rise|rose|increas\w+|grew|grow\w*|up|fell|fall\w*|decreas\w+|cut|rais\w+|jump\w*)\b", re.IGNORECASE
)


def second_of(
    line: Line, first: Amount, unit: str | None, end: int, left: str, signed: bool
) -> tuple[Amount, Amount | None, str | None, int]:
    """The first number, the second of its range where it has one, and the unit behind them with its end."""
    # `40.000 đồng một kg đến 85.000 đồng`: per what it is stands behind the first alone.
    rate, rated = (unit, end) if unit is None else rate_of(line, unit, end)
    for at in dict.fromkeys((first.end, end, rated)):
        sign = line.patterns.range_sign.match(line.text, at)
        slash = _SLASH.match(line.text, at) if at == first.end else None
        sep = slash or sign
        match = None if sep is None else line.patterns.amount.match(line.text, _behind_sign(line.text, sep.end()))
        if match is None or line.in_time(match.start(), match.end()):
            continue
        if (
            slash is None
            and sign is not None
            and not _is_range(sign[0].strip().casefold(), left, line.text[: first.end])
        ):
            continue
        thousands = first.multiplier is None and _GROUPED.fullmatch(first.text) is not None
        to = sign is not None and sign[0].strip().casefold() == "to"
        if thousands and to and amount(line.text, match, line.rules, line.patterns).multiplier is not None:
            # `Rose by 17,000 to 4.6 million` is no range.
            continue
        if sign is not None and sign[0].strip().isalpha() and first.word is None and not match[0][0].isdigit():
            # `Lent $750 million to five provinces` is no range.
            continue
        second = amount(line.text, match, line.rules, line.patterns)
        if sep is not None and (signed or match.start() > sep.end()):
            second = with_letter(line.text, second, line)
        if sign is not None and slash is None and sign[0].strip().casefold() in _EITHER and not _next(first, second):
            continue
        other, after = unit_at(line, second.end)
        if at in {end, rated} and unit is not None and at != first.end and other != unit:
            continue
        if slash is None:
            told = unit if other is None else other
            return first, second, rate if at not in {first.end, end} else told, after
        if _is_fraction(first, second):
            return first, None, None, len(line.text)
        if other is None and unit is None and _is_part(first, second):
            # `12/15 hạng mục`: so large a whole is no month.
            other, after = noun_at(line, second.end)
        # Of `46.686/152.146 tỷ đồng` the first is meant, in the unit behind the second.
        return replace(first, factor=max(first.factor, second.factor)), None, other if unit is None else unit, after
    return first, None, unit, end


def _behind_sign(text: str, at: int) -> int:
    sign = _SIGN.match(text, at)
    return at if sign is None else sign.end()


def _is_fraction(first: Amount, second: Amount) -> bool:
    """Whether a ratio is a part of one: `2/3 dân số` counts nobody."""
    return first.text.isdigit() and second.text.isdigit() and int(first.text) < int(second.text) <= LARGEST_WHOLE


def _next(first: Amount, second: Amount) -> bool:
    """Whether a number is the next behind another, both in words or both in one figure."""
    one, other = (
        each.word if each.word is not None else float(each.text) if each.text in _FIGURES else None
        for each in (first, second)
    )
    return one is not None and other == one + 1


def _is_part(first: Amount, second: Amount) -> bool:
    """Whether a ratio in small numerals is a part of a whole and no day of a month."""
    small = first.text.isdigit() and second.text.isdigit()
    return small and int(first.text) <= int(second.text) and MONTHS < int(second.text) <= LARGEST_LIST


def _is_range(sign: str, left: str, sentence: str) -> bool:
    """Whether what stands between two numbers makes them a range: a dash does, `to` only behind `from`.

    Args:
        sign: what stands between them.
        left: the text in front of the first.
        sentence: as far as the first.
    """
    if not sign.isalpha():
        return True
    lead = _LEAD.search(left)
    said = None if lead is None else lead[1].casefold()
    if sign == "and":
        return said == "between"
    if said == "from":
        return _RISING.search(sentence if _AGAIN.search(left) else left) is None
    return sign != "to" or lead is None
