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


class OnMap(Schema):
    """What a fact says of one part of the city; the ends of its range are empty where it has none."""

    part: Text
    what: Text
    fact: str
    value: Text
    low: Text
    high: Text
    unit: Text
    assumed: bool


class CityMapped(Schema):
    """The city's parts with what the facts say of each, as its map shows it."""

    sentence: Text
    source: str = Field(description="Id of the document that has the outlines.")
    cells: list[OnMap]


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


class Budget(Schema):
    """What a scenario's budgets of one resource had, were asked for and gave, over the whole time."""

    scenario: str
    resource: str
    title: Text
    unit: str
    line: float | None = Field(description="What may be given; null where nothing bounds it.")
    requested: Interval
    used: Interval
    refused: Interval | None = Field(description="How many were refused; null where they are too few to be told.")


class RunTables(Schema):
    """What a run says by year, by group and by budget."""

    years: list[ByYear]
    groups: list[ByGroup]
    budgets: list[Budget]


class Cells(Schema):
    """A table as the page shows it: cells are texts, written as the language writes numbers."""

    caption: str
    columns: list[str]
    rows: list[list[str]]
    facts: list[str] = Field(description="For each row the id of the fact that it is about; empty where it is of none.")


class Figure(Schema):
    """A figure: what it shows in a sentence, and the numbers behind it."""

    id: str
    title: str
    sentence: str
    note: str
    table: Cells


class PublishedEvaluation(Schema):
    """A published evaluation that stands beside the forecast."""

    programme: str
    finding: str
    source: str
    address: str
    fact: str = Field(description="Id of the fact that states it; empty where none does.")


class ReportLine(Schema):
    """A line of a list; of a document, with the facts that it states."""

    head: str
    text: str
    document: str = Field(description="Id of the document; empty where it is about none.")
    facts: list[str]


class ReportPart(Schema):
    """A part of the report, such as `backtest`, `variance`, `price` or `money`."""

    id: str
    heading: str
    intro: str
    figures: list[Figure]
    tables: list[Cells]
    evaluations: list[PublishedEvaluation]
    lines: list[ReportLine]
    notes: list[str]


class Report(Schema):
    """A report in one language."""

    title: str
    sentences: list[str] = Field(description="The answer.")
    parts: list[ReportPart]


class RunReport(Schema):
    """The report of a run as its page shows it, in both languages."""

    vi: Report
    en: Report
