"""From sentences to drafts: the kind of claim, its subject, its actors, its period; by rules alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, cast

from haidang.errors import Place
from haidang.reading.actors import organisations, speaks
from haidang.reading.changes import is_beginning, time_of_beginning
from haidang.reading.dates import Mention, mentions
from haidang.reading.draft import Document, Draft, Kind, Language, Period, Quantity, Span
from haidang.reading.implied import Occasions, implied, supposed_day
from haidang.reading.limits import MOST_CLAIMS, DocumentError
from haidang.reading.numbers import written
from haidang.reading.patterns import patterns_of
from haidang.reading.periods import day_of_decision, own_times, period_of
from haidang.reading.promises import MINOR, Promise, promises
from haidang.reading.quantities import Found, quantities
from haidang.reading.references import references
from haidang.reading.reports import Report
from haidang.reading.rules import Rules, words_pattern
from haidang.reading.sentences import sentences
from haidang.reading.statements import statement
from haidang.reading.tables import PARTING, row_subject

__all__ = ["RuleExtractor", "scope_of", "status_of", "subject_of"]

LONGEST_SUBJECT = 14
DOCUMENT_NUMBER = "document number"
"""The unit of a number that names a decision."""
SENTENCES_ON = 2
"""For how many sentences an organisation may go unnamed and still be the one that speaks."""
NEAR_PLAN = 40
"""Characters in front of a plan within which something is said to be measured by it."""
_OF = re.compile(r"\s+(?:of(?:\s+(?:all|the|its))?|(?:tổng\s+)?số)\s+(?=[^\W\d_])")
_STOP = re.compile(r"[;:(]|[.,](?!\d)")
_CLAUSE = re.compile(
    r"[;:(–—]|,(?!\d)|\s-\s|(?<!\w)(?:và|and|while|trong đó|trong khi|đó là|rằng|cho biết|nhấn mạnh|that)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RuleExtractor:
    """Drafts the claims of a document by the rules."""

    rules: Rules

    def __call__(self, document: Document, place: int) -> tuple[Draft, ...]:
        """The drafts, in the order of the text.

        Raises:
            DocumentError: there are more than any prose holds.
        """
        drafts = self._drafts(document)
        if document.date is None:
            # What only a supposed day resolves is implied, whatever else a draft says.
            supposed = supposed_day(document.text, self.rules)
            guessed: list[Draft] = []
            if supposed is not None:
                guessed = self._drafts(replace(document, date=supposed.day), supposed.year_only)
            known = {(one.span, one.quantity): one.period or one.implied for one in guessed}
            drafts = [
                one if one.period is not None else replace(one, implied=known.get((one.span, one.quantity)))
                for one in drafts
            ]
        return tuple(replace(one, id=f"d{place}-{at:02d}", document=place) for at, one in enumerate(drafts, 1))

    def _drafts(self, document: Document, year_only: bool = False) -> list[Draft]:
        found: list[Draft] = []
        told: list[tuple[int, tuple[Mention, ...]]] = []
        silent, digits = SENTENCES_ON + 1, written(document.text, document.language)
        report, end = Report(), 0
        for sentence in sentences(document.text, self.rules):
            times = mentions(sentence.text, document.date)
            told.append((sentence.start, times))
            begins = "\n" in document.text[end : sentence.start] and PARTING not in sentence.text
            report, end = report.behind(sentence, times, document.date, begins, self.rules), sentence.end
            actors = organisations(sentence.text, self.rules)
            silent = 0 if actors or speaks(sentence.text, self.rules) else silent + 1
            drafts = [
                *_of_sentence(sentence, document, times, actors, silent <= SENTENCES_ON, digits, self.rules),
                *_cited(sentence, times, actors, self.rules),
            ]
            said = None if drafts else statement(sentence.text, times, silent <= SENTENCES_ON, self.rules)
            if said is not None:
                drafts = [_without_number(sentence, said, actors, scope_of(sentence.text, self.rules), self.rules)]
            drafts = [_reported(one, report.of(one), document.date) for one in drafts]
            found += sorted(drafts, key=lambda one: (one.span.start, one.span.end))
            if len(found) > MOST_CLAIMS:
                raise DocumentError(
                    f"expected prose with at most {MOST_CLAIMS:,} claims, found more", Place(document.file)
                )
        occasions = Occasions.of(told, document.date)
        return [
            replace(one, implied=implied(one, occasions, document.date, year_only))
            for one in _each_decision_once(found)
        ]


def _reported(draft: Draft, period: Period | None, published: date | None) -> Draft:
    """A draft with the period that its passage reports on; a value of a time to come is an aim."""
    if draft.period is not None or period is None:
        return draft
    aim = draft.kind == "indicator" and _is_ahead(period, published)
    return replace(draft, period=period, kind="target" if aim else draft.kind)


def _of_sentence(
    sentence: Span,
    document: Document,
    times: tuple[Mention, ...],
    actors: tuple[str, ...],
    named: bool,
    digits: Language,
    rules: Rules,
) -> Iterator[Draft]:
    text = sentence.text
    cited = tuple(references(text, rules))
    found = [
        one
        for one in quantities(text, times, document.language, rules, digits)
        if not any(one.start < name.end and name.start < one.end for name in cited)
    ]
    told = list(promises(text, found, times, named, document.date, rules))
    scope, triggers = scope_of(text, rules), _triggers(text, rules) if found else ()
    subject, dated = "", own_times(text, times, rules)
    for place, one in enumerate(found):
        since = found[place - 1].end if place else 0
        until = found[place + 1].start if place + 1 < len(found) else len(text)
        told_by = row_subject(text) if PARTING in text[: one.start] else _subject(text, since, one, until, times, rules)
        subject = told_by or subject or _short(text[one.end : until])
        period = period_of(text, dated, one.start, one.end, since, _until(found[place + 1 :], times, len(text)))
        around = next((promise for promise in told if promise.start <= one.start < promise.end), None)
        begins = around is None and is_beginning(text, one)
        if begins:
            period = time_of_beginning(text, times, one, since, document.date)
        kind = _kind(text, since, one, until, period, document.date, triggers)
        kind = around.kind if around else "indicator" if begins else kind
        status = status_of(text[since : one.end], rules)
        quantity = _with_change(one.quantity, text[since : one.number_start], rules)
        whole = around is not None and one.quantity.unit in MINOR and around.end - around.start > one.end - one.start
        start, end = (around.start, around.end) if around is not None and whole else (one.start, one.end)
        span = _part(sentence, start, end)
        yield Draft("", 0, kind, subject, actors, quantity, period, scope, status, span, sentence)
    for promise in told:
        if not any(promise.start <= one.start < promise.end for one in found):
            yield _without_number(sentence, promise, actors, scope, rules)


def _until(following: list[Found], times: tuple[Mention, ...], end: int) -> int:
    """Where the next quantity begins that is no time itself: `cần 5 tỷ USD trong 5 năm tới`."""
    told = {(one.start, one.end) for one in times}
    return next((one.start for one in following if (one.start, one.end) not in told), end)


def _part(sentence: Span, start: int, end: int) -> Span:
    return Span(sentence.start + start, sentence.start + end, sentence.text[start:end])


def _without_number(
    sentence: Span, promise: Promise, actors: tuple[str, ...], scope: str | None, rules: Rules
) -> Draft:  # fmt: skip
    span = _part(sentence, promise.start, promise.end)
    subject = _short(sentence.text[promise.verb : promise.end])
    period = None if promise.time is None else promise.time.period
    status = status_of(span.text, rules)
    # What is only said or stands so is no value of an indicator.
    kind = "statement" if promise.kind == "indicator" else promise.kind
    return Draft("", 0, kind, subject, actors, None, period, scope, status, span, sentence)


def _cited(sentence: Span, times: tuple[Mention, ...], actors: tuple[str, ...], rules: Rules) -> Iterator[Draft]:
    for one in references(sentence.text, rules):
        day = day_of_decision(sentence.text, times, one.start, one.end)
        period = None if day is None else Period(day, None)
        span, value = _part(sentence, one.start, one.end), float(one.number)
        number = Quantity(value, value, DOCUMENT_NUMBER)
        yield Draft("", 0, "reference", one.kind, actors, number, period, None, (), span, sentence)


def _each_decision_once(drafts: list[Draft]) -> Iterator[Draft]:
    """The drafts without those of a decision that is cited again; where it is named most fully, it is kept."""
    fullest: dict[tuple[str, float | None], Draft] = {}
    for one in drafts:
        if one.kind == "reference" and one.quantity is not None:
            key = (one.subject, one.quantity.minimum)
            if key not in fullest or _fullness(one) > _fullness(fullest[key]):
                fullest[key] = one
    kept = {id(one) for one in fullest.values()}
    for one in drafts:
        if one.kind != "reference":
            yield one
        elif id(one) in kept:
            yield replace(one, subject=one.span.text)


def _fullness(reference: Draft) -> int:
    """How much of a decision its mention names: its number with year and issuer, `98/2023/QH15`."""
    return len(reference.span.text.split()[-1])


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


Triggers: TypeAlias = tuple[tuple[Kind, tuple[tuple[int, int], ...]], ...]


def _triggers(text: str, rules: Rules) -> Triggers:
    """Where the words of each kind stand in a sentence, looked for once."""
    measured = patterns_of(rules).measured_by
    return tuple(
        (
            cast("Kind", kind),
            tuple(
                match.span()
                for match in words_pattern(words).finditer(text)
                # `64,8% so với kế hoạch` measures by a plan and sets none.
                if measured.search(text[max(0, match.start() - NEAR_PLAN) : match.start()]) is None
            ),
        )
        for kind, words in rules.kinds.items()
    )


def _kind(
    text: str, since: int, found: Found, until: int, period: Period | None, published: date | None, triggers: Triggers
) -> Kind:
    """The kind whose trigger stands nearest: in the clause, before it in the sentence, or in the time that is meant."""
    close = _CLAUSE.search(text, found.end, until)
    end = until if close is None else close.start()
    ended = period is not None and period.end is not None and published is not None and period.end <= published
    for kind, places in triggers:
        if any(since <= one[0] and one[1] <= end for one in places):
            return kind
    for kind, places in triggers:
        if not ended and any(one[1] <= found.end for one in places):
            return kind
    return "target" if _is_ahead(period, published) else "indicator"


def _is_ahead(period: Period | None, published: date | None) -> bool:
    """Whether a time lies after a document: in a later year, or with nothing of it over."""
    if period is None or period.end is None or published is None:
        return False
    begins = period.end if period.start is None else period.start
    return period.end.year > published.year or begins > published or (begins == published and period.end > published)


def _subject(text: str, since: int, found: Found, until: int, times: tuple[Mention, ...], rules: Rules) -> str:
    """What is measured: the words before the number without times, openers and verbs; for a count, those behind."""
    left = text[since : found.start]
    for one in sorted(times, key=lambda one: -one.start):
        if since <= one.start and one.end <= found.start:
            # A time inside a clause parts nothing: `tăng trưởng cả năm của thành phố`.
            left = left[: one.start - since] + " " + left[one.end - since :]
    parts = [_bare(part, rules) for part in _CLAUSE.split(left)]
    of = _OF.match(text, found.end) if found.quantity.unit.startswith("%") else None
    if of is not None:
        return _short(_STOP.split(text[of.end() : until])[0])
    if found.quantity.unit in patterns_of(rules).counted:
        behind = _short(_STOP.split(text[_word_at(text, found) : until])[0])
        own = " ".join(parts[-1][-LONGEST_SUBJECT:])
        return f"{own}: {behind}" if own else behind
    for words in reversed(parts):
        if words and words[0].casefold() not in rules.stops and (len(words) > 1 or words[0].isupper()):
            return " ".join(words[-LONGEST_SUBJECT:])
    return ""


def _word_at(text: str, found: Found) -> int:
    """Where the counted words of a quantity begin: behind its numerals."""
    inside = re.compile(r"[^\W\d_]").search(text, found.number_start)
    return found.number_start if inside is None else inside.start()


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
    return " ".join(text.split()[:LONGEST_SUBJECT]).strip(" ,;.:()|")
