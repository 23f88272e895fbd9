"""Parts of a whole and multiples: `4/5 chỉ tiêu`, `one in five`, `giảm một nửa`, `gấp đôi`.

Of a fraction in numerals in front of what is counted one by one the part is counted: `4/5 chỉ tiêu` are four. Of people
and others that nobody counts so, and of a whole such as an area, it is a share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from haidang.reading.amounts import Found
from haidang.reading.draft import Quantity
from haidang.reading.firmness import REACH, firmly, how_firmly
from haidang.reading.units import Line, of_whole, unit_at

__all__ = ["fraction_at", "said_in_words"]

LARGEST_WHOLE = 10
_FRACTION = re.compile(r"(?P<part>\d{1,2})/(?P<whole>\d{1,2})(?![\d/.,-]*\d)")
_REPEATED = re.compile(
    r"(?<!\w)(?:lần\s+thứ\s+(?P<own>[^\W\d_]+)(?=\s+(?:liên\s+tiếp|trong|kể\s+từ)(?!\w))|"
    r"(?P<foreign>second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\s+time)(?!\w)",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"(?:(?:trong|over|the|next|coming|past|last)\s+)*(?:(?P<least>\d{1,2}|[^\W\d_]+)(?:\s*[-–]\s*|\s+(?:đến|tới|to|or)\s+))?"
    r"(?P<count>\d{1,2}|[^\W\d_]+)\s+(?:năm|years)(?!\w)",
    re.IGNORECASE,
)


def fraction_at(line: Line, match: re.Match[str], left: str, start: int) -> Found | None:
    """The share or the count that a fraction with a whole of at most ten is; none where it is a day, or nothing."""
    found = _FRACTION.match(line.text, match.start())
    if found is None:
        return None
    part, whole, patterns = int(found["part"]), int(found["whole"]), line.patterns
    if not 0 < part <= whole <= LARGEST_WHOLE:
        return None
    share, end = round(100 * part / whole, 2), found.end()
    changed = patterns.changed.search(left) is not None
    if patterns.part_of.match(line.text, end) is not None or changed:
        if part == whole:
            return None
        unit, end = of_whole(line, "%", end, end)
        return _told(line, Quantity(share, share, unit), start, end, match.start())
    unit, behind = unit_at(line, end)
    known = line.rules.units.get(unit or "")
    if unit is None or known is None or not known.counted or patterns.dated.search(left) is not None:
        return None
    if unit in line.rules.populations and part < whole:
        return _told(line, Quantity(share, share, "%"), start, end, match.start())
    return _told(line, Quantity(float(part), float(part), unit), start, behind, match.start())


def said_in_words(line: Line) -> Iterator[Found]:
    """What is said in words alone: multiples, shares, one in so many, and the years of a plan or of a record."""
    rules = line.rules
    for match in line.patterns.in_words.finditer(line.text):
        words = " ".join(match[0].split()).casefold()
        end = match.end()
        if words in rules.figures:
            yield Found(Quantity(rules.figures[words], None, "%", "at_least"), match.start(), end, match.start())
            continue
        share = rules.shares.get(words)
        value, unit = (rules.multiples[words], "times") if share is None else (share, "%")
        if share is not None:
            unit, end = of_whole(line, unit, end - len(" of") if words.endswith(" of") else end, end)
        yield _told(line, Quantity(value, value, unit), match.start(), end, match.start())
    for match in line.patterns.bare_share.finditer(line.text):
        share = rules.bare_shares[" ".join(match["share"].split()).casefold()]
        yield _told(line, Quantity(share, share, "%"), match.start("share"), match.end(), match.start("share"))
    yield from _one_in(line)
    yield from _repeated(line)
    for time in line.times:
        years = _YEARS.match(line.text, time.start)
        if years is None or years.end() > time.end:
            continue
        most = _value(line, years["count"])
        least = most if years["least"] is None else _value(line, years["least"])
        if least is not None and most is not None and least <= most:
            at = years.start("count" if years["least"] is None else "least")
            yield Found(Quantity(least, most, "years"), time.start, time.end, at)


def _repeated(line: Line) -> Iterator[Found]:
    """How often something has been: `lần thứ ba trong năm nay`, `the second time`."""
    for match in _REPEATED.finditer(line.text):
        count = line.rules.ordinals.get((match["own"] or match["foreign"]).casefold())
        if count is not None and count > 1:
            yield Found(Quantity(count, count, "times"), match.start(), match.end(), match.start())


def _one_in(line: Line) -> Iterator[Found]:
    """`One in five residents`, `nine out of ten households`, `cứ 10 doanh nghiệp thì có 3 doanh nghiệp`."""
    for match in line.patterns.one_in.finditer(line.text):
        if match["lead"]:
            whole, part = _value(line, match["first"]), _value(line, match["second"])
            nouns = unit_at(line, match.end("first"))[0], unit_at(line, match.end("second"))[0]
            if nouns[1] is not None and nouns[0] != nouns[1]:
                continue
        else:
            part, whole = _value(line, match["part"]), _value(line, match["whole"])
            unit = unit_at(line, match.end())[0]
            joint = match["joint"].casefold()
            one = part == 1 and joint not in {"trong", "trên"}
            each = joint == "in" or one or unit in line.rules.populations
            known = line.rules.units.get(unit or "")
            if not each or (known is not None and not known.counted) or line.in_time(match.start(), match.end()):
                continue
        if part is None or whole is None or not 0 < part < whole:
            continue
        share = round(100 * part / whole, 2)
        yield _told(line, Quantity(share, share, "%"), match.start(), match.end(), match.start())


def _value(line: Line, text: str) -> float | None:
    return (
        float(text) if text.isascii() and text.isdigit() else line.patterns.words.get(" ".join(text.split()).casefold())
    )


def _told(line: Line, quantity: Quantity, start: int, end: int, at: int) -> Found:
    left = line.text[max(0, start - REACH) : start]
    qualifier, said_at = how_firmly(left, line.patterns)
    begin = start if said_at is None else start - (len(left) - said_at)
    return Found(firmly(quantity, qualifier), begin, end, at)
