"""Claims without a number: promises, proposals, events and aims that a sentence or an item of its list tells.

A sentence is a claim of this kind where it has a verb of promising, proposing, doing or aiming and an organisation
stands in it or shortly before it, since Vietnamese leaves the subject out where the sentence before has named it. An
event needs a day, a month or a year; what would happen after the document's own day is an aim and no event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import cast

from haidang.reading.amounts import Found
from haidang.reading.dates import Mention
from haidang.reading.draft import Kind
from haidang.reading.rules import Rules, alternatives, words_pattern

__all__ = ["MINOR", "Promise", "promises"]

SHORTEST_CLAIM = 5
"""Words below which a sentence without a number promises nothing."""
SHORTEST_HEADING = 10
"""The same of a line without an end, such as a heading."""
MINOR = frozenset(("parties", "areas", "years", "breakthroughs"))
"""Units of numbers that only decorate a promise."""
_ITEM = re.compile(r"[^;]+")
SHORTEST_NEWS, ENDING = 15, 3
"""Words below which a sentence may be a caption, and characters at its end."""
LONGEST_OPENING = 40
"""Characters that may stand, with a comma, in front of a party that does something."""
_BULLET = re.compile(r"[-–•*+]\s+|\d{1,2}[.)]\s+|[a-z]\)\s+")
_CITED = re.compile(r"\d[\w./-]*[-/][\w./-]+\s+(?:ngày\s+|dated\s+|of\s+)?$")
"""In front of the day of a decision: `Nghị quyết số 48/NQ-TW ngày 30/1/2023`."""
_PAST = re.compile(r"(?:was|were)\s|[a-z]+ed(?!\w)|(?:held|met|took|broke|began|put|came)(?!\w)", re.IGNORECASE)
"""An English verb of doing that tells what has been by its form."""
LONGEST_LEAD = 10
"""Characters in front of a time with which a sentence opens: `Vào cuối `."""
_OPENS = re.compile(r"\s*,\s")
"""Behind such a time, which is the event's whatever its sentence tells of later."""
_JOINED = re.compile(r",(?!\d)|(?<!\w)(?:và|and|đồng thời)(?!\w)", re.IGNORECASE)
_ENDED = re.compile(r"[.!;…”\"’)]$")


@dataclass(frozen=True, slots=True)
class Promise:
    """What kind of claim it is, the characters of the sentence that carry it, and of the verb that makes it one."""

    kind: Kind
    start: int
    end: int
    verb: int
    time: Mention | None


def promises(
    text: str, found: Sequence[Found], times: tuple[Mention, ...], named: bool, published: date | None, rules: Rules
) -> Iterator[Promise]:
    """The claims of a sentence that have no number of their own.

    Args:
        text: of the sentence.
        found: its quantities; an item of its list that has one is told by it, apart from the occasion on which it was
            said, where the sentence opens with one.
        times: that it names.
        named: whether an organisation stands in it or shortly before it.
        published: the day of the document, where it is known.
        rules: by which verbs are known.
    """
    words = len(text.split())
    if words < SHORTEST_CLAIM or (words < SHORTEST_HEADING and _ENDED.search(text) is None):
        return
    measured = [one for one in found if one.quantity.unit not in MINOR]
    if measured:
        yield from _around(text, measured[0].start, measured[-1].end, times, named, published, rules)
        for one, following in pairwise(measured):
            told = _told(text, one.end, following.start, times, False, published, rules)
            if (
                told is not None
                and told.kind == "event"
                and told.time is not None
                and "," in text[told.verb : following.start]
            ):
                ending = text.index(",", told.verb, following.start)
                start = one.end + len(text[one.end : ending]) - len(text[one.end : ending].lstrip(" ,"))
                yield replace(told, start=start, end=ending)
    for item in _ITEM.finditer(text):
        start = item.start() + len(item[0]) - len(item[0].lstrip())
        end = item.start() + len(item[0].rstrip())
        if start < end and not any(start <= one.start < end for one in measured):
            told = _told(text, start, end, times, named, published, rules)
            if told is not None:
                yield told


