"""From sentences to drafts: the kind of claim, its subject, its actors, its period; by rules alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from haidang.reading.actors import organisations
from haidang.reading.dates import Mention, mentions
from haidang.reading.draft import Document, Draft, Kind, Period, Quantity, Span
from haidang.reading.quantities import Found, quantities
from haidang.reading.rules import Rules, words_pattern
from haidang.reading.sentences import sentences

__all__ = ["RuleExtractor", "period_of", "scope_of", "status_of", "subject_of"]

SHORTEST_CLAIM = 5
"""Words below which a sentence without a number promises nothing."""
LONGEST_SUBJECT = 14
MINOR = frozenset(("parties", "areas", "years"))
"""Units of numbers that only decorate a promise."""
_CLAUSE = re.compile(
    r"[,;:(–—]|\s-\s|(?<!\w)(?:và|and|while|trong đó|trong khi|đó là|rằng|cho biết|nhấn mạnh|that)(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class RuleExtractor:
    """Drafts the claims of a document by the rules."""

    rules: Rules

    def __call__(self, document: Document, place: int) -> tuple[Draft, ...]:
        """The drafts, in the order of the text."""
        found: list[Draft] = []
        for sentence in sentences(document.text, self.rules):
            for draft in _of_sentence(sentence, document, self.rules):
                found.append(_numbered(draft, place, len(found) + 1))
        return tuple(found)


def _numbered(draft: Draft, place: int, count: int) -> Draft:
    return replace(draft, id=f"d{place}-{count:02d}", document=place)


def _of_sentence(sentence: Span, document: Document, rules: Rules) -> Iterator[Draft]:
    text = sentence.text
    times = mentions(text, document.date)
    found = list(quantities(text, times, document.language, rules))
    actors, scope = organisations(text, rules), scope_of(text, rules)
    pledge = None if any(one.quantity.unit not in MINOR for one in found) else _trigger(sentence, times, actors, rules)
    subject = ""
    for place, one in enumerate(found):
        since = found[place - 1].end if place else 0
        until = found[place + 1].start if place + 1 < len(found) else len(text)
        subject = _subject(text, since, one, until, times, rules) or subject or _short(text[one.end : until])
        period = period_of(text, times, one.start, one.end, since, until)
        kind = pledge[0] if pledge else _kind(text, since, one, until, period, document.date, rules)
        status = status_of(text[since : one.end], rules)
        quantity = _with_change(one.quantity, text[since : one.number_start], rules)
        span = Span(sentence.start + one.start, sentence.start + one.end, text[one.start : one.end])
        yield Draft("", 0, kind, subject, actors, quantity, period, scope, status, span, sentence)
    if pledge is not None and not found:
        yield _without_number(sentence, pledge, times, actors, scope, rules)


def _trigger(
    sentence: Span, times: tuple[Mention, ...], actors: tuple[str, ...], rules: Rules
) -> tuple[Kind, re.Match[str]] | None:
    """The words by which a sentence promises, proposes or tells of an event, where an organisation stands in it."""
    text = sentence.text
    if not actors or len(text.split()) < SHORTEST_CLAIM or text[-1] not in '.!…”"’)':
        return None
    for kind, words in rules.without_number.items():
        match = words_pattern(words).search(text)
        if match is not None and (kind != "event" or times):
            return cast("Kind", kind), match
    return None


def _without_number(
    sentence: Span, trigger: tuple[Kind, re.Match[str]], times: tuple[Mention, ...], actors: tuple[str, ...],
    scope: str | None, rules: Rules,
) -> Draft:  # fmt: skip
    text, (kind, match) = sentence.text, trigger
    told = [one for one in times if one.period is not None]
    nearest = min(told, key=lambda one: abs(one.start - match.start()), default=None)
    span = Span(sentence.start + match.start(), sentence.start + match.end(), match[0])
    subject = _short(text[match.start() :].split(";")[0])
    period = None if nearest is None else nearest.period
    return Draft("", 0, kind, subject, actors, None, period, scope, status_of(text, rules), span, sentence)


def scope_of(text: str, rules: Rules) -> str | None:
    """The territory that a sentence names, if any."""
    return next((name for name, words in rules.scopes.items() if words_pattern(words).search(text)), None)


def status_of(text: str, rules: Rules) -> tuple[str, ...]:
    """Whether a sentence says that something is estimated, forecast, planned, under way or done."""
    return tuple(name for name, words in rules.status.items() if words_pattern(words).search(text))


def _with_change(quantity: Quantity, left: str, rules: Rules) -> Quantity:
    """The quantity with whether it is an increase or a decrease, where the clause says so in front of it."""
    if quantity.unit.split("/")[0] not in {"%", "percentage points", "times", "places"}:
        return quantity
    clause = _CLAUSE.split(left)[-1]
    said = [
        (match.end(), name) for name, words in rules.change.items() for match in words_pattern(words).finditer(clause)
    ]
    return replace(quantity, change=max(said)[1]) if said else quantity


def period_of(text: str, times: tuple[Mention, ...], start: int, end: int, since: int, until: int) -> Period | None:
    """The time nearest to characters `start` to `end` in their clause, `since` to `until`.

    Where the clause has none: the one at the head of a list of items, which they share, else the last before.
    """
    told = [one for one in times if one.period is not None]
    item = text.rfind(";", 0, start) + 1
    close = text.find(";", end)
    own = [one for one in told if max(since, item) <= one.start < (until if close < 0 else min(until, close))]
    if own:
        return min(own, key=lambda one: min(abs(start - one.end), abs(one.start - end))).period
    head = [one for one in told if one.end <= text.find(";")] if item else []
    before = [one for one in told if one.end <= start]
    return head[-1].period if head else before[-1].period if before else None


def _kind(
    text: str, since: int, found: Found, until: int, period: Period | None, published: date | None, rules: Rules
) -> Kind:
    """The kind whose trigger stands nearest: in the clause, before it in the sentence, or in the time that is meant."""
    close = _CLAUSE.search(text, found.end, until)
    clause, before = text[since : until if close is None else close.start()], text[: found.end]
    ended = period is not None and period.end is not None and published is not None and period.end <= published
    for kind, words in rules.kinds.items():
        if words_pattern(words).search(clause) or (not ended and words_pattern(words).search(before)):
            return cast("Kind", kind)
    ahead = period is not None and period.end is not None and published is not None and period.end.year > published.year
    return "target" if ahead else "indicator"


def _subject(text: str, since: int, found: Found, until: int, times: tuple[Mention, ...], rules: Rules) -> str:
    """What is measured: the words before the number without times, openers and verbs; for a count, those behind."""
    left = text[since : found.start]
    for one in sorted(times, key=lambda one: -one.start):
        if since <= one.start and one.end <= found.start:
            left = left[: one.start - since] + " , " + left[one.end - since :]
    parts = [_bare(part, rules) for part in _CLAUSE.split(left)]
    unit = rules.units.get(found.quantity.unit)
    if unit is not None and unit.counted:
        behind = _short(re.split(r"[,;.:(]", text[found.number_start : until])[0])
        own = " ".join(parts[-1][-LONGEST_SUBJECT:])
        return f"{own}: {behind}" if own else behind
    for words in reversed(parts):
        if words and words[0].casefold() not in rules.stops and (len(words) > 1 or words[0].isupper()):
            return " ".join(words[-LONGEST_SUBJECT:])
    return ""


def subject_of(text: str, found: Found | None, times: tuple[Mention, ...], rules: Rules) -> str:
    """What a quantity that stands alone in its sentence measures; nothing where there is no quantity."""
    return "" if found is None else _subject(text, 0, found, len(text), times, rules)


def _bare(part: str, rules: Rules) -> list[str]:
    """The words of a part of a sentence without openers at its head and verbs at its end."""
    text = " ".join(part.split()).strip(" \"“”'.")
    for opener in sorted(rules.openers, key=len, reverse=True):
        if text.casefold().startswith(opener + " ") or text.casefold() == opener:
            text = text[len(opener) :].strip()
            break
    words, verbs = text.split(), frozenset(rules.verbs)
    while words and (words[-1].casefold() in verbs or " ".join(words[-2:]).casefold() in verbs):
        words.pop()
    return words


def _short(text: str) -> str:
    return " ".join(text.split()[:LONGEST_SUBJECT]).strip(" ,;.:")
