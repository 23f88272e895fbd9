"""The unit of a number: behind it, behind the last of its list, or in front of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from haidang.reading.amounts import Amount, amount
from haidang.reading.dates import Mention
from haidang.reading.draft import Language
from haidang.reading.patterns import Patterns
from haidang.reading.rules import Rules

__all__ = ["Line", "counted_before", "listed", "noun_at", "of_whole", "out_of", "plural_at", "rate_of", "unit_at"]

LONGEST_MULTIPLIER = 10
LONGEST_LIST, LEAST_DIGITS, MOST_RATES = 6, 3, 2
_NOUN = re.compile(r"\s+([^\W\d_]+(?:-[^\W\d_]+)?)(?:\s+([^\W\d_]+(?:-[^\W\d_]+)?))?")
_PARTING = re.compile(
    r"\b(?:of|and|in|by|to|for|or|over|under|within|per|than|more|less|a|an|the|each|every|about|around|nearly|from|with|between|"
    r"through|during|since|until|after|before|on|at|as|is|are|was|were)\b"
)
"""Words that are no adjective between a number and what it counts."""
_PLURAL = re.compile(r"\s+((?:[a-z]+(?:-[a-z]+)?\s+){0,2}?)([a-z]{3,}[^\Ws]s)(?!\w)")
_VERBAL = ("ing", "ed")
"""Ends of English words that count nothing: `177 covering half the city`."""
_JOINT = re.compile(r"\s*,?\s+(?:và|and)\s+|\s*,\s+", re.IGNORECASE)
_ADJECTIVES = tuple(re.compile(rf"(?:[\s-]+[a-z][a-z-]*){{{count}}}") for count in (1, 2, 3))
_GROUPED = re.compile(r"\d{4,}|\d{1,3}(?:[.,]\d{3})+")
_SHARES = frozenset(("%", "percentage points", "times"))
_PADDED = re.compile(r"(?<![\d.,/])0\d$")
"""A number that is counted and no address, as officials write it: `01 Ipad`."""
_DEFINITE = re.compile(r"\s+of\s+(?:the|its|their|our|his|her)\s", re.IGNORECASE)
_BRAND = re.compile(r"[A-Za-z]+s")
_MULTIPLIED = re.compile(r"(?<!\w)(?:hundred|thousand|million|billion|trillion|dozen)$", re.IGNORECASE)
_DID = re.compile(r"(?<!\w)([a-z]{3,}s)\s+(?:(?:have|had|will|would|almost|nearly)\s+){0,2}$")
_NO_NOUN = frozenset(("this", "does", "less", "across", "towards", "versus"))
_SUMS = frozenset(("VND",))
"""Units that words in front of a number tell only of a large one, as of what is counted."""
_INITIALS = re.compile(r"[A-Z]{2,}s")
_RISE = re.compile(r"\s+(?:lên|xuống còn|xuống|thành|to)\s+", re.IGNORECASE)
_OF_SOMETHING = re.compile(r"\s+of\s+[a-z]+(?=\s+(?:a|per|each|every|daily|annually|monthly)(?!\w))")
"""What may stand between a unit and per what it is: `90,000 cubic metres of wastewater a day`."""
_SOMETHING = re.compile(r"(?:\s+[^\W\d_]+){1,2}(?=/|\s+(?:mỗi|một)\s)")
"""The same of Vietnamese, `50.000 tấn sản phẩm/năm`."""
_BACK, _TO = re.compile(r"\s+from\s+", re.IGNORECASE), re.compile(r"(?<!\w)(?:to|at)\s+$", re.IGNORECASE)
"""What parts a number from the one before it in time: `slipped to 17.3 from 19.1 percent`."""
_FROM = re.compile(r"(?<!\w)(?:từ|from)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, what times it names, and by what it is read; `digits` is as whose numbers are written."""

    text: str
    times: tuple[Mention, ...]
    language: Language
    digits: Language
    rules: Rules
    patterns: Patterns

    def in_time(self, start: int, end: int) -> bool:
        """Whether characters belong to a time."""
        return any(one.start < end and start < one.end for one in self.times)


