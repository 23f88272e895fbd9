"""Quantities in a sentence: a number with what multiplies it, its unit, its range and how firmly it is said.

Vietnamese puts the qualifier and the verb in front of the number and the counted noun right behind it; English may put
adjectives between. So a number is read from left to right (numeral, multipliers, a second number where it is a range,
unit, what it is a share of, per what) and then its left side is searched for a qualifier, a rank or a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from haidang.reading.dates import Mention
from haidang.reading.draft import Language, Qualifier, Quantity
from haidang.reading.numbers import NUMERAL, number
from haidang.reading.rules import Rules, alternatives

__all__ = ["Found", "quantities"]

LARGEST_WHOLE, MOST_MULTIPLIERS = 10, 3
LONGER_NUMBER = re.compile(r"(?<!\w)(?:mươi|mười|trăm|nghìn|ngàn|triệu|linh|lẻ|hundred|\d+)\s+$", re.IGNORECASE)
NEGATIVE = re.compile(r"(?:(?:^|[\s(])[-−]|(?<!\w)(?:âm|minus)\s+)$", re.IGNORECASE)
REACH = 60
"""How many characters on the left are searched for a qualifier, and on the right for whom a rank is among."""
_NOUN = re.compile(r"\s+([^\W\d_]+(?:-[^\W\d_]+)?)(?:\s+([^\W\d_]+(?:-[^\W\d_]+)?))?")
_SIGNS = ("$", "US$", "S$", "€", "¥", "USD", "VND", "VNĐ", "EUR")


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity and where it stands in the sentence: its whole phrase, and its number alone."""

    quantity: Quantity
    start: int
    end: int
    number_start: int


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The rules as patterns."""

    amount: re.Pattern[str]
    multiplier: re.Pattern[str]
    unit: re.Pattern[str]
    units: dict[str, str]
    range_sign: re.Pattern[str]
    before: tuple[tuple[Qualifier, re.Pattern[str]], ...]
    after: tuple[tuple[Qualifier, re.Pattern[str]], ...]
    compared: re.Pattern[str]
    rank: re.Pattern[str]
    top: re.Pattern[str]
    label: re.Pattern[str]
    idiom: re.Pattern[str]
    sign: re.Pattern[str]
    whole: tuple[tuple[str, re.Pattern[str]], ...]
    per: tuple[tuple[str, re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number as written, with its multiplier, before its unit is known."""

    text: str
    word: float | None
    factor: float
    multiplier: str | None
    extra: float
    end: int


@lru_cache(maxsize=8)
def _patterns(rules: Rules) -> _Patterns:
    def any_of(words: tuple[str, ...] | list[str], after: str = r"(?!\w)") -> str:
        return rf"(?:{alternatives(words)}){after}"

    def right(words: tuple[str, ...]) -> re.Pattern[str]:
        return re.compile(rf"\s*{any_of(words)}", re.IGNORECASE)

    between = rf"(?:\s+(?:{alternatives(rules.between)}))?"
    spellings = {one.casefold(): unit.name for unit in rules.units.values() for one in unit.spellings}
    # A sign ends a unit by itself; a word must end where the unit does.
    wordy = [one for one in spellings if one[-1].isalnum() or one[-1] in "²³₂"]
    unit = rf"\s*(?:(?P<sign>%|\$|€|¥)|(?P<word>{any_of(wordy)}))"
    return _Patterns(
        amount=re.compile(rf"(?:{NUMERAL})|(?<!\w)(?:{alternatives(rules.words)})(?!\w)", re.IGNORECASE),
        multiplier=re.compile(rf"\s*{any_of(tuple(rules.multipliers))}", re.IGNORECASE),
        unit=re.compile(unit, re.IGNORECASE),
        units=spellings,
        range_sign=re.compile(rf"\s*(?:{alternatives(rules.range_words)})\s*", re.IGNORECASE),
        before=tuple(
            (_qualifier(name), re.compile(rf"(?<!\w)(?P<said>{alternatives(words)}){between}\s*$", re.IGNORECASE))
            for name, words in rules.before.items()
        ),
        after=tuple((_qualifier(name), right(words)) for name, words in rules.after.items()),
        compared=re.compile(rf"(?<!\w)(?:{alternatives(rules.compared)})\s*$", re.IGNORECASE),
        rank=re.compile(rf"(?<!\w)(?:{alternatives(rules.rank)})(?:\s+thứ)?[\s:]*$", re.IGNORECASE),
        top=re.compile(rf"(?<!\w)(?:{alternatives(rules.top)})[\s-]*$", re.IGNORECASE),
        idiom=re.compile(any_of(rules.idioms), re.IGNORECASE),
        label=re.compile(rf"(?<!\w)(?:{alternatives(rules.labels)})[\s.]*$", re.IGNORECASE),
        sign=re.compile(rf"(?<!\w)(?P<sign>{alternatives(_SIGNS)})\s*$"),
        whole=tuple(
            (name, re.compile(rf"\s*(?:of\s+(?:\w+\s+)?(?:\w+['’]s\s+)?)?{any_of(words)}", re.IGNORECASE))
            for name, words in rules.whole.items()
        ),
        per=tuple((name, right(words)) for name, words in rules.per.items()),
    )


