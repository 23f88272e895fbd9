"""A number as written with what multiplies it, before its unit is known; and what a reading of it comes to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from haidang.reading.draft import Quantity
from haidang.reading.patterns import Patterns
from haidang.reading.rules import Rules

__all__ = ["Amount", "Found", "amount"]

MOST_MULTIPLIERS, MOST_MORE = 3, 3
TEN, THOUSAND = 10, 1_000
_HALF = re.compile(r"\s+(?:rưỡi|and\s+a\s+half)(?!\w)", re.IGNORECASE)


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
    said = " ".join(match[0].split()).casefold()
    word, end, last = _hundreds(sentence, patterns.words.get(said, patterns.bare.get(said)), match.end(), patterns)
    half = None if word is None else _HALF.match(sentence, end)
    if half is not None and word is not None:
        word, end = word + 0.5, half.end()
    if sentence[end : end + 1] == "+":
        end += 1
    factor = 1.0
    for _ in range(MOST_MULTIPLIERS):
        found = patterns.multiplier.match(sentence, end)
        if found is None:
            break
        last = _plain(found[0])
        factor, end = factor * rules.multipliers[last], found.end()
    extra, end = _extra(sentence, factor, end, rules, patterns) if last is not None else (0.0, end)
    return Amount(match[0], word, factor, last, extra, end)


def _hundreds(
    sentence: str, word: float | None, end: int, patterns: Patterns
) -> tuple[float | None, int, str | None]:  # fmt: skip
    """A number in words with its hundreds and what stands behind them: `hai trăm năm mươi`."""
    found = None if word is None or not 1 <= word < TEN else patterns.hundreds.match(sentence, end)
    if word is None or found is None:
        return word, end, None
    small = " ".join((found["small"] or "").split()).casefold()
    return word * 100 + patterns.words.get(small, 0.0), found.end(), "trăm"


def _extra(sentence: str, factor: float, end: int, rules: Rules, patterns: Patterns) -> tuple[float, int]:
    """What smaller numbers add: `1 tỷ 200 triệu`, `hai nghìn năm trăm`, `2 triệu rưỡi`."""
    half = _HALF.match(sentence, end)
    if half is not None:
        return factor / 2, half.end()
    extra = 0.0
    for _ in range(MOST_MORE):
        found = patterns.more.match(sentence, end)
        if found is None:
            break
        digits = found["digits"]
        if digits is None:
            word = patterns.words[" ".join(found["words"].split()).casefold()]
            value, behind, hundreds = _hundreds(sentence, word, found.end(), patterns)
        else:
            value, behind, hundreds = float(digits), found.end(), None
        multiplier = patterns.multiplier.match(sentence, behind)
        smaller = THOUSAND if multiplier is None else rules.multipliers[_plain(multiplier[0])]
        if value is None or (multiplier is None and (hundreds is None or factor != THOUSAND)):
            break
        if multiplier is not None and smaller >= factor:
            break
        extra += value * (1.0 if multiplier is None else smaller)
        factor, end = (1.0, behind) if multiplier is None else (smaller, multiplier.end())
    return extra, end


def _plain(multiplier: str) -> str:
    return multiplier.strip(" \t\n\u00a0-").casefold()