def out_of(line: Line, first: Amount) -> tuple[Amount, str, int, None] | None:
    """A part of a whole, in the unit of the whole: `18 out of 21 sectors`."""
    sep = line.patterns.out_of.match(line.text, first.end)
    match = None if sep is None else line.patterns.amount.match(line.text, sep.end())
    if match is None or line.in_time(match.start(), match.end()):
        return None
    whole = amount(line.text, match, line.rules, line.patterns)
    unit, end = unit_at(line, whole.end)
    if unit is None:
        unit, end = noun_at(line, whole.end)
    if unit is None:
        return None
    if _DEFINITE.match(line.text, first.end) is not None:
        # `Three of its 14 plants`: so many there are is told as well, and read by itself.
        end = first.end
    # `4.500 trong tổng số 84.000 tỷ đồng`: what multiplies the whole multiplies its part.
    return (first if first.multiplier else replace(first, factor=whole.factor)), unit, end, None


def listed(line: Line, first: Amount, left: str) -> tuple[Amount, str, int, int] | None:
    """A number of a list whose last names the unit of all: `12.100 và 14.200 người`, `2, 3 và 5 tỷ đồng`."""
    at, following = first.end, -1
    for _ in range(LONGEST_LIST):
        rise = _RISE.match(line.text, at) if _FROM.search(left) else None
        back = _BACK.match(line.text, at) if _TO.search(left) else None
        joint = rise or back or _JOINT.match(line.text, at)
        match = None if joint is None else line.patterns.amount.match(line.text, joint.end())
        if match is None or not match[0][0].isdigit() or line.in_time(match.start(), match.end()):
            return None
        following = match.start() if following < 0 else following
        other = amount(line.text, match, line.rules, line.patterns)
        unit, end = unit_at(line, other.end)
        if unit is not None:
            if unit in _SHARES and (first.multiplier is not None or _thousands(first)):
                # `numbered 4.2 million, 15% more`: a share begins behind a count, and no list of shares goes on.
                return None
            if unit in line.patterns.counted and first.multiplier in line.rules.money_where_silent:
                # `3.200 tỷ và 1.500 lao động`: so many billions are money.
                return None
            counted = unit in line.patterns.counted and other.factor == 1.0
            small = counted and len(first.text) < LEAST_DIGITS and rise is None and back is None
            if small and line.patterns.respectively.search(line.text) is None:
                # `9, 10 dự án` is more often the end of a list of names than two counts.
                return None
            unit, _ = rate_of(line, *of_whole(line, unit, end, end))
            return replace(first, factor=max(first.factor, other.factor)), unit, first.end, following
        at = other.end
    return None


def _thousands(first: Amount) -> bool:
    return _GROUPED.fullmatch(first.text) is not None


def of_whole(line: Line, unit: str, at: int, end: int) -> tuple[str, int]:
    """A share with what it is of, where that stands at a place; else as it is, with the end that it has."""
    for name, pattern in line.patterns.whole:
        found = pattern.match(line.text, at)
        if unit == "%" and found is not None:
            return f"% of {name}", found.end()
    return unit, end


def rate_of(line: Line, unit: str, end: int) -> tuple[str, int]:
    """A unit with per what it is, where that stands behind it: `USD/người/năm`."""
    of = (_OF_SOMETHING if line.language == "en" else _SOMETHING).match(line.text, end)
    rated = any(pattern.match(line.text, end) for _, pattern in line.patterns.per)
    if of is not None and not rated and any(pattern.match(line.text, of.end()) for _, pattern in line.patterns.per):
        end = of.end()
    for _ in range(MOST_RATES):
        hits = ((name, found) for name, pattern in line.patterns.per if (found := pattern.match(line.text, end)))
        name, found = next(hits, ("", line.patterns.each.match(line.text, end)))
        if found is None:
            break
        name = name or _each(found, line.patterns)
        unit, end = f"{unit}/{name}", found.end()
    return unit, end


def _each(found: re.Match[str], patterns: Patterns) -> str:
    """One of what is counted: `10 tỷ đồng/dự án` is money per project."""
    said = " ".join((found["word"] or found["one"]).split()).casefold()
    name = patterns.units[said] if found["word"] else patterns.singular[said]
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")


def unit_at(line: Line, at: int) -> tuple[str | None, int]:
    """The unit that begins at a place; in English, adjectives may stand in front of what is counted."""
    hyphened = line.patterns.hyphened.match(line.text, at)
    if hyphened is not None:
        return line.patterns.singular[" ".join(hyphened["unit"].split()).casefold()], hyphened.end()
    # `10 or more employees`: a bound may stand in front of what is counted.
    bounds = [found.end() for _, pattern in line.patterns.after if (found := pattern.match(line.text, at))]
    ways = [at, *bounds]
    if line.language == "en":
        ways += [found.end() for pattern in _ADJECTIVES if (found := pattern.match(line.text, at))]
    for way in ways:
        found = line.patterns.unit.match(line.text, way)
        # In `58.000 năm 2020` the year is no unit.
        if found is None or line.in_time(found.start(), found.end()):
            continue
        text = " ".join(found[0].split()).casefold()
        if way != at and way not in bounds and (found["sign"] or _PARTING.search(line.text[at:way]) is not None):
            continue
        return line.patterns.units[text], found.end()
    return None, at