def _qualifier(name: str) -> Qualifier:
    known: dict[str, Qualifier] = {
        "about": "about", "nearly": "nearly", "more_than": "more_than", "at_least": "at_least", "at_most": "at_most",
    }  # fmt: skip
    return known[name]


def quantities(sentence: str, times: tuple[Mention, ...], language: Language, rules: Rules) -> Iterator[Found]:
    """The quantities of a sentence in their order; numbers that belong to a time, a name or a label are none."""
    patterns, taken = _patterns(rules), 0
    for match in patterns.amount.finditer(sentence):
        at = match.start()
        if at < taken or any(one.start <= at < one.end for one in times) or _attached(sentence, match):
            continue
        found = _read(sentence, match, language, rules, patterns, times)
        if found is not None:
            taken = found.end
            yield found


def _attached(sentence: str, match: re.Match[str]) -> bool:
    """Whether a numeral is part of a name: `T4-3`, `COVID-19`, `H.264`."""
    before = sentence[max(0, match.start() - 4) : match.start()]
    return re.search(r"\w[-./]?$|[.,]$", before) is not None and re.search(r"(?:[$€¥]|USD|VND)$", before) is None


def _amount(sentence: str, match: re.Match[str], rules: Rules, patterns: _Patterns) -> _Amount:
    factor, end, last = 1.0, match.end(), None
    if sentence[end : end + 1] == "+":
        end += 1
    for _ in range(MOST_MULTIPLIERS):
        found = patterns.multiplier.match(sentence, end)
        if found is None:
            break
        last = found[0].strip().casefold()
        factor, end = factor * rules.multipliers[last], found.end()
    extra, end = _extra(sentence, factor, end, rules, patterns) if last is not None else (0.0, end)
    return _Amount(match[0], rules.words.get(match[0].casefold()), factor, last, extra, end)


def _extra(sentence: str, factor: float, end: int, rules: Rules, patterns: _Patterns) -> tuple[float, int]:
    """What a smaller multiplier adds: `1 tỷ 200 triệu`, `2 triệu rưỡi`."""
    half = re.compile(r"\s+rưỡi(?!\w)").match(sentence, end)
    if half is not None:
        return factor / 2, half.end()
    digits = re.compile(r"\s+(\d{1,3})(?=\s)").match(sentence, end)
    found = None if digits is None else patterns.multiplier.match(sentence, digits.end())
    if digits is None or found is None or rules.multipliers[found[0].strip().casefold()] >= factor:
        return 0.0, end
    return int(digits[1]) * rules.multipliers[found[0].strip().casefold()], found.end()


def _read(
    sentence: str,
    match: re.Match[str],
    language: Language,
    rules: Rules,
    patterns: _Patterns,
    times: tuple[Mention, ...],
) -> Found | None:
    if patterns.idiom.match(sentence, match.start()) is not None:
        return None
    first = _amount(sentence, match, rules, patterns)
    left = sentence[max(0, match.start() - REACH) : match.start()]
    sign = patterns.sign.search(left)
    if sign is not None:
        left = left[: sign.start()]
    start = match.start() if sign is None else match.start() - (len(sign[0]))
    ranked = _rank(sentence, match.start(), left, first, language, rules, patterns)
    if ranked is not None:
        return ranked
    unit, end = _unit(sentence, first.end, patterns, language, times)
    first, second, unit, end = _second(sentence, first, unit, end, left, rules, patterns, language, times)
    if unit is None and sign is not None:
        unit, end = patterns.units.get(sign["sign"].casefold()), (second or first).end
    if first.word is not None and (LONGER_NUMBER.search(left) is not None or not _words_count(first, unit, rules)):
        return None
    if first.word is not None and patterns.multiplier.match(sentence, end) is not None:
        return None
    named = unit is not None
    if unit is None and first.multiplier is not None and (second or first).multiplier in rules.money_where_silent:
        noun, noun_end = _noun(sentence, end, rules, times)
        unit, end = (
            (rules.money_where_silent[(second or first).multiplier or ""], (second or first).end)
            if noun is None
            else (noun, noun_end)
        )
    if unit is None:
        unit, end = _noun(sentence, (second or first).end, rules, times)
    if unit is None:
        return None
    known = rules.units.get(unit)
    counted = (known is None or known.counted) and first.factor == 1.0
    if patterns.label.search(left) is not None and sign is None and (counted or not named) and first.word is None:
        return None
    return _said(sentence, first, second, unit, counted, language, left, start, end, patterns)


