"""A number as written with what multiplies it, before its unit is known; and what a reading of it comes to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from haidang.reading.draft import Quantity
from haidang.reading.patterns import Patterns
from haidang.reading.rules import Rules

__all__ = ["Amount", "Found", "amount"]

MOST_MULTIPLIERS, TEN = 3, 10


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity and where it stands in the sentence: its whole phrase, and its number alone."""

    quantity: Quantity
    start: int
    end: int
    number_start: int


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as written, with its multiplier, before its unit is known."""

    text: str
    word: float | None
    factor: float
    multiplier: str | None
    extra: float
    end: int


def amount(sentence: str, match: re.Match[str], rules: Rules, patterns: Patterns) -> Amount:
    """The amount that begins with a numeral: what multiplies it, and what a smaller multiplier adds."""
    factor, end, last = 1.0, match.end(), None
    word = patterns.words.get(" ".join(match[0].split()).casefold())
    hundreds = None if word is None or not 1 <= word < TEN else patterns.hundreds.match(sentence, end)
    if word is not None and hundreds is not None:
        small = " ".join((hundreds["small"] or "").split()).casefold()
        word, end, last = word * 100 + patterns.words.get(small, 0.0), hundreds.end(), "trăm"
    if sentence[end : end + 1] == "+":
        end += 1
    for _ in range(MOST_MULTIPLIERS):
        found = patterns.multiplier.match(sentence, end)
        if found is None:
            break
        last = found[0].strip(" \t\n\u00a0-").casefold()
        factor, end = factor * rules.multipliers[last], found.end()
    extra, end = _extra(sentence, factor, end, rules, patterns) if last is not None else (0.0, end)
    return Amount(match[0], word, factor, last, extra, end)


def _extra(sentence: str, factor: float, end: int, rules: Rules, patterns: Patterns) -> tuple[float, int]:
    """What a smaller multiplier adds: `1 tỷ 200 triệu`, `2 triệu rưỡi`."""
    half = re.compile(r"\s+rưỡi(?!\w)").match(sentence, end)
    if half is not None:
        return factor / 2, half.end()
    digits = re.compile(r"\s+(\d{1,3})(?=\s)").match(sentence, end)
    found = None if digits is None else patterns.multiplier.match(sentence, digits.end())
    if digits is None or found is None or rules.multipliers[found[0].strip(" \t\n\u00a0-").casefold()] >= factor:
        return 0.0, end
    return int(digits[1]) * rules.multipliers[found[0].strip(" \t\n\u00a0-").casefold()], found.end()