def noun_at(line: Line, at: int) -> tuple[str | None, int]:
    """The document's own word behind a number, where the list of units has none."""
    found, stops = _NOUN.match(line.text, at), line.rules.stops
    if found is None or found[1].casefold() in stops or line.in_time(found.start(1), found.end(1)):
        return None, at
    last = found[2] or ""
    small = last.islower() and last.casefold() not in stops and not line.in_time(found.start(2), found.end(2))
    if not found[1].islower():
        # `9 Kiosk thông minh` counts; `26 Lê Duẩn` is an address.
        plural = line.language == "en" and _INITIALS.fullmatch(found[1]) is not None
        million = _MULTIPLIED.search(line.text, max(0, at - LONGEST_MULTIPLIER), at) is not None
        plural = plural or (million and _BRAND.fullmatch(found[1]) is not None)
        plural = plural or _PADDED.search(line.text, max(0, at - len("x01")), at) is not None
        return (found[1], found.end(1)) if plural or (last.islower() and last.casefold() not in stops) else (None, at)
    if line.language == "en" and found[1].endswith(_VERBAL) and not last.endswith("s"):
        return None, at
    if line.language == "en" and (found[1].endswith("s") or last.endswith(_VERBAL)):
        # Behind an English plural there is no more of the noun: `30,000 streets lack`, nor is a verb.
        small = False
    if line.language == "en" and not found[1].endswith("s") and not last.endswith("s"):
        # `64 administrative sanctioning decisions`: the first plural is what is counted.
        plural, end = _plural(line, at)
        if plural is not None:
            return plural, end
    return (f"{found[1]} {last}", found.end(2)) if small else (found[1], found.end(1))


def plural_at(line: Line, first: Amount) -> tuple[str | None, int]:
    """The English plural that a number in words counts, where the list of units has none: `seven other clauses`."""
    return _plural(line, first.end) if line.language == "en" else (None, first.end)


def _plural(line: Line, at: int) -> tuple[str | None, int]:
    found = _PLURAL.match(line.text, at)
    if found is None or line.in_time(found.start(), found.end()):
        return None, at
    between = found[1].split()
    if any(word in line.rules.stops or word.endswith("s") for word in between) or found[2] in line.rules.stops:
        return None, at
    return found[2], found.end()


def counted_before(left: str, before: str | None, large: bool, patterns: Patterns) -> str | None:
    """The unit that stands in front of a number without one.

    Args:
        left: the text in front of the number.
        before: the unit of the quantity before it, which holds behind a word such as `up from`.
        large: whether it is a thousand or more: such a number counts what its clause has named, `khách đạt 5,2 triệu`.
        patterns: by which units are known.
    """
    number_of = patterns.number_of.search(left)
    if number_of is not None:
        return patterns.units[" ".join(number_of["unit"].split()).casefold()]
    if before is not None and patterns.again.search(left) is not None:
        return before
    # What begins no word ends none: a number behind a sign or another number is led by nothing.
    if not left[-2:-1].isalpha():
        return None
    led = next((unit for unit, pattern in patterns.leads if pattern.search(left) is not None), None)
    if led is not None and (large or led not in patterns.counted | _SUMS):
        return led
    verb = patterns.amounts_to.search(left)
    if verb is None:
        return None
    clause = re.split(r"[;:(]|,(?!\d)", left)[-1]
    if patterns.index.search(clause) is not None:
        return "points"
    if not large:
        return None
    named = [
        (found.end(), patterns.units[" ".join(found["word"].split()).casefold()])
        for found in patterns.any_unit.finditer(clause)
    ]
    named += [(found.end(), unit) for unit, words in patterns.stand_for for found in words.finditer(clause)]
    told = max((one for one in named if one[1] in patterns.counted), default=(0, None))[1]
    # `20 million passengers, lifting capacity to 50 million`: it counts what the number before it counts.
    whole = None if before is None else before.split("/")[0]
    if told is None and whole in patterns.counted:
        return whole
    # `Broadband connections reached 6 million`: the plural that did so, where the list of units has none.
    plural = None if told is not None else _DID.search(left, 0, verb.start())
    return told if plural is None or plural[1] in _NO_NOUN else plural[1]
