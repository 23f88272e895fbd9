"""Whether a draft tells of a fact that was found what kind of claim it is, its time, and what it speaks of.

Kind: of the facts whose kind drafts know. What a person calls an activity is a commitment under way; statements,
strategies, contexts and periods have no kind among drafts and are not asked.

Period: its first and its last day are those of what a person wrote. *Now* is one day of the document in a draft (`đến
nay`, a promise of today) and its year or month in what people wrote: these agree. What the text tells and what the
document only implies are told apart.

Subject: people wrote subjects in English, so only English articles are asked: at least half of the person's words, but
those that say nothing, stand in the draft's subject. It is a lower bound, since people put it in other words.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Literal, Protocol, TypeAlias

from haidang.reading import Draft, Period

__all__ = ["Sense", "right_kind", "right_period", "right_subject"]

ALIKE = {"activity": "commitment"}
"""What people call a kind, where the drafts' word is another."""
DRAFTED = frozenset(("commitment", "indicator", "target", "event", "proposal", "reference"))
ENOUGH = 0.5
_SILENT = frozenset((
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "its", "of", "on", "or", "per", "the", "to",
    "with", "year", "new", "total", "number", "rate", "share", "against",
))  # fmt: skip
Answer: TypeAlias = Literal["right", "wrong", "open"]


class Sense(Protocol):
    """What a person wrote of a fact beside its number."""

    @property
    def kind(self) -> str:
        """What kind of fact."""
        ...

    @property
    def since(self) -> str:
        """First day, month or year; empty where none was written."""
        ...

    @property
    def until(self) -> str:
        """Last day, month or year; empty where none was written."""
        ...

    @property
    def subject(self) -> str:
        """What it speaks of, in English."""
        ...


def right_kind(fact: Sense, draft: Draft) -> bool | None:
    """Whether the kind is right; none where drafts have no such kind."""
    kind = ALIKE.get(fact.kind, fact.kind)
    return kind == draft.kind if kind in DRAFTED else None


def right_period(fact: Sense, period: Period | None, today: date | None) -> Answer | None:
    """Whether a period of a draft is right; none where a person wrote no time.

    Args:
        fact: what the person wrote.
        period: told by a draft, or implied.
        today: the day of the document, or the one that is supposed.
    """
    if not fact.since and not fact.until:
        return None
    if period is None:
        return "open"
    return "right" if _ends_agree(fact, period, today) else "wrong"


def _ends_agree(fact: Sense, period: Period, today: date | None) -> bool:
    since = _today_or(_days(fact.since), 0, period.start, today)
    until = _today_or(_days(fact.until), 1, period.end, today)
    if since is None or until is None:
        # Of one end alone, `by 2030` and `since May`, the other may be told or not.
        return (since or period.start, until or period.end) == (period.start, period.end)
    return (since, until) == (period.start, period.end)


def _today_or(
    written: tuple[date | None, date | None], side: int, told: date | None, today: date | None
) -> date | None:
    """A bound as a person wrote it; the day of the document where a draft tells it and the person's year has it."""
    first, last = written
    if first is not None and last is not None and told is not None and told == today and first <= told <= last:
        return told
    return written[side]


def _days(told: str) -> tuple[date | None, date | None]:
    """The first and the last day of a day, a month or a year as a person wrote it."""
    if not told:
        return None, None
    year, month, day = (*(int(part) for part in told.split("-")), 0, 0)[:3]
    last = day or monthrange(year, month or 12)[1]
    return date(year, month or 1, day or 1), date(year, month or 12, last)


def right_subject(fact: Sense, draft: Draft) -> bool | None:
    """Whether enough of a person's words stand in a draft's subject; none where these words say nothing."""
    wanted = _words(fact.subject)
    if not wanted:
        return None
    return len(wanted & _words(draft.subject)) >= ENOUGH * len(wanted)


def _words(text: str) -> set[str]:
    """Its words without their endings, so that `rises` and `rise`, `investment` and `investments` are one."""
    return {_stem(word) for word in re.findall(r"[^\W\d_]+", text.casefold())} - _SILENT


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > len("bus") else word
