"""Facts and what they rest on: values."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from haidang.errors import HaidangError, Place
from haidang.facts.distribution import Distribution
from haidang.facts.reader import Words
from haidang.facts.units import canonical, canonical_unit

After: TypeAlias = Literal["hold", "trend"]


class FactError(HaidangError):
    """A fact that contradicts itself: a range without its value, a choice that is none of its rivals."""


class SourceError(HaidangError):
    """A claim without a source, or with one that the pack does not list."""


class UnknownFactError(HaidangError):
    """A fact that is asked for and that the pack does not have, or not for that year."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document.

    Attributes:
        id: what facts call it.
        title: its title, in its own language.
        publisher: who published it.
        date: when, as written: a year, a month or a day in ISO form.
        address: where it is found.
        note: anything else.
    """

    id: str
    title: str
    publisher: str
    date: str
    address: str | None = None
    note: str | None = None

    @property
    def published_by(self) -> date:
        """The last day on which it may have been published: the end of the month or year that is all it states."""
        return last_day(self.date)


@dataclass(frozen=True, slots=True)
class Claim:
    """What stands behind a number, in words of both languages or in one text that serves both.

    Attributes:
        source: ids of the documents that publish it; empty for an assumption.
        assumption: the reason for assuming it.
        passage: where in the source it stands.
        as_of: the last day of the time that the number speaks of.
        note: anything else.
    """

    source: tuple[str, ...] = ()
    assumption: Words | None = None
    passage: Words | None = None
    as_of: date | None = None
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Rival:
    """One of several published values of the same fact, in the fact's unit."""

    id: str
    value: float
    range: tuple[float, float] | None
    se: float | None
    distribution: Distribution | None
    claim: Claim
    where: Place


@dataclass(frozen=True, slots=True)
class Fact:
    """A number that a pack states, with its unit of measure, its uncertainty and what it rests on.

    Attributes:
        id: the name that expressions use.
        title: in Vietnamese (`vi`) and English (`en`).
        unit: the unit of measure as written.
        value: the number in that unit; for dated values the last one.
        distribution: what is drawn, in canonical units; none for a certain fact.
        range: the least and the greatest value, in the fact's unit.
        se: the standard error, in the fact's unit.
        dated: the value of each year, in the fact's unit.
        after: what follows the last year: the last value, or the average yearly change carried on.
        claim: sources or the assumption.
        where: file, line and key that state it.
        chosen: the rival in use.
        rivals: all published values where they differ, the chosen one among them.
    """

    id: str
    title: Mapping[str, str]
    unit: str
    value: float
    distribution: Distribution | None
    range: tuple[float, float] | None
    se: float | None
    dated: Mapping[int, float] | None
    after: After
    claim: Claim
    where: Place
    chosen: str | None = None
    rivals: tuple[Rival, ...] = ()

    @property
    def source(self) -> tuple[str, ...]:
        """Ids of the sources; empty for an assumption."""
        return self.claim.source

    @property
    def assumption(self) -> Words | None:
        """The reason for assuming the number, or none where a source alone stands behind it."""
        return self.claim.assumption

    @property
    def as_of(self) -> date | None:
        """The last day of the time that the number speaks of."""
        return self.claim.as_of

    @property
    def note(self) -> Words | None:
        """Anything else."""
        return self.claim.note

    @property
    def canonical(self) -> float:
        """The value in the canonical unit: 6.52 %/year is 0.0652."""
        return canonical(self.value, self.unit)

    @property
    def canonical_unit(self) -> str:
        """The unit of `canonical`."""
        return canonical_unit(self.unit)

    def at(self, year: int) -> float:
        """The value of a year in the fact's unit, on the straight line between the two dated years around it.

        Raises:
            UnknownFactError: the year is before the first dated one.
        """
        return self.value if self.dated is None else _dated(self, self.dated, year)


def _dated(fact: Fact, dated: Mapping[int, float], year: int) -> float:
    years = sorted(dated)
    first, last = years[0], years[-1]
    if year < first:
        raise UnknownFactError(f"expected a year from {first} on, found {year}", fact.where)
    if year in dated:
        return dated[year]
    if year < last:
        before = max(known for known in years if known < year)
        behind = min(known for known in years if known > year)
        return dated[before] + (dated[behind] - dated[before]) * (year - before) / (behind - before)
    if fact.after == "hold" or first == last:
        return dated[last]
    carried = dated[last] + (dated[last] - dated[first]) * (year - last) / (last - first)
    # A quantity that never was negative does not become so by being carried on.
    return max(carried, 0.0) if min(dated.values()) >= 0 else carried


def last_day(text: str) -> date:
    """The last day of a year (`2025`), a month (`2025-10`) or a day (`2025-10-03`).

    Raises:
        ValueError: the text is no such date.
    """
    parts = text.split("-")
    if [len(part) for part in parts] not in ([4], [4, 2], [4, 2, 2]) or not all(
        part.isascii() and part.isdigit() for part in parts
    ):
        raise ValueError(text)
    numbers = [int(part) for part in parts]
    if len(numbers) == 3:
        return date(*numbers)
    year, month = (*numbers, 12)[:2]
    return date(year, month, calendar.monthrange(year, month)[1])