def _words_count(first: _Amount, unit: str | None, rules: Rules) -> bool:
    """Whether a number in words counts something: `ba trung tâm`, `one million`."""
    if first.multiplier is not None:
        return unit is not None
    known = None if unit is None else rules.units.get(unit)
    return known is not None and known.counted and first.word != 1


def _unit(
    sentence: str, at: int, patterns: _Patterns, language: Language, times: tuple[Mention, ...]
) -> tuple[str | None, int]:
    """The unit that begins at a place; in English, adjectives may stand in front of what is counted."""
    ways = [at]
    if language == "en":
        ways += [found.end() for found in [re.compile(r"(?:[\s-]+[a-z][a-z-]*){1}").match(sentence, at)] if found]
        ways += [found.end() for found in [re.compile(r"(?:[\s-]+[a-z][a-z-]*){2}").match(sentence, at)] if found]
    for way in ways:
        found = patterns.unit.match(sentence, way)
        # In `58.000 năm 2020` the year is no unit.
        if found is None or any(one.start < found.end() and found.start() < one.end for one in times):
            continue
        text = " ".join(found[0].split()).casefold()
        if way != at and (found["sign"] or re.search(r"\b(?:of|and|in|by|to|for|or)\b", sentence[at:way])):
            continue
        return patterns.units[text], found.end()
    return None, at


def _second(
    sentence: str, first: _Amount, unit: str | None, end: int, left: str, rules: Rules, patterns: _Patterns,
    language: Language, times: tuple[Mention, ...],
) -> tuple[_Amount, _Amount | None, str | None, int]:  # fmt: skip
    """The second number of a range or of a ratio, with the unit behind it."""
    for at in dict.fromkeys((first.end, end)):
        sign = patterns.range_sign.match(sentence, at)
        slash = re.compile(r"\s*/\s*(?=\d)").match(sentence, at) if at == first.end else None
        sep = slash or sign
        match = None if sep is None else patterns.amount.match(sentence, sep.end())
        if match is None or any(one.start <= match.start() < one.end for one in times):
            continue
        if slash is None and sign is not None and not _is_range(sign[0].strip().casefold(), left):
            continue
        second = _amount(sentence, match, rules, patterns)
        other, after = _unit(sentence, second.end, patterns, language, times)
        if at == end and unit is not None and end != first.end and other != unit:
            continue
        if slash is not None:
            if _is_fraction(first, second):
                return first, None, None, len(sentence)
            # Of `46.686/152.146 tỷ đồng` the first is meant, in the unit behind the second.
            return replace(first, factor=max(first.factor, second.factor)), None, other if unit is None else unit, after
        return first, second, other if other is not None else unit, after
    return first, None, unit, end


def _is_fraction(first: _Amount, second: _Amount) -> bool:
    """Whether a ratio is a part of one: `2/3 dân số` counts nobody."""
    return first.text.isdigit() and second.text.isdigit() and int(first.text) < int(second.text) <= LARGEST_WHOLE


def _is_range(sign: str, left: str) -> bool:
    """Whether what stands between two numbers makes them a range: a dash does, `to` only behind `from`."""
    if not sign.isalpha():
        return True
    lead = re.search(r"(?<!\w)(từ|from|between)(?:\s+(?:khoảng|about))?\s*[$€]?$", left.casefold())
    if sign == "and":
        return lead is not None and lead[1] == "between"
    if lead is not None and lead[1] == "from":
        return (
            re.search(
                r"(?:rise|rose|increas\w+|grew|grow\w*|up|fell|fall\w*|decreas\w+|cut|rais\w+|jump\w*)\b",
                left.casefold(),
            )
            is None
        )
    return sign != "to" or lead is None


