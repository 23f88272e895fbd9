"""Letters that multiply a number in English: `US$200m`, `£3m to £4m`, `497m euros`, `8.5m passengers`."""

from __future__ import annotations

from dataclasses import replace

from haidang.reading.amounts import Amount
from haidang.reading.units import Line, unit_at

__all__ = ["MONEY", "counted_in_letters", "with_letter"]

MONEY = frozenset(("VND", "USD", "EUR", "JPY", "CNY", "KRW", "GBP", "AUD", "SGD"))


def with_letter(text: str, first: Amount, line: Line) -> Amount:
    """A sum of money with the letter that multiplies it, where one stands right behind."""
    letter = None if first.multiplier is not None else line.patterns.letter.match(text, first.end)
    if letter is None:
        return first
    said = letter["letter"].casefold()
    return replace(first, factor=line.rules.money_letters[said], multiplier=said, end=letter.end())


def counted_in_letters(first: Amount, line: Line) -> Amount:
    """The same of a number in front of what is counted, or of a currency by its name."""
    if first.multiplier is not None or line.language != "en":
        return first
    letter = line.patterns.letter.match(line.text, first.end)
    if letter is None:
        return first
    unit = unit_at(line, letter.end())[0]
    return with_letter(line.text, first, line) if unit in line.patterns.counted or unit in MONEY else first
