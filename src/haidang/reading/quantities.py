"""Quantities in a sentence: a number with what multiplies it, its unit, its range and how firmly it is said.

Vietnamese puts the qualifier and the verb in front of the number and the counted noun right behind it; English may put
adjectives between. So a number is read from left to right (numeral, multipliers, a second number where it is a range,
unit, what it is a share of, per what) and then its left side is searched for a qualifier, a rank or a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from haidang.reading.amounts import Amount, Found, amount
from haidang.reading.dates import Mention
from haidang.reading.draft import Language, Qualifier, Quantity
from haidang.reading.firmness import REACH, firmly, how_firmly
from haidang.reading.labels import unit_of_label
from haidang.reading.letters import MONEY, counted_in_letters, with_letter
from haidang.reading.numbers import number
from haidang.reading.parts import fraction_at, said_in_words
from haidang.reading.patterns import patterns_of
from haidang.reading.ranges import second_of
from haidang.reading.ranks import rank_of, ranks_in_words
from haidang.reading.rules import Rules
from haidang.reading.senses import meant
from haidang.reading.units import Line, counted_before, listed, noun_at, of_whole, out_of, plural_at, rate_of, unit_at

__all__ = ["Found", "quantities"]

LEAST_LARGE, LEAST_IN_WORDS = 1_000, 2
LONGER_NUMBER = re.compile(r"(?<!\w)(?:mươi|mười|trăm|nghìn|ngàn|triệu|linh|lẻ|hundred|\d+)\s+$", re.IGNORECASE)
_NAME = re.compile(r"(?<!\w)[A-Z]{1,3}\s+$")
"""Letters in front of a number that make it a name: `flight VN 123 departs`."""
_PART = re.compile(
    r"(?<!\w)(?:including|of\s+which|of\s+whom|of\s+these|among\s+them|trong\s+(?:đó|số\s+đó|số\s+này)(?:\s+có)?)\s+"
    r"(?:(?:hơn|gần|khoảng|trên|more\s+than|about|nearly|over|some)\s+)?$|^of\s+(?:the|all)\s+[^;:.]*,\s+$",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(
    r"\s+(?:with|who|that|which|from|in|at|are|were|have|had|was|is|exceeded|failed|passed|online|new|có|là|ở|tại|đã|đang|được|bị|thuộc|chưa|"
    r"trực tuyến|trực tiếp|mới|còn)"
    r"(?!\w)",
    re.IGNORECASE,
)
"""In front of and behind a number that counts a part of what was counted before: `trong đó 310 đã được giải quyết`."""
_OF_THEM = re.compile(r"\s+of\s+(?:which|whom|them|these|those)(?!\w)", re.IGNORECASE)
"""Behind a number that counts a part of what was counted before: `401 crimes, 273 of which`."""
_MORE = re.compile(r"(?<!\w)(?:tăng|giảm|tăng thêm|giảm thêm|up|down)\s+(?:hơn\s+|gần\s+|khoảng\s+)?$", re.IGNORECASE)
_SINCE_THEN = re.compile(r"\s+(?:so với|compared\s+(?:to|with)|on\s+the\s+year|from\s+(?:a|last)\s)", re.IGNORECASE)
"""Around a number that says how many more of the same there are: `7.300 sinh viên, tăng 500 so với`."""
_ONES = re.compile(r"(?:\s+[a-z]+){0,2}\s+ones(?!\w)", re.IGNORECASE)
NEGATIVE = re.compile(r"(?:(?:^|[\s(])[-−]|(?<!\w)(?:âm|minus)\s+)$", re.IGNORECASE)
SELDOM = frozenset(("times", "points", "điểm", "VND", "m"))
"""Units that a small number in words does not measure."""
SPANS = frozenset(("years", "months", "weeks", "days", "hours", "minutes", "decades"))
"""Units that a number in words measures as well: `hơn hai năm`."""
WHOLE, FEW = 100.0, 20
_THAN = re.compile(
    r"[\"”]?\s+(?:as|more|larger|bigger|greater|higher|lower|faster|slower|longer|wider|taller|heavier|smaller|cheaper|stronger|"
    r"the|that\s+of|those\s+of)"
    r"(?!\w)",
    re.IGNORECASE,
)
_OFTEN = re.compile(r"\s+(?:between|since|this|last|during|within|before)(?!\w)", re.IGNORECASE)
"""Behind a small number of times, what counts how often: `raised rates five times between 2003 and 2004`."""
_TIMES_MORE = re.compile(
    r"(?<!\w)(?:lớn|cao|nhiều|rộng|dài|sâu|nhanh|đông|nặng|mạnh|dày|đắt)\s+(?P<by>gấp|hơn)"
    r"(?:\s+[^\W\d_]+){0,3}\s+$",
    re.IGNORECASE,
)
"""What behind or in front of a small number of times compares by it: `five times larger`, `lớn hơn năm lần`."""
_AND = re.compile(r"\s+(?:(?:vào|trong|in|by|for)\s+)?,?\s*(?:và|and)\s+", re.IGNORECASE)
"""What with a time parts two numbers of which the second goes on as the first began."""
_MULTIPLE = re.compile(r"(?<!\w)gấp(?:\s+(?:hơn|khoảng|gần|trên|tới|đến|ít nhất|chừng))*\s+$", re.IGNORECASE)
_BESIDE = re.compile(r"(?P<by>\s+(?:về|by|in)\s+(?:lượng|số lượng|volume|number))?\s+(?:và|and)\s+", re.IGNORECASE)
_MEASURES = re.compile(r"\s+(?:long|high|tall|wide|deep)(?:,|,?\s+and)\s+", re.IGNORECASE)
"""What parts two counts, and two measures of one thing, of which the second goes on as the first began."""
_OPEN_END = re.compile(r"(?:chỉ|bắt đầu|khởi điểm)\s+từ\s*$", re.IGNORECASE)
_RUNS = re.compile(
    r"(?<!\w)(?:chạy|hoạt động|vận hành|khai thác|lưu thông|runs?|running|operates?|operating)\s+$", re.IGNORECASE
)
"""In front of that, verbs that tell of a place whatever the number is: `chạy trên 48 tuyến`."""
_ON = re.compile(r"(?:trên|above|over)\s*$", re.IGNORECASE)
"""What means `on` in front of a few of what things lie on."""
_BEYOND = re.compile(r"(?:vượt|exceed)", re.IGNORECASE)
_LASTING, _FOR = re.compile(r"over\b", re.IGNORECASE), re.compile(r"(?<!\w)(?:for|after|of|in|than|some)\s+$")


def quantities(
    sentence: str, times: tuple[Mention, ...], language: Language, rules: Rules, digits: Language | None = None
) -> Iterator[Found]:
    """The quantities of a sentence in their order; numbers that belong to a time, a name or a label are none.

    Args:
        sentence: the text.
        times: that it names.
        language: of its words.
        rules: by which it is read.
        digits: the language as whose its numbers are written, where that is another.
    """
    patterns = patterns_of(rules)
    line = Line(sentence, times, language, digits or language, rules, patterns)
    worded = sorted(
        (*ranks_in_words(sentence, rules, patterns), *said_in_words(line)), key=lambda one: (one.start, -one.end)
    )
    taken, before, last = 0, None, None
    lent: tuple[int, Qualifier] | None = None
    for match in patterns.begins.finditer(sentence):
        at = match.start()
        while worded and worded[0].start <= at:
            said = worded.pop(0)
            if said.start >= taken and not _names_group(sentence, said, taken, before):
                taken, before = said.end, said.quantity.unit
                yield said
        if at < taken or line.in_time(at, at + 1) or _attached(sentence, match):
            continue
        read = _read(line, match, before)
        if read is None:
            continue
        found, shared_until = read
        if lent is not None and lent[0] == at and found.quantity.qualifier == "exactly":
            found = replace(found, quantity=firmly(found.quantity, lent[1]))
        elif last is not None and _goes_on(line, last, found):
            found = replace(found, quantity=firmly(found.quantity, last.quantity.qualifier))
        lent = None if shared_until is None else (shared_until, found.quantity.qualifier)
        taken, before, last = found.end, found.quantity.unit, found
        yield found
    yield from (said for said in worded if said.start >= taken and not _names_group(sentence, said, taken, before))


def _goes_on(line: Line, last: Found, found: Found) -> bool:
    """Whether a number goes on as firmly as the one before it.

    It is that at another time, `about 40 km in 2027 and 90 km in 2030`, another count joined by `and` alone, `hơn 300
    doanh nghiệp và 200 hộ`, or another measure of the same thing, `more than 5 km long, 200 metres high`.
    """
    one, other = last.quantity, found.quantity
    if one.qualifier == "exactly" or other.qualifier != "exactly" or one.minimum == one.maximum is None:
        return False
    beside = _BESIDE.fullmatch(line.text, last.end, found.start)
    if beside is not None:
        # `Khoảng 46.000 chiếc về lượng và 836 triệu USD về giá trị` measures one thing twice.
        return beside["by"] is not None or (one.unit in line.patterns.counted and other.unit in line.patterns.counted)
    if _MEASURES.fullmatch(line.text, last.end, found.start) is not None:
        return True
    if one.unit != other.unit:
        return False
    between = [time for time in line.times if last.end <= time.start and time.end <= found.start]
    if len(between) != 1:
        return False
    words = line.text[last.end : between[0].start] + line.text[between[0].end : found.start]
    return _AND.fullmatch(words) is not None


def _names_group(sentence: str, said: Found, taken: int, before: str | None) -> bool:
    """Whether a rank in words only names the group of the rank before it: `nhóm 50 thành phố lớn nhất châu Á`."""
    return said.quantity.unit == before == "rank" and re.search(r"[,;.(]", sentence[taken : said.start]) is None


def _attached(sentence: str, match: re.Match[str]) -> bool:
    """Whether a numeral is part of a name: `T4-3`, `COVID-19`, `H.264`."""
    before = sentence[max(0, match.start() - 4) : match.start()]
    return (
        re.search(r"\w[-./]?$|[.,]$", before) is not None
        and re.search(r"(?:[$€¥£₫]|USD|VND|VNĐ|EUR|GBP|SGD|JPY)$", before) is None
    )


def _read(line: Line, match: re.Match[str], before: str | None) -> tuple[Found, int | None] | None:
    """The quantity that begins at a numeral, and where the next of its list begins, if it shares its unit with one.

    Args:
        line: the sentence.
        match: the numeral.
        before: the unit of the quantity before it.
    """
    patterns, rules, text = line.patterns, line.rules, line.text
    if patterns.idiom.match(text, match.start()) is not None:
        return None
    if (
        match["bare"] is not None
        and how_firmly(text[max(0, match.start() - REACH) : match.start()], patterns)[1] is None
    ):
        # `hàng trăm tỷ` is no number; `gần trăm tỷ` is one.
        return None
    first = amount(text, match, rules, patterns)
    spelled = patterns.spelled.match(text, first.end) if "(" in text[first.end : first.end + 2] else None
    if spelled is not None:
        first = replace(first, end=spelled.end())
    left = text[max(0, match.start() - REACH) : match.start()]
    sign = patterns.sign.search(left)
    if sign is not None:
        left = left[: sign.start()]
        first = with_letter(text, first, line)
    start = match.start() if sign is None else match.start() - (len(sign[0]))
    ranked = rank_of(text, match.start(), left, first, line.digits, patterns)
    if ranked is not None:
        return ranked, None
    part = fraction_at(line, match, left, start) if text[match.end() : match.end() + 1] == "/" else None
    if part is not None:
        return part, None
    if _is_trifle(line, first.end) or (first.word == 5 and patterns.not_five.search(left)):
        return None
    first = counted_in_letters(first, line)
    unit, end = unit_at(line, first.end)
    if sign is not None and unit not in MONEY:
        unit, end = None, first.end
    if unit != "times" and first.multiplier is None and _MULTIPLE.search(left) is not None:
        # `Tăng gấp 3 so với`, `gấp 3 năm trước`: what multiplies needs no unit.
        unit, end = "times", first.end
    half = patterns.half.match(text, end) if unit in SPANS and first.extra == 0 else None
    if half is not None:
        first, end = replace(first, extra=0.5), half.end()
    first, second, unit, end = second_of(line, first, unit, end, left, sign is not None)
    if sign is not None and second is not None and unit in patterns.counted:
        # `It owes $1.9 billion to 12 banks` is no range.
        second, unit, end = None, None, first.end
    if unit is None and sign is not None:
        unit, end = patterns.units.get(sign["sign"].casefold()), (second or first).end
    shared_until = None
    if unit is None and second is None and first.word is not None:
        first, unit, end, shared_until = out_of(line, first) or (first, None, end, None)
    elif unit is None and second is None:
        first, unit, end, shared_until = out_of(line, first) or listed(line, first, left) or (first, None, end, None)
    if unit is None and first.word is not None and second is None:
        unit, end = plural_at(line, first)
    if unit is not None:
        unit = meant(line, unit, first, start, end)
    # `By at least one band` counts; `one band` is a word as `a` is.
    bounded = first.word == 1 and first.multiplier is None and how_firmly(left, patterns)[1] is not None
    if unit is None and bounded and line.language == "en":
        unit, end = noun_at(line, first.end)
    compares = (
        unit == "times" and (_THAN.match(text, end) or _OFTEN.match(text, end) or _TIMES_MORE.search(left)) is not None
    )
    counts = compares or bounded or first.word is None or _words_count(first, unit, rules, line.language)
    if first.word is not None and (LONGER_NUMBER.search(left) is not None or not counts):
        return None
    if first.word is not None and patterns.multiplier.match(text, end) is not None:
        return None
    named = unit is not None
    told = unit_of_label(line, match.start()) if unit is None and second is None else None
    if told is not None and sign is None:
        unit, named = told[0], True
        first, end = replace(first, factor=first.factor * told[1]), first.end
    if unit is None:
        unit, end = _unsaid(line, second or first, before, left)
    if unit is None and _NAME.search(left) is None:
        unit, end = noun_at(line, (second or first).end)
    if unit is None:
        unit, end = counted_before(left, before, _is_large(first, line.digits), patterns), (second or first).end
    if unit is None:
        return None
    unit = meant(line, unit, first, start, end)
    known = rules.units.get(unit.split("/")[0])
    counted = (known is None or known.counted) and first.factor == 1.0
    labelled = patterns.label.search(left) is not None and patterns.no_label.search(left) is None
    if labelled and sign is None and (counted or not named) and first.word is None:
        return None
    if counted and (patterns.pointed.match(text, end) or patterns.pointing.search(left)):
        return None
    found = _said(line, first, second, unit, counted, left, start, end)
    return None if found is None else (found, shared_until)


def _unsaid(line: Line, last: Amount, before: str | None, left: str) -> tuple[str | None, int]:
    """The unit of a number that names none: money by its size, or what the number before it counts."""
    rules, multiplier = line.rules, last.multiplier or ""
    if multiplier in rules.money_where_silent:
        return rules.money_where_silent[multiplier], last.end
    rated = any(pattern.match(line.text, last.end) for _, pattern in line.patterns.per)
    if multiplier in rules.money_per and rated:
        return rules.money_per[multiplier], last.end
    if before is not None and _MORE.search(left) and _SINCE_THEN.match(line.text, last.end) is not None:
        return before.split("/")[0], last.end
    if before is not None and _OF_THEM.match(line.text, last.end) is not None:
        return before.split("/")[0], last.end
    known = None if before is None else rules.units.get(before)
    if before == "people" and line.patterns.fate.match(line.text, last.end) is not None:
        return before, last.end
    ones = _ONES.match(line.text, last.end)
    if ones is not None and known is not None and known.counted:
        return before, ones.end()
    counts = before is not None and (before.isalpha() if known is None else known.counted)
    if counts and before != "rank" and _PART.search(left) and _NO_NOUN.match(line.text, last.end):
        return before, last.end
    return None, last.end


def _is_trifle(line: Line, at: int) -> bool:
    """Whether what stands at a place makes no claim of the number before it, and no rate: `1,444 pages per month`."""
    found = line.patterns.trifle.match(line.text, at)
    aged = found is not None and line.text[at - 2 : at - 1] in {",", "."}
    # `Tuổi thọ 74,5 tuổi` is measured; `35 tuổi` is somebody.
    return found is not None and not aged and not any(per.match(line.text, found.end()) for _, per in line.patterns.per)


def _is_large(first: Amount, language: Language) -> bool:
    value = number(first.text, language, counted=True) if first.word is None else first.word
    return value is not None and value * first.factor >= LEAST_LARGE


def _words_count(first: Amount, unit: str | None, rules: Rules, language: Language) -> bool:
    """Whether a number in words counts something: `ba trung tâm`, `one million`."""
    if first.multiplier is not None:
        return unit is not None
    if unit is None or first.word is None or first.word < LEAST_IN_WORDS:
        return unit == "percentage points"
    known = rules.units.get(unit)
    if first.word >= LEAST_LARGE or first.word != int(first.word):
        return True
    known = rules.units.get(unit)
    # `năm tháng` are years and months as often as five of them; `hai lần`, `ba điểm` are seldom measured.
    if known is None or known.counted or unit in SPANS:
        return unit not in SPANS or first.text.casefold() != "năm"
    # `Four points` is a lead in English; `ba điểm` are more often three remarks.
    return unit not in SELDOM or (unit == "points" and language == "en")


def _said(
    line: Line, first: Amount, second: Amount | None, unit: str, counted: bool, left: str, start: int, end: int
) -> Found | None:
    """The quantity with its qualifier, and what stands behind its unit taken in."""
    sentence, language, patterns = line.text, line.digits, line.patterns
    low = first.word if first.word is not None else number(first.text, language, counted)
    high = low
    if second is not None:
        high = second.word if second.word is not None else number(second.text, language, counted)
    if low is None or high is None:
        return None
    high = _exact(high, first.factor, first.extra) if second is None else _exact(high, second.factor, second.extra)
    shared = second.factor if second is not None and first.factor == 1.0 else first.factor
    if _exact(low, shared, first.extra) > high:
        # `615.000 đồng đến 1,1 triệu đồng`: what multiplies the second is not the first's.
        shared = first.factor
    low = _exact(low, shared, first.extra)
    if second is not None and high < low:
        return None
    minus = NEGATIVE.search(left)
    if second is None and minus is not None:
        low = high = -low
        start -= len(minus[0].lstrip(" ("))
    unit, end = rate_of(line, *of_whole(line, unit, end, end))
    qualifier, said_at = how_firmly(left, patterns)
    if said_at is not None and unit == "% of plan" and low < WHOLE and _BEYOND.match(left, said_at):
        # `vượt 19% dự toán` says by how much, and exactly.
        qualifier, said_at = "exactly", None
    if said_at is not None and unit in SPANS and _LASTING.match(left, said_at):
        # `60 million over five years` lasts five years; `for over five years` is more.
        qualifier, said_at = ("exactly", None) if _FOR.search(left[:said_at]) is None else (qualifier, said_at)
    larger = _TIMES_MORE.search(left) if unit == "times" else None
    if said_at is not None and larger is not None and larger["by"] == "hơn" and larger.end("by") > said_at:
        # `lớn hơn bốn lần` compares, and says by how much exactly.
        qualifier, said_at = "exactly", None
    if (
        said_at is not None
        and unit in line.rules.grounds
        and _ON.match(left, said_at)
        and (low < FEW or _RUNS.search(left[:said_at]))
    ):
        qualifier, said_at = "exactly", None
    if said_at is not None:
        start = start - (len(left) - said_at)
    if said_at is not None and second is not None and qualifier == "at_least" and _OPEN_END.search(left):
        # `chỉ từ 5 đến 7%` is a range and has no more than its ends.
        qualifier = "exactly"
    for name, pattern in patterns.after:
        found = pattern.match(sentence, end) or pattern.match(sentence, (second or first).end)
        if found is not None:
            qualifier, end = name, max(end, found.end())
    if first.text and sentence[start:end].find(first.text + "+") >= 0:
        qualifier = "more_than"
    minimum = None if qualifier == "at_most" and second is None else low
    maximum = None if qualifier in {"at_least", "more_than"} and second is None else high
    return Found(Quantity(minimum, maximum, unit, qualifier), start, end, sentence.index(first.text, start))


def _exact(value: float, factor: float, extra: float) -> float:
    """The number as a person would write it: 2.74 times a million is 2,740,000."""
    return float(f"{value * factor + extra:.12g}")