def _around(
    text: str, first: int, last: int, times: tuple[Mention, ...], named: bool, published: date | None, rules: Rules
) -> Iterator[Promise]:
    """The event with which a sentence opens before its first number, and what it tells behind its last."""
    ending = _JOINED.search(text, last)
    opening, behind = text.rfind(",", 0, first), len(text) if ending is None else ending.end()
    if words_pattern(rules.occasions).search(text, 0, first) is not None:
        opening = first
    for start, end in ((0, max(0, opening)), (behind, len(text))):
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end = start + len(text[start:end].rstrip())
        if end <= start or ";" in text[start:end]:
            continue
        told = _told(text, start, end, times, start > 0 and named, published, rules)
        long = len(text[start:end].split()) >= SHORTEST_CLAIM
        if told is not None and ((told.kind == "event" and told.time is not None) or (start and long)):
            yield told


def _told(
    text: str, start: int, end: int, times: tuple[Mention, ...], named: bool, published: date | None, rules: Rules
) -> Promise | None:
    inside = [one for one in times if start <= one.start < end]
    if words_pattern(rules.talk).search(text, start, end) is not None:
        return None
    head = _head(text, start, rules)
    named = named or head > start
    verbs: list[tuple[int, Kind]] = [
        (match.start(), kind) for kind, pattern in _verbs(rules) if (match := pattern.search(text, start, end))
    ]
    heard = words_pattern(rules.listening).search(text, start, end)
    for verb, kind in sorted(verbs, key=lambda one: one[0]):
        if heard is not None and (not inside if kind == "event" else heard.start() < verb):
            # Who listens to proposals makes none, and that somebody listened is an event only with its day.
            continue
        opens = inside[0] if kind == "event" and inside and _OPENS.match(text, inside[0].end) else None
        opens = opens if opens is not None and opens.start - head <= LONGEST_LEAD else None
        time = opens or min(inside, key=lambda one: abs(one.start - verb), default=None)
        if kind == "event":
            past = _PAST.match(text, verb) or words_pattern(rules.recently).search(text, start, end)
            if time is None and not (named and past):
                continue
            if time is not None and _is_ahead(time, published):
                return Promise("target", start, end, verb, time)
        elif not named and kind not in {"target", "indicator"}:
            continue
        return Promise(kind, start, end, verb, time)
    comma = text.find(", ", head, min(end, head + LONGEST_OPENING)) + 2
    opener = _openers(rules).match(text, head, end)
    act = _acts(rules).match(text, head if opener is None else opener.end(), end) or _does(rules).match(text, head, end)
    if act is None and comma > 1:
        act = _does(rules).match(text, comma, end)
    if named and act is not None:
        return Promise("commitment", start, end, act.start(), min(inside, key=lambda one: one.start, default=None))
    # What ends with a day and is short is a caption: `Chợ hoa ven kênh sáng 12/3.`
    caption = len(text[start:end].split()) < SHORTEST_NEWS
    days = [one for one in inside if _is_day(one) and _CITED.search(text, max(0, one.start - 40), one.start) is None]
    day = next((one for one in days if not (caption and one.end > end - ENDING)), None)
    if day is not None and named and not _is_ahead(day, published):
        return Promise("event", start, end, day.end, day)
    ahead = next((one for one in inside if _is_ahead(one, published)), None)
    will = words_pattern(rules.will).search(text, start, end)
    if ahead is None and (will is None or not named):
        return None
    verb = start if will is None else will.start()
    return Promise("commitment" if ahead is None else "target", start, end, verb, ahead)


