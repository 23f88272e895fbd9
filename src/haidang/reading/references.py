"""Decisions that a document rests on, by their kind and number: `Nghị quyết 98/2023/QH15`, `Resolution 57`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from haidang.reading.rules import Rules, alternatives

__all__ = ["Reference", "references"]


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
        rf"(?<!\w)(?P<kind>{kinds})\s+(?:số\s+|No\.?\s*)?(?P<number>\d{{1,5}})(?:[-/]\w{{1,12}}){{0,4}}(?![\w%]|[.,]\d)",
        re.IGNORECASE,
    )


def references(text: str, rules: Rules) -> Iterator[Reference]:
    """The decisions that a sentence names, in its order."""
    for match in _pattern(rules).finditer(text):
        kind = " ".join(match["kind"].split()).casefold()
        yield Reference(match.start(), match.end(), kind, int(match["number"]))
