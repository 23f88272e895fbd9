"""Ranks: a place in an order, a bound on one, and words that mean a place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from haidang.reading.amounts import Amount, Found
from haidang.reading.draft import Language, Quantity
from haidang.reading.numbers import number
from haidang.reading.patterns import Patterns
from haidang.reading.rules import Rules

__all__ = ["rank_of", "ranks_in_words"]

REACH = 120
"""How many characters behind a rank are searched for those among whom it is."""
NEAR = 40
"""Characters in front of a first place that may make it one of several."""
_ONE_OF = re.compile(
    r"(?<!\w)(?:one of|among|some of|một trong(?: những| các)?|nằm trong số|thuộc nhóm)(?!\w)[^,;.:]*$", re.IGNORECASE
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?!\w)", re.IGNORECASE)
_MOVED = re.compile(r"(?<!\w)(?:to|from|at)\s+$", re.IGNORECASE)
_NEXT = re.compile(
    r"(?<=,\s)(?:(?:xếp|đứng|kế đến|tiếp theo)\s+)?(?:thứ\s+(?P<place>[^\W\d_]{2,5}))"
    r"(?=\s+(?:là|thuộc về)(?!\w))",
    re.IGNORECASE,
)
_ENDED = re.compile(r"(?:st|nd|rd|th)(?:\s+(?:in|among|out|from|to|by|on)(?!\w)|[,.;)]|$)", re.IGNORECASE)
"""An ordinal behind which nothing is counted: `to 95th in the index`."""
_TAIL = re.compile(
    r"(?:st|nd|rd|th)?(?:\s+(?:place|position|spot))?"
    r"(?:\s*/\s*\d+|\s+(?:out of|trên tổng số|trong tổng số|trong số|trên)\s+\d+)?",
    re.IGNORECASE,
)


def rank_of(sentence: str, at: int, left: str, first: Amount, language: Language, patterns: Patterns) -> Found | None:
    """The rank that a number at a place is, by the words in front of it; none where it is no rank."""
    top = patterns.top.search(left)
    if top is None and patterns.ranked.match(sentence, first.end) is not None:
        top = patterns.top_group.search(left)
    said = top or patterns.rank.search(left) or _in_series(sentence, left, first, patterns)
    if said is None or first.factor != 1.0:
        return None
    value = first.word if first.word is not None else number(first.text, language, counted=True)
    if value is None or value != int(value):
        return None
    if sentence[first.end : first.end + 1] == "%":
        return None
    tail = _TAIL.match(sentence, first.end)
    end = first.end if tail is None else tail.end()
    among = _among(sentence, end, end, patterns)
    start = at - len(left) + said.start()
    if top is not None:
        return Found(Quantity(None, value, "rank", "at_most", among), start, end, at)
    return Found(Quantity(value, value, "rank", "exactly", among), start, end, at)


def _in_series(sentence: str, left: str, first: Amount, patterns: Patterns) -> re.Match[str] | None:
    """What makes a number in a series a rank: `thứ 40 về`, `climbed to 95th`, `58th globally`; not `lần thứ 80`."""
    series = patterns.series.search(left) if left.endswith(" ") and "thứ" in left[-8:].casefold() else None
    ordinal = series is None and _ORDINAL.match(sentence, first.end) is not None
    if series is None and not ordinal:
        return None
    placed = patterns.placed.match(sentence, first.end)
    if series is not None:
        return series if placed is not None and patterns.counting.search(left[: series.start()]) is None else None
    moved = None if _ENDED.match(sentence, first.end) is None else _MOVED.search(left)
    risen = patterns.risen.search(left) or moved
    return risen if risen is not None or placed is None else re.search(r"(?:(?<!\w)(?:the|\w+['’]s)\s+)?$", left)


def ranks_in_words(sentence: str, rules: Rules, patterns: Patterns) -> Iterator[Found]:
    """Ranks without a numeral: `đứng thứ nhì`, `ranked second`, `dẫn đầu cả nước`."""
    for match in patterns.ordinal.finditer(sentence):
        value = rules.ordinals[(match["behind"] or match["before"] or match["placed"] or match["series"]).casefold()]
        yield _worded(sentence, match, value, match.end(), patterns)
    led = None
    for match in patterns.first.finditer(sentence):
        if _ONE_OF.search(sentence, max(0, match.start() - NEAR), match.start()) is not None:
            continue
        yield _worded(sentence, match, 1.0, match.start(), patterns)
        led = match.end() if led is None else led
    if led is not None:
        yield from _following(sentence, led, rules, patterns)


def _following(sentence: str, since: int, rules: Rules, patterns: Patterns) -> Iterator[Found]:
    """The places of a list behind its first: `đứng đầu là Hồ Nam, thứ hai là Hải Nam`."""
    for match in _NEXT.finditer(sentence, since):
        value = rules.ordinals.get(match["place"].casefold())
        if value is not None:
            yield _worded(sentence, match, value, match.end(), patterns)


def _worded(sentence: str, match: re.Match[str], value: float, since: int, patterns: Patterns) -> Found:
    among = _among(sentence, since, match.end(), patterns)
    return Found(Quantity(value, value, "rank", "exactly", among), match.start(), match.end(), match.start())


def _among(sentence: str, since: int, end: int, patterns: Patterns) -> str | None:
    """Among whom a rank is: the nearest such word behind it in its clause."""
    after = sentence[since:end] + re.split(r"[;.]", sentence[end : end + REACH])[0]
    hits = [(found.start(), name) for name, pattern in patterns.among if (found := pattern.search(after))]
    return min(hits)[1] if hits else None
