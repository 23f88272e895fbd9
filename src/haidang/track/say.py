"""Records in words of one language: quantities, days, stages, claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from haidang.facts import wordbook
from haidang.results.catalogue import catalogue
from haidang.results.manifest import Language
from haidang.results.numerals import Scale, number, percent, scale
from haidang.track.records import Claim, Period, Quantity, Title

DIGITS = 12
"""A published number is not rounded on its way to the reader, noise of the last bits apart."""
LEAST, EXACT = 1e-4, 1e15
"""Between these, numbers are told digit by digit."""
COMMAS = str.maketrans({",": ".", ".": ","})
STEPS = (1e9, 1e6)
_MONEY = ("VND", "USD", "EUR", "JPY")


@cache
def _in(name: str, language: Language) -> Mapping[str, str]:
    """The texts of one language, which a page asks for a hundred thousand times."""
    return {key: words[language] for key, words in wordbook("haidang.track", name).items()}


@cache
def _money(unit: str, language: Language, amount: float) -> Scale:
    """The scale in which amounts of money of this size are told."""
    return scale(unit, [amount], catalogue(language))


@lru_cache(maxsize=1 << 16)
def _day(on: date, language: Language) -> str:
    """A day as it is written; claims by the hundred thousand share a few thousand days."""
    return f"{on.day}/{on.month}/{on.year}" if language == "vi" else f"{on.day} {on:%B %Y}"


@lru_cache(maxsize=1 << 14)
def _written(value: float) -> str | None:
    """A number digit by digit, as English writes it; none where it is too small or too large for that.

    A page tells each number in both languages, one after the other.
    """
    rounded = float(f"{value:.{DIGITS}g}")
    if rounded and not LEAST <= abs(rounded) < EXACT:
        return None
    return f"{rounded:,}".removesuffix(".0").replace("-", "−")


@dataclass(frozen=True, slots=True)
class Say:
    """The words of one language.

    Args:
        language: `vi` or `en`.
    """

    language: Language

    def word(self, key: str, **values: object) -> str:
        """A sentence with its values filled in.

        Raises:
            KeyError: there are no words for the key.
        """
        text = _in("words.yaml", self.language)[key]
        return text.format(**values) if values else text

    def title(self, title: Title) -> str:
        """A text in this language."""
        return title[self.language]

    def share(self, value: float) -> str:
        """A share as a percentage."""
        return percent(value, self.language)

    def day(self, on: date | None) -> str:
        """A day as it is written."""
        return "" if on is None else _day(on, self.language)

    def written(self, text: str) -> str:
        """A document's date with the precision that it has: a year, a month or a day."""
        parts = [int(part) for part in text.split("-")]
        if len(parts) == 3:
            return self.day(date(parts[0], parts[1], parts[2]))
        if len(parts) == 2:
            return f"{parts[1]}/{parts[0]}" if self.language == "vi" else f"{date(parts[0], parts[1], 1):%B %Y}"
        return text

    def period(self, period: Period | None) -> str:
        """The days that a number speaks of, as short as they can be told."""
        if period is None:
            return ""
        start, end = period.start, period.end
        if start is None or end is None:
            key, on = ("until", end) if start is None else ("from", start)
            return "" if on is None else self.word(f"period_{key}", day=self.day(on))
        if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
            return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
        if start == end:
            return self.day(start)
        if start.day == 1 and (start.year, start.month) == (end.year, end.month):
            return f"{start.month}/{start.year}" if self.language == "vi" else f"{start:%B %Y}"
        return f"{self.day(start)} – {self.day(end)}"

    def quantity(self, quantity: Quantity) -> str:
        """A number as somebody said it, with its qualifier and unit."""
        least, most = quantity.minimum, quantity.maximum
        ends = [one for one in (least, most) if one is not None]
        told = self._amount(ends[:1] if least == most else ends, quantity.unit)
        return told if quantity.qualifier == "exactly" else self.word(f"qualifier_{quantity.qualifier}", number=told)

    def _amount(self, ends: list[float], unit: str) -> str:
        if unit == "rank":
            return self.word("rank_told", number="–".join(self._number(one) for one in ends))
        if unit in _MONEY:
            biggest = max(abs(one) for one in ends)
            chosen = _money(unit, self.language, next((one for one in STEPS if biggest >= one), 1.0))
            return f"{'–'.join(self._number(one / chosen.factor) for one in ends)} {chosen.label}"
        text = "–".join(self._number(one) for one in ends)
        if unit in ("%", "%/year"):
            per = {"vi": "/năm", "en": "/year"}[self.language] if unit == "%/year" else ""
            return f"{text}%{per}"
        return text if unit == "1" else f"{text} {self.unit(unit)}"

    def _number(self, value: float) -> str:
        text = _written(value)
        if text is None:
            return number(value, self.language, DIGITS)
        return text.translate(COMMAS) if self.language == "vi" else text

    def unit(self, unit: str) -> str:
        """A unit's word; the unit itself where there is none."""
        return _in("units.yaml", self.language).get(unit, unit)

    def claim(self, claim: Claim) -> str:
        """What a claim says, in a few words."""
        if claim.says is not None:
            said = self.word(f"kind_{claim.says}") if claim.about == "kind" else claim.says
            return f"{self.word(f'about_{claim.about}')}: {said}"
        told = [] if claim.quantity is None else [self.quantity(claim.quantity)]
        told += [self.period(claim.period)] if claim.period is not None else []
        told += [self.word(f"scope_{claim.scope}")] if claim.scope is not None else []
        head = self.word(f"about_{claim.about}")
        return f"{head}: {', '.join(told)}" if told else head