@lru_cache(maxsize=8)
def _verbs(rules: Rules) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """The verbs of each kind, and what says with an act that it was, is, will or ought to be done: `đã ban hành`."""
    unsaid = "".join(rf"(?<!{re.escape(one)}\s)" for one in rules.unsaid)
    nouned = "".join(rf"(?<!{re.escape(one)}\s)" for one in rules.nouned)
    acts = "|".join(_forms(one) for one in sorted(rules.acts, key=len, reverse=True))
    by_verb = (
        (kind, rf"{nouned}{unsaid if kind == 'commitment' else ''}(?<!\w)(?:{alternatives(words)})(?!\w)")
        for kind, words in rules.without_number.items()
    )
    by_tense = (
        (kind, rf"{unsaid}(?<!\w)(?:{alternatives(words)})\s+(?:[^\W\d_]+\s+){{0,2}}?(?:{acts})(?!\w)")
        for kind, words in rules.tenses.items()
    )
    return tuple((cast("Kind", kind), re.compile(pattern, re.IGNORECASE)) for kind, pattern in (*by_verb, *by_tense))


@lru_cache(maxsize=8)
def _acts(rules: Rules) -> re.Pattern[str]:
    """An act with which a part begins whose subject was told before: `Tăng cường số hóa`, `phối hợp với các chợ`."""
    acts = [one for one in rules.acts if not one.isascii() or " " in one]
    return re.compile(rf"(?:{alternatives(acts)})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=8)
def _does(rules: Rules) -> re.Pattern[str]:
    """A party with what it does right behind it: `Sở Du lịch hỗ trợ`, `the bank provides`."""
    names = {alias for name, aliases in rules.organisations.items() for alias in (*aliases, name)}
    named = rf"(?:{alternatives(rules.heads)})(?:\s+[^\s,;:.]+){{1,6}}?"
    party = rf"(?:{alternatives(names)})|(?i:{alternatives(rules.speakers)})|{named}"
    own = alternatives(one for one in rules.acts if not one.isascii() or " " in one)
    foreign = "|".join(rf"{re.escape(one)}s" for one in rules.acts if one.isascii() and " " not in one)
    return re.compile(rf"(?<!\w)(?:{party})\s+(?:(?:cũng|luôn|còn|đều|thường xuyên|also)\s+)?(?:{own}|{foreign})(?!\w)")


@lru_cache(maxsize=8)
def _items(rules: Rules) -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(rules.items)})\s*[,:]\s+", re.IGNORECASE)


@lru_cache(maxsize=8)
def _openers(rules: Rules) -> re.Pattern[str]:
    """Words that open a sentence: of two words and more they need no comma behind them."""
    long = alternatives(one for one in rules.openers if " " in one)
    return re.compile(rf"(?:(?:{alternatives(rules.openers)})\s*,|(?:{long}))\s+", re.IGNORECASE)


def _head(text: str, start: int, rules: Rules) -> int:
    """Where an item begins behind its bullet or its `Thứ nhất,`; where it has none, at its start."""
    bullet = _BULLET.match(text, start)
    at = start if bullet is None else bullet.end()
    item = _items(rules).match(text, at)
    return at if item is None else item.end()


def _forms(act: str) -> str:
    """An act in its forms: an English verb may end in `s`, `ed` or `ing`; a Vietnamese one never changes."""
    first, _, rest = act.partition(" ")
    if not act.isascii() or not rest.isascii():
        return alternatives((act,))
    tail = rf"\s+{alternatives((rest,))}" if rest else ""
    return rf"{re.escape(first.removesuffix('e'))}(?:e|es|s|ed|d|ing|ting|ning|ted|ned|ping|ped|ring|red)?{tail}"


def _is_ahead(time: Mention, published: date | None) -> bool:
    """Whether a time lies after the document; in one without a date, whether it is a horizon, `đến năm 2030`."""
    if time.period is None or time.period.end is None:
        return False
    if published is None:
        return time.period.start is None
    return (time.period.end if time.period.start is None else time.period.start) > published


def _is_day(time: Mention) -> bool:
    return time.period is not None and time.period.start is not None and time.period.start == time.period.end
