"""Decisions that a document rests on, by their kind and number: `Nghị quyết 98/2023/QH15`, `Resolution 57`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from haidang.reading.rules import Rules, alternatives

__all__ = ["Reference", "references"]


_TAIL = r"(?:(?:[-/]|\s/\s)\w{1,12}){0,4}"
"""Behind the number of a decision its year and issuer: `98/2023/QH15`, `77 / UBND-KT`."""
_BEHIND = r"(?=\s*(?:[.,;:)]|$)(?!\d)|\s+(?:của|do|về|ngày|được|of|on|by|dated|issued|the)(?!\w))"
"""What stands behind the last of several numbers that are no counts."""
_MORE = re.compile(rf"(?:,|(?<!\w)(?:và|and))\s+(?P<number>\d{{1,5}}){_TAIL}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a decision is named in a sentence: its kind, as the rules write it, and its number."""

    start: int
    end: int
    kind: str
    number: int


@lru_cache(maxsize=8)
def _pattern(rules: Rules) -> re.Pattern[str]:
    kinds = alternatives(rules.decisions)
    return re.compile(
        rf"(?<!\w)(?P<kind>{kinds})s?\s+(?:số\s+|Nos?\.?\s*)?(?P<number>\d{{1,5}}){_TAIL}(?![\w%]|[.,]\d)"
        rf"(?P<more>(?:\s*,\s+\d{{1,5}}{_TAIL}){{0,5}}?\s*,?\s+(?:và|and)\s+\d{{1,5}}{_TAIL}{_BEHIND})?",
        re.IGNORECASE,
    )


def references(text: str, rules: Rules) -> Iterator[Reference]:
    """The decisions that a sentence names, in its order."""
    for match in _pattern(rules).finditer(text):
        kind = " ".join(match["kind"].split()).casefold()
        yield Reference(
            match.start(), match.start("more") if match["more"] else match.end(), kind, int(match["number"])
        )
        for more in _MORE.finditer(match["more"] or ""):
            start = match.start("more")
            yield Reference(start + more.start("number"), start + more.end(), kind, int(more["number"]))
