"""When a number that was read is the number that a person found: its bounds, its unit, how firmly it is said.

People write a unit in their own English words (`persons`, `% of registered FDI`, `rank (world)`); a draft has the name
of the rules or, where these have none, the document's own word. Shares are alike where both are percent: of what is
told by the subject. Counts are alike where a word of the person's unit stands among the spellings of the rules' one;
a document's own word is taken for any count that is no money, share or rank.
"""

from __future__ import annotations

import re
from typing import Protocol

from haidang.reading import Quantity, Rules

FIRMLY = {"exact": "exactly", "none": "exactly", "range": "exactly", "less_than": "at_most"}
"""What people call a qualifier, where the drafts' word is another."""
OPEN = {"nearly", "about"}
"""Qualifiers of one number, of which people may write one bound only."""
NUMBER_OF_A_DOCUMENT = "document number"
DECIMALS = 2
"""To how many decimals bounds agree: people write a third as 33.33 or as 33.3333."""


class Told(Protocol):
    """The number of a fact."""

    @property
    def least(self) -> float | None:
        """The least; none where only a most was said."""
        ...

    @property
    def most(self) -> float | None:
        """The most; none where only a least was said."""
        ...

    @property
    def unit(self) -> str:
        """In a person's words."""
        ...

    @property
    def qualifier(self) -> str:
        """In a person's words."""
        ...


def right_bounds(fact: Told, told: Quantity | None) -> bool:
    """Whether both bounds agree; of a number said to be near, the one that the person wrote."""
    if told is None:
        return False
    wanted, found = _rounded(fact.least, fact.most), _rounded(told.minimum, told.maximum)
    if fact.qualifier in OPEN and None in wanted:
        return all(one is None or one == other for one, other in zip(wanted, found, strict=True))
    return wanted == found


def _rounded(*bounds: float | None) -> tuple[float | None, ...]:
    return tuple(None if one is None else round(one, DECIMALS) for one in bounds)


def right_qualifier(fact: Told, told: Quantity | None) -> bool:
    """Whether it is said as firmly; a range is one whatever stands in front of it."""
    if told is None:
        return False
    if fact.qualifier == "range":
        return told.minimum is not None and told.maximum is not None and told.minimum < told.maximum
    return told.qualifier == FIRMLY.get(fact.qualifier, fact.qualifier)


def right_unit(fact: Told, told: Quantity | None, rules: Rules) -> bool:
    """Whether the units mean the same."""
    if told is None:
        return False
    wanted, found = _kind(fact.unit), _kind(told.unit)
    if "counted" not in (wanted, found) or wanted != found:
        return wanted == found
    unit = rules.units.get(told.unit)
    if unit is None:
        return True
    return bool(_words(fact.unit) & set().union(*(_words(one) for one in (unit.name, *unit.spellings))))


def _kind(unit: str) -> str:
    base = unit.split("/")[0].strip()
    if base == "document no.":
        return NUMBER_OF_A_DOCUMENT
    for name in ("percentage points", "%", "rank", "VND", "USD", "EUR", "JPY", "SGD", NUMBER_OF_A_DOCUMENT):
        if base == name or base.startswith((f"{name} ", f"{name}(")):
            return name
    return "counted"


def _words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in re.findall(r"\w+", text.casefold())} - {"and", "of", "the"}
