"""The shapes of what is answered of the city's documents and of a run's tables."""

from __future__ import annotations

from ninja import Field, Schema

from haidang.web.api.shapes import Text


class Source(Schema):
    """A document."""

    id: str
    title: str
    publisher: str
    date: str = Field(description="As precise as the document says.")
    address: str | None
    note: str
    facts: list[str] = Field(description="Ids of the facts that it states.")


class Interval(Schema):
    """Median and 90 % interval over the draws; null where a draw has no meaning."""

    p5: float | None
    p50: float | None
    p95: float | None


class YearOfRun(Interval):
    """An effect in a year."""

    year: int


class ByYear(Schema):
    """The effect of a scenario on an outcome, against no programme, by year."""

    scenario: str
    outcome: str
    title: Text
    unit: str
    years: list[YearOfRun]


class Group(Schema):
    """A group; of too few units, or of others by which those could be told, with neither count nor effect."""

    id: str
    title: Text
    units: float | None
    effect: Interval | None


class ByGroup(Schema):
    """The main effect of a scenario over the whole time, by group."""

    scenario: str
    outcome: str
    title: Text
    unit: str
    by: str
    groups: list[Group]


class RunTables(Schema):
    """What a run says by year and by group."""

    years: list[ByYear]
    groups: list[ByGroup]
