"""The shapes of what lenders and the fund are answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema

from haidang.web.api.rooms.factories_shapes import Evidence, Stage
from haidang.web.api.shapes import Text

Word = Literal["applied", "approved", "disbursed", "repaid", "refused", "void"]


class LookedFor(Schema):
    """Which applications, and in which order."""

    programme: str = Field("", max_length=100)
    sector: str = Field("", max_length=30)
    size: str = Field("", max_length=30)
    stage: str = Field("", max_length=20)
    q: str = Field("", max_length=200, description="Part of a factory's name.")
    sort: Literal["sent", "name", "employees", "level", "amount", "stage"] = "sent"
    order: Literal["up", "down"] = "down"


class Standing(Schema):
    """Where the city's newest list puts a factory, and why."""

    standing: str
    why: Text
    certainty: Text


class Asked(Schema):
    """An application in the pipeline: of its factory only what a consent opens."""

    number: int
    programme: str
    sent: datetime
    seen: list[str] = Field(description="The fields that the factory lets be seen.")
    known: dict[str, Any] = Field(description="What it has in them; VND, kWh, persons.")
    level: float | None
    stage: str = Field(description="The last that was recorded; empty where there is none.")
    sums: dict[str, int] = Field(description="VND approved, disbursed, repaid.")
    place: Standing | None


class AreaLevel(Schema):
    """The level of an area."""

    id: str
    title: Text
    claimed: float | None
    verified: float | None


class Given(Schema):
    """An answer: 1 yes, 0 no, 2 does not apply."""

    criterion: str
    value: int


class AskedWhole(Schema):
    """One application, and what its reader's records say of it."""

    application: Asked | None = Field(description="Null where no consent stands and only one's own records are left.")
    areas: list[AreaLevel]
    answers: list[Given]
    evidence: list[Evidence]
    records: list[Stage]


class Recorded(Schema):
    """What became of an application."""

    lender: str = Field("", max_length=300, description="One's lender by name, where one writes for several.")
    stage: Word
    amount: int | None = Field(None, ge=1, le=10**15, description="VND; for approved, disbursed and repaid.")
    day: date
    reason: str = Field("", max_length=2000, description="For a refusal, or where a record is corrected.")
    corrects: int | None = Field(None, ge=1, le=2**31 - 1, description="The record whose place this one takes.")
    sure: bool = Field(
        False,
        description="Whether what is odd is meant: an amount that is unlikely, a day before the application was sent, "
        "money before or without an approval or above it, approved above what was asked for, money after a refusal, a "
        "refusal after money. Without it such a record is refused, with what is odd.",
    )


class RecordedOf(Recorded):
    """What became of one application of a list."""

    application: int = Field(ge=1, le=2**63 - 1)


class RecordList(Schema):
    """What became of applications, in the order in which it did."""

    records: list[RecordedOf] = Field(min_length=1, max_length=500)


class ListSent(Schema):
    """An allocation list that is taken in."""

    title: str = Field(min_length=1, max_length=200)
    programme: str = Field(max_length=100)


class Published(Schema):
    """Whether others may see something from now on."""

    published: bool = True


class Forecast(Schema):
    """What a published run forecasts of the money given out since the start, VND at the end of a year."""

    year: int
    p5: float
    p50: float
    p95: float


class Used(Schema):
    """What was recorded by the end of a year, VND since the start."""

    year: int
    applications: int
    approved: int
    disbursed: int
    repaid: int


class LeftOut(Schema):
    """What was recorded of example factories, VND; they count only as long as the site holds no other factory."""

    records: int
    applications: int
    approved: int
    disbursed: int
    repaid: int


class Use(Schema):
    """The use of a programme's line beside its forecast."""

    programme: str
    run: int | None
    line: float | None = Field(description="VND in all; null where that is not bounded.")
    forecast: list[Forecast]
    recorded: list[Used]
    left_out: LeftOut | None = Field(description="What is not in them; null where nothing is left out.")


class Outcome(Schema):
    """What became of a factory under a programme; VND."""

    id: int
    applied: int
    approved: int
    refused: int
    amount_asked: int
    amount_approved: int
    amount_disbursed: int
    amount_repaid: int


class Handed(Schema):
    """When a pilot was last handed what lenders recorded."""

    at: datetime
    by: str
    sha256: str = Field(description="Of the table that was handed over.")


class Taker(Schema):
    """A pilot of a programme, and whether lenders' records are what it is evaluated on."""

    pilot: int
    title: Text
    column: str = Field(description="Of its outcome.")
    units: int = Field(description="That drew a lot.")
    known: int = Field(description="Of them on this site.")
    obstacle: Literal["", "column", "lots", "units"] = Field(
        description="Why the records do not serve it: its outcome is none of theirs, no lots are drawn, no unit of it "
        "is known here; empty where they do."
    )
    last: Handed | None = Field(description="Null where it never was.")


class HandedOver(Schema):
    """A pilot that is evaluated now on what lenders recorded."""

    pilot: int
    sha256: str = Field(description="Of the table that was handed over, which the log keeps.")


class AllocationList(Schema):
    """A list of the city."""

    number: int
    title: str
    programme: str
    sha256: str
    units: int
    listed: int
    made: datetime
    published: datetime | None


class Listed(Schema):
    """A factory on a list."""

    factory: int | None = Field(description="For the city's people.")
    unit: int | None = Field(description="For the city's people: the tax code as a number.")
    application: int | None = Field(description="For a lender: the application by which it knows the factory.")
    name: str = Field(description="Empty where the factory does not let a lender see it.")
    standing: str
    why: Text
    certainty: Text