def _noun(sentence: str, at: int, rules: Rules, times: tuple[Mention, ...]) -> tuple[str | None, int]:
    """The document's own word behind a number, where the list of units has none."""
    found = _NOUN.match(sentence, at)
    if found is None or found[1].casefold() in rules.stops or not found[1].islower() or _in_time(found, 1, times):
        return None, at
    last = found[2] or ""
    if last.casefold() in rules.stops or not last.islower() or _in_time(found, 2, times):
        return found[1], found.end(1)
    return f"{found[1]} {last}", found.end(2)


def _in_time(found: re.Match[str], group: int, times: tuple[Mention, ...]) -> bool:
    return any(one.start < found.end(group) and found.start(group) < one.end for one in times)


def _rank(
    sentence: str, at: int, left: str, first: _Amount, language: Language, rules: Rules, patterns: _Patterns
) -> Found | None:
    top, rank = patterns.top.search(left), patterns.rank.search(left)
    value = first.word if first.word is not None else number(first.text, language, counted=True)
    said = top or rank
    if said is None or value is None or first.factor != 1.0 or value != int(value):
        return None
    if sentence[first.end : first.end + 1] == "%":
        return None
    tail = re.compile(r"(?:st|nd|rd|th)?(?:\s*/\s*\d+)?").match(sentence, first.end)
    end = first.end if tail is None else tail.end()
    after = re.split(r"[;.]", sentence[end : end + 2 * REACH])[0]
    hits = [
        (found.start(), name)
        for name, words in rules.among.items()
        if (found := re.search(rf"(?<!\w)(?:{alternatives(words)})(?!\w)", after, re.IGNORECASE))
    ]
    among = min(hits)[1] if hits else None
    start = at - len(left) + said.start()
    if top is not None:
        return Found(Quantity(None, value, "rank", "at_most", among), start, end, at)
    return Found(Quantity(value, value, "rank", "exactly", among), start, end, at)


def _said(
    sentence: str, first: _Amount, second: _Amount | None, unit: str, counted: bool, language: Language, left: str,
    start: int, end: int, patterns: _Patterns,
) -> Found | None:  # fmt: skip
    """The quantity with its qualifier, and what stands behind its unit taken in."""
    low = first.word if first.word is not None else number(first.text, language, counted)
    high = low
    if second is not None:
        high = second.word if second.word is not None else number(second.text, language, counted)
    if low is None or high is None:
        return None
    shared = second.factor if second is not None and first.factor == 1.0 else first.factor
    low, high = (
        _exact(low, shared, first.extra),
        _exact(high, first.factor, first.extra) if second is None else _exact(high, second.factor, second.extra),
    )
    if second is not None and high < low:
        return None
    minus = NEGATIVE.search(left)
    if second is None and minus is not None:
        low = high = -low
        start -= len(minus[0].lstrip(" ("))
    for name, pattern in patterns.whole:
        found = pattern.match(sentence, end)
        if unit == "%" and found is not None:
            unit, end = f"% of {name}", found.end()
            break
    for name, pattern in patterns.per:
        found = pattern.match(sentence, end)
        if found is not None:
            unit, end = f"{unit}/{name}", found.end()
            break
    qualifier, said_at = _how_firmly(left, patterns)
    if said_at is not None:
        start = start - (len(left) - said_at)
    for name, pattern in patterns.after:
        found = pattern.match(sentence, end)
        if found is not None:
            qualifier, end = name, found.end()
    if first.text and sentence[start:end].find(first.text + "+") >= 0:
        qualifier = "more_than"
    minimum = None if qualifier == "at_most" and second is None else low
    maximum = None if qualifier in {"at_least", "more_than"} and second is None else high
    return Found(Quantity(minimum, maximum, unit, qualifier), start, end, sentence.index(first.text, start))


def _exact(value: float, factor: float, extra: float) -> float:
    """The number as a person would write it: 2.74 times a million is 2,740,000."""
    return float(f"{value * factor + extra:.12g}")


def _how_firmly(left: str, patterns: _Patterns) -> tuple[Qualifier, int | None]:
    """The qualifier that ends the text on the left, the one that begins first where several end there."""
    trimmed = re.sub(r"(?<!\w)(?:từ|from|between)\s*$", "", left, flags=re.IGNORECASE)
    hits: list[tuple[int, Qualifier]] = [
        (found.start("said"), name)
        for text in dict.fromkeys((left, trimmed))
        for name, pattern in patterns.before
        if (found := pattern.search(text)) is not None
    ]
    if not hits:
        return "exactly", None
    at, name = min(hits)
    if name == "more_than" and patterns.compared.search(left[:at]) is not None:
        return "exactly", None
    return name, at
